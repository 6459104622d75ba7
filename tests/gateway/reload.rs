//! nginx takes a new configuration while it works: old workers close what is
//! idle and end what they have begun.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use docspace_tfa::{AccountFilter, Applied, ItemOutcome, TfaMethod};

use crate::nginx::{Nginx, PLAIN};
use crate::portal::{Fault, Portal};
use crate::{Came, UNLINK, id_of, owner};

#[test]
fn a_reload_in_the_middle_of_a_list_loses_nobody() {
    let portal = Portal::builder().plain().start();
    let added = portal.add_many(330);
    let Some(nginx) = Nginx::before(&portal, &PLAIN) else {
        return;
    };
    let client = owner(&portal, &nginx.url()).build().unwrap();
    let mut ids = BTreeSet::new();
    let accounts = client.accounts(AccountFilter::all()).unwrap();
    for (number, account) in accounts.enumerate() {
        let id = account.unwrap().id().to_string();
        assert!(ids.insert(id), "nobody comes twice");
        // Between pages, and in the middle of one.
        if [50, 99, 200].contains(&number) {
            nginx.reload();
            nginx.wait_for_the_old_workers();
        }
    }
    assert!(added.iter().all(|account| ids.contains(&account.id)));
}

/// A request that an old worker has begun is answered by it.
#[test]
fn a_reload_in_the_middle_of_a_change_loses_nothing() {
    let portal = Portal::builder().plain().start();
    let Some(nginx) = Nginx::before(&portal, &PLAIN) else {
        return;
    };
    let client = owner(&portal, &nginx.url()).build().unwrap();
    let member = portal.member();
    portal.set_fault(Fault::Delay(Duration::from_secs(1)).on(UNLINK));
    let result = thread::scope(|scope| {
        let change = scope.spawn(|| client.change_method(&id_of(&member), TfaMethod::None));
        portal.wait_for_requests(1);
        nginx.reload();
        change.join().unwrap()
    });
    let came = Came::of("a reload meanwhile", &result, &portal, &member).is_true();
    assert_eq!((came.applied, came.reached), (Applied::Yes, 1));
}

/// Whoever was told as done was done once, and nobody is sent twice. A request
/// that meets the very moment in which an idle connection is closed is unknown,
/// and a second run settles it.
#[test]
fn reloads_in_the_middle_of_a_bulk_lose_nobody_and_do_nothing_twice() {
    let portal = Portal::builder().plain().start();
    let accounts = portal.add_many(120);
    let Some(nginx) = Nginx::before(&portal, &PLAIN) else {
        return;
    };
    let client = owner(&portal, &nginx.url()).build().unwrap();
    let journal = portal.folder().path().join("journal");
    let mut unknown = 0;
    for round in 0..2 {
        let mut bulk = client.bulk(TfaMethod::None);
        bulk.set_requests_per_minute(0).unwrap();
        bulk.set_clockwork(Duration::from_secs(2), Duration::ZERO)
            .unwrap();
        bulk.set_retry_unknown(true).unwrap();
        bulk.set_journal(&journal).unwrap();
        for account in &accounts {
            bulk.add(&account.id).unwrap();
        }
        let mut told = BTreeSet::new();
        bulk.run(None, |_, item| {
            assert!(told.insert(item.index()), "told twice: {item:?}");
            let done = portal.times_unlinked(item.entry());
            match item.outcome() {
                ItemOutcome::Applied => assert_eq!(done, 1, "{item:?}"),
                ItemOutcome::Unknown => unknown += 1,
                ItemOutcome::Skipped if round == 1 => assert_eq!(done, 1, "{item:?}"),
                _ => panic!("{item:?}"),
            }
            if round == 0 && told.len() % 10 == 0 {
                nginx.reload();
            }
        })
        .unwrap();
        assert_eq!(told.len(), accounts.len(), "everybody is told of");
    }
    println!("reloads: {unknown} of {} unknown", accounts.len());
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1, "{account:?}");
    }
}
