//! A portal that says no, not now, or nothing.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use docspace_tfa::{Applied, ItemOutcome as O, LogLevel, Reason, Status, TfaMethod};

use crate::portal::{Fault, LimiterConfig, Portal, Reply};
use crate::{add_all, builder, bulk, outcomes, place, run};

const UNLINK: &str = "settings/tfaappnewapp";

#[test]
fn a_429_is_waited_for() {
    let portal = Portal::start();
    let accounts = portal.add_many(8);
    let refusal = Reply::empty(429).with("Retry-After", "1");
    portal.set_fault(Fault::Answer(refusal).times(3).after(1));
    let mut bulk = bulk(&portal);
    add_all(&mut bulk, &accounts);
    let begun = Instant::now();
    let items = run(&mut bulk).unwrap();
    assert!(
        outcomes(&items)
            .iter()
            .all(|outcome| *outcome == O::Applied)
    );
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_429_spends_none_of_the_days_changes() {
    let portal = Portal::start();
    let accounts = portal.add_many(4);
    let refusal = Reply::empty(429).with("Retry-After", "1");
    portal.set_fault(Fault::Answer(refusal).for_method("PUT").times(2));
    let client = builder(&portal).max_attempts(1).unwrap().build().unwrap();
    let mut bulk = client.bulk(TfaMethod::None);
    bulk.set_writes_per_day(4).unwrap();
    add_all(&mut bulk, &accounts);
    let items = run(&mut bulk).unwrap();
    assert_eq!(outcomes(&items), [O::Applied; 4]);
}

#[test]
fn the_portals_daily_limit_ends_the_run_and_says_until_when() {
    let limiter = LimiterConfig {
        writes_per_day: 5,
        ..LimiterConfig::default()
    };
    let portal = Portal::builder().limiter(limiter).start();
    let accounts = portal.add_many(8);
    let mut bulk = bulk(&portal);
    bulk.set_parallel(1).unwrap();
    add_all(&mut bulk, &accounts);
    let (error, items) = run(&mut bulk).unwrap_err();
    assert_eq!(error.status(), Status::RateLimited);
    assert_eq!(error.reason(), Reason::DailyLimit);
    assert!(error.retry_after().unwrap() > Duration::from_secs(3600));
    assert_eq!(items.len(), 5);
    assert_eq!(bulk.progress().remaining(), 3);
}

#[test]
fn the_own_daily_limit_counts_the_journals_last_day() {
    let portal = Portal::start();
    let accounts = portal.add_many(8);
    let journal = place("daily");
    for (done, left) in [(5, 3), (0, 3)] {
        let mut bulk = bulk(&portal);
        bulk.set_writes_per_day(5).unwrap();
        bulk.set_journal(&journal).unwrap();
        add_all(&mut bulk, &accounts);
        let (error, items) = run(&mut bulk).unwrap_err();
        assert_eq!(error.reason(), Reason::DailyLimit);
        assert!(error.retry_after().unwrap() > Duration::from_secs(23 * 3600));
        let applied = items.iter().filter(|item| item.outcome() == O::Applied);
        assert_eq!(applied.count(), done);
        assert_eq!(bulk.progress().remaining(), left);
    }
    assert_eq!(portal.count("PUT", UNLINK), 5);
}

#[test]
fn an_outage_is_settled_waited_out_and_told_of_nobody() {
    let portal = Portal::start();
    let accounts = portal.add_many(12);
    // Done, but a proxy answers; and then it lets nothing through.
    let lost = Reply::empty(503).with("Retry-After", "1");
    portal.set_fault(Fault::AnswerAfterAction(lost.clone()).on(UNLINK));
    let first = Fault::Answer(lost).for_method("GET").after(7);
    portal.add_fault(first.times(3));
    let mut bulk = bulk(&portal);
    add_all(&mut bulk, &accounts);
    let begun = Instant::now();
    let items = run(&mut bulk).unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(2));
    for item in &items {
        assert_eq!(item.outcome(), O::Applied, "{item:?}");
        let change = item.change().unwrap();
        // Very likely, but nothing proves that it was this call.
        assert_eq!(change.applied(), Applied::Maybe);
        assert!(change.verified());
    }
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

#[test]
fn a_key_that_ends_in_between_ends_the_run() {
    let portal = Portal::start();
    let accounts = portal.add_many(20);
    let key = portal.key_of(&portal.owner());
    let credential = docspace_tfa::Credential::api_key(&key).unwrap();
    let client = crate::builder(&portal)
        .credential(credential)
        .build()
        .unwrap();
    let mut bulk = client.bulk(docspace_tfa::TfaMethod::None);
    add_all(&mut bulk, &accounts);
    let mut told = 0;
    let error = bulk
        .run(None, |_, _| {
            told += 1;
            portal.disable_key(&key);
        })
        .unwrap_err();
    assert_eq!(error.status(), Status::Unauthorized);
    assert!(told < 15, "{told}");
    assert_eq!(bulk.progress().remaining(), 20 - told);
    // No entry is blamed for it.
    assert_eq!(bulk.progress().count(O::Refused), 0);
}

#[test]
fn a_lost_answer_without_a_trace_is_unknown() {
    let portal = Portal::start();
    let accounts = portal.add_many(4);
    portal.set_fault(Fault::CloseBeforeAction.on(UNLINK).times(1));
    let mut bulk = bulk(&portal);
    bulk.set_parallel(1).unwrap();
    add_all(&mut bulk, &accounts);
    let items = run(&mut bulk).unwrap();
    let expected = [O::Unknown, O::Applied, O::Applied, O::Applied];
    assert_eq!(outcomes(&items), expected);
    let error = items[0].error().unwrap();
    assert_eq!(
        (error.applied(), error.app_link()),
        (Applied::Maybe, Some(true))
    );
}

#[test]
fn a_portal_that_is_started_anew_is_waited_for() {
    // Ids and keys are made alike in every portal.
    let start = |port| {
        let portal = Portal::builder().plain().port(port).start();
        let accounts = portal.add_many(20);
        (portal, accounts)
    };
    let (portal, accounts) = start(0);
    let port = portal.port();
    let running = Arc::new(Mutex::new(Some(portal)));
    // It is there again once somebody has found that it is not.
    let again = Arc::clone(&running);
    let sink = Arc::new(move |_: LogLevel, line: &str| {
        let mut running = again.lock().unwrap();
        if running.is_none() && line.contains("Unreachable") {
            let (portal, _) = start(port);
            portal.key_of(&portal.owner());
            *running = Some(portal);
        }
    });
    let client = builder(running.lock().unwrap().as_ref().unwrap())
        .log(LogLevel::Info, sink)
        .build()
        .unwrap();
    let mut bulk = client.bulk(TfaMethod::None);
    add_all(&mut bulk, &accounts);
    let mut outcomes = Vec::new();
    bulk.run(None, |_, item| {
        outcomes.push(item.outcome());
        if outcomes.len() == 5 {
            *running.lock().unwrap() = None;
        }
    })
    .unwrap();
    assert_eq!(outcomes.len(), 20);
    // What was in flight may be unknown; nobody is blamed for the rest.
    let unknown = outcomes.iter().filter(|outcome| **outcome == O::Unknown);
    assert!(unknown.count() <= 4, "{outcomes:?}");
    assert!(!outcomes.contains(&O::Refused), "{outcomes:?}");
    let portal = running.lock().unwrap().take().unwrap();
    let changed = accounts
        .iter()
        .filter(|account| portal.times_unlinked(&account.id) == 1);
    assert!(changed.count() >= 7);
}
