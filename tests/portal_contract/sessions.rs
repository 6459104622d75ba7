//! Ending sessions, and the list of one's own.

use super::*;
use crate::portal::state::{AuditEvent, NOBODY, action};
use crate::portal::{Dialect, Fault, Spec};

const SESSIONS: &str = "security/activeconnections";
const SECURITY: Option<&str> = Some("System.Security.SecurityException");

fn of(dialect: Dialect) -> Portal {
    Portal::builder().plain().dialect(dialect).start()
}

fn end_path(id: &str) -> String {
    format!("{SESSIONS}/logoutall/{id}")
}

fn end(portal: &Portal, token: &str, id: &str) -> Answer {
    Call::put(&end_path(id), "").bearer(token).send(portal)
}

/// By a session of the caller's own: older portals have no keys.
fn end_as(portal: &Portal, caller: &Account, id: &str) -> Answer {
    end(portal, &portal.session_of(caller), id)
}

fn assert_denied(answer: &Answer) {
    assert_refused(answer, 403, "Access denied", SECURITY);
}

#[test]
fn owner_and_admins_end_anybodys_sessions() {
    let portal = plain();
    let admin = portal.add_account(Spec::admin());
    let targets = [
        portal.owner(),
        admin,
        portal.user(),
        portal.guest(),
        portal.unlinked(),
        portal.terminated_linked(),
    ];
    for caller in [portal.owner(), portal.admin()] {
        for target in targets.iter().filter(|target| target.id != caller.id) {
            let old = [(); 2].map(|()| portal.session_of(target));
            let others = portal.session_of(&portal.member2());
            let answer = end(&portal, &portal.key_of(&caller), &target.id);
            let body = format!(
                "{{\"count\":0,\"links\":[{{\"href\":\"{}/api/2.0/{}\",\"action\":\"PUT\"}}],\
                 \"status\":0,\"statusCode\":200}}",
                portal.url(),
                end_path(&target.id)
            );
            assert_eq!((answer.status, answer.body.as_str()), (200, body.as_str()));
            assert!(answer.cookies().is_empty());
            assert_eq!(portal.sessions_of(&target.id), 0);
            assert!(old.iter().all(|token| !portal.session_is_alive(token)));
            assert!(portal.session_is_alive(&others));
            let event = AuditEvent {
                action: action::SESSIONS_ENDED,
                initiator: caller.id.clone(),
                target: target.id.clone(),
                page: format!("{}/api/2.0/{}", portal.url(), end_path(&target.id)),
            };
            assert_eq!(portal.audit().last(), Some(&event));
            assert!(portal.mails().is_empty());
        }
    }
    // Keys and links are none of its business.
    assert!(portal.is_linked(&portal.user().id));
    let key = portal.key_of(&portal.user());
    end_as(&portal, &portal.owner(), &portal.user().id);
    assert_eq!(
        Call::get("people/@self").bearer(&key).send(&portal).status,
        200
    );
}

#[test]
fn everyone_ends_its_own_and_gets_a_new_one() {
    let portal = plain();
    for caller in [
        portal.owner(),
        portal.admin(),
        portal.user(),
        portal.guest(),
    ] {
        let old = portal.session_of(&caller);
        let answer = end(&portal, &portal.key_of(&caller), &caller.id.to_uppercase());
        assert_eq!((answer.status, answer.cookies().len()), (200, 1));
        assert!(answer.cookies()[0].starts_with("asc_auth_key="));
        assert!(!portal.session_is_alive(&old));
        assert_eq!(portal.sessions_of(&caller.id), 1);
        let audit = portal.audit();
        assert!(
            audit.iter().any(
                |event| event.action == action::OWN_SESSIONS_ENDED && event.target == caller.id
            )
        );
    }
}

#[test]
fn nobody_else_ends_others() {
    let portal = plain();
    for caller in [portal.room_admin(), portal.user(), portal.guest()] {
        let other = portal.session_of(&portal.member2());
        assert_denied(&end_as(&portal, &caller, &portal.member2().id));
        assert_denied(&end_as(&portal, &caller, &portal.stranger_id()));
        assert!(portal.session_is_alive(&other));
    }
}

#[test]
fn an_id_that_is_nobodys_is_a_success_and_no_id_is_404() {
    let portal = plain();
    let owner = portal.owner();
    for id in [portal.stranger_id(), NOBODY.to_owned(), portal.removed().id] {
        assert_eq!(end_as(&portal, &owner, &id).status, 200);
    }
    for key in ["nobody", "%40self", "not-a-guid"] {
        assert_page(&end_as(&portal, &owner, key), 404);
    }
    assert_page(&end_as(&portal, &owner, "a/b"), 404);
    let call = Call::get(&end_path(&portal.user().id)).bearer(&portal.key_of(&owner));
    assert_empty(&call.send(&portal), 405);
}

#[test]
fn a_key_needs_the_scope_to_write_and_the_bill_is_paid() {
    let portal = plain();
    let id = portal.user().id;
    for scope in ["*:read", "accounts:write"] {
        let key = portal.key_with_scopes(&portal.owner(), &[scope]);
        assert_empty(&end(&portal, &key, &id), 403);
    }
    let key = portal.key_with_scopes(&portal.owner(), &["*:write"]);
    assert_eq!(end(&portal, &key, &id).status, 200);
    portal.set_fault(Fault::Unpaid);
    assert_problem(&end(&portal, &key, &id), 402);
    let own = Call::get(SESSIONS).bearer(&key);
    assert_problem(&own.send(&portal), 402);
}

#[test]
fn up_to_3_6_administrators_alone_and_never_against_another() {
    for dialect in [Dialect::V2_6, Dialect::V3_2, Dialect::V3_5] {
        let portal = of(dialect);
        let (owner, admin, user) = (portal.owner(), portal.admin(), portal.user());
        let other = portal.add_account(Spec::admin());
        for caller in [&owner, &admin] {
            assert_eq!(end_as(&portal, caller, &user.id).status, 200);
            assert_eq!(end_as(&portal, caller, &caller.id).status, 200);
            assert_denied(&end_as(&portal, caller, &other.id));
        }
        assert_denied(&end_as(&portal, &admin, &owner.id));
        assert_denied(&end_as(&portal, &user, &user.id));
        assert_denied(&end_as(&portal, &user, &portal.member2().id));
    }
}

#[test]
fn at_the_beginning_any_administrator_against_anybody() {
    for dialect in [Dialect::Workspace, Dialect::V1_0] {
        let portal = of(dialect);
        let (owner, admin, user) = (portal.owner(), portal.admin(), portal.user());
        for target in [&owner, &user] {
            portal.session_of(target);
            assert_empty(&end_as(&portal, &admin, &target.id), 200);
            assert_eq!(portal.sessions_of(&target.id), 0);
        }
        assert_empty(&end_as(&portal, &owner, &admin.id), 200);
        assert_denied(&end_as(&portal, &user, &user.id));
        let answer = end_as(&portal, &owner, "no-id");
        let json = answer.json();
        assert_eq!(answer.status, 400);
        assert!(json["response"]["errors"]["userId"].is_array(), "{json}");
        assert_eq!(json.get("links").is_some(), dialect == Dialect::V1_0);
    }
}

#[test]
fn up_to_2_6_success_is_200_with_nothing() {
    for (dialect, empty) in [
        (Dialect::V1_0, true),
        (Dialect::V2_6, true),
        (Dialect::V3_2, false),
        (Dialect::V3_7, false),
    ] {
        let portal = of(dialect);
        let other = end_as(&portal, &portal.owner(), &portal.user().id);
        assert_eq!((other.status, other.body.is_empty()), (200, empty));
        let own = end_as(&portal, &portal.owner(), &portal.owner().id);
        assert_eq!((own.status, own.body.is_empty()), (200, empty));
        assert_eq!(own.cookies().len(), 1);
    }
}

#[test]
fn an_unlink_ends_the_sessions_of_others_from_1_1_on() {
    for (dialect, ended) in [
        (Dialect::Workspace, false),
        (Dialect::V1_0, false),
        (Dialect::V2_6, true),
        (Dialect::V3_7, true),
    ] {
        let portal = of(dialect);
        let old = portal.session_of(&portal.user());
        let owner = portal.session_of(&portal.owner());
        let answer = unlink(&portal, &owner, &portal.user().id);
        assert_eq!(response(&answer), "");
        assert_eq!(
            answer.json().get("links").is_some(),
            dialect != Dialect::Workspace
        );
        assert_eq!(portal.session_is_alive(&old), !ended, "{dialect:?}");
    }
}

#[test]
fn unlinking_oneself_long_ago_ended_nobodys_sessions_or_everybodys() {
    for (dialect, alive) in [
        (Dialect::Workspace, [true, true]),
        (Dialect::V1_0, [false, false]),
        (Dialect::V2_6, [false, true]),
    ] {
        let portal = of(dialect);
        let own = portal.session_of(&portal.owner());
        let other = portal.session_of(&portal.user());
        let answer = unlink(&portal, &own, &portal.owner().id);
        assert_eq!(answer.status, 200);
        assert_eq!(
            [own, other].map(|token| portal.session_is_alive(&token)),
            alive
        );
        let new = usize::from(dialect != Dialect::Workspace);
        assert_eq!(
            answer.cookies().len(),
            if dialect == Dialect::V2_6 { 2 } else { new }
        );
    }
}

#[test]
fn everyone_sees_its_own_sessions_and_nobody_elses() {
    let portal = plain();
    let user = portal.user();
    portal.session_of(&portal.member2());
    let empty = response(&get_as(&portal, &user, SESSIONS));
    assert_eq!(
        (&empty["loginEvent"], &empty["items"][0]["id"]),
        (&0.into(), &0.into())
    );

    let tokens = [(); 3].map(|()| portal.session_of(&user));
    let by_key = response(&get_as(&portal, &user, SESSIONS));
    assert_eq!(by_key["items"].as_array().unwrap().len(), 3);
    assert_eq!(by_key["loginEvent"], 0);
    // Only a cookie makes the session that asks known.
    let by_token = response(&Call::get(SESSIONS).bearer(&tokens[0]).send(&portal));
    assert_eq!(by_token["loginEvent"], 0);
    let cookie = format!("asc_auth_key={}", tokens[1]);
    let by_cookie = response(&Call::get(SESSIONS).header("Cookie", &cookie).send(&portal));
    assert_ne!(by_cookie["loginEvent"], 0);
    assert_eq!(by_cookie["items"][0]["id"], by_cookie["loginEvent"]);
    assert!(
        by_cookie["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["userId"] == user.id)
    );
}
