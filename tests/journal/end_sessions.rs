//! Ending the sessions that a run has left alive.

use std::path::Path;

use docspace_tfa::{Cancel, Credential, Error, Item, ItemOutcome as O, Status, TfaMethod};

use crate::portal::{Account, Fault, Portal};
use crate::{bulk, client, intent, lines, outcome, place, written};

const LOG_OUT: &str = "security/activeconnections/logoutall/";

fn applied(id: &str) -> [String; 2] {
    [
        intent(id, 40),
        outcome(id, "applied", "DSTFA_OK", "yes", "", 0),
    ]
}

fn ended(portal: &Portal, path: &Path, set: impl FnOnce(&mut docspace_tfa::Bulk)) -> Vec<Item> {
    let mut bulk = bulk(portal);
    set(&mut bulk);
    bulk.set_journal(path).unwrap();
    let mut items = Vec::new();
    bulk.end_sessions(None, |item| items.push(item)).unwrap();
    items
}

fn told(items: &[Item]) -> Vec<(&str, O)> {
    items
        .iter()
        .map(|item| (item.entry(), item.outcome()))
        .collect()
}

fn asked(portal: &Portal, account: &Account) -> usize {
    portal.count("PUT", &format!("{LOG_OUT}{}", account.id))
}

fn kinds(path: &Path) -> Vec<String> {
    let kind = |line: &serde_json::Value| line["t"].as_str().unwrap().to_owned();
    lines(path).iter().map(kind).collect()
}

#[test]
fn they_are_ended_once_for_whoever_was_changed_or_perhaps_changed() {
    let portal = Portal::start();
    let path = place("sessions-once");
    let accounts = portal.add_many(5);
    let id = |at: usize| accounts[at].id.as_str();
    let mut log: Vec<String> = applied(id(0)).into();
    log.push(intent(id(1), 40));
    log.extend(applied(id(2)));
    log[4] = log[4].replace(r#""sessions":"unknown""#, r#""sessions":"yes""#);
    log.extend([
        intent(id(3), 40),
        outcome(id(3), "refused", "DSTFA_E_REJECTED", "no", "NOT_LINKED", 0),
    ]);
    log.extend(applied(id(4)));
    log.push(format!(
        r#"{{"t":"seen","id":"{}","linked":"yes","at":"{}"}}"#,
        id(4),
        crate::ago(3)
    ));
    written(&path, &portal, &log);
    let old = portal.session_of(&accounts[0]);

    let items = ended(&portal, &path, |_| {});
    assert_eq!(told(&items), [(id(0), O::Applied), (id(1), O::Applied)]);
    assert!(items.iter().all(|item| item.sessions_ended() == Some(true)));
    assert!(!portal.session_is_alive(&old));
    let written = lines(&path);
    let last = written.last().unwrap();
    assert_eq!(
        (&last["t"], &last["ended"]),
        (&"sessions".into(), &"yes".into())
    );
    assert_eq!(last["caller"], portal.owner().id);
    let runs = kinds(&path).iter().filter(|kind| *kind == "run").count();
    assert_eq!(runs, 1, "it is no run");

    // Again: only those seen linked since are left, and they when asked for.
    assert_eq!(told(&ended(&portal, &path, |_| {})), []);
    let all = |bulk: &mut docspace_tfa::Bulk| bulk.set_retry_unknown(true).unwrap();
    assert_eq!(told(&ended(&portal, &path, all)), [(id(4), O::Applied)]);
    for (at, times) in [(0, 1), (1, 1), (2, 0), (3, 0), (4, 1)] {
        assert_eq!(asked(&portal, &accounts[at]), times, "{at}");
        assert_eq!(portal.times_unlinked(id(at)), 0);
    }
}

#[test]
fn a_second_call_of_the_same_bulk_goes_on_with_what_is_left() {
    let portal = Portal::start();
    let path = place("sessions-same");
    let accounts = portal.add_many(2);
    let log: Vec<String> = accounts.iter().flat_map(|it| applied(&it.id)).collect();
    written(&path, &portal, &log);
    let end = format!("{LOG_OUT}{}", accounts[1].id);
    portal.set_fault(Fault::Html(500).on(&end));
    let mut bulk = bulk(&portal);
    bulk.set_journal(&path).unwrap();
    let mut items = Vec::new();
    bulk.end_sessions(None, |item| items.push(item)).unwrap();
    let [first, second] = &items[..] else {
        panic!("{items:?}")
    };
    assert_eq!(
        (first.outcome(), first.sessions_ended()),
        (O::Applied, Some(true))
    );
    assert_eq!(
        (second.outcome(), second.sessions_ended()),
        (O::Unknown, None)
    );
    assert!(second.error().is_some());
    assert_eq!(lines(&path).last().unwrap()["ended"], "unknown");

    portal.clear_faults();
    let mut items = Vec::new();
    bulk.end_sessions(None, |item| items.push(item)).unwrap();
    assert_eq!(told(&items), [(accounts[1].id.as_str(), O::Applied)]);
    assert_eq!(asked(&portal, &accounts[0]), 1);
}

#[test]
fn it_may_be_stopped_and_repeated_by_another_caller() {
    let portal = Portal::start();
    let path = place("sessions-stopped");
    let accounts = portal.add_many(3);
    let log: Vec<String> = accounts.iter().flat_map(|it| applied(&it.id)).collect();
    written(&path, &portal, &log);
    let mut first = bulk(&portal);
    first.set_journal(&path).unwrap();
    let cancel = Cancel::new();
    let mut count = 0;
    let error = first.end_sessions(Some(&cancel), |_| {
        count += 1;
        cancel.request();
    });
    assert_eq!(error.unwrap_err().status(), Status::Cancelled);
    assert_eq!(count, 1);
    drop(first);

    let credential = Credential::api_key(&portal.key_of(&portal.admin())).unwrap();
    let admin = docspace_tfa::Client::builder(&portal.url(), credential)
        .unwrap()
        .add_ca_file(portal.ca_file())
        .unwrap()
        .build()
        .unwrap();
    let mut second = admin.bulk(TfaMethod::None);
    second.set_journal(&path).unwrap();
    let mut items = Vec::new();
    second.end_sessions(None, |item| items.push(item)).unwrap();
    let left: Vec<_> = accounts[1..]
        .iter()
        .map(|it| (it.id.as_str(), O::Applied))
        .collect();
    assert_eq!(told(&items), left);
    for account in &accounts {
        assert_eq!(asked(&portal, account), 1);
    }
    assert_eq!(lines(&path).last().unwrap()["caller"], portal.admin().id);
}

#[test]
fn the_own_account_is_left_out_or_comes_last_and_is_never_asked_for_twice() {
    let portal = Portal::start();
    let path = place("sessions-own");
    let (own, member) = (portal.owner(), portal.member());
    let log: Vec<String> = [&own, &member]
        .iter()
        .flat_map(|it| applied(&it.id))
        .collect();
    written(&path, &portal, &log);
    let items = ended(&portal, &path, |_| {});
    let expected = [
        (member.id.as_str(), O::Applied),
        (own.id.as_str(), O::Skipped),
    ];
    assert_eq!(told(&items), expected);
    assert_eq!(asked(&portal, &own), 0);

    // Its line is on disk before the request; the answer is lost.
    portal.set_fault(Fault::CloseAfterAction.on(&format!("{LOG_OUT}{}", own.id)));
    let include = |bulk: &mut docspace_tfa::Bulk| bulk.set_include_self(true).unwrap();
    let items = ended(&portal, &path, include);
    assert_eq!(told(&items), [(own.id.as_str(), O::Unknown)]);
    let written = lines(&path);
    let last = written.last().unwrap();
    assert_eq!(
        (&last["t"], &last["ended"]),
        (&"sessions".into(), &"unknown".into())
    );
    assert_eq!(last["id"], own.id);
    assert_eq!(asked(&portal, &own), 1);

    portal.clear_faults();
    assert_eq!(told(&ended(&portal, &path, include)), []);
    assert_eq!(asked(&portal, &own), 1);
}

#[test]
fn five_in_a_row_that_nobody_knows_of_end_the_call() {
    let portal = Portal::start();
    let path = place("sessions-trouble");
    let accounts = portal.add_many(8);
    let log: Vec<String> = accounts.iter().flat_map(|it| applied(&it.id)).collect();
    written(&path, &portal, &log);
    portal.set_fault(Fault::Html(500).for_method("PUT"));
    let mut bulk = bulk(&portal);
    bulk.set_journal(&path).unwrap();
    let mut items = Vec::new();
    let error = bulk
        .end_sessions(None, |item| items.push(item))
        .unwrap_err();
    assert_eq!(
        (error.status(), error.is_retryable()),
        (Status::Unavailable, true)
    );
    assert_eq!(items.len(), 5);
    assert!(items.iter().all(|item| item.outcome() == O::Unknown));
    portal.clear_faults();
    bulk.stop().request();
    let error = bulk
        .end_sessions(None, |_| panic!("it is stopped"))
        .unwrap_err();
    assert_eq!(error.status(), Status::Cancelled);
    drop(bulk);
    assert_eq!(ended(&portal, &path, |_| {}).len(), 8);
}

#[test]
fn what_the_credential_lacks_ends_the_call() {
    let portal = Portal::start();
    let path = place("sessions-refused");
    let accounts = portal.add_many(2);
    let log: Vec<String> = accounts.iter().flat_map(|it| applied(&it.id)).collect();
    written(&path, &portal, &log);
    let before = lines(&path).len();
    let end = format!("{LOG_OUT}{}", accounts[0].id);
    portal.set_fault(Fault::status(401, "text/plain", "").on(&end));
    let mut bulk = bulk(&portal);
    bulk.set_journal(&path).unwrap();
    let mut count = 0;
    let error = bulk.end_sessions(None, |_| count += 1).unwrap_err();
    assert_eq!((error.status(), count), (Status::Unauthorized, 0));
    assert_eq!(
        lines(&path).len(),
        before,
        "nothing was done, nothing is noted"
    );
}

#[test]
fn a_journal_without_a_run_is_refused_and_nothing_is_sent() {
    let portal = Portal::start();
    let path = place("sessions-none");
    let end = |bulk: &mut docspace_tfa::Bulk| -> Error {
        bulk.end_sessions(None, |_| panic!("nobody is told"))
            .unwrap_err()
    };
    let mut none = bulk(&portal);
    assert_eq!(end(&mut none).status(), Status::State);
    let mut missing = bulk(&portal);
    missing.set_journal(&path).unwrap();
    assert_eq!(end(&mut missing).status(), Status::Io);
    assert!(!path.exists());
    drop(missing);
    let mut dry = bulk(&portal);
    dry.set_dry_run(true).unwrap();
    dry.set_journal(&path).unwrap();
    assert_eq!(end(&mut dry).status(), Status::State);

    let elsewhere = Portal::start();
    written(&path, &elsewhere, &applied(&portal.member().id));
    let error = client(&portal)
        .bulk(TfaMethod::None)
        .set_journal(&path)
        .unwrap_err();
    assert_eq!(error.status(), Status::Journal);
    assert_eq!(portal.request_count(), 0);
}
