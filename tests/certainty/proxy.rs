//! Proxies: only when asked for, only tunnels, never with the portal's key.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use docspace_tfa::{AccountId, Applied, Client, Credential, Reason, Status, TfaMethod, Trust};

use crate::portal::Portal;
use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::support::{ID, KEY, change, change_id, changes, of_url, owner};

/// A proxy that works, and remembers what clients sent it.
struct Tunnel {
    url: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Tunnel {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let theirs = Arc::clone(&heard);
        // It ends with the process; nobody calls once the test is over.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let heard = Arc::clone(&theirs);
                thread::spawn(move || carry(client, &heard));
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }
}

fn carry(mut client: TcpStream, heard: &Mutex<Vec<u8>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if client.read(&mut byte).unwrap_or(0) == 0 {
            return;
        }
        head.push(byte[0]);
    }
    heard.lock().unwrap().extend_from_slice(&head);
    let text = String::from_utf8(head).unwrap();
    let target = text.split(' ').nth(1).unwrap();
    let mut portal = TcpStream::connect(target).unwrap();
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
    let (mut from_portal, mut to_client) =
        (portal.try_clone().unwrap(), client.try_clone().unwrap());
    let back = thread::spawn(move || {
        // Either side may go first.
        let _ = std::io::copy(&mut from_portal, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let mut buffer = [0; 4096];
    while let Ok(count) = client.read(&mut buffer) {
        if count == 0 {
            break;
        }
        heard.lock().unwrap().extend_from_slice(&buffer[..count]);
        if portal.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = portal.shutdown(Shutdown::Both);
    let _ = back.join();
}

#[test]
fn the_key_passes_a_proxy_unseen() {
    let portal = Portal::start();
    let tunnel = Tunnel::start();
    let key = portal.key_of(&portal.owner());
    let client = Client::builder(&portal.url(), Credential::api_key(&key).unwrap())
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap();
    let with_user = tunnel.url.replace("http://", "http://user:pass@");
    let changed = change(client.proxy(&with_user).unwrap(), &portal.member()).unwrap();
    assert_eq!(changed.applied(), Applied::Yes);
    assert_eq!(changes(&portal), 1);
    let heard = tunnel.heard();
    assert!(!heard.contains(&key) && !heard.contains(UNSEEN));
    let host = portal.host();
    // base64 of "user:pass"
    let head = format!(
        "CONNECT {host} HTTP/1.1\r\nHost: {host}\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n"
    );
    assert!(heard.starts_with(&head), "{}", &heard[..200]);
    // And the portal does not see what is the proxy's.
    let received = String::from_utf8_lossy(&portal.received(1)).to_ascii_lowercase();
    assert!(!received.contains("proxy-authorization") && !received.contains("dxnlcjpwyxnz"));
}

/// A part of the request that must be inside TLS.
const UNSEEN: &str = "tfaappnewapp";

fn portal_behind(proxy: &Crude) -> docspace_tfa::ClientBuilder {
    of_url("https://portal.example")
        .add_ca_pem(&proxy.ca_pem())
        .unwrap()
}

#[test]
fn what_a_proxy_says_is_told() {
    let retry = |reason| (Status::Proxy, reason, true);
    let final_ = |reason| (Status::Proxy, reason, false);
    let say = |text: &str| vec![Step::ReadHead, Step::Send(text.into())];
    let table = [
        (
            "407",
            say("HTTP/1.1 407 Who\r\n\r\n"),
            final_(Reason::ProxyAuth),
        ),
        (
            "403",
            say("HTTP/1.1 403 No\r\n\r\n"),
            final_(Reason::Unknown),
        ),
        (
            "500",
            say("HTTP/1.1 500 Oops\r\n\r\n"),
            final_(Reason::Unknown),
        ),
        (
            "302",
            say("HTTP/1.1 302 There\r\n\r\n"),
            final_(Reason::Unknown),
        ),
        (
            "201",
            say("HTTP/1.1 201 Yes\r\n\r\n"),
            final_(Reason::Unknown),
        ),
        ("garbage", say("GARBAGE\r\n\r\n"), final_(Reason::Unknown)),
        (
            "too long",
            say(&"x".repeat(10_000)),
            final_(Reason::Unknown),
        ),
        (
            "speaks on",
            say("HTTP/1.1 200 Yes\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
            final_(Reason::Unknown),
        ),
        ("502", say("HTTP/1.1 502 Bad\r\n\r\n"), retry(Reason::None)),
        ("503", say("HTTP/1.1 503 Busy\r\n\r\n"), retry(Reason::None)),
        ("504", say("HTTP/1.1 504 Late\r\n\r\n"), retry(Reason::None)),
        (
            "closes",
            vec![Step::ReadHead, Step::CloseNow],
            retry(Reason::None),
        ),
        (
            "resets",
            vec![Step::ReadHead, Step::Reset],
            retry(Reason::None),
        ),
        ("half an answer", say("HTTP/1.1 200 Y"), retry(Reason::None)),
        // The tunnel stands and ends within the handshake.
        (
            "ends the tunnel",
            say("HTTP/1.1 200 Yes\r\n\r\n"),
            (Status::Tls, Reason::None, true),
        ),
    ];
    for (name, steps, (status, reason, retryable)) in table {
        let proxy = Crude::start(Transport::Plain, Script::every(steps));
        let builder = portal_behind(&proxy).max_attempts(2).unwrap();
        let url = proxy.url().replace("http://", "http://user:s3cr3t-pass@");
        let error = change_id(builder.proxy(&url).unwrap(), ID).unwrap_err();
        assert_eq!(
            (error.status(), error.reason(), error.applied()),
            (status, reason, Applied::No),
            "{name}"
        );
        assert_eq!(error.is_retryable(), retryable, "{name}");
        assert_eq!(error.attempts(), if retryable { 2 } else { 1 }, "{name}");
        assert_eq!(proxy.connections() as u32, error.attempts(), "{name}");
        let text = format!("{error:?} {error}");
        assert!(!text.contains("s3cr3t") && !text.contains(KEY), "{text}");
        for connection in 1..=proxy.connections() {
            let heard = String::from_utf8_lossy(&proxy.received(connection)).into_owned();
            assert!(!heard.contains(KEY), "{name}");
            assert!(heard.starts_with("CONNECT portal.example:443 HTTP/1.1\r\n"));
        }
    }
}

#[test]
fn a_proxy_that_is_not_there_is_told() {
    let portal = Portal::start();
    let url = {
        // A port that was free a moment ago.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let error = change(
        owner(&portal).proxy(&url).unwrap().max_attempts(2).unwrap(),
        &portal.member(),
    )
    .unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Proxy, Applied::No)
    );
    assert!(error.is_retryable());
    assert_eq!(error.attempts(), 2);
    // It is never gone around.
    assert_eq!(portal.connections(), 0);
}

#[test]
fn a_proxy_that_drips_is_left_in_time() {
    let drip = Step::SendDrip(
        b"HTTP/1.1 200 Yes\r\nX: x".repeat(99),
        Duration::from_millis(20),
    );
    let proxy = Crude::start(Transport::Plain, Script::every(vec![Step::ReadHead, drip]));
    let builder = portal_behind(&proxy).proxy(&proxy.url()).unwrap();
    let error = change_id(builder.timeout(Duration::from_secs(1)).unwrap(), ID).unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Timeout, Applied::No)
    );
    let builder = portal_behind(&proxy)
        .proxy(&proxy.url())
        .unwrap()
        .max_attempts(1)
        .unwrap();
    let error = change_id(
        builder.connect_timeout(Duration::from_millis(300)).unwrap(),
        ID,
    )
    .unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Connect, Applied::No)
    );
}

const PORTAL: &str = "CERTAINTY_PORTAL";
const AUTHORITY: &str = "CERTAINTY_CA_FILE";
const ASKED: &str = "CERTAINTY_PROXY_ASKED";

/// The part that runs with an environment of its own; alone it does nothing.
#[test]
fn with_a_proxy_in_the_environment() {
    let Ok(url) = std::env::var(PORTAL) else {
        return;
    };
    let builder = of_url(&url)
        .add_ca_file(std::env::var(AUTHORITY).unwrap())
        .unwrap()
        .proxy_from_env(std::env::var(ASKED).is_ok())
        .max_attempts(1)
        .unwrap();
    let client = match builder.build() {
        Ok(client) => client,
        Err(error) => {
            println!("refused {:?}: {error}", error.status());
            return;
        }
    };
    // The key is none of this portal's.
    let account = AccountId::parse(ID).unwrap();
    let error = client.change_method(&account, TfaMethod::None).unwrap_err();
    println!("came to {:?}", error.status());
}

fn in_the_environment(proxy: &str, excluded: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "proxy::with_a_proxy_in_the_environment",
        "--nocapture",
    ]);
    for name in [
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "HTTP_PROXY",
        "http_proxy",
    ] {
        command.env(name, proxy);
    }
    command.env_remove("no_proxy").env("NO_PROXY", excluded);
    command
}

#[test]
fn the_environment_counts_only_when_asked() {
    let refusal = Step::Send(b"HTTP/1.1 403 No\r\n\r\n".to_vec());
    let run = |asked: bool, excluded: &str| {
        let portal = Portal::start();
        let proxy = Crude::start(
            Transport::Plain,
            Script::every(vec![Step::ReadHead, refusal.clone()]),
        );
        let mut command = in_the_environment(&proxy.url(), excluded);
        command
            .env(PORTAL, portal.url())
            .env(AUTHORITY, portal.ca_file());
        if asked {
            command.env(ASKED, "1");
        }
        let output = command.output().unwrap();
        assert!(output.status.success());
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("came to"), "{said}");
        (
            portal.connections(),
            proxy.connections(),
            said.contains("came to Proxy"),
        )
    };
    assert_eq!(run(false, ""), (1, 0, false));
    assert_eq!(run(true, ""), (0, 1, true));
    assert_eq!(run(true, "example.com, 127.0.0.1"), (1, 0, false));
    assert_eq!(run(true, "127.0.0.0/8"), (1, 0, false));
    // An empty entry excludes nobody.
    assert_eq!(run(true, "*.a.example, b.example"), (0, 1, true));
    assert_eq!(run(true, "127.0.0.1:1,"), (0, 1, true));
}

#[test]
fn a_proxy_in_the_environment_needs_no_scheme() {
    let portal = Portal::start();
    let refusal = Step::Send(b"HTTP/1.1 403 No\r\n\r\n".to_vec());
    let script = Script::every(vec![Step::ReadHead, refusal]);
    let proxy = Crude::start(Transport::Plain, script);
    let said = |value: &str| {
        let mut command = in_the_environment(value, "");
        command
            .env(PORTAL, portal.url())
            .env(AUTHORITY, portal.ca_file())
            .env(ASKED, "1");
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let bare = said(&proxy.host());
    assert!(bare.contains("came to Proxy"), "{bare}");
    assert_eq!((portal.connections(), proxy.connections()), (0, 1));
    // What cannot be used is named, and never gone around.
    for (value, status) in [
        ("socks5://127.0.0.1:1", "Unsupported"),
        ("127.0.0.1:0", "Argument"),
    ] {
        let said = said(value);
        assert!(said.contains(&format!("refused {status}")), "{said}");
        assert!(said.contains("https_proxy: "), "{said}");
    }
    assert_eq!((portal.connections(), proxy.connections()), (0, 1));
}
