//! The main job over real sockets and TLS: what is sent, and what comes back.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use docspace_tfa::{
    AccountId, Applied, Client, ClientBuilder, Credential, Error, NextSignIn, Reason, Status,
    TfaMethod, Trust,
};
use portal::{Account, Method, Portal, Spec};

fn builder(portal: &Portal, key: &str) -> ClientBuilder {
    Client::builder(&portal.url(), Credential::api_key(key).unwrap())
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
}

fn owner(portal: &Portal) -> Client {
    builder(portal, &portal.key_of(&portal.owner()))
        .build()
        .unwrap()
}

fn id_of(account: &Account) -> AccountId {
    AccountId::parse(&account.id).unwrap()
}

/// What is cut leads elsewhere.
#[test]
fn a_login_url_that_is_too_long_is_no_link() {
    for (length, is_link) in [(4096, true), (4097, false)] {
        let portal = Portal::start();
        let begin = format!("{}/confirm/x?key=", portal.url());
        let url = format!("{begin}{}", "k".repeat(length - begin.len()));
        let body = format!(r#"{{"response":"{url}","status":0,"statusCode":200}}"#);
        portal.set_fault(portal::Fault::status(200, "application/json", &body));
        let change = owner(&portal)
            .change_method(&id_of(&portal.owner()), TfaMethod::None)
            .unwrap();
        assert_eq!(change.login_url().unwrap().expose().len(), 4096);
        assert_eq!(change.same_origin(), is_link, "{length}");
    }
}

#[test]
fn the_request_is_what_the_portal_reads_and_nothing_else() {
    let portal = Portal::start();
    let key = portal.key_of(&portal.owner());
    let client = builder(&portal, &key).build().unwrap();
    let member = portal.member();
    for (method, name) in [
        (TfaMethod::None, "None"),
        (TfaMethod::Sms, "Sms"),
        (TfaMethod::App, "App"),
    ] {
        portal.enrol(&member.id);
        portal.forget_requests();
        client.change_method(&id_of(&member), method).unwrap();
        let requests = portal.requests();
        assert_eq!(requests.len(), 1, "one change is one request");
        let request = &requests[0];
        assert_eq!(
            (request.method.as_str(), request.query.as_str()),
            ("PUT", "")
        );
        assert_eq!(request.path, "/api/2.0/settings/tfaappnewapp");
        let body = format!(r#"{{"type":"{name}","id":"{}"}}"#, member.id);
        assert_eq!(request.body_text(), body);
        let agent = format!("docspace-tfa/{}", env!("CARGO_PKG_VERSION"));
        let mut headers: Vec<(String, String)> = request
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect();
        headers.sort();
        let expected = [
            ("accept", "application/json"),
            ("authorization", &format!("Bearer {key}")),
            ("content-length", &body.len().to_string()),
            ("content-type", "application/json"),
            ("host", &portal.host()),
            ("user-agent", &agent),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        assert_eq!(headers, expected);
        let sent = [request.head.as_slice(), &request.body].concat();
        let times = sent
            .windows(key.len())
            .filter(|part| *part == key.as_bytes())
            .count();
        assert_eq!(times, 1, "the key stands once, in Authorization");
    }
}

#[test]
fn another_members_change_returns_no_url() {
    let portal = Portal::start();
    let member = portal.member();
    let change = owner(&portal)
        .change_method(&id_of(&member), TfaMethod::None)
        .unwrap();
    assert!(change.login_url().is_none());
    assert!(!change.same_origin());
    assert_eq!(change.is_self(), Some(false));
    assert_eq!(change.applied(), Applied::Yes);
    assert_eq!(change.sessions_ended(), Some(true));
    assert_eq!(change.look_again(), None);
    assert_eq!(change.http_status(), Some(200));
    assert_eq!(change.attempts(), 1);
    assert_eq!(change.next_sign_in(), NextSignIn::Unknown);
    assert_eq!(change.account_id().as_str(), member.id);
    assert_eq!(change.method_asked(), TfaMethod::None);
    assert!(
        change.message().contains("asked to mail the member"),
        "{}",
        change.message()
    );
    assert!(!portal.is_linked(&member.id));
    assert_eq!(portal.times_unlinked(&member.id), 1);
}

#[test]
fn the_own_change_returns_the_login_url() {
    let portal = Portal::start();
    let caller = portal.owner();
    portal.enrol(&caller.id);
    let change = owner(&portal)
        .change_method(&id_of(&caller), TfaMethod::App)
        .unwrap();
    let url = change.login_url().unwrap();
    let expected = format!(
        "{}/confirm/TfaActivation?type=TfaActivation&uid={}",
        portal.url(),
        caller.id
    );
    assert_eq!(url.expose(), expected);
    assert!(change.same_origin());
    assert_eq!(change.is_self(), Some(true));
    assert!(change.enrolment_url().is_none(), "only when asked for");
    for text in [
        format!("{change:?}"),
        url.to_string(),
        change.message().to_owned(),
    ] {
        assert!(!text.contains("TfaActivation"), "{text}");
    }
}

#[test]
fn the_enrolment_url_carries_the_key_of_the_confirm_cookie() {
    let portal = Portal::start();
    let caller = portal.owner();
    portal.enrol(&caller.id);
    let client = builder(&portal, &portal.key_of(&caller))
        .enrolment_url(true)
        .build()
        .unwrap();
    let change = client
        .change_method(&id_of(&caller), TfaMethod::App)
        .unwrap();
    let url = change.enrolment_url().unwrap().expose();
    let key = url
        .strip_prefix(&format!("{}&key=", change.login_url().unwrap().expose()))
        .unwrap();
    let (time, code) = key.split_once('.').unwrap();
    assert!(
        time.bytes().all(|byte| byte.is_ascii_digit()) && !code.is_empty(),
        "{key}"
    );
    assert!(!format!("{change:?}").contains(key));
}

#[test]
fn verify_reads_back_and_tells_what_comes_next() {
    for (method, next) in [
        (Method::App, NextSignIn::Enrol),
        (Method::Off, NextSignIn::Unknown),
    ] {
        let portal = Portal::builder().method(method).start();
        let member = portal.member();
        let client = builder(&portal, &portal.key_of(&portal.owner()))
            .verify(true)
            .build()
            .unwrap();
        let change = client
            .change_method(&id_of(&member), TfaMethod::None)
            .unwrap();
        // With the portal's method off, nobody gets to see a link.
        assert_eq!(change.verified(), method == Method::App);
        assert_eq!(change.next_sign_in(), next);
        assert!(portal.request_count() <= 3, "at most two reads");
    }
}

#[test]
fn a_member_of_sso_is_told_that_nothing_is_asked() {
    let portal = Portal::start();
    let member = portal.add_account(Spec::user().sso().linked());
    let client = builder(&portal, &portal.key_of(&portal.owner()))
        .verify(true)
        .build()
        .unwrap();
    let change = client
        .change_method(&id_of(&member), TfaMethod::None)
        .unwrap();
    assert_eq!(change.next_sign_in(), NextSignIn::Sso);
    let message = change.message();
    assert!(message.contains("no second factor"), "{message}");
    assert!(!message.contains("link an app again"), "{message}");
    assert_eq!(portal.request_count(), 3, "no look more for that");
}

#[test]
fn every_form_of_a_portal_url_works() {
    let portal = Portal::builder().path_prefix("/docs/space").start();
    let key = portal.key_of(&portal.owner());
    let member = portal.member();
    for url in [
        format!(
            "{}/docs/space",
            portal.url().trim_end_matches("/docs/space")
        ),
        format!(
            "{}/docs/space/",
            portal.url_by_name().trim_end_matches("/docs/space")
        ),
    ] {
        portal.enrol(&member.id);
        let client = Client::builder(&url, Credential::api_key(&key).unwrap())
            .unwrap()
            .trust(Trust::AddedOnly)
            .add_ca_pem(&portal.ca_pem())
            .unwrap()
            .build()
            .unwrap();
        client
            .change_method(&id_of(&member), TfaMethod::None)
            .unwrap();
    }
    for request in portal.requests() {
        assert_eq!(request.path, "/docs/space/api/2.0/settings/tfaappnewapp");
    }
}

#[test]
fn an_ipv6_literal_works() {
    let listener = TcpListener::bind("[::1]:0").expect("this machine has an IPv6 loopback");
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut piece = [0; 1024];
        while !request.ends_with(b"\"}") {
            let amount = stream.read(&mut piece).unwrap();
            assert_ne!(amount, 0);
            request.extend_from_slice(&piece[..amount]);
        }
        let body = r#"{"response":"","status":0,"statusCode":200}"#;
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        String::from_utf8(request).unwrap()
    });
    let credential = Credential::api_key("sk-0123").unwrap();
    let client = Client::builder(&format!("http://[::1]:{port}/"), credential)
        .unwrap()
        .build()
        .unwrap();
    let id = AccountId::parse("11111111-2222-3333-4444-555555555555").unwrap();
    client.change_method(&id, TfaMethod::None).unwrap();
    assert!(
        server
            .join()
            .unwrap()
            .contains(&format!("host: [::1]:{port}\r\n"))
    );
}

#[test]
fn every_kind_of_credential_signs_in() {
    let portal = Portal::start();
    let caller = portal.owner();
    let credentials = [
        Credential::api_key(&portal.key_of(&caller)),
        Credential::session_token(&portal.session_of(&caller)),
        Credential::password(&caller.email, &caller.password),
    ];
    for credential in credentials {
        portal.enrol(&portal.member().id);
        let client = Client::builder(&portal.url(), credential.unwrap())
            .unwrap()
            .trust(Trust::AddedOnly)
            .add_ca_file(portal.ca_file())
            .unwrap()
            .build()
            .unwrap();
        client
            .change_method(&id_of(&portal.member()), TfaMethod::None)
            .unwrap();
    }
    assert_eq!(portal.times_unlinked(&portal.member().id), 3);
}

#[test]
fn bad_input_is_refused_before_anything_is_sent() {
    let portal = Portal::start();
    let key = || Credential::api_key("sk-0123").unwrap();
    let good = || builder(&portal, "sk-0123");
    let table: Vec<(Result<(), Error>, &str)> = vec![
        (AccountId::parse("x").map(drop), "account id"),
        (
            AccountId::parse("00000000-0000-0000-0000-000000000000").map(drop),
            "account id",
        ),
        (Credential::api_key("").map(drop), "API key"),
        (Credential::api_key("0123").map(drop), "session token"),
        (Credential::api_key("sk-\r\nX: y").map(drop), "API key"),
        (Client::builder("", key()).map(drop), "portal URL"),
        (
            Client::builder("http://portal.example.com", key())
                .unwrap()
                .build()
                .map(drop),
            "https",
        ),
        (
            Client::builder("https://a@b", key()).map(drop),
            "portal URL",
        ),
        (
            Client::builder("https://a\r\n", key()).map(drop),
            "portal URL",
        ),
        (good().timeout(Duration::ZERO).map(drop), "timeout"),
        (
            good().connect_timeout(Duration::ZERO).map(drop),
            "connect timeout",
        ),
        (good().max_attempts(0).map(drop), "attempts"),
        (good().proxy("http://").map(drop), "proxy URL"),
        (good().add_ca_file("/nonexistent").map(drop), "CA file"),
        (good().add_ca_file("/dev/null").map(drop), "CA file"),
        (good().add_ca_pem("").map(drop), "CA text"),
        (good().user_agent("a\r\nb").map(drop), "user agent"),
        (
            good().client_certificate("/nonexistent", "/x").map(drop),
            "certificate",
        ),
        (
            Client::builder(&portal.url(), key())
                .unwrap()
                .trust(Trust::AddedOnly)
                .build()
                .map(drop),
            "trust",
        ),
    ];
    for (made, word) in table {
        let error = made.unwrap_err();
        assert_eq!(error.status(), Status::Argument, "{error}");
        assert_eq!(error.applied(), Applied::No);
        assert_eq!(error.reason(), Reason::None);
        assert!(error.message().contains(word), "{word}: {error}");
        assert!(!error.message().contains("0123"), "{error}");
    }
    let socks = good().proxy("socks5://127.0.0.1:1").unwrap_err();
    assert_eq!(socks.status(), Status::Unsupported);
    assert_eq!(portal.request_count(), 0);
    assert_eq!(portal.connections(), 0);
}

#[test]
fn two_threads_share_one_client() {
    let portal = Portal::start();
    let client = owner(&portal);
    let members = portal.add_many(20);
    for member in &members {
        portal.enrol(&member.id);
    }
    let (left, right) = members.split_at(10);
    thread::scope(|scope| {
        for half in [left, right] {
            let client = &client;
            scope.spawn(move || {
                for member in half {
                    client
                        .change_method(&id_of(member), TfaMethod::None)
                        .unwrap();
                }
            });
        }
    });
    for member in &members {
        assert_eq!(portal.times_unlinked(&member.id), 1);
    }
    assert!(portal.connections() <= 2, "connections are used again");
}

#[test]
fn a_client_certificate_is_given_when_demanded() {
    let portal = Portal::builder().demand_client_certificate().start();
    let identity = portal.client_identity();
    let member = portal.member();
    let key = portal.key_of(&portal.owner());
    let without = builder(&portal, &key).build().unwrap();
    let error = without
        .change_method(&id_of(&member), TfaMethod::None)
        .unwrap_err();
    assert_eq!(error.status(), Status::Tls);
    assert_eq!(error.reason(), Reason::CertClientNeeded);
    assert_eq!(error.applied(), Applied::No);
    assert!(portal.is_linked(&member.id));

    let with = builder(&portal, &key)
        .client_certificate(
            portal
                .folder()
                .write("client.pem", &identity.certificate_pem),
            portal.folder().write("client.key", &identity.key_pem),
        )
        .unwrap()
        .build()
        .unwrap();
    with.change_method(&id_of(&member), TfaMethod::None)
        .unwrap();
    assert!(!portal.is_linked(&member.id));
}
