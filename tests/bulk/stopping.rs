//! Stopping: what is under way finishes, nothing new begins.

use std::thread;
use std::time::Duration;

use docspace_tfa::{ItemOutcome as O, Phase, Status};

use crate::portal::{Fault, Portal, Reply};
use crate::{add_all, bulk, place, run, wait_for};

#[test]
fn what_is_under_way_finishes_and_nothing_is_unknown() {
    let portal = Portal::start();
    let accounts = portal.add_many(60);
    let journal = place("stop");
    let slow = Fault::Delay(Duration::from_millis(200)).for_method("PUT");
    portal.set_fault(slow);
    let mut first = bulk(&portal);
    first.set_verify(1).unwrap();
    first.set_journal(&journal).unwrap();
    add_all(&mut first, &accounts);
    let stop = first.stop().clone();
    let (error, items) = thread::scope(|scope| {
        scope.spawn(|| {
            portal.wait_until("some are under way", || portal.count("PUT", "") >= 10);
            stop.request();
        });
        run(&mut first).unwrap_err()
    });
    assert_eq!(error.status(), Status::Cancelled);
    let sent = portal.count("PUT", "");
    assert!((10..20).contains(&sent), "{sent}");
    assert_eq!(items.len(), sent, "all that was sent is told");
    assert!(items.iter().all(|item| item.outcome() == O::Applied));
    assert_eq!(first.progress().remaining() as usize, 60 - sent);

    // For good.
    let (error, items) = run(&mut first).unwrap_err();
    assert_eq!((error.status(), items.len()), (Status::Cancelled, 0));
    assert_eq!(first.step(None).unwrap_err().status(), Status::Cancelled);
    assert_eq!(portal.count("PUT", ""), sent);
    drop(first);

    portal.clear_faults();
    let mut second = bulk(&portal);
    second.set_journal(&journal).unwrap();
    add_all(&mut second, &accounts);
    run(&mut second).unwrap();
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

#[test]
fn a_pause_that_the_portal_wants_ends_at_once() {
    let portal = Portal::start();
    let accounts = portal.add_many(20);
    // Done, but something before the portal answers: nothing new for ten minutes.
    let reply = Reply::page(503).with("Retry-After", "599");
    let lost = Fault::AnswerAfterAction(reply).for_method("PUT");
    portal.set_fault(lost.times(1));
    let mut bulk = bulk(&portal);
    bulk.set_parallel(1).unwrap();
    add_all(&mut bulk, &accounts);
    let (stop, progress) = (bulk.stop().clone(), bulk.progress().clone());
    let (error, items) = thread::scope(|scope| {
        scope.spawn(|| {
            wait_for(&progress, Phase::Paused);
            assert!(progress.wait() > Duration::from_secs(60));
            stop.request();
        });
        run(&mut bulk).unwrap_err()
    });
    assert_eq!(error.status(), Status::Cancelled);
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].outcome(), O::Applied, "it was seen unlinked");
    assert_eq!(bulk.progress().remaining(), 19);
    assert_eq!(bulk.progress().phase(), Phase::Idle);
    assert_eq!(bulk.progress().wait(), Duration::ZERO);
}

#[test]
fn the_wait_for_looks_ends_at_once() {
    let portal = Portal::builder().without_shared_cache().start();
    let accounts = portal.add_many(20);
    let mut bulk = bulk(&portal);
    bulk.set_verify(2).unwrap();
    bulk.set_clockwork(Duration::from_secs(2), Duration::from_secs(600))
        .unwrap();
    add_all(&mut bulk, &accounts);
    let (stop, progress) = (bulk.stop().clone(), bulk.progress().clone());
    let (error, items) = thread::scope(|scope| {
        scope.spawn(|| {
            wait_for(&progress, Phase::Waiting);
            assert!(progress.wait() > Duration::from_secs(60));
            stop.request();
        });
        run(&mut bulk).unwrap_err()
    });
    assert_eq!(error.status(), Status::Cancelled);
    assert_eq!(items.len(), 20, "all was told before");
    assert!(items.iter().all(|item| item.outcome() == O::Applied));
    assert_eq!(bulk.progress().remaining(), 0);
    assert!(bulk.step(None).unwrap().is_none(), "nothing is left to do");
}

#[test]
fn stopped_before_it_begins_it_changes_nobody() {
    let portal = Portal::start();
    let mut bulk = bulk(&portal);
    bulk.add(&portal.member().id).unwrap();
    bulk.stop().request();
    let (error, items) = run(&mut bulk).unwrap_err();
    assert_eq!((error.status(), items.len()), (Status::Cancelled, 0));
    assert_eq!(portal.count("PUT", ""), 0);
    assert_eq!(bulk.progress().remaining(), 1);
}
