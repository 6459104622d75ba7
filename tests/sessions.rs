//! Ending the sessions of an account, on portals of every age.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

#[path = "sessions/lost.rs"]
mod lost;
mod portal;
#[path = "sessions/refused.rs"]
mod refused;

use std::time::Duration;

use docspace_tfa::{
    AccountId, Applied, Client, ClientBuilder, Credential, Error, Reason, Status, Trust,
};
use portal::{Account, Dialect, Failure, Fault, Portal, Rule, Step};

const DIALECTS: [Dialect; 7] = [
    Dialect::Workspace,
    Dialect::V1_0,
    Dialect::V2_6,
    Dialect::V3_2,
    Dialect::V3_5,
    Dialect::V3_7,
    Dialect::Newer,
];

fn of(dialect: Dialect) -> Portal {
    Portal::builder().dialect(dialect).start()
}

fn with(portal: &Portal, credential: Credential) -> ClientBuilder {
    Client::builder(&portal.url(), credential)
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .timeout(Duration::from_secs(8))
        .unwrap()
}

/// Older portals know no keys.
fn by_session(portal: &Portal, account: &Account) -> Client {
    let token = portal.session_of(account);
    let credential = Credential::session_token(&token).unwrap();
    with(portal, credential).build().unwrap()
}

fn by_key(portal: &Portal, account: &Account) -> ClientBuilder {
    with(
        portal,
        Credential::api_key(&portal.key_of(account)).unwrap(),
    )
}

fn id_of(account: &Account) -> AccountId {
    AccountId::parse(&account.id).unwrap()
}

/// Only the request that ends sessions is struck.
fn put(fault: Fault) -> Rule {
    fault.for_method("PUT")
}

/// How often it was asked to end sessions.
fn asked(portal: &Portal) -> usize {
    let requests = portal.requests();
    let puts = requests.iter().filter(|request| request.method == "PUT");
    puts.inspect(|put| {
        assert!(put.path.contains("/security/activeconnections/logoutall/"));
        assert!(put.body.is_empty() && put.query.is_empty());
    })
    .count()
}

fn assert_error(error: &Error, status: Status, reason: Reason, applied: Applied) {
    let found = (error.status(), error.reason(), error.applied());
    assert_eq!(found, (status, reason, applied), "{error}");
}

#[test]
fn sessions_of_another_account_end_everywhere() {
    for dialect in DIALECTS {
        let portal = of(dialect);
        let member = portal.member();
        let owner = by_session(&portal, &portal.owner());
        let old = [(); 2].map(|()| portal.session_of(&member));
        let other = portal.session_of(&portal.member2());
        owner.end_sessions(&id_of(&member)).unwrap();
        assert!(old.iter().all(|token| !portal.session_is_alive(token)));
        assert_eq!(portal.sessions_of(&member.id), 0, "{dialect:?}");
        assert!(portal.session_is_alive(&other));
        assert!(portal.is_linked(&member.id));
        let requests = portal.requests();
        let paths: Vec<_> = requests.iter().map(|it| it.path.as_str()).collect();
        let one = format!("/api/2.0/people/{}", member.id);
        let end = format!(
            "/api/2.0/security/activeconnections/logoutall/{}",
            member.id
        );
        assert_eq!(paths, ["/api/2.0/people/@self", &one, &end]);
        assert_eq!(asked(&portal), 1);
    }
}

#[test]
fn the_own_sessions_end_and_the_portal_opens_a_new_one() {
    for dialect in DIALECTS {
        let portal = of(dialect);
        let owner = portal.owner();
        let old = portal.session_of(&owner);
        let client = by_session(&portal, &owner);
        client.end_sessions(&id_of(&owner)).unwrap();
        assert!(!portal.session_is_alive(&old));
        assert_eq!(portal.sessions_of(&owner.id), 1);
        assert_eq!((asked(&portal), portal.request_count()), (1, 2));
        // The token in use has ended with the others.
        let error = client.end_sessions(&id_of(&owner)).unwrap_err();
        assert_error(
            &error,
            Status::Unauthorized,
            Reason::BadCredential,
            Applied::No,
        );
    }
}

#[test]
fn a_member_ends_its_own_from_3_7_on() {
    let portal = of(Dialect::V3_7);
    for account in [portal.member(), portal.guest(), portal.room_admin()] {
        portal.session_of(&account);
        let client = by_key(&portal, &account).build().unwrap();
        client.end_sessions(&id_of(&account)).unwrap();
        assert_eq!(portal.sessions_of(&account.id), 1);
    }
}

#[test]
fn an_unlink_that_stopped_half_way_is_repaired() {
    let portal = of(Dialect::V3_7);
    let member = portal.member();
    let stolen = portal.session_of(&member);
    let late = Failure::thrown("System.TimeoutException");
    portal.set_fault(Fault::UnlinkStopsAfter(Step::AuditQueued, late));
    let owner = by_key(&portal, &portal.owner()).build().unwrap();
    let _ = owner.change_method(&id_of(&member), docspace_tfa::TfaMethod::App);
    assert!(!portal.is_linked(&member.id) && portal.session_is_alive(&stolen));
    owner.end_sessions(&id_of(&member)).unwrap();
    assert!(!portal.session_is_alive(&stolen));
}

#[test]
fn a_clone_with_a_cancel_object_ends_when_that_is_requested() {
    let portal = of(Dialect::V3_7);
    let cancel = docspace_tfa::Cancel::new();
    cancel.request();
    let owner = by_key(&portal, &portal.owner()).build().unwrap();
    let error = owner
        .with_cancel(&cancel)
        .end_sessions(&id_of(&portal.member()))
        .unwrap_err();
    assert_error(&error, Status::Cancelled, Reason::None, Applied::No);
    assert_eq!(portal.request_count(), 0);
}
