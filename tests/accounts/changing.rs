//! A list of people who come and go while it is read.

use std::collections::BTreeSet;
use std::time::Duration;

use docspace_tfa::{Account, AccountFilter, Accounts, Credential, Role, Status};

use crate::listing::{ids, pages};
use crate::portal::{Dialect, Fault, Life, Portal, Spec};
use crate::{builder, of, owner};

/// 250 accounts and a list of them.
fn listed(portal: &Portal) -> Accounts {
    portal.add_many(240);
    owner(portal).accounts(AccountFilter::all()).unwrap()
}

fn take(accounts: &mut Accounts, count: usize) -> Vec<Account> {
    accounts.by_ref().take(count).map(Result::unwrap).collect()
}

/// Everybody who is on the portal now.
fn present(portal: &Portal) -> BTreeSet<String> {
    ids(&owner(portal)
        .accounts(AccountFilter::all())
        .unwrap()
        .map(Result::unwrap)
        .collect::<Vec<_>>())
}

fn leaves(portal: &Portal, account: &Account) {
    portal.set_life(account.id().as_str(), Life::Removed);
}

#[test]
fn who_shares_a_name_is_not_lost_where_two_pages_meet() {
    let portal = Portal::start();
    for _ in 0..240 {
        portal.add_account(Spec::user().named("Same", "Name"));
    }
    let mut accounts = owner(&portal).accounts(AccountFilter::all()).unwrap();
    let all = take(&mut accounts, usize::MAX);
    assert_eq!(ids(&all).len(), 250);
    assert_eq!(pages(&portal), [(0, 100), (99, 100), (198, 100)]);
    assert!(!accounts.changed());
}

#[test]
fn who_leaves_between_two_pages_takes_nobody_along() {
    let portal = Portal::start();
    let mut accounts = listed(&portal);
    let mut seen = take(&mut accounts, 100);
    leaves(&portal, &seen[10]);
    seen.extend(take(&mut accounts, usize::MAX));
    let (seen, present) = (ids(&seen), present(&portal));
    assert!(seen.is_superset(&present));
    assert_eq!((seen.len(), present.len()), (250, 249));
    let asked = [(0, 100), (99, 100), (0, 100), (99, 100), (198, 100)];
    assert_eq!(pages(&portal)[..5], asked, "begun anew");
    assert_eq!((accounts.total(), accounts.changed()), (249, false));
}

#[test]
fn a_total_that_stays_the_same_hides_no_change() {
    let portal = Portal::start();
    let mut accounts = listed(&portal);
    let mut seen = take(&mut accounts, 100);
    leaves(&portal, &seen[10]);
    portal.add_account(Spec::user().email("zz@portal.example"));
    seen.extend(take(&mut accounts, usize::MAX));
    assert!(ids(&seen).is_superset(&present(&portal)));
    assert_eq!(pages(&portal)[1..3], [(99, 100), (0, 100)], "begun anew");
    assert!(!accounts.changed());
}

#[test]
fn a_place_that_stays_the_same_hides_no_change() {
    let portal = Portal::start();
    let mut accounts = listed(&portal);
    let mut seen = take(&mut accounts, 100);
    // The two pages would join, but somebody new stands in the first.
    leaves(&portal, &seen[10]);
    for email in ["aa@portal.example", "zz@portal.example"] {
        portal.add_account(Spec::user().email(email));
    }
    seen.extend(take(&mut accounts, usize::MAX));
    assert!(ids(&seen).is_superset(&present(&portal)));
    assert_eq!(pages(&portal)[1..3], [(99, 100), (0, 100)], "begun anew");
    assert!(!accounts.changed());
}

#[test]
fn who_joins_between_two_pages_makes_nobody_come_twice() {
    let portal = Portal::start();
    let mut accounts = listed(&portal);
    let mut seen = take(&mut accounts, 100);
    portal.add_account(Spec::user().email("aa@portal.example"));
    seen.extend(take(&mut accounts, usize::MAX));
    assert_eq!(ids(&seen), present(&portal));
    assert_eq!(seen.len(), 251);
    assert!(!accounts.changed());
}

#[test]
fn after_two_new_beginnings_the_list_goes_on_and_says_that_it_changed() {
    let portal = Portal::start();
    let mut accounts = listed(&portal);
    let mut seen = take(&mut accounts, 100);
    for time in 0..3 {
        assert!(!accounts.changed());
        leaves(&portal, &seen[10 + time]);
        // Of the first page, read anew, only the last was not given yet.
        seen.extend(take(&mut accounts, 1));
    }
    seen.extend(take(&mut accounts, usize::MAX));
    assert!(accounts.changed());
    assert!(accounts.next().is_none());
    assert!(ids(&seen).is_superset(&present(&portal)));
    let (first, second, third) = ((0, 100), (99, 100), (198, 100));
    let asked = [first, second, first, second, first, second, third];
    assert_eq!(pages(&portal)[..7], asked);
}

#[test]
fn a_portal_that_knows_no_order_by_address_is_not_trusted() {
    let portal = Portal::builder().dialect(Dialect::Workspace).start();
    for _ in 0..240 {
        portal.add_account(Spec::user().named("Same", "Name"));
    }
    let mut accounts = of(&portal, &portal.owner())
        .accounts(AccountFilter::all())
        .unwrap();
    let all = take(&mut accounts, usize::MAX);
    assert!(ids(&all).len() <= 250);
    assert!(accounts.changed());
    assert!(portal.request_count() <= 7, "{:?}", pages(&portal));
}

#[test]
fn accounts_without_an_address_are_listed_too() {
    let portal = Portal::start();
    let nameless = [1, 2, 3].map(|_| portal.add_account(Spec::user().without_email()));
    let all = ids(&take(&mut listed(&portal), usize::MAX));
    assert_eq!(all.len(), 253);
    assert!(nameless.iter().all(|account| all.contains(&account.id)));
}

#[test]
fn the_owner_is_found_in_a_list_that_is_begun_anew() {
    let portal = Portal::start();
    portal.change_account(&portal.owner().id, |owner| {
        owner.email = "zz@portal.example".to_owned();
    });
    portal.add_many(240);
    // The first page is one of a moment when there was one more.
    let person = r#"{"id":"c0ffee00-d0c5-4ace-8bad-00000000dead"}"#;
    let people = [person; 100].join(",");
    let body = format!(r#"{{"response":[{people}],"total":251,"status":0,"statusCode":200}}"#);
    portal.set_fault(Fault::status(200, "application/json", &body).times(1));
    let filter = AccountFilter::all().role(Role::Owner);
    let mut accounts = owner(&portal).accounts(filter).unwrap();
    let all = take(&mut accounts, usize::MAX);
    assert_eq!(ids(&all), BTreeSet::from([portal.owner().id]));
    let asked = [(0, 100), (99, 100), (0, 100), (99, 100), (198, 100)];
    assert_eq!(pages(&portal), asked);
    assert!(!accounts.changed());
}

#[test]
fn a_page_that_takes_the_portal_too_long_is_asked_for_in_halves() {
    for status in [502, 504] {
        let portal = Portal::start();
        let mut accounts = listed(&portal);
        portal.set_fault(Fault::Html(status).on("people/filter").times(2));
        assert_eq!(ids(&take(&mut accounts, usize::MAX)).len(), 250);
        let asked = pages(&portal);
        assert_eq!(asked[..4], [(0, 100), (0, 50), (0, 25), (24, 25)]);
        assert!(!accounts.changed());
    }
}

#[test]
fn after_a_deadline_half_of_the_page_is_asked_for() {
    let portal = Portal::start();
    portal.add_many(140);
    let key = Credential::api_key(&portal.key_of(&portal.owner())).unwrap();
    let client = builder(&portal, key)
        .timeout(Duration::from_secs(1))
        .unwrap()
        .build()
        .unwrap();
    let mut accounts = client.accounts(AccountFilter::all()).unwrap();
    portal.set_fault(Fault::HangBeforeAction.on("people/filter").times(1));
    let error = accounts.next().unwrap().unwrap_err();
    assert_eq!(error.status(), Status::Timeout);
    assert!(error.is_retryable());
    // A slow machine may be late again.
    let mut seen = Vec::new();
    let late = accounts
        .by_ref()
        .take(200)
        .filter_map(|account| account.map(|account| seen.push(account)).err())
        .filter(|error| error.status() == Status::Timeout);
    assert!(late.count() < 20);
    assert_eq!(ids(&seen).len(), 150);
    assert_eq!(pages(&portal)[..2], [(0, 100), (0, 50)]);
}
