//! Who may not, and how that is told.

use docspace_tfa::{AccountId, Applied, Credential, Reason, Status};

use crate::portal::{Account, Dialect, Failure, Fault, Portal, Reply, Spec};
use crate::{asked, assert_error, by_key, by_session, id_of, of, put, with};

#[test]
fn an_id_that_is_nobodys_is_not_asked_for() {
    for dialect in [Dialect::V2_6, Dialect::V3_7] {
        let portal = of(dialect);
        let owner = by_session(&portal, &portal.owner());
        for id in [portal.stranger_id(), portal.removed().id] {
            let error = owner
                .end_sessions(&AccountId::parse(&id).unwrap())
                .unwrap_err();
            assert_error(&error, Status::NotFound, Reason::NoSuchAccount, Applied::No);
        }
        assert_eq!(asked(&portal), 0);
    }
}

#[test]
fn who_is_no_administrator_is_told_so() {
    for dialect in [Dialect::V2_6, Dialect::V3_5, Dialect::V3_7] {
        let portal = of(dialect);
        let member = portal.member();
        let other = portal.session_of(&member);
        for (caller, asks) in [(portal.room_admin(), 1), (portal.member2(), 0)] {
            portal.forget_requests();
            let client = by_session(&portal, &caller);
            let error = client.end_sessions(&id_of(&member)).unwrap_err();
            assert_error(&error, Status::Rejected, Reason::NotAdmin, Applied::No);
            assert_eq!(error.portal_message(), "Access denied");
            assert!(!error.is_retryable());
            // Members may not even look at the other one.
            assert_eq!(asked(&portal), asks);
        }
        assert!(portal.session_is_alive(&other));
    }
}

#[test]
fn up_to_3_6_a_member_cannot_end_even_its_own() {
    for dialect in [Dialect::V2_6, Dialect::V3_2, Dialect::V3_5] {
        let portal = of(dialect);
        let member = portal.member();
        let client = by_session(&portal, &member);
        let error = client.end_sessions(&id_of(&member)).unwrap_err();
        assert_error(&error, Status::Rejected, Reason::NotAdmin, Applied::No);
        let message = error.message();
        assert!(message.contains("in the profile"), "{message}");
    }
}

/// Two administrators and the owner: who may not end whose.
fn pairs(portal: &Portal) -> [(Account, Account); 3] {
    let other = portal.add_account(Spec::admin());
    let (owner, admin) = (portal.owner(), portal.admin());
    [
        (owner.clone(), admin.clone()),
        (admin.clone(), other),
        (admin, owner),
    ]
}

#[test]
fn up_to_3_6_nobody_ends_an_administrators_sessions() {
    for dialect in [Dialect::V2_6, Dialect::V3_2, Dialect::V3_5] {
        let portal = of(dialect);
        for (caller, target) in pairs(&portal) {
            let session = portal.session_of(&target);
            let client = by_session(&portal, &caller);
            let error = client.end_sessions(&id_of(&target)).unwrap_err();
            assert_error(&error, Status::Rejected, Reason::Unknown, Applied::No);
            let message = error.message();
            assert!(message.contains("as that administrator"), "{message}");
            assert!(portal.session_is_alive(&session));
            // That administrator does it for itself.
            let itself = by_session(&portal, &target);
            itself.end_sessions(&id_of(&target)).unwrap();
            assert!(!portal.session_is_alive(&session));
        }
    }
    let portal = of(Dialect::V3_7);
    for (caller, target) in pairs(&portal) {
        let client = by_session(&portal, &caller);
        client.end_sessions(&id_of(&target)).unwrap();
    }
}

#[test]
fn a_denial_that_nothing_explains_may_come_from_a_later_step() {
    let denial = || {
        put(Fault::Answer(
            Failure::thrown("System.Security.SecurityException").reply(),
        ))
    };
    // A current portal lets the owner do this.
    let portal = of(Dialect::V3_7);
    portal.set_fault(denial());
    let owner = by_key(&portal, &portal.owner()).build().unwrap();
    for target in [portal.member(), portal.admin(), portal.owner()] {
        let error = owner.end_sessions(&id_of(&target)).unwrap_err();
        assert_error(&error, Status::Server, Reason::Unknown, Applied::Maybe);
    }
    // And nobody looks how old the portal is where that is not wanted.
    let portal = of(Dialect::V3_5);
    let owner = by_key(&portal, &portal.owner()).explain(false);
    let target = id_of(&portal.admin());
    let error = owner.build().unwrap().end_sessions(&target).unwrap_err();
    assert_error(&error, Status::Server, Reason::Unknown, Applied::Maybe);
    assert_eq!(portal.count("GET", "/settings/tfaapp"), 0);
}

#[test]
fn a_key_needs_the_scope_to_write() {
    let portal = of(Dialect::V3_7);
    for explain in [true, false] {
        let key = portal.key_with_scopes(&portal.owner(), &["*:read"]);
        let client = with(&portal, Credential::api_key(&key).unwrap()).explain(explain);
        let member = id_of(&portal.member());
        let error = client.build().unwrap().end_sessions(&member).unwrap_err();
        assert_error(&error, Status::Forbidden, Reason::MissingScope, Applied::No);
    }
    assert_eq!(portal.count("GET", "/keys/@self"), 1);
    // An empty 403 that the scopes do not explain.
    portal.set_fault(put(Fault::Answer(Reply::empty(403))));
    let owner = by_key(&portal, &portal.owner()).build().unwrap();
    let error = owner.end_sessions(&id_of(&portal.member())).unwrap_err();
    assert_error(&error, Status::Forbidden, Reason::Unknown, Applied::No);
}

#[test]
fn what_stands_before_the_call_refuses_it_as_any_other() {
    let table = [
        (Fault::Unpaid, Status::Unavailable, Reason::Unpaid),
        (Fault::Maintenance, Status::Unavailable, Reason::Maintenance),
        (Fault::Suspended, Status::NotFound, Reason::PortalNotFound),
        (Fault::Html(403), Status::Forbidden, Reason::NotAPortal),
    ];
    for (fault, status, reason) in table {
        let portal = of(Dialect::V3_7);
        portal.set_fault(put(fault));
        let owner = by_key(&portal, &portal.owner()).build().unwrap();
        let error = owner.end_sessions(&id_of(&portal.member())).unwrap_err();
        assert_error(&error, status, reason, Applied::No);
        assert_eq!(asked(&portal), 1);
    }
}

#[test]
fn a_limit_is_waited_for_even_for_the_own_account() {
    let portal = of(Dialect::V3_7);
    let limit = Fault::Answer(Reply::empty(429).with("Retry-After", "1"));
    portal.set_fault(put(limit).times(1));
    let owner = by_key(&portal, &portal.owner()).build().unwrap();
    owner.end_sessions(&id_of(&portal.owner())).unwrap();
    assert_eq!(asked(&portal), 2);
    assert_eq!(portal.sessions_of(&portal.owner().id), 1);
}
