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

use docspace_tfa::{AccountFilter, AccountId, Client, Credential, LogLevel, TfaMethod, Trust};
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

#[test]
fn the_sink_goes_with_the_last_client_list_or_bulk() {
    let portal = Portal::start();
    let lines = Arc::new(Mutex::new(0));
    let sink = {
        let lines = Arc::clone(&lines);
        Arc::new(move |_, _: &str| *lines.lock().unwrap() += 1)
    };
    let kept = Arc::downgrade(&sink);
    let key = Credential::api_key(&portal.key_of(&portal.owner())).unwrap();
    let client = Client::builder(&portal.url(), key)
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .log(LogLevel::Info, sink)
        .build()
        .unwrap();
    let member = AccountId::parse(&portal.member().id).unwrap();
    let check = client.check(&member).unwrap();
    let change = client.change_method(&member, TfaMethod::None).unwrap();
    let policy = client.policy().unwrap();
    let account = client.find_account("@self").unwrap();
    let mut list = client.accounts(AccountFilter::default()).unwrap();
    let mut bulk = client.bulk(TfaMethod::None);
    bulk.add(&portal.member().id).unwrap();
    drop(client);

    let said = || std::mem::take(&mut *lines.lock().unwrap());
    said();
    list.next().unwrap().unwrap();
    assert!(said() > 0, "a list goes on telling");
    drop(list);
    let item = bulk.step(None).unwrap();
    assert!(said() > 0, "a bulk goes on telling");
    assert!(kept.upgrade().is_some());
    drop(bulk);
    assert!(kept.upgrade().is_none(), "nothing else has it");
    assert_eq!(said(), 0, "nothing is told while objects go");
    drop((check, change, policy, account, item));
}
