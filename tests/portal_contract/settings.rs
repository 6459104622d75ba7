//! The method of the whole portal, and backup codes.

use super::*;
use crate::portal::state::action;
use crate::portal::{Dialect, Method};

const POLICY: &str = "settings/tfaapp";

fn set(portal: &Portal, caller: &Account, body: &str) -> Answer {
    Call::put(POLICY, body)
        .bearer(&portal.key_of(caller))
        .send(portal)
}

#[test]
fn anyone_sees_the_method() {
    let portal = plain();
    for (method, on) in [
        (Method::Off, ""),
        (Method::Sms, "sms"),
        (Method::App, "app"),
    ] {
        portal.set_method(method);
        for caller in [portal.owner(), portal.guest()] {
            let list = response(&get_as(&portal, &caller, POLICY));
            assert_eq!(
                (&list[0]["id"], &list[1]["id"]),
                (&"sms".into(), &"app".into())
            );
            for entry in list.as_array().unwrap() {
                assert_eq!(entry["enabled"], entry["id"] == on);
                assert_eq!(entry["available"], true);
                assert!(entry["trustedIps"].is_array());
            }
        }
    }
    portal.set_app_hidden(true);
    portal.set_sms_provider(false);
    let list = response(&get_as(&portal, &portal.owner(), POLICY));
    assert_eq!(
        (list.as_array().unwrap().len(), &list[0]["available"]),
        (1, &false.into())
    );
}

#[test]
fn one_member_was_misspelt_for_long() {
    let portal = Portal::builder().plain().dialect(Dialect::V3_5).start();
    let list = response(&get_as(&portal, &portal.owner(), POLICY));
    assert_eq!(list[1]["avaliable"], true);
    assert!(list[1].get("available").is_none());
}

#[test]
fn owner_and_admins_set_it_and_everyone_is_signed_out() {
    let portal = plain();
    for caller in [portal.owner(), portal.admin()] {
        let session = portal.session_of(&portal.user());
        assert_eq!(response(&set(&portal, &caller, r#"{"type":"sms"}"#)), true);
        assert_eq!(portal.method(), Method::Sms);
        assert!(!portal.session_is_alive(&session));

        let session = portal.session_of(&portal.user());
        for off in [
            r#"{"type":"None"}"#,
            "{}",
            r#"{"type":99}"#,
            r#"{"type":"Sms, App"}"#,
        ] {
            portal.set_method(Method::App);
            assert_eq!(response(&set(&portal, &caller, off)), false, "{off}");
            assert_eq!(portal.method(), Method::Off);
        }
        assert!(portal.session_is_alive(&session));
        assert_eq!(response(&set(&portal, &caller, r#"{"type":2}"#)), true);
        assert_eq!(portal.method(), Method::App);
    }
    assert_eq!(portal.audit().last().unwrap().action, action::METHOD_APP);
    assert!(portal.is_linked(&portal.user().id));
}

#[test]
fn a_body_meant_for_unlinking_switches_everything_off() {
    let portal = plain();
    let body = format!("{{\"type\":\"None\",\"id\":\"{}\"}}", portal.user().id);
    assert_eq!(response(&set(&portal, &portal.owner(), &body)), false);
    assert_eq!(portal.method(), Method::Off);
    assert!(portal.is_linked(&portal.user().id));
}

#[test]
fn who_may_not_set_it() {
    let portal = plain();
    for caller in [portal.room_admin(), portal.user(), portal.guest()] {
        let answer = set(&portal, &caller, r#"{"type":"None"}"#);
        assert_refused(
            &answer,
            403,
            "Access denied",
            Some("System.Security.SecurityException"),
        );
    }
    let owner = portal.owner().id;
    for body in [
        format!("{{\"id\":\"{owner}\"}}"),
        format!("{{\"mandatoryUsers\":[\"{owner}\"]}}"),
    ] {
        let answer = set(&portal, &portal.admin(), &body);
        assert_refused(&answer, 403, NO_PERMISSIONS, Some(INVALID_OPERATION));
    }
    portal.set_sms_provider(false);
    assert_eq!(
        set(&portal, &portal.owner(), r#"{"type":"Sms"}"#).status,
        403
    );
    assert_eq!(portal.method(), Method::App);
}

#[test]
fn bad_addresses_are_noticed_by_newer_servers_only() {
    let body = r#"{"type":"App","trustedIps":["nonsense"]}"#;
    for (dialect, status) in [(Dialect::V3_7, 200), (Dialect::Newer, 400)] {
        let portal = Portal::builder().plain().dialect(dialect).start();
        let answer = set(&portal, &portal.owner(), body);
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(portal.policy().trusted_ips.is_empty(), status == 400);
    }
}

#[test]
fn the_call_with_a_link_answers_an_address() {
    let portal = plain();
    let owner = portal.owner();
    let with_link = |body: &str| {
        Call::put("settings/tfaappwithlink", body)
            .bearer(&portal.key_of(&owner))
            .send(&portal)
    };
    let url = response(&with_link(r#"{"type":"App"}"#));
    assert!(url.as_str().unwrap().contains("/confirm/TfaAuth"), "{url}");
    assert_eq!(response(&with_link("{}")), "");
    // The settings are saved before the answer fails.
    assert_eq!(
        with_link(r#"{"type":"App","trustedIps":["127.0.0.1"]}"#).status,
        500
    );
    assert_eq!(portal.method(), Method::App);
    assert_eq!(portal.count("PUT", "settings/tfaappwithlink"), 3);
}

#[test]
fn confirm_tells_the_next_step_and_may_end_an_old_link() {
    for dialect in [Dialect::V3_5, Dialect::V3_7] {
        let portal = Portal::builder().plain().dialect(dialect).start();
        let user = portal.user();
        let next = || {
            let answer = get_as(&portal, &user, "settings/tfaapp/confirm");
            let step = response(&answer);
            let url = if dialect == Dialect::V3_7 {
                step["url"].clone()
            } else {
                step
            };
            (url.as_str().unwrap().to_owned(), answer.cookies().concat())
        };
        let (url, cookie) = next();
        assert!(url.contains("/confirm/TfaAuth?"), "{url}");
        assert!(cookie.starts_with("asc_confirm_key_TfaAuth="), "{cookie}");

        portal.change_account(&user.id, |user| user.old_link = true);
        set(&portal, &portal.owner(), "{}");
        let none = get_as(&portal, &user, "settings/tfaapp/confirm");
        assert_eq!((none.status, &none.json()["count"]), (200, &0.into()));
        set(&portal, &portal.owner(), r#"{"type":"App"}"#);
        let (url, _) = next();
        // Newer servers look at the latest change, older ones at any.
        assert_eq!(
            url.contains("/confirm/TfaActivation?"),
            dialect == Dialect::V3_5,
            "{url}"
        );
        assert_eq!(portal.is_linked(&user.id), dialect == Dialect::V3_7);
    }
}

#[test]
fn codes_are_shown_and_replaced() {
    let portal = plain();
    let user = portal.user();
    let key = portal.key_of(&user);
    let shown = || Call::get("settings/tfaappcodes").bearer(&key).send(&portal);
    let renew = || {
        let call = Call::put("settings/tfaappnewcodes", "").without_header("Content-Type");
        call.bearer(&key).send(&portal)
    };
    let before = response(&shown());
    assert_eq!(before.as_array().unwrap().len(), 5);
    let after = response(&renew());
    assert_ne!(before, after);
    assert_eq!(response(&shown()), after);
    assert_eq!(portal.audit().last().unwrap().action, action::NEW_CODES);

    portal.set_method(Method::Off);
    assert_refused(&shown(), 403, NO_APP, Some(INVALID_OPERATION));
    assert_eq!(renew().status, 200);
    portal.unlink_quietly(&user.id);
    assert_refused(&renew(), 403, NO_APP, Some(INVALID_OPERATION));
}
