//! As fast as the portal allows, and never faster.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use docspace_tfa::{AccountId, ItemOutcome as O, LogLevel, TfaMethod};

use crate::portal::{Fault, LimiterConfig, Portal};
use crate::{add_all, builder, is_full, outcomes, place, run};

/// How often the portal was asked, over time.
fn watch(portal: &Portal, over: &AtomicBool) -> Vec<(Instant, usize)> {
    let mut seen = Vec::new();
    while !over.load(Ordering::SeqCst) {
        seen.push((Instant::now(), portal.request_count()));
        thread::sleep(Duration::from_millis(2));
    }
    seen
}

#[test]
fn the_limit_is_used_up_and_never_passed() {
    let config = if is_full() {
        LimiterConfig::default()
    } else {
        LimiterConfig {
            per_window: 100,
            window: Duration::from_secs(2),
            ..LimiterConfig::default()
        }
    };
    let (count, windows) = if is_full() { (9_900, 6) } else { (500, 5) };
    let portal = Portal::builder().limiter(config).start();
    let accounts = portal.add_many(count);

    let refused = Arc::new(AtomicUsize::new(0));
    let threads = Arc::new(Mutex::new(Vec::new()));
    let (counted, heard) = (Arc::clone(&refused), Arc::clone(&threads));
    let sink = move |_: LogLevel, line: &str| {
        counted.fetch_add(usize::from(line.contains("answered 429")), Ordering::SeqCst);
        let mut heard = heard.lock().unwrap();
        let me = thread::current().id();
        if !heard.contains(&me) {
            heard.push(me);
        }
    };
    let client = builder(&portal)
        .log(LogLevel::Info, Arc::new(sink))
        .build()
        .unwrap();
    let mut bulk = client.bulk(TfaMethod::None);
    bulk.set_requests_per_minute(u32::try_from(config.per_window).unwrap())
        .unwrap();
    bulk.set_clockwork(config.window, Duration::from_secs(1))
        .unwrap();
    bulk.set_journal(&place("rate-journal")).unwrap();
    add_all(&mut bulk, &accounts);

    let over = AtomicBool::new(false);
    let (items, seen) = thread::scope(|scope| {
        let watching = scope.spawn(|| watch(&portal, &over));
        let items = run(&mut bulk);
        over.store(true, Ordering::SeqCst);
        (items.unwrap(), watching.join().unwrap())
    });

    assert_eq!(items.len(), count, "none lost");
    assert!(
        outcomes(&items)
            .iter()
            .all(|outcome| *outcome == O::Applied)
    );
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
    // From the first request to the one that opens a later window.
    let reached = |requests: usize| seen.iter().find(|(_, count)| *count >= requests).unwrap().0;
    let sent = windows * config.per_window * 98 / 100;
    let took = reached(sent + 1).duration_since(reached(1)).as_secs_f64();
    let per_window = sent as f64 * config.window.as_secs_f64() / took;
    let share = 100.0 * per_window / config.per_window as f64;
    let refused = refused.load(Ordering::SeqCst);
    println!(
        "rate: {count} accounts, {} requests, {per_window:.1} of {} in {:?} ({share:.1} %), {refused} times 429",
        portal.request_count(),
        config.per_window,
        config.window,
    );
    // A shorter window loses more of it at its ends.
    let least = if is_full() { 97.0 } else { 95.0 };
    assert!(share >= least, "{share} %");
    assert_eq!(refused, 0, "429");
    assert_eq!(
        *threads.lock().unwrap(),
        [thread::current().id()],
        "the log speaks on the calling thread only"
    );
}

#[test]
fn without_a_limit_connections_multiply_the_speed() {
    let (alone, many) = if is_full() { (150, 2250) } else { (20, 300) };
    let portal = Portal::start();
    portal.set_fault(Fault::Delay(Duration::from_millis(20)));
    let client = builder(&portal).build().unwrap();
    let one_by_one = portal.add_many(alone);
    let begun = Instant::now();
    for account in &one_by_one {
        let id = AccountId::parse(&account.id).unwrap();
        client.change_method(&id, TfaMethod::None).unwrap();
    }
    let requests = alone as f64 / begun.elapsed().as_secs_f64();

    let accounts = portal.add_many(many);
    let mut bulk = client.bulk(TfaMethod::None);
    bulk.set_parallel(15).unwrap();
    bulk.set_requests_per_minute(0).unwrap();
    add_all(&mut bulk, &accounts);
    portal.forget_requests();
    let begun = Instant::now();
    let items = run(&mut bulk).unwrap();
    let took = begun.elapsed().as_secs_f64();
    assert!(
        outcomes(&items)
            .iter()
            .all(|outcome| *outcome == O::Applied)
    );
    let at_once = portal.request_count() as f64 / took;
    println!(
        "speed: one by one {requests:.1} requests/s; 15 connections {at_once:.1} requests/s \
         ({:.1} changes/s), {:.1} times as many",
        many as f64 / took,
        at_once / requests
    );
    assert!(at_once > requests * 5.0, "{at_once} against {requests}");
}
