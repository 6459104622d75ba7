//! How many requests an account takes, counted by the portal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use docspace_tfa::{Bulk, Item, ItemOutcome as O, LogLevel, Phase, Reason, TfaMethod};

use crate::portal::plain_client::Call;
use crate::portal::{Account, Builder, Fault, LimiterConfig, Method, Portal};
use crate::{add_all, builder, bulk, is_full, outcomes, place, run, wait_for};

/// Ten accounts are there already: with these, every page is full.
fn many() -> usize {
    if is_full() { 9_990 } else { 990 }
}

/// A portal with the limiter that it has, but for its minute in `cargo test`.
fn limited(writes_per_day: usize) -> Builder {
    let mut limiter = LimiterConfig {
        writes_per_day,
        ..LimiterConfig::default()
    };
    if !is_full() {
        limiter.per_window = 100_000;
    }
    Portal::builder().limiter(limiter)
}

fn list(portal: &Portal, accounts: &[Account], verify: u32) -> Bulk {
    let mut bulk = bulk(portal);
    let minute = if is_full() { 60 } else { 2 };
    bulk.set_clockwork(Duration::from_secs(minute), Duration::from_millis(300))
        .unwrap();
    if !is_full() {
        bulk.set_requests_per_minute(100_000).unwrap();
    }
    bulk.set_parallel(15).unwrap();
    bulk.set_verify(verify).unwrap();
    add_all(&mut bulk, accounts);
    bulk
}

fn all_applied(items: &[Item], accounts: &[Account], portal: &Portal) {
    assert_eq!(outcomes(items), vec![O::Applied; accounts.len()]);
    for account in accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

/// Once only looks are waited for, what is shown is no longer old.
fn run_and_let_time_pass(bulk: &mut Bulk, portal: &Portal) -> Vec<Item> {
    let old_picture = if is_full() { 180 } else { 2 };
    bulk.set_clockwork(Duration::from_secs(60), Duration::from_secs(old_picture))
        .unwrap();
    let progress = bulk.progress().clone();
    thread::scope(|scope| {
        scope.spawn(|| {
            wait_for(&progress, Phase::Waiting);
            portal.forget_cached_settings();
        });
        run(bulk).unwrap()
    })
}

/// Requests for a hundred accounts, rounded up.
fn for_a_hundred(portal: &Portal, accounts: usize) -> usize {
    (portal.request_count() * 100).div_ceil(accounts)
}

fn verified(items: &[Item]) -> usize {
    let is_verified = |item: &&Item| item.change().is_some_and(|change| change.verified());
    items.iter().filter(is_verified).count()
}

#[test]
fn one_request_for_each_account_and_a_few_looks() {
    let portal = limited(10_000).start();
    let accounts = portal.add_many(many());
    let mut bulk = list(&portal, &accounts, 1);
    bulk.set_journal(&place("counts")).unwrap();
    let items = run(&mut bulk).unwrap();
    all_applied(&items, &accounts, &portal);
    assert_eq!(verified(&items), accounts.len());
    let requests = for_a_hundred(&portal, accounts.len());
    println!("counts: {requests} requests for 100 accounts");
    assert!(requests <= 103, "{requests}");
    // None was refused for its pace, or it would have been sent again.
    assert_eq!(portal.count("PUT", ""), accounts.len());
    assert_eq!(bulk.progress().still_linked(), 0);
}

#[test]
fn stale_looks_take_one_more_for_a_page() {
    // Without the portal's minute: no look may be due before all are answered.
    let portal = Portal::builder().without_shared_cache().start();
    let accounts = portal.add_many(many());
    let mut bulk = list(&portal, &accounts, 2);
    bulk.set_requests_per_minute(0).unwrap();
    let items = run_and_let_time_pass(&mut bulk, &portal);
    all_applied(&items, &accounts, &portal);
    let requests = for_a_hundred(&portal, accounts.len());
    println!("counts: {requests} requests for 100 accounts where looks are old");
    assert!(requests <= 104, "{requests}");
    assert_eq!(portal.count("PUT", ""), accounts.len());
    assert_eq!(bulk.progress().still_linked(), 0, "nobody after all");
}

#[test]
fn a_run_that_crosses_the_days_limit_stops_and_is_resumed() {
    let day = many() * 2 / 3;
    let portal = limited(day).start();
    let accounts = portal.add_many(many());
    let journal = place("counts-day");
    let mut first = list(&portal, &accounts, 1);
    first.set_journal(&journal).unwrap();
    let (error, items) = run(&mut first).unwrap_err();
    assert_eq!(error.reason(), Reason::DailyLimit);
    assert!(error.retry_after().unwrap() > Duration::from_secs(3600));
    assert!(items.iter().all(|item| item.outcome() == O::Applied));
    assert_eq!(items.len(), day, "the day is used up");
    assert_eq!(first.progress().remaining() as usize, many() - day);
    drop(first);

    portal.let_time_pass(Duration::from_secs(24 * 3600));
    let mut second = list(&portal, &accounts, 1);
    second.set_writes_per_day(0).unwrap();
    second.set_journal(&journal).unwrap();
    let items = run(&mut second).unwrap();
    assert_eq!(items.len(), accounts.len());
    let applied = items.iter().filter(|item| item.outcome() == O::Applied);
    assert_eq!(applied.count(), many() - day);
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

/// Somebody else's program asks with the same account.
/// Uses the limit up, says so, and goes on asking.
fn ask_all_the_time(portal: &Portal, is_used_up: &Sender<()>, over: &AtomicBool) {
    let key = portal.key_of(&portal.owner());
    let mut was_refused = false;
    while !over.load(Ordering::SeqCst) {
        let call = Call::get("people/@self").bearer(&key);
        if call.send(portal).status == 429 && !was_refused {
            was_refused = true;
            let _ = is_used_up.send(());
        }
        if was_refused {
            // From now on it leaves some of it to others.
            thread::sleep(Duration::from_millis(100));
        }
    }
}

#[test]
fn beside_another_user_of_the_same_limit_nobody_is_refused_for_it() {
    let limiter = LimiterConfig {
        per_window: 40,
        window: Duration::from_secs(2),
        ..LimiterConfig::default()
    };
    let portal = Portal::builder().plain().limiter(limiter).start();
    let accounts = portal.add_many(60);
    let refused = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&refused);
    let sink = move |_: LogLevel, line: &str| {
        counted.fetch_add(usize::from(line.contains("answered 429")), Ordering::SeqCst);
    };
    let builder = builder(&portal).log(LogLevel::Info, Arc::new(sink));
    let mut bulk = builder.build().unwrap().bulk(TfaMethod::None);
    bulk.set_requests_per_minute(40).unwrap();
    bulk.set_clockwork(Duration::from_secs(2), Duration::from_millis(300))
        .unwrap();
    bulk.set_verify(1).unwrap();
    bulk.set_journal(&place("counts-beside")).unwrap();
    add_all(&mut bulk, &accounts);
    let over = AtomicBool::new(false);
    let items = thread::scope(|scope| {
        let (is_used_up, used_up) = mpsc::channel();
        let (portal, over) = (&portal, &over);
        scope.spawn(move || ask_all_the_time(portal, &is_used_up, over));
        used_up.recv().unwrap();
        let items = run(&mut bulk);
        over.store(true, Ordering::SeqCst);
        items.unwrap()
    });
    all_applied(&items, &accounts, &portal);
    assert!(refused.load(Ordering::SeqCst) > 0, "they did share a limit");
}

#[test]
fn a_few_of_many_are_read_one_by_one() {
    for (few, verify) in [(10, 0), (10, 1), (1, 0)] {
        let portal = Portal::start();
        let accounts = portal.add_many(1_200);
        let some: Vec<_> = accounts.iter().step_by(120).take(few).cloned().collect();
        let mut bulk = list(&portal, &some, verify);
        let items = run(&mut bulk).unwrap();
        all_applied(&items, &some, &portal);
        // Who asks, a page in vain, a look before and the change for each, and
        // perhaps a look after.
        let looks = usize::try_from(1 + verify).unwrap();
        let most = 1 + 1 + few * (looks + 1);
        let requests = portal.request_count();
        assert!(requests <= most, "{requests} for {few}");
    }
}

#[test]
fn where_links_are_not_shown_nobody_is_looked_at_singly() {
    let portal = Portal::builder().method(Method::Off).start();
    let accounts = portal.add_many(90);
    let mut bulk = list(&portal, &accounts, 1);
    let items = run(&mut bulk).unwrap();
    all_applied(&items, &accounts, &portal);
    assert_eq!(verified(&items), 0);
    // Who asks, the page, and the page once more.
    assert_eq!(portal.count("GET", ""), 3);
}

#[test]
fn what_is_verified_depends_on_the_level() {
    for (verify, looks) in [(0, 0), (1, 1), (2, 1)] {
        let portal = Portal::start();
        let accounts = portal.add_many(90);
        let mut bulk = list(&portal, &accounts, verify);
        let items = run(&mut bulk).unwrap();
        all_applied(&items, &accounts, &portal);
        assert_eq!(verified(&items), looks * 90, "level {verify}");
        assert_eq!(portal.count("GET", ""), 2 + looks, "level {verify}");
    }
}

#[test]
fn a_portal_that_saves_nothing_shows_by_the_looks() {
    for (verify, still_linked) in [(0, 0), (1, 0), (2, 90)] {
        let portal = Portal::start();
        let accounts = portal.add_many(90);
        portal.set_fault(Fault::SaveIsLost);
        let mut bulk = list(&portal, &accounts, verify);
        // Old enough at the end only where that is waited for.
        let old = Duration::from_secs(if verify == 2 { 1 } else { 3600 });
        bulk.set_clockwork(Duration::from_secs(2), old).unwrap();
        let journal = place(&format!("counts-lost-{verify}"));
        bulk.set_journal(&journal).unwrap();
        let items = run(&mut bulk).unwrap();
        // A look never takes the portal's word back.
        assert_eq!(outcomes(&items), vec![O::Applied; 90]);
        assert_eq!(verified(&items), 0);
        let progress = bulk.progress();
        assert_eq!(progress.still_linked(), still_linked, "level {verify}");
        assert_eq!(progress.count(O::Applied), 90);
        let written = std::fs::read_to_string(&journal).unwrap();
        let seen = written.matches("\"linked\":\"yes\"").count();
        assert_eq!(seen, usize::try_from(still_linked).unwrap());
        for item in &items {
            let again = item.change().unwrap().look_again();
            assert_eq!(again.is_some(), verify > 0, "level {verify}");
        }
    }
}

#[test]
fn what_was_unknown_is_settled_by_looks() {
    let portal = Portal::builder().without_shared_cache().start();
    let accounts = portal.add_many(90);
    // Done, and the answer is lost; what reads show is old.
    let lost = Fault::CloseAfterAction.for_method("PUT");
    portal.set_fault(lost.with_body(&accounts[30].id));
    let mut bulk = list(&portal, &accounts, 2);
    let items = run_and_let_time_pass(&mut bulk, &portal);
    assert_eq!(items[30].outcome(), O::Unknown, "as it was handed out");
    let progress = bulk.progress();
    assert_eq!(progress.count(O::Unknown), 0, "settled late");
    assert_eq!(progress.count(O::Applied), 90);
    assert_eq!(progress.still_linked(), 0);
    assert_eq!(portal.times_unlinked(&accounts[30].id), 1);

    // Where the look is fresh, it is settled before it is handed out.
    let portal = Portal::start();
    let accounts = portal.add_many(90);
    let lost = Fault::CloseAfterAction.for_method("PUT");
    portal.set_fault(lost.with_body(&accounts[30].id));
    portal.add_fault(Fault::Html(500).on(&format!("people/{}", accounts[30].id)));
    let mut bulk = list(&portal, &accounts, 1);
    let items = run(&mut bulk).unwrap();
    assert_eq!(items[30].outcome(), O::Applied);
    assert_eq!(bulk.progress().count(O::Unknown), 0);
}

#[test]
fn entries_are_told_after_their_pages_look_and_the_own_one_last() {
    let portal = Portal::start();
    let accounts = portal.add_many(150);
    let mut bulk = bulk(&portal);
    bulk.set_verify(1).unwrap();
    bulk.set_include_self(true).unwrap();
    bulk.add(&portal.owner().id).unwrap();
    add_all(&mut bulk, &accounts);
    bulk.add(&accounts[3].email).unwrap();
    let mut order = Vec::new();
    bulk.run(None, |_, item| {
        // Read by page, changed, and read by page again.
        let told_of = item.account_id().map(|id| id.as_str().to_owned());
        order.push((item.index(), told_of, portal.count("GET", "")));
    })
    .unwrap();
    assert_eq!(order.len(), 152);
    let (last, own, _) = order.last().unwrap();
    assert_eq!((*last, own.as_deref()), (0, Some(&*portal.owner().id)));
    let last_change = portal.requests().into_iter().rfind(|it| it.method == "PUT");
    let body = String::from_utf8(last_change.unwrap().body).unwrap();
    assert!(body.contains(&portal.owner().id), "asked for last, too");
    // Who asks, a page, and that page again at the least.
    let (_, _, reads) = order[1];
    assert!(reads >= 3, "{reads}");
}

#[test]
fn an_entry_named_twice_is_changed_once() {
    let portal = Portal::start();
    let accounts = portal.add_many(50);
    let mut bulk = list(&portal, &accounts, 1);
    for account in &accounts {
        bulk.add(&account.email.to_uppercase()).unwrap();
    }
    let items = run(&mut bulk).unwrap();
    let applied = items.iter().filter(|item| item.outcome() == O::Applied);
    assert_eq!(applied.count(), 50);
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
    assert_eq!(portal.count("GET", ""), 3, "who asks, a page, a look");
}

#[test]
fn what_stayed_open_is_looked_for_in_the_trail_once_more_at_the_end() {
    let portal = Portal::builder().without_shared_cache().start();
    let accounts = portal.add_many(3);
    portal.set_fault(
        Fault::CloseAfterAction
            .for_method("PUT")
            .with_body(&accounts[1].id),
    );
    // The change itself asks three times at most.
    portal.delay_audit(3);
    let client = builder(&portal).audit(true).build().unwrap();
    let mut bulk = client.bulk(TfaMethod::None);
    let journal = place("trail-at-the-end");
    bulk.set_journal(&journal).unwrap();
    add_all(&mut bulk, &accounts);
    let items = run(&mut bulk).unwrap();
    assert_eq!(items[1].outcome(), O::Unknown, "as it was handed out");
    assert_eq!(bulk.progress().count(O::Unknown), 0, "proven late");
    assert_eq!(bulk.progress().count(O::Applied), 3);
    assert_eq!(portal.count("GET", "audit/events/filter"), 4);
    drop(bulk);
    // The journal knows it, too.
    let mut again = client.bulk(TfaMethod::None);
    again.set_journal(&journal).unwrap();
    add_all(&mut again, &accounts);
    let items = run(&mut again).unwrap();
    assert!(
        items
            .iter()
            .all(|item| item.from_journal() && item.error().is_none())
    );
}
