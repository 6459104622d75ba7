//! What is left in memory of the key and of session cookies once a client is
//! gone: nothing, searched for in everything this process can write.
//!
//! The portal is another process, and the secrets are made of formulas, so
//! that the search itself holds no copy of what it looks for.
#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests stop with a plain message"
)]

#[path = "secrets/client_key.rs"]
mod client_key;
mod portal;
#[path = "secrets/scan.rs"]
mod scan;
mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use docspace_tfa::{AccountFilter, AccountId, Applied, Client, Credential, TfaMethod, Trust};
use portal::crude::{Crude, Script, Step, Transport};
use portal::tls::TlsConfig;
use zeroize::Zeroizing;

const SCENE: &str = "SECRETS_SCENE";

/// A success on the caller's own account, with the URL it gets.
fn success(ampersand: &str) -> String {
    let url = format!("https://127.0.0.1/confirm?a=b{ampersand}key=");
    let url = Secret::Url.text(&url);
    format!(
        r#"{{"response":"{}","count":1,"status":0,"statusCode":200}}"#,
        &*url
    )
}

/// What the portal does to a change.
const SCENES: [&str; 6] = [
    "success",
    "success in many records",
    "reset",
    "reset within the head",
    "refused",
    ESCAPED,
];
/// Last, for it leaves something: see below.
const ESCAPED: &str = "success with an escape";

/// A secret, letter by letter.
#[derive(Clone, Copy)]
enum Secret {
    Key,
    Cookie,
    /// In the login URL.
    Url,
    /// One that stays, to show that the search finds what is there.
    Planted,
}

impl Secret {
    const LENGTH: usize = 64;

    fn letter(self, at: usize) -> u8 {
        let seed = match self {
            Secret::Key => 5,
            Secret::Cookie => 11,
            Secret::Url => 17,
            Secret::Planted => 23,
        };
        let mixed = (at + seed).wrapping_mul(seed * 37 + 1) ^ (at * at + seed);
        b"0123456789abcdefghijklmnopqrstuvwxyz"[mixed % 36]
    }

    fn text(self, before: &str) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(before.len() + Self::LENGTH));
        text.push_str(before);
        (0..Self::LENGTH).for_each(|at| text.push(self.letter(at).into()));
        text
    }

    /// How many places in `bytes` hold the front or the back half of it.
    fn places_in(self, bytes: &[u8]) -> usize {
        let half = Self::LENGTH / 2;
        let is_here = |from: usize, at: usize| {
            let window = bytes.get(at..at + half).unwrap_or_default();
            let mut letters = window.iter().enumerate();
            window.len() == half && letters.all(|(at, byte)| *byte == self.letter(from + at))
        };
        let (front, back) = (self.letter(0), self.letter(half));
        let starts = bytes.iter().enumerate();
        let starts = starts.filter(|(_, byte)| **byte == front || **byte == back);
        starts
            .filter(|(at, _)| is_here(0, *at) || is_here(half, *at))
            .count()
    }
}

/// Places in all that this process can write.
fn places(secrets: [Secret; 4]) -> [usize; 4] {
    let mut found = [0; 4];
    scan::memory(Secret::LENGTH, |piece| {
        for (found, secret) in found.iter_mut().zip(secrets) {
            *found += secret.places_in(piece);
        }
    });
    found
}

/// The portal's side, in the process that is asked for it.
#[test]
fn portal_of_a_scene() {
    let Ok(scene) = std::env::var(SCENE) else {
        return;
    };
    let (scene, carrier) = scene.split_once(", ").unwrap();
    let transport = match carrier {
        "TLS" => Transport::Tls(TlsConfig::default()),
        "TLS that asks" => Transport::Tls(TlsConfig {
            demands_client_certificate: true,
            // Its refusal comes within the handshake.
            only_tls12: true,
            ..TlsConfig::default()
        }),
        _ => Transport::Plain,
    };
    let crude = Crude::start(transport, script(scene));
    println!("\nurl {}", crude.url());
    print!("{}", crude.ca_pem());
    println!("that is all");
    // Until the other process ends it.
    let _ = std::io::stdin().read(&mut [0]);
}

fn script(scene: &str) -> Script {
    let cookie = Secret::Cookie.text("Set-Cookie: asc_auth_key=");
    let answer = |status: &str, body: &str| {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{}; path=/\r\n", &*cookie);
        Step::Send(format!("{head}Content-Length: {length}\r\n\r\n{body}").into_bytes())
    };
    let read = Step::ReadRequest;
    let first = match scene {
        "success" => vec![read, answer("200 OK", &success("&")), Step::HoldOpen],
        "success in many records" => {
            let Step::Send(answer) = answer("200 OK", &success("&")) else {
                unreachable!("an answer is sent");
            };
            // The cookie is whole in the first, the URL in one of the others.
            let (head, rest) = answer.split_at(120);
            let records = [&[head], &rest.chunks(200).collect::<Vec<_>>()[..]].concat();
            let records = records.into_iter().map(<[u8]>::to_vec).collect();
            vec![read, Step::SendRecords(records), Step::HoldOpen]
        }
        ESCAPED => vec![read, answer("200 OK", &success("\\u0026")), Step::HoldOpen],
        "reset" => vec![read, Step::Reset],
        "reset within the head" => {
            let head = format!("HTTP/1.1 200 OK\r\n{}; path=/\r\nX:", &*cookie);
            vec![read, Step::Send(head.into_bytes()), Step::Reset]
        }
        _ => vec![read, answer("403 No", "<html>no</html>"), Step::HoldOpen],
    };
    Script::in_turn(vec![first, vec![Step::ReadRequest, answer("403 No", "")]])
}

struct There {
    child: Child,
    /// Held open: the other process goes on writing.
    _output: BufReader<ChildStdout>,
    url: String,
    authority: String,
}

impl There {
    fn start(scene: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "portal_of_a_scene", "--nocapture"])
            .env(SCENE, scene)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let lines = output.by_ref().lines();
        let mut url = String::new();
        let mut authority = String::new();
        for line in lines.map(Result::unwrap) {
            if let Some(told) = line.strip_prefix("url ") {
                url = told.to_owned();
            } else if line == "that is all" {
                break;
            } else if !url.is_empty() {
                authority += &line;
                authority += "\n";
            }
        }
        Self {
            child,
            _output: output,
            url,
            authority,
        }
    }
}

impl Drop for There {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn client(there: &There) -> Client {
    let key = Secret::Key.text("sk-");
    Client::builder(&there.url, Credential::api_key(&key).unwrap())
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_pem(&there.authority)
        .unwrap()
        .build()
        .unwrap()
}

#[test]
fn nothing_is_left_of_key_and_cookie() {
    let _alone = scan::alone();
    let secrets = [Secret::Key, Secret::Cookie, Secret::Url, Secret::Planted];
    let planted = Secret::Planted.text("");
    for scene in SCENES {
        for carrier in ["plain", "TLS"] {
            let there = There::start(&format!("{scene}, {carrier}"));
            let client = client(&there);
            let account = AccountId::parse("5b8f2c1a-4d3e-4f60-9a7b-0c1d2e3f4a5b").unwrap();
            let result = client.change_method(&account, TfaMethod::None);
            let applied = match &result {
                Ok(change) => change.applied(),
                Err(error) => error.applied(),
            };
            let expected = match scene {
                "refused" => Applied::No,
                "reset" | "reset within the head" => Applied::Maybe,
                _ => Applied::Yes,
            };
            assert_eq!(applied, expected, "{scene}, {carrier}: {result:?}");
            let alive = places(secrets);
            assert!(alive[0] > 0, "a live client holds the key");
            drop((client, result));
            let [key, cookie, url, control] = places(secrets);
            assert!(control > 0, "the search finds nothing");
            println!(
                "{carrier}, {scene}: key {key} (alive {}), cookie {cookie}, URL {url}",
                alive[0]
            );
            assert_eq!((key, cookie), (0, 0), "{scene}, {carrier}");
            // The JSON reader unescapes in a buffer of its own and frees that
            // as it is: a text with an escape, and no other, may stay there.
            if scene != ESCAPED {
                assert_eq!(url, 0, "{scene}, {carrier}");
            }
        }
    }
    drop(planted);
}

#[test]
fn the_key_goes_with_the_last_client_list_or_bulk() {
    let _alone = scan::alone();
    let keys = || places([Secret::Key; 4])[0];
    let key = Secret::Key.text("sk-");
    let client = Client::builder("https://127.0.0.1:1", Credential::api_key(&key).unwrap())
        .unwrap()
        .trust(Trust::Bundled)
        .build()
        .unwrap();
    drop(key);
    let list = client.accounts(AccountFilter::default()).unwrap();
    let bulk = client.bulk(TfaMethod::None);
    drop(client);
    assert!(keys() > 0);
    drop(list);
    assert!(keys() > 0, "a bulk has it");
    drop(bulk);
    assert_eq!(keys(), 0);
}
