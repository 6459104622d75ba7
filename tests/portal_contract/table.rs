//! Caller, target and portal: what the unlink call answers and does.

use super::*;
use crate::portal::state::{NOBODY, action};
use crate::portal::{Fault, Life, LimiterConfig, Method, Spec};

const EVERY_METHOD: [Method; 3] = [Method::Off, Method::Sms, Method::App];

#[test]
fn row_1_anyone_unlinks_themselves_under_any_method() {
    for method in EVERY_METHOD {
        let portal = Portal::builder().plain().method(method).start();
        let everyone = [
            portal.owner(),
            portal.admin(),
            portal.room_admin(),
            portal.user(),
            portal.guest(),
        ];
        for account in everyone {
            let old = portal.session_of(&account);
            let answer = unlink_as(&portal, &account, &account.id.to_uppercase());
            let url = format!(
                "{}/confirm/TfaActivation?type=TfaActivation&uid={}",
                portal.url(),
                account.id
            );
            assert_eq!(response(&answer), url);
            assert_eq!(answer.json()["count"], 1);
            let cookies = answer.cookies();
            assert_eq!(cookies.len(), 2, "{cookies:?}");
            assert!(cookies[0].starts_with("asc_auth_key="));
            assert!(cookies[1].starts_with("asc_confirm_key_TfaActivation="));

            assert!(!portal.is_linked(&account.id));
            assert_eq!(portal.times_unlinked(&account.id), 1);
            assert!(!portal.session_is_alive(&old));
        }
        assert_eq!(portal.method(), method);
        assert!(portal.mails().is_empty());
    }
}

#[test]
fn the_new_session_works_and_is_escaped_in_the_cookie() {
    let portal = plain();
    let answer = unlink_as(&portal, &portal.user(), &portal.user().id);
    let cookie = answer.cookies()[0].split(';').next().unwrap().to_owned();
    assert!(cookie.contains('%'), "{cookie}");
    let me = Call::get("people/@self")
        .header("Cookie", &cookie)
        .send(&portal);
    assert_eq!(response(&me)["id"], portal.user().id);
}

#[test]
fn row_2_no_one_unlinks_themselves_twice() {
    let portal = plain();
    let unlinked = portal.unlinked();
    let answer = unlink_as(&portal, &unlinked, &unlinked.id);
    assert_refused(&answer, 403, NO_APP, Some(INVALID_OPERATION));

    assert_eq!(
        unlink_as(&portal, &portal.user(), &portal.user().id).status,
        200
    );
    let again = unlink_as(&portal, &portal.user(), &portal.user().id);
    assert_refused(&again, 403, NO_APP, Some(INVALID_OPERATION));
    assert_eq!(portal.times_unlinked(&portal.user().id), 1);
}

#[test]
fn row_3_an_empty_id_is_nobody_and_not_me() {
    let portal = plain();
    for caller in [
        portal.owner(),
        portal.admin(),
        portal.user(),
        portal.guest(),
    ] {
        let key = portal.key_of(&caller);
        for body in ["{}".to_owned(), format!("{{\"id\":\"{NOBODY}\"}}")] {
            let answer = call(&key, &body).send(&portal);
            assert_refused(&answer, 403, NO_APP, Some(INVALID_OPERATION));
        }
        assert!(portal.is_linked(&caller.id));
    }
}

#[test]
fn row_4_the_owner_unlinks_others() {
    for method in EVERY_METHOD {
        let portal = Portal::builder().plain().method(method).start();
        for other in [
            portal.admin(),
            portal.room_admin(),
            portal.user(),
            portal.guest(),
        ] {
            let (session, key) = (portal.session_of(&other), portal.key_of(&other));
            let answer = unlink_as(&portal, &portal.owner(), &other.id);
            assert_eq!(response(&answer), "");
            assert_eq!(
                answer.body,
                format!(
                    "{{\"response\":\"\",\"count\":1,\"links\":[{{\"href\":\"{}/api/2.0/{UNLINK}\",\
                     \"action\":\"PUT\"}}],\"status\":0,\"statusCode\":200}}",
                    portal.url()
                )
            );
            assert!(answer.cookies().is_empty());
            assert!(!portal.is_linked(&other.id));
            assert!(portal.mails().contains(&other.id));
            let last = portal.audit().pop().unwrap();
            assert_eq!(
                (last.action, last.initiator, last.target),
                (action::UNLINKED, portal.owner().id, other.id.clone())
            );
            // Sessions end, keys do not.
            assert!(!portal.session_is_alive(&session));
            assert_empty(
                &Call::get("people/@self").bearer(&session).send(&portal),
                401,
            );
            assert_eq!(
                Call::get("people/@self").bearer(&key).send(&portal).status,
                200
            );
        }
        assert_eq!(portal.method(), method);
    }
}

#[test]
fn rows_5_to_9_what_even_the_owner_may_not() {
    let portal = plain();
    let mut terminated = vec![portal.terminated_linked()];
    let not_linked = [
        portal.unlinked().id,
        portal.pending().id,
        portal.terminated_unlinked().id,
        portal.stranger_id(),
        portal.removed().id,
        portal.outside().id,
    ];
    for id in not_linked {
        let answer = unlink_as(&portal, &portal.owner(), &id);
        assert_refused(&answer, 403, NO_APP, Some(INVALID_OPERATION));
    }
    terminated.push(portal.add_account(Spec::guest().linked().life(Life::Terminated)));
    for account in terminated {
        let answer = unlink_as(&portal, &portal.owner(), &account.id);
        assert_refused(&answer, 403, "Not available.", Some(INVALID_OPERATION));
        assert!(portal.is_linked(&account.id));

        portal.set_life(&account.id, Life::Active);
        assert_eq!(unlink_as(&portal, &portal.owner(), &account.id).status, 200);
    }
}

#[test]
fn rows_10_and_11_nobody_but_the_owner_unlinks_others() {
    let portal = plain();
    for caller in [
        portal.admin(),
        portal.room_admin(),
        portal.user(),
        portal.guest(),
    ] {
        let ids = [
            portal.owner().id,
            portal.member2().id,
            portal.unlinked().id,
            portal.terminated_linked().id,
            portal.stranger_id(),
            portal.removed().id,
        ];
        for id in ids {
            let answer = unlink_as(&portal, &caller, &id);
            assert_refused(&answer, 403, NO_PERMISSIONS, Some(INVALID_OPERATION));
        }
    }
    assert!(portal.is_linked(&portal.member2().id));
    assert!(portal.audit().is_empty());
}

#[test]
fn row_12_a_hidden_section_is_closed_to_all() {
    let portal = plain();
    portal.set_app_hidden(true);
    let self_try = unlink_as(&portal, &portal.user(), &portal.user().id);
    assert_refused(&self_try, 403, NO_APP, Some(INVALID_OPERATION));
    let other = unlink_as(&portal, &portal.owner(), &portal.user().id);
    assert_refused(&other, 403, NO_APP, Some(INVALID_OPERATION));
    // Rights come first, and the section before the state of the account.
    let admin = unlink_as(&portal, &portal.admin(), &portal.user().id);
    assert_refused(&admin, 403, NO_PERMISSIONS, Some(INVALID_OPERATION));
    let terminated = unlink_as(&portal, &portal.owner(), &portal.terminated_linked().id);
    assert_refused(&terminated, 403, NO_APP, Some(INVALID_OPERATION));
}

#[test]
fn row_13_what_cannot_be_read_is_refused_before_rights() {
    let portal = plain();
    for caller in [portal.owner(), portal.guest()] {
        let key = portal.key_of(&caller);
        assert_misfit(&call(&key, r#"{"id":"me"}"#).send(&portal), "$.id");
        assert_misfit(&call(&key, r#"{"type":"Totp"}"#).send(&portal), "$.type");
    }
}

#[test]
fn row_14_a_scope_that_is_missing_shows_no_body() {
    let portal = plain();
    let (owner, user) = (portal.owner(), portal.user());
    for scopes in [
        &["*:read"][..],
        &["accounts:write"],
        &["accounts:read", "rooms:write"],
    ] {
        let key = portal.key_with_scopes(&owner, scopes);
        assert_empty(&unlink(&portal, &key, &user.id), 403);
    }
    let grant = portal.grant_of(&owner, &["accounts:write", "*:write"]);
    assert_empty(&unlink(&portal, &grant, &user.id), 403);
    assert!(portal.is_linked(&user.id));
    for scopes in [&["*:write"][..], &["*"], &[]] {
        portal.enrol(&user.id);
        let key = portal.key_with_scopes(&owner, scopes);
        assert_eq!(unlink(&portal, &key, &user.id).status, 200, "{scopes:?}");
    }
}

#[test]
fn row_15_nobody_gets_401_without_a_body() {
    let portal = plain();
    let id = portal.user().id;
    let body = format!("{{\"id\":\"{id}\"}}");
    assert_empty(&Call::put(UNLINK, &body).send(&portal), 401);
    let bad = format!("sk-{}", "0".repeat(64));
    assert_empty(&unlink(&portal, &bad, &id), 401);
    assert_empty(&unlink(&portal, "no-such-session", &id), 401);
    let (expired, disabled) = (
        portal.key_of(&portal.owner()),
        portal.key_of(&portal.owner()),
    );
    portal.expire_key(&expired);
    portal.disable_key(&disabled);
    assert_empty(&unlink(&portal, &expired, &id), 401);
    assert_empty(&unlink(&portal, &disabled, &id), 401);
    let gone = portal.terminated_linked();
    assert_empty(&unlink_as(&portal, &gone, &gone.id), 401);
    assert_empty(&unlink(&portal, &portal.session_of(&gone), &gone.id), 401);
    assert!(portal.is_linked(&id));
}

#[test]
fn rows_16_to_19_the_portal_itself_is_closed() {
    let portal = plain();
    let (user, owner) = (portal.user(), portal.owner());

    portal.set_fault(Fault::IpRestricted);
    let answer = unlink_as(&portal, &user, &user.id);
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.header("Content-Type"),
        Some("text/plain; charset=utf-8")
    );
    assert!(!answer.body.starts_with(['{', '"']), "{answer:?}");

    portal.set_fault(Fault::Unpaid);
    assert_problem(&unlink_as(&portal, &owner, &user.id), 402);
    portal.set_fault(Fault::Suspended);
    assert_problem(&unlink_as(&portal, &owner, &user.id), 404);
    portal.set_fault(Fault::Maintenance);
    assert_problem(&unlink_as(&portal, &owner, &user.id), 403);
    assert!(portal.is_linked(&user.id));

    // The owner's address is never refused.
    portal.set_fault(Fault::IpRestricted);
    assert_eq!(unlink_as(&portal, &owner, &user.id).status, 200);
}

#[test]
fn row_20_too_many_calls() {
    let config = LimiterConfig {
        per_window: 2,
        ..LimiterConfig::default()
    };
    let portal = Portal::builder().plain().limiter(config).start();
    let (owner, user) = (portal.owner(), portal.user());
    for _ in 0..2 {
        assert_eq!(get_as(&portal, &owner, "people").status, 200);
    }
    let answer = unlink_as(&portal, &owner, &user.id);
    assert_empty(&answer, 429);
    assert!(portal.is_linked(&user.id));
}

#[test]
fn two_at_once_unlink_once() {
    let portal = plain();
    let (owner, user) = (portal.key_of(&portal.owner()), portal.user());
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| unlink(&portal, &owner, &user.id).status))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(portal.times_unlinked(&user.id), 1);
}
