//! What becomes of each entry, and in which order it is told.

use std::time::{Duration, Instant};

use docspace_tfa::{Applied, Cancel, ItemOutcome as O, Reason, Status};

use crate::portal::{Fault, Life, Method, Portal, Reply, Spec};
use crate::{add_all, bulk, outcomes, place, run};

#[test]
fn every_kind_of_entry_has_its_outcome_and_its_requests() {
    let portal = Portal::start();
    let (member, other) = (portal.member(), portal.member2());
    let mut bulk = bulk(&portal);
    let entries = [
        (member.id.clone(), O::Applied, Reason::None),
        (member.id.to_uppercase(), O::Skipped, Reason::None),
        (member.email.clone(), O::Skipped, Reason::None),
        (other.email.to_uppercase(), O::Applied, Reason::None),
        (other.email.clone(), O::Skipped, Reason::None),
        (portal.owner().id, O::Skipped, Reason::None),
        (portal.owner().email, O::Skipped, Reason::None),
        (
            "nobody@portal.example".into(),
            O::Refused,
            Reason::NoSuchAccount,
        ),
        (portal.stranger_id(), O::Refused, Reason::NoSuchAccount),
        (portal.unlinked().id, O::Refused, Reason::NotLinked),
        (
            portal.terminated_linked().id,
            O::Refused,
            Reason::AccountTerminated,
        ),
        (portal.removed().id, O::Refused, Reason::NoSuchAccount),
    ];
    for (at, (entry, _, _)) in entries.iter().enumerate() {
        assert_eq!(bulk.add(entry).unwrap() as usize, at);
    }
    for wrong in ["", "@self", "olga", "x@", "a b@c"] {
        assert_eq!(bulk.add(wrong).unwrap_err().status(), Status::Argument);
    }
    let items = run(&mut bulk).unwrap();
    assert_eq!(items.len(), entries.len());
    for (item, (entry, outcome, reason)) in items.iter().zip(&entries) {
        assert_eq!(item.entry(), entry);
        assert_eq!(item.outcome(), *outcome, "{entry}");
        let told = item.error().map_or(Reason::None, |error| error.reason());
        assert_eq!(told, *reason, "{entry}");
        assert!(!item.from_journal());
        assert_eq!(item.change().is_some(), *outcome == O::Applied);
        if let Some(error) = item.error() {
            assert_eq!(error.applied(), Applied::No);
        }
    }
    assert_eq!(items[3].account_id().unwrap().as_str(), other.id);
    let progress = bulk.progress();
    assert_eq!((progress.total(), progress.remaining()), (12, 0));
    assert_eq!(progress.count(O::Applied), 2);
    assert_eq!(progress.count(O::Skipped), 5);
    assert_eq!(progress.count(O::Refused), 5);
    assert_eq!(portal.count("PUT", "settings/tfaappnewapp"), 2);
    // The caller, the page that shows the accounts, and the three who are on none.
    assert_eq!(portal.count("GET", ""), 5);
    for account in [&member, &other] {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
    assert!(bulk.step(None).unwrap().is_none());
    assert_eq!(bulk.add(&member.id).unwrap_err().status(), Status::State);
    assert_eq!(bulk.set_parallel(1).unwrap_err().status(), Status::State);
}

#[test]
fn an_empty_list_asks_nothing() {
    let portal = Portal::start();
    let mut bulk = bulk(&portal);
    assert!(bulk.step(None).unwrap().is_none());
    assert!(run(&mut bulk).unwrap().is_empty());
    assert_eq!(portal.request_count(), 0);
}

#[test]
fn settings_are_judged_at_once() {
    let portal = Portal::start();
    let mut bulk = bulk(&portal);
    for wrong in [0, 16, u32::MAX] {
        assert_eq!(
            bulk.set_parallel(wrong).unwrap_err().status(),
            Status::Argument
        );
    }
    for right in [1, 15] {
        bulk.set_parallel(right).unwrap();
    }
    bulk.set_journal(&place("settings")).unwrap();
    assert_eq!(
        bulk.set_journal(&place("other")).unwrap_err().status(),
        Status::State
    );
    assert_eq!(bulk.set_dry_run(true).unwrap_err().status(), Status::State);
}

#[test]
fn the_own_account_is_changed_only_when_asked_for() {
    let portal = Portal::start();
    let mut bulk = bulk(&portal);
    bulk.set_include_self(true).unwrap();
    bulk.add(&portal.owner().email).unwrap();
    let items = run(&mut bulk).unwrap();
    assert_eq!(outcomes(&items), [O::Applied]);
    assert!(items[0].change().unwrap().login_url().is_some());
    assert_eq!(portal.times_unlinked(&portal.owner().id), 1);
}

#[test]
fn a_dry_run_looks_and_changes_nothing() {
    let portal = Portal::start();
    let mut bulk = bulk(&portal);
    bulk.set_dry_run(true).unwrap();
    let journal = place("dry");
    bulk.set_journal(&journal).unwrap();
    bulk.add(&portal.member().id).unwrap();
    bulk.add(&portal.member2().email).unwrap();
    bulk.add(&portal.unlinked().id).unwrap();
    bulk.add("nobody@portal.example").unwrap();
    let items = run(&mut bulk).unwrap();
    assert_eq!(
        outcomes(&items),
        [O::WouldApply, O::WouldApply, O::Refused, O::Refused]
    );
    assert_eq!(portal.count("PUT", ""), 0);
    assert!(!journal.exists(), "a dry run writes nothing");
}

#[test]
fn a_dry_run_tells_what_would_be_refused_to_all() {
    let portal = Portal::start();
    let key = portal.key_with_scopes(&portal.owner(), &["*:read"]);
    let credential = docspace_tfa::Credential::api_key(&key).unwrap();
    let client = crate::builder(&portal)
        .credential(credential)
        .build()
        .unwrap();
    let mut bulk = client.bulk(docspace_tfa::TfaMethod::None);
    bulk.set_dry_run(true).unwrap();
    bulk.add(&portal.member().id).unwrap();
    let (error, items) = run(&mut bulk).unwrap_err();
    assert_eq!(error.reason(), Reason::MissingScope, "{error:?}");
    assert!(items.is_empty());

    portal.set_app_hidden(true);
    let mut bulk = crate::bulk(&portal);
    bulk.set_dry_run(true).unwrap();
    bulk.add(&portal.member().id).unwrap();
    let items = run(&mut bulk).unwrap();
    assert_eq!(items[0].error().unwrap().reason(), Reason::HiddenByPortal);
}

#[test]
fn what_a_dry_run_asks_next_has_its_time_after_a_long_429() {
    let portal = Portal::start();
    let key = portal.key_with_scopes(&portal.owner(), &["*:read"]);
    let credential = docspace_tfa::Credential::api_key(&key).unwrap();
    let client = crate::builder(&portal)
        .credential(credential)
        .timeout(Duration::from_millis(1500))
        .unwrap()
        .build()
        .unwrap();
    // Longer than one call may take.
    let wait = Reply::empty(429).with("Retry-After", "2");
    portal.set_fault(Fault::Answer(wait).on("people/@self").times(1));
    let mut bulk = client.bulk(docspace_tfa::TfaMethod::None);
    bulk.set_dry_run(true).unwrap();
    bulk.add(&portal.member().id).unwrap();
    let (error, _) = run(&mut bulk).unwrap_err();
    assert_eq!(error.reason(), Reason::MissingScope, "{error:?}");
}

#[test]
fn somebody_who_is_not_the_owner_changes_nobody() {
    let portal = Portal::start();
    let key = portal.key_of(&portal.admin());
    let credential = docspace_tfa::Credential::api_key(&key).unwrap();
    let client = crate::builder(&portal)
        .credential(credential)
        .build()
        .unwrap();
    let mut bulk = client.bulk(docspace_tfa::TfaMethod::None);
    bulk.add(&portal.member().id).unwrap();
    let items = run(&mut bulk).unwrap();
    assert_eq!(items[0].error().unwrap().reason(), Reason::NotOwner);
    assert_eq!(portal.count("PUT", ""), 0);
}

#[test]
fn links_that_are_not_shown_are_left_to_the_portal_to_judge() {
    let portal = Portal::builder().method(Method::Off).start();
    let mut bulk = bulk(&portal);
    bulk.add(&portal.member().id).unwrap();
    bulk.add(&portal.unlinked().id).unwrap();
    let items = run(&mut bulk).unwrap();
    assert_eq!(outcomes(&items), [O::Applied, O::Refused]);
}

#[test]
fn steps_tell_one_entry_after_another() {
    let portal = Portal::start();
    let accounts = portal.add_many(10);
    let mut bulk = bulk(&portal);
    add_all(&mut bulk, &accounts);
    let mut told = Vec::new();
    while let Some(item) = bulk.step(None).unwrap() {
        assert_eq!(item.outcome(), O::Applied);
        told.push(item.index());
        assert_eq!(bulk.progress().remaining() as usize, 10 - told.len());
        // Waves of four: nothing beyond them was begun.
        let waves = told.len().div_ceil(4) * 4;
        assert!(portal.count("PUT", "") <= waves);
    }
    told.sort_unstable();
    assert_eq!(told, (0..10).collect::<Vec<u32>>());
    assert!(bulk.progress().elapsed() > Duration::ZERO);
}

#[test]
fn one_slow_account_does_not_stop_the_others() {
    let portal = Portal::start();
    let accounts = portal.add_many(20);
    let slow = Duration::from_secs(2);
    let delay = Fault::Delay(slow).for_method("PUT");
    portal.set_fault(delay.with_body(&accounts[5].id));
    let mut bulk = bulk(&portal);
    add_all(&mut bulk, &accounts);
    let begun = Instant::now();
    let mut order = Vec::new();
    bulk.run(None, |_, item| order.push((item.index(), begun.elapsed())))
        .unwrap();
    assert_eq!(order.last().unwrap().0, 5, "the slow one is last");
    assert!(order[18].1 < slow, "{order:?}");
}

#[test]
fn cancelling_reports_what_was_in_flight_and_a_later_call_goes_on() {
    let portal = Portal::start();
    let accounts = portal.add_many(12);
    // The change is made and its answer is kept back.
    let hang = Fault::HangAfterAction.on("settings/tfaappnewapp").after(4);
    portal.set_fault(hang.times(4));
    let mut bulk = bulk(&portal);
    add_all(&mut bulk, &accounts);
    let cancel = Cancel::new();
    let mut told = Vec::new();
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            // The last of them are made, and their answers kept back.
            let made = || {
                accounts
                    .iter()
                    .map(|account| portal.times_unlinked(&account.id))
            };
            let begun = Instant::now();
            while made().sum::<usize>() < 8 && begun.elapsed() < Duration::from_secs(60) {
                std::thread::yield_now();
            }
            cancel.request();
        });
        bulk.run(Some(&cancel), |_, item| told.push(item.clone()))
            .unwrap_err()
    });
    assert_eq!(error.status(), Status::Cancelled);
    let unknown: Vec<_> = told
        .iter()
        .filter(|item| item.outcome() == O::Unknown)
        .collect();
    assert_eq!((told.len(), unknown.len()), (8, 4));
    for item in unknown {
        assert_eq!(item.error().unwrap().status(), Status::Cancelled);
        assert_eq!(item.error().unwrap().applied(), Applied::Maybe);
    }
    assert_eq!(bulk.progress().remaining(), 4);
    let again = bulk.step(Some(&cancel)).unwrap_err();
    assert_eq!(again.status(), Status::Cancelled, "nothing is begun");

    let rest = run(&mut bulk).unwrap();
    assert_eq!(rest.len(), 4);
    for account in accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

#[test]
fn an_account_that_is_gone_in_between_is_told() {
    let portal = Portal::start();
    let gone = portal.add_account(Spec::user().linked().life(Life::Removed));
    let mut bulk = bulk(&portal);
    bulk.add(&gone.email).unwrap();
    bulk.add(&portal.member().id).unwrap();
    let items = run(&mut bulk).unwrap();
    assert_eq!(outcomes(&items), [O::Refused, O::Applied]);
}

#[test]
fn a_callback_that_panics_ends_the_run_and_a_later_call_goes_on() {
    let portal = Portal::start();
    let accounts = portal.add_many(200);
    let mut bulk = bulk(&portal);
    add_all(&mut bulk, &accounts);
    let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        bulk.run(None, |_, _| panic!("on purpose"))
    }));
    assert!(ran.is_err());
    let count = portal.request_count();
    assert!(count < 100, "{count} requests after the first item");
    run(&mut bulk).unwrap();
    for account in accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}
