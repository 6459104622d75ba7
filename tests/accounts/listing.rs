//! All accounts, or those that fit, page by page.

use std::collections::BTreeSet;

use docspace_tfa::{Account, AccountFilter, AccountStatus, Cancel, Reason, Role, Status};

use crate::portal::{Fault, Portal, Spec};
use crate::{assert_refused, builder, of, owner};

fn list(portal: &Portal, filter: AccountFilter) -> Vec<Account> {
    let accounts = owner(portal).accounts(filter).unwrap();
    accounts.map(Result::unwrap).collect()
}

pub(crate) fn ids(accounts: &[Account]) -> BTreeSet<String> {
    let ids = accounts.iter().map(|account| account.id().to_string());
    let ids: BTreeSet<_> = ids.collect();
    assert_eq!(ids.len(), accounts.len(), "nobody comes twice");
    ids
}

/// How many accounts each page was asked for, and from where on.
pub(crate) fn pages(portal: &Portal) -> Vec<(u32, u32)> {
    let parameter = |query: &str, name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pair = pairs.find(|(key, _)| *key == name);
        pair.unwrap().1.parse().unwrap()
    };
    let requests = portal.requests();
    let queries = requests.iter().map(|request| &request.query);
    queries
        .map(|query| (parameter(query, "startIndex"), parameter(query, "count")))
        .collect()
}

#[test]
fn every_account_comes_once() {
    let portal = Portal::start();
    let added = portal.add_many(230);
    // Two are nobody's: the system's own and the removed one.
    let all = ids(&list(&portal, AccountFilter::all()));
    assert_eq!(all.len(), 230 + 10);
    assert!(added.iter().all(|account| all.contains(&account.id)));
    assert_eq!(pages(&portal), [(0, 100), (99, 100), (198, 100)]);
    for request in portal.requests() {
        let order = "sortBy=email&sortOrder=ascending";
        assert!(request.query.contains(order), "{}", request.query);
    }
}

#[test]
fn the_total_is_told_from_the_first_page_on() {
    let portal = Portal::start();
    portal.add_many(150);
    let mut accounts = owner(&portal).accounts(AccountFilter::all()).unwrap();
    assert_eq!((accounts.total(), portal.request_count()), (0, 0));
    accounts.next().unwrap().unwrap();
    assert_eq!((accounts.total(), portal.request_count()), (160, 1));
    assert_eq!(accounts.by_ref().count(), 159);
    assert!(accounts.next().is_none());
    assert!(accounts.next().is_none());
    assert_eq!(portal.request_count(), 2, "an ended list asks no more");
}

#[test]
fn filters_choose() {
    let portal = Portal::start();
    let roles = |role| ids(&list(&portal, AccountFilter::all().role(role)));
    let one = |account: &crate::Account| BTreeSet::from([account.id.clone()]);
    assert_eq!(roles(Role::Owner), one(&portal.owner()));
    // Portals count the owner among the administrators.
    assert_eq!(roles(Role::Admin), one(&portal.admin()));
    assert_eq!(roles(Role::RoomAdmin), one(&portal.room_admin()));
    assert_eq!(roles(Role::Guest), one(&portal.guest()));
    assert_eq!(roles(Role::User).len(), 6);

    let states = |status| ids(&list(&portal, AccountFilter::all().status(status)));
    assert_eq!(states(AccountStatus::Pending), one(&portal.pending()));
    let terminated = [portal.terminated_linked(), portal.terminated_unlinked()];
    let terminated = BTreeSet::from(terminated.map(|account| account.id));
    assert_eq!(states(AccountStatus::Terminated), terminated);
    assert_eq!(states(AccountStatus::Active).len(), 7);

    let text = |text| ids(&list(&portal, AccountFilter::all().text(text)));
    assert_eq!(text("MEMBER max"), one(&portal.member()));
    assert_eq!(text("member").len(), 2);
    assert_eq!(text("no such words").len(), 0);
    let plus = portal.add_account(Spec::user().email("a+b&c=d#e@portal.example"));
    assert_eq!(text("a+b&c=d#e"), one(&plus));

    let filter = AccountFilter::all()
        .role(Role::User)
        .status(AccountStatus::Active)
        .text("member");
    assert_eq!(list(&portal, filter).len(), 2);
}

#[test]
fn a_portal_that_filters_in_its_own_way_is_filtered_after() {
    let portal = Portal::start();
    // It says "terminated" here whatever its filter takes it for.
    portal.add_account(Spec::user().named("Odd", "One").member("status", "2"));
    let filter = AccountFilter::all()
        .status(AccountStatus::Active)
        .text("odd");
    assert!(list(&portal, filter).is_empty());
}

#[test]
fn a_text_that_is_no_text_is_refused_before_anything_is_sent() {
    let portal = Portal::start();
    for text in ["a\r\nb", "\u{1b}", "x".repeat(256).as_str()] {
        let filter = AccountFilter::all().text(text);
        let error = owner(&portal).accounts(filter).unwrap_err();
        assert_refused(&error, Status::Argument, Reason::None);
    }
    assert_eq!(portal.request_count(), 0);
}

#[test]
fn a_page_over_a_mebibyte_is_asked_for_in_halves() {
    let portal = Portal::start();
    let contacts = format!("[\"{}\"]", "x".repeat(30_000));
    for number in 0..150 {
        let spec = Spec::user()
            .named("Fat", "Page")
            .member("contacts", &contacts);
        portal.add_account(spec.user_name(&format!("fat.{number}")));
    }
    let all = list(&portal, AccountFilter::all().text("fat page"));
    assert_eq!(ids(&all).len(), 150);
    let starts: Vec<_> = (0..7).map(|page| (page * 24, 25)).collect();
    let asked = [vec![(0, 100), (0, 50)], starts].concat();
    assert_eq!(pages(&portal), asked);
}

#[test]
fn one_account_over_a_mebibyte_is_an_error() {
    let portal = Portal::start();
    let contacts = format!("[\"{}\"]", "x".repeat(1 << 20));
    portal.add_account(
        Spec::user()
            .named("Fat", "One")
            .member("contacts", &contacts),
    );
    let filter = AccountFilter::all().text("fat");
    let error = owner(&portal).accounts(filter).unwrap().next().unwrap();
    assert_refused(&error.unwrap_err(), Status::Transport, Reason::None);
    assert_eq!(pages(&portal).last(), Some(&(0, 1)));
}

#[test]
fn who_may_not_list_is_told_so() {
    let portal = Portal::start();
    for caller in [portal.member(), portal.guest()] {
        let mut accounts = of(&portal, &caller).accounts(AccountFilter::all()).unwrap();
        let error = accounts.next().unwrap().unwrap_err();
        assert_refused(&error, Status::Rejected, Reason::NotAdmin);
        assert_eq!(accounts.total(), 0);
    }
    let key = portal.key_with_scopes(&portal.owner(), &["rooms:read", "accounts.self:read"]);
    let key = docspace_tfa::Credential::api_key(&key).unwrap();
    let client = builder(&portal, key).build().unwrap();
    let mut accounts = client.accounts(AccountFilter::all()).unwrap();
    let error = accounts.next().unwrap().unwrap_err();
    assert_refused(&error, Status::Forbidden, Reason::MissingScope);

    // A room administrator lists, but sees nobody terminated.
    let room_admin = of(&portal, &portal.room_admin());
    let seen: Vec<_> = room_admin
        .accounts(AccountFilter::all())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(seen.len(), 8);
    assert!(seen.iter().all(|account| account.app_link().is_none()));
}

#[test]
fn after_an_error_the_same_page_is_asked_for_again() {
    let portal = Portal::start();
    portal.add_many(190);
    let mut accounts = owner(&portal).accounts(AccountFilter::all()).unwrap();
    let mut seen: Vec<_> = accounts.by_ref().take(100).map(Result::unwrap).collect();
    for (fault, status) in [
        (Fault::Html(500), Status::Server),
        (Fault::Html200, Status::Protocol),
        (Fault::Html(404), Status::NotFound),
    ] {
        portal.set_fault(fault.on("people/filter").times(1));
        let error = accounts.next().unwrap().unwrap_err();
        assert_eq!(error.status(), status, "{error:?}");
        assert_eq!(accounts.total(), 200, "{error:?}");
    }
    portal.clear_faults();
    seen.extend(accounts.map(Result::unwrap));
    assert_eq!(ids(&seen).len(), 200);
    let asked = [vec![(99, 100); 4], vec![(198, 100)]].concat();
    assert_eq!(pages(&portal)[1..], asked);
}

#[test]
fn a_cancelled_list_stops_and_goes_on_where_it_stopped() {
    let portal = Portal::start();
    portal.add_many(190);
    let client = owner(&portal);
    let mut accounts = client.accounts(AccountFilter::all()).unwrap();
    let mut seen: Vec<_> = accounts.by_ref().take(100).map(Result::unwrap).collect();

    portal.set_fault(Fault::HangBeforeAction);
    let cancel = Cancel::new();
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            portal.wait_for_requests(2);
            cancel.request();
        });
        accounts.step(Some(&cancel)).unwrap().unwrap_err()
    });
    assert_refused(&error, Status::Cancelled, Reason::None);
    portal.clear_faults();
    let again = accounts.step(Some(&cancel)).unwrap().unwrap_err();
    assert_refused(&again, Status::Cancelled, Reason::None);
    assert_eq!(portal.request_count(), 2, "a used cancel asks for nothing");

    while let Some(account) = accounts.step(None) {
        seen.push(account.unwrap());
    }
    assert_eq!(ids(&seen).len(), 200);

    let mut cancelled = client
        .with_cancel(&cancel)
        .accounts(AccountFilter::all())
        .unwrap();
    let error = cancelled.next().unwrap().unwrap_err();
    assert_refused(&error, Status::Cancelled, Reason::None);
}

#[test]
fn without_a_total_the_list_ends_with_a_page_that_is_not_full() {
    let portal = Portal::start();
    let page = |first: usize, count: usize| {
        let people = (first..first + count)
            .map(|number| format!(r#"{{"id":"c0ffee00-d0c5-4ace-8bad-{number:012x}"}}"#));
        let people = people.collect::<Vec<_>>().join(",");
        let body = format!(r#"{{"response":[{people}],"status":0,"statusCode":200}}"#);
        Fault::status(200, "application/json", &body).times(1)
    };
    // Later rules win, so each one lets those before it pass.
    portal.add_fault(page(198, 5).after(2));
    portal.add_fault(page(99, 100).after(1));
    portal.add_fault(page(0, 100));
    let mut accounts = owner(&portal).accounts(AccountFilter::all()).unwrap();
    let all: Vec<_> = accounts.by_ref().map(Result::unwrap).collect();
    assert_eq!(ids(&all).len(), 203);
    assert_eq!((accounts.total(), accounts.changed()), (203, false));
    assert_eq!(pages(&portal), [(0, 100), (99, 100), (198, 100)]);
}
