//! What the host is told, at every level: the exchange, never its content.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;

use std::sync::{Arc, Mutex};
use std::thread;

use docspace_tfa::{AccountId, Client, Credential, LogLevel, TfaMethod, Trust};
use portal::Portal;

/// Lines with their level, and whether another thread than the caller's spoke.
type Lines = Arc<Mutex<Vec<(LogLevel, String, bool)>>>;

fn told(level: LogLevel) -> (Portal, Vec<(LogLevel, String, bool)>) {
    let portal = Portal::start();
    let lines = Lines::default();
    let caller = thread::current().id();
    let sink = {
        let lines = Arc::clone(&lines);
        Arc::new(move |level, line: &str| {
            let elsewhere = thread::current().id() != caller;
            lines
                .lock()
                .unwrap()
                .push((level, line.to_owned(), elsewhere));
        })
    };
    let key = Credential::api_key(&portal.key_of(&portal.owner())).unwrap();
    let client = Client::builder(&portal.url(), key)
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .log(level, sink)
        .build()
        .unwrap();
    let member = AccountId::parse(&portal.member().id).unwrap();
    client.find_account(&portal.member().email).unwrap();
    client.change_method(&member, TfaMethod::None).unwrap();
    client.change_method(&member, TfaMethod::None).unwrap_err();
    let lines = lines.lock().unwrap().clone();
    (portal, lines)
}

#[test]
fn an_exchange_is_one_line_without_its_content() {
    for level in [LogLevel::Info, LogLevel::Debug] {
        let (portal, lines) = told(level);
        let text: String = lines
            .iter()
            .map(|(_, line, _)| format!("{line}\n"))
            .collect();
        for expected in [
            "GET people/email: answered 200 after ",
            "PUT settings/tfaappnewapp: answered 200 after ",
            "PUT settings/tfaappnewapp: answered 403 after ",
            "GET people/{id}: answered 200 after ",
            " ms (attempt 1)",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        let member = portal.member();
        assert!(!text.contains("sk-") && !text.contains("Bearer"), "{text}");
        assert!(!text.contains(&member.email), "{text}");
        assert_eq!(
            text.contains(&member.id),
            level == LogLevel::Debug,
            "{text}"
        );
        assert!(
            lines.iter().all(|(_, _, elsewhere)| !elsewhere),
            "only on the caller's thread"
        );
        assert!(lines.iter().all(|(said, _, _)| *said <= level));
    }
}

#[test]
fn lower_levels_say_less() {
    let (_, errors) = told(LogLevel::Error);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].1, "change refused: Rejected, NotLinked");
    assert!(told(LogLevel::Off).1.is_empty());
}
