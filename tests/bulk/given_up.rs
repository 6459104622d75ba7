//! A portal in trouble stops the run, not the list.

use std::path::Path;
use std::thread;
use std::time::Duration;

use docspace_tfa::{
    Applied, Bulk, Client, Credential, Error, Item, ItemOutcome as O, Reason, Status, TfaMethod,
};

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::{Account, Fault, Portal, Reply, Rule};
use crate::{add_all, builder, place, run};

const COUNT: usize = 200;
/// What a portal in trouble may cost.
const MOST: usize = 5;

/// A run over all of them, with this journal.
fn list(portal: &Portal, accounts: &[Account], journal: &Path) -> Bulk {
    let builder = builder(portal).timeout(Duration::from_secs(8)).unwrap();
    let mut bulk = builder.build().unwrap().bulk(TfaMethod::None);
    bulk.set_journal(journal).unwrap();
    add_all(&mut bulk, accounts);
    bulk
}

fn count(items: &[Item], outcome: O) -> usize {
    items
        .iter()
        .filter(|item| item.outcome() == outcome)
        .count()
}

/// Nobody is blamed for it, few are unknown, and the rest is not begun.
fn costs_little(bulk: &Bulk, error: &Error, items: &[Item], done: usize) {
    assert_eq!(count(items, O::Refused), 0, "{error:?}");
    assert_eq!(count(items, O::Applied), done, "{error:?}");
    assert!(count(items, O::Unknown) <= MOST, "{error:?} {items:?}");
    assert_eq!(bulk.progress().remaining() as usize, COUNT - items.len());
    assert_eq!(error.applied(), Applied::No);
}

/// Everything that is sent to change somebody goes wrong, once so many have been
/// changed; then it is tried while that lasts, and at last when all is well again.
fn writes_go_wrong(name: &str, rule: impl Into<Rule>, after: usize) -> Error {
    let portal = Portal::start();
    let accounts = portal.add_many(COUNT);
    let journal = place(name);
    portal.set_fault(rule.into().for_method("PUT").after(after));
    let mut first = list(&portal, &accounts, &journal);
    let (error, items) = run(&mut first).unwrap_err();
    costs_little(&first, &error, &items, after);
    let unknown = count(&items, O::Unknown);
    drop(first);

    let sent = portal.count("PUT", "");
    let mut second = list(&portal, &accounts, &journal);
    let (_, items) = run(&mut second).unwrap_err();
    let more = portal.count("PUT", "") - sent;
    // So many are under way until the first has succeeded.
    assert!(more <= 3, "{name}: {more} sent though nothing is well");
    let still = count(&items, O::Unknown);
    assert!(still <= unknown + 1, "{name}: {unknown}, then {still}");
    assert_eq!(count(&items, O::Refused), 0);
    let remaining = second.progress().remaining() as usize;
    assert_eq!(remaining, COUNT - items.len());
    drop(second);

    portal.clear_faults();
    let mut third = list(&portal, &accounts, &journal);
    let items = run(&mut third).unwrap();
    assert_eq!(items.len(), COUNT);
    let open = count(&items, O::Unknown);
    assert!(open <= unknown + 1, "{name}: {open} open");
    assert_eq!(count(&items, O::Refused), 0);
    let changed = accounts.iter().map(|it| portal.times_unlinked(&it.id));
    assert_eq!(changed.sum::<usize>(), COUNT - open, "each but those, once");
    error
}

fn has_given_up(error: &Error) {
    assert_eq!(error.status(), Status::Unavailable, "{error:?}");
    assert!(error.retry_after().is_some() && error.is_retryable());
}

#[test]
fn reads_that_work_while_every_write_is_cut_off_end_the_run() {
    let cut = || Fault::CloseBeforeAction;
    has_given_up(&writes_go_wrong("cut", cut(), 0));
    has_given_up(&writes_go_wrong("cut-later", cut(), 40));
}

#[test]
fn reads_that_work_while_every_write_gets_a_page_end_the_run() {
    let cases = [
        (Fault::Html(502), 0, Status::Unavailable),
        (Fault::Html(502), 40, Status::Unavailable),
        (Fault::Html200, 0, Status::Unavailable),
        (Fault::Html200, 40, Status::Unavailable),
        // It says no: nobody is unknown.
        (Fault::Html(403), 0, Status::Forbidden),
        (Fault::Html(403), 40, Status::Forbidden),
    ];
    thread::scope(|scope| {
        for (at, (page, after, status)) in cases.into_iter().enumerate() {
            scope.spawn(move || {
                let error = writes_go_wrong(&format!("page-{at}"), page, after);
                assert_eq!(error.status(), status, "{error:?}");
            });
        }
    });
}

/// Not now: 503, with the time to come back.
fn not_now(retry_after: &str) -> Fault {
    Fault::Answer(Reply::page(503).with("Retry-After", retry_after))
}

#[test]
fn writes_that_are_not_taken_now_end_the_run_and_say_when_to_come_back() {
    let later = "Fri, 31 Dec 2100 23:59:59 GMT";
    let waits = [
        ("0", Duration::ZERO),
        ("5", Duration::ZERO),
        ("601", Duration::from_secs(600)),
        ("86400", Duration::from_secs(86_000)),
        (later, Duration::from_secs(86_400)),
    ];
    thread::scope(|scope| {
        for (at, (wait, least)) in waits.into_iter().enumerate() {
            scope.spawn(move || {
                let error = writes_go_wrong(&format!("not-now-{at}"), not_now(wait), 20);
                has_given_up(&error);
                assert!(error.retry_after().unwrap() >= least, "{wait}: {error:?}");
            });
        }
    });
}

#[test]
fn a_portal_that_takes_nothing_from_the_start_costs_nobody() {
    let faults = [
        (Fault::Html200, Status::Protocol),
        (Fault::Html(502), Status::Server),
        (Fault::CloseBeforeAction, Status::Transport),
        (not_now("0"), Status::Unavailable),
        (not_now("601"), Status::Unavailable),
        (not_now("86400"), Status::Unavailable),
    ];
    for (at, (fault, status)) in faults.into_iter().enumerate() {
        let portal = Portal::start();
        let accounts = portal.add_many(COUNT);
        portal.set_fault(fault.clone());
        let mut bulk = list(&portal, &accounts, &place(&format!("nothing-{at}")));
        let (error, items) = run(&mut bulk).unwrap_err();
        costs_little(&bulk, &error, &items, 0);
        assert_eq!((error.status(), items.len()), (status, 0), "{fault:?}");
        assert_eq!(portal.count("PUT", ""), 0);
    }
}

#[test]
fn a_portal_that_takes_nothing_any_more_costs_what_was_under_way() {
    let faults = [
        Fault::Html200,
        Fault::Html(403),
        Fault::CloseBeforeAction,
        not_now("601"),
        not_now("86400"),
    ];
    for (at, fault) in faults.into_iter().enumerate() {
        let portal = Portal::start();
        let accounts = portal.add_many(COUNT);
        portal.set_fault(Rule::from(fault.clone()).after(50));
        let mut bulk = list(&portal, &accounts, &place(&format!("any-more-{at}")));
        let (error, items) = run(&mut bulk).unwrap_err();
        let done = count(&items, O::Applied);
        assert!(done >= 40, "{fault:?}: {done}");
        costs_little(&bulk, &error, &items, done);
    }
}

#[test]
fn a_reset_for_every_request_costs_nobody() {
    let reset = Script::every(vec![Step::ReadRequest, Step::Reset]);
    let crude = Crude::start(Transport::Plain, reset);
    let key = Credential::api_key("sk-0123456789abcdef").unwrap();
    let client = Client::builder(&crude.url(), key).unwrap().build().unwrap();
    let mut bulk = client.bulk(TfaMethod::None);
    for number in 0..COUNT {
        bulk.add(&format!("c0ffee00-d0c5-4ace-8bad-{number:012x}"))
            .unwrap();
    }
    let (error, items) = run(&mut bulk).unwrap_err();
    assert_eq!(error.status(), Status::Transport, "{error:?}");
    assert!(items.is_empty());
    assert_eq!(bulk.progress().remaining() as usize, COUNT);
}

#[test]
fn one_in_ten_that_is_never_settled_ends_the_run_at_one_in_fifty() {
    let portal = Portal::start();
    let accounts = portal.add_many(400);
    for account in accounts.iter().step_by(10) {
        let cut = Fault::CloseBeforeAction.for_method("PUT");
        portal.add_fault(cut.with_body(&account.id));
    }
    let mut bulk = builder(&portal).build().unwrap().bulk(TfaMethod::None);
    bulk.set_parallel(1).unwrap();
    add_all(&mut bulk, &accounts);
    let (error, items) = run(&mut bulk).unwrap_err();
    has_given_up(&error);
    let unknown = count(&items, O::Unknown);
    assert_eq!(unknown, 6, "more than five, and over one in fifty");
    assert_eq!(count(&items, O::Applied) + unknown, items.len());
    assert_eq!(bulk.progress().remaining() as usize, 400 - items.len());
}

#[test]
fn one_account_that_a_firewall_dislikes_blocks_no_list() {
    let portal = Portal::start();
    let accounts = portal.add_many(COUNT);
    for disliked in [0, 77] {
        let page = Fault::Html(403).for_method("PUT");
        portal.add_fault(page.with_body(&accounts[disliked].id));
    }
    let journal = place("firewall");
    let mut bulk = list(&portal, &accounts, &journal);
    let items = run(&mut bulk).unwrap();
    for item in &items {
        let is_disliked = [0, 77].contains(&item.index());
        let outcome = if is_disliked { O::Refused } else { O::Applied };
        assert_eq!(item.outcome(), outcome, "{item:?}");
    }
    assert_eq!(items[77].error().unwrap().http_status(), Some(403));
    drop(bulk);

    // It was the firewall's word: a later run asks again.
    portal.clear_faults();
    let mut bulk = list(&portal, &accounts, &journal);
    let items = run(&mut bulk).unwrap();
    assert_eq!(count(&items, O::Applied), 2);
    assert_eq!(count(&items, O::Skipped), COUNT - 2);
}

#[test]
fn a_key_that_ends_in_the_middle_ends_the_run_after_two() {
    let portal = Portal::start();
    let accounts = portal.add_many(COUNT);
    let journal = place("unauthorized");
    let refusal = Fault::Answer(Reply::empty(401)).for_method("PUT");
    portal.set_fault(refusal.after(40));
    let mut bulk = list(&portal, &accounts, &journal);
    bulk.set_parallel(1).unwrap();
    let (error, items) = run(&mut bulk).unwrap_err();
    assert_eq!(error.status(), Status::Unauthorized);
    assert_eq!(portal.count("PUT", ""), 42, "two were told, no more");
    costs_little(&bulk, &error, &items, 40);
    assert_eq!(count(&items, O::Unknown), 0);

    // While that lasts, nobody is blamed either.
    for _ in 0..3 {
        let (error, items) = run(&mut bulk).unwrap_err();
        assert_eq!(error.status(), Status::Unauthorized);
        assert!(items.is_empty(), "{items:?}");
    }
    portal.clear_faults();
    let rest = run(&mut bulk).unwrap();
    assert_eq!(count(&rest, O::Applied), COUNT - 40);
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

#[test]
fn after_a_power_cut_with_many_under_way_the_resume_goes_on() {
    let portal = Portal::start();
    let accounts = portal.add_many(COUNT);
    let (journal, kept) = (place("power"), place("power-kept"));
    // Fifteen are sent and never answered; what is on disk then is what a cut
    // would leave.
    let hang = Fault::HangBeforeAction.for_method("PUT").after(40);
    portal.set_fault(hang);
    let mut bulk = list(&portal, &accounts, &journal);
    bulk.set_parallel(15).unwrap();
    let cancel = docspace_tfa::Cancel::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            portal.wait_until("so many under way", || portal.count("PUT", "") >= 55);
            std::fs::copy(&journal, &kept).unwrap();
            cancel.request();
        });
        bulk.run(Some(&cancel), |_, _| {}).unwrap_err();
    });
    drop(bulk);

    portal.clear_faults();
    let sent = portal.count("PUT", "");
    let mut bulk = list(&portal, &accounts, &kept);
    bulk.set_parallel(15).unwrap();
    let items = run(&mut bulk).unwrap();
    assert_eq!(count(&items, O::Unknown), 15, "those stay open");
    assert_eq!(count(&items, O::Applied), COUNT - 55);
    assert_eq!(count(&items, O::Skipped), 40);
    assert_eq!(portal.count("PUT", "") - sent, COUNT - 55);
    assert!(items.iter().all(|item| {
        item.error()
            .is_none_or(|error| error.reason() != Reason::NoSuchAccount)
    }));
    for account in &accounts {
        assert!(portal.times_unlinked(&account.id) <= 1);
    }
}
