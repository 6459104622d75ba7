//! Where a look shows less: keys that may not, hidden sections, members that
//! are missing, and what is an error.

use docspace_tfa::{Applied, Credential, NextSignIn, Reason, Status};

use crate::portal::{Fault, Method, Spec};
use crate::{Stage, assert_says};

#[test]
fn a_key_without_the_scope_is_seen_through() {
    let stage = Stage::new(Method::App);
    let (owner, member) = (stage.portal.owner(), stage.portal.member());
    let table: [(&[&str], bool); 5] = [
        (&["accounts:write"], false),
        (&["*:read"], false),
        (&["accounts:read", "rooms:write"], false),
        (&["*:write"], true),
        (&[], true),
    ];
    for (scopes, enough) in table {
        let key = stage.portal.key_with_scopes(&owner, scopes);
        let key = Credential::api_key(&key).unwrap();
        let check = stage.ask(key, &member.id).unwrap();
        if enough {
            assert_says(&check, Some(true), Reason::None);
        } else {
            assert_says(&check, Some(false), Reason::MissingScope);
            assert!(check.message().contains("*:write"), "{}", check.message());
        }
    }
    // What such a key may read all the same is told.
    let key = stage.portal.key_with_scopes(&owner, &["rooms:read"]);
    let key = Credential::api_key(&key).unwrap();
    let check = stage.ask(key, &member.id).unwrap();
    assert_eq!(check.app_link(), Some(true));
    assert_eq!((check.is_self(), check.portal_method()), (None, None));

    let grant = stage.portal.grant_of(&owner, &["accounts:read"]);
    let grant = Credential::session_token(&grant).unwrap();
    let check = stage.ask(grant, &member.id).unwrap();
    assert_says(&check, Some(false), Reason::MissingScope);
}

#[test]
fn a_hidden_section_refuses() {
    let stage = Stage::new(Method::App);
    stage.portal.set_app_hidden(true);
    let check = stage.by_owner(&stage.portal.member().id);
    assert_says(&check, Some(false), Reason::HiddenByPortal);
}

#[test]
fn trusted_addresses_leave_open_what_comes_next() {
    let stage = Stage::new(Method::App);
    let (member, other) = (stage.portal.member(), stage.portal.member2());
    stage
        .portal
        .change_policy(|policy| policy.trusted_ips = vec!["10.0.0.0/8".to_owned()]);
    for account in [&member, &other] {
        let check = stage.by_owner(&account.id);
        assert_says(&check, Some(true), Reason::None);
        assert_eq!(check.next_sign_in(), NextSignIn::Unknown);
        assert!(check.message().contains("portal's own setting"));
    }
    stage
        .portal
        .change_policy(|policy| policy.mandatory_users = vec![member.id.to_uppercase()]);
    assert_eq!(stage.by_owner(&member.id).next_sign_in(), NextSignIn::Enrol);
    assert_eq!(
        stage.by_owner(&other.id).next_sign_in(),
        NextSignIn::Unknown
    );
}

#[test]
fn what_is_not_shown_is_never_taken_for_yes() {
    let stage = Stage::new(Method::App);
    let portal = &stage.portal;
    // A portal that shows neither ownership nor links.
    let owner = portal.owner().id;
    let hide = |name: &str| {
        let name = name.to_owned();
        portal.change_account(&owner, |account| account.overrides.push((name, None)));
    };
    hide("isOwner");
    let check = stage.by_owner(&portal.member().id);
    assert_says(&check, None, Reason::Unknown);
    assert!(
        check.message().contains("may do this"),
        "{}",
        check.message()
    );
    // Nobody's ownership matters for the own account.
    assert_says(&stage.by_owner(&owner), Some(true), Reason::None);

    let odd = portal.add_account(Spec::user().linked().member("tfaAppEnabled", "\"yes\""));
    let check = stage.by_owner(&odd.id);
    assert_says(&check, None, Reason::Unknown);
}

#[test]
fn an_account_hidden_by_anothers_name_is_not_judged() {
    let stage = Stage::new(Method::App);
    let member = stage.portal.member();
    stage
        .portal
        .add_account(Spec::user().user_name(&member.id).linked());
    let check = stage.by_owner(&member.id);
    assert_says(&check, None, Reason::Unknown);
    assert!(check.account().is_none());
}

#[test]
fn what_the_caller_must_know_is_an_error() {
    let stage = Stage::new(Method::App);
    let member = stage.portal.member();
    let bad = || Credential::api_key(&format!("sk-{}", "0".repeat(64))).unwrap();
    let error = stage.ask(bad(), &member.id).unwrap_err();
    assert_eq!(
        (error.status(), error.reason(), error.applied()),
        (Status::Unauthorized, Reason::BadCredential, Applied::No)
    );
    let faults = [
        (Fault::Suspended, Status::NotFound, Reason::PortalNotFound),
        (Fault::Maintenance, Status::Unavailable, Reason::Maintenance),
        (Fault::Unpaid, Status::Unavailable, Reason::Unpaid),
        (Fault::Html(500), Status::Server, Reason::Unknown),
        (Fault::Html200, Status::Protocol, Reason::NotAPortal),
    ];
    for (fault, status, reason) in faults {
        stage.portal.set_fault(fault);
        let key = stage.portal.key_of(&stage.portal.owner());
        let error = stage
            .ask(Credential::api_key(&key).unwrap(), &member.id)
            .unwrap_err();
        assert_eq!((error.status(), error.reason()), (status, reason));
        assert_eq!(error.applied(), Applied::No);
    }
}
