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
                // Of a method that is not on there are no lists at all.
                for list in ["trustedIps", "mandatoryUsers", "mandatoryGroups"] {
                    assert_eq!(entry.get(list).is_some(), entry["id"] == on, "{entry}");
                }
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
    let sms = || set(&portal, &portal.owner(), r#"{"type":"Sms"}"#);
    let sentence = "Operation is not valid due to the current state of the object.";
    assert_refused(&sms(), 403, sentence, Some(INVALID_OPERATION));
    portal.set_sms_in_plan(false);
    let hidden = "SMS settings are not available";
    assert_refused(&sms(), 403, hidden, Some(INVALID_OPERATION));
    portal.set_sms_in_plan(true);
    portal.set_sms_hidden(true);
    assert_refused(&sms(), 403, hidden, Some(INVALID_OPERATION));
    assert_eq!(portal.method(), Method::App);
}

/// What each entry shows: on, and its first trusted address.
fn shown(portal: &Portal) -> Vec<(String, bool, Option<String>)> {
    let list = response(&get_as(portal, &portal.owner(), POLICY));
    let entries = list.as_array().unwrap().iter();
    entries
        .map(|entry| {
            let first = entry.pointer("/trustedIps/0").and_then(|ip| ip.as_str());
            let id = entry["id"].as_str().unwrap().to_owned();
            (id, entry["enabled"] == true, first.map(str::to_owned))
        })
        .collect()
}

fn entry(id: &str, on: bool, first: Option<&str>) -> (String, bool, Option<String>) {
    (id.to_owned(), on, first.map(str::to_owned))
}

#[test]
fn lists_belong_to_a_method_and_go_with_it() {
    let portal = plain();
    let owner = portal.owner();
    let set = |body: &str| assert_eq!(set(&portal, &owner, body).status, 200, "{body}");
    set(r#"{"type":"App","trustedIps":["192.0.2.1"]}"#);
    set(r#"{"type":"Sms","trustedIps":["192.0.2.2"]}"#);
    let sms = [
        entry("sms", true, Some("192.0.2.2")),
        entry("app", false, None),
    ];
    assert_eq!(shown(&portal), sms);
    set(r#"{"type":"App","trustedIps":["192.0.2.3"]}"#);
    let app = [
        entry("sms", false, None),
        entry("app", true, Some("192.0.2.3")),
    ];
    assert_eq!(shown(&portal), app);
    set(r#"{"type":"None","trustedIps":["192.0.2.4"]}"#);
    assert_eq!(
        shown(&portal),
        [entry("sms", false, None), entry("app", false, None)]
    );
    set(r#"{"type":"App"}"#);
    assert_eq!(
        shown(&portal),
        [entry("sms", false, None), entry("app", true, None)]
    );
    assert!(portal.lists().trusted_ips.is_empty());
}

#[test]
fn text_messages_that_cannot_be_used_stay_on() {
    let lacking: [fn(&Portal, bool); 3] = [
        |portal, lacks| portal.set_sms_provider(!lacks),
        |portal, lacks| portal.set_sms_in_plan(!lacks),
        |portal, lacks| portal.set_sms_hidden(lacks),
    ];
    for lack in lacking {
        for (body, app) in [(r#"{"type":"App"}"#, true), ("{}", false)] {
            let portal = plain();
            portal.set_method(Method::Sms);
            portal.change_policy(|lists| lists.trusted_ips = vec!["192.0.2.2".to_owned()]);
            lack(&portal, true);
            assert_eq!(set(&portal, &portal.owner(), body).status, 200);
            lack(&portal, false);
            let left = [
                entry("sms", true, Some("192.0.2.2")),
                entry("app", app, None),
            ];
            assert_eq!(shown(&portal), left);
            // It is asked first, if it counts: here neither plan nor provider do.
            let user = portal.user();
            let step = response(&get_as(&portal, &user, "settings/tfaapp/confirm"));
            let url = step["url"].as_str().unwrap();
            assert!(url.contains("/confirm/PhoneActivation?"), "{url}");
        }
    }
    // Without its provider it is on and not shown as on.
    let portal = Portal::builder().plain().both_methods().start();
    portal.change_policy(|lists| lists.trusted_ips = vec!["192.0.2.2".to_owned()]);
    portal.set_sms_provider(false);
    let first = &shown(&portal)[0];
    assert_eq!(*first, entry("sms", false, Some("192.0.2.2")));
}

#[test]
fn confirm_fails_with_a_rule_that_cannot_be_read() {
    for (dialect, rule, status) in [
        (Dialect::V3_7, "10.0.0.0/33", 500),
        (Dialect::V3_7, "nonsense-10.0.0.1", 500),
        (Dialect::V3_7, "nonsense", 200),
        (Dialect::V3_7, "10.0.0.5/8", 200),
        (Dialect::V3_5, "10.0.0.5/8", 500),
    ] {
        let portal = Portal::builder().plain().dialect(dialect).start();
        let (user, other) = (portal.user(), portal.admin());
        portal.change_policy(|lists| {
            lists.trusted_ips = vec![rule.to_owned(), "127.0.0.1".to_owned()];
            lists.mandatory_users = vec![other.id.clone()];
        });
        let answer = get_as(&portal, &user, "settings/tfaapp/confirm");
        assert_eq!(answer.status, status, "{rule}: {answer:?}");
        if status == 500 {
            assert_eq!(answer.json()["error"]["type"], "System.FormatException");
        } else {
            assert_eq!(answer.json()["count"], 0, "trusted by the next rule");
        }
        // Who is mandatory is never compared.
        assert_eq!(
            get_as(&portal, &other, "settings/tfaapp/confirm").status,
            200
        );
        // Nor is anything behind the rule that holds.
        portal.change_policy(|lists| lists.trusted_ips.reverse());
        assert_eq!(
            get_as(&portal, &user, "settings/tfaapp/confirm").status,
            200
        );
    }
}

#[test]
fn addresses_are_matched_as_the_server_matches_them() {
    use Dialect::{V2_6, V3_5, V3_7, Workspace};
    let table = [
        (V3_7, "10.0.0.5", "10.0.0.5", Some(true)),
        (V3_7, "10.0.0.5", "10.0.0.5:1234", Some(true)),
        (V3_7, "2001:db8::1", "[2001:db8::1]:1234", Some(true)),
        (V3_7, "2001:DB8::1", "2001:db8::1", Some(false)),
        (V3_7, " 10.0.0.5", "10.0.0.5", Some(false)),
        (V3_7, "10.0.0.1 - 10.0.0.9", "10.0.0.9", Some(true)),
        (V3_7, "10.0.0.1-10.0.0.9", "10.0.0.10", Some(false)),
        (V3_7, "10.0.0.9-10.0.0.1", "10.0.0.5", Some(false)),
        (V3_7, "10.0.0.1-9", "10.0.0.5", Some(false)),
        (V3_7, "10.0.0.1-10.0.0.9", "2001:db8::1", Some(false)),
        (V3_7, "::1-10.0.0.1", "::2", None),
        (V3_7, "2001:db8::1-10.0.0.1", "2001:db8::1", Some(false)),
        (V3_7, "10.0.0.0/8", "10.255.0.1", Some(true)),
        (V3_7, "10.0.0.0/8", "11.0.0.1", Some(false)),
        (V3_7, "10.0.0.0/8", "::ffff:10.0.0.5", Some(false)),
        (V3_7, "::ffff:10.0.0.5", "::ffff:10.0.0.5", Some(true)),
        (V3_7, "0.0.0.0/0", "10.0.0.5", Some(false)),
        (V3_7, "0.0.0.0/0", "0.0.0.0", Some(true)),
        (V3_7, "::/0", "::1", Some(true)),
        (V3_7, "::/0", "2001:db8::1", Some(false)),
        (V3_7, "2001:db8::/64", "2001:db8:ffff::1", Some(true)),
        (V3_7, "2001:db8::/33", "2600::1", Some(true)),
        (V3_7, "2001:db8::/33", "fe80::1", Some(false)),
        (V3_7, "2001:db8::1/128", "2001:db8::2", Some(true)),
        (V3_7, "10.0.0.5/8", "10.9.9.9", Some(true)),
        (V3_5, "10.0.0.5/8", "10.9.9.9", None),
        (V2_6, "10.0.0.5/8", "10.9.9.9", None),
        (Workspace, "10.0.0.5/8", "10.9.9.9", Some(true)),
        (V3_7, "10/8", "10.0.0.1", Some(false)),
        (V3_7, "10.1-10.9", "10.0.0.5", Some(true)),
        (V3_7, "010.0.0.1-010.0.0.9", "8.0.0.5", Some(true)),
        (V3_7, "10.0.0.0/33", "10.0.0.1", None),
        (V3_7, "10.0.0.0/255.0.0.0", "10.0.0.1", None),
        // Up to 3.6.1 the address ends at its first colon.
        (V3_5, "2001:db8::1", "2001:db8::1", Some(false)),
        (V3_5, "2001:db8::/32", "2001:db8::1", Some(false)),
        (V3_5, "0.0.7.209-0.0.7.210", "2001:db8::1", Some(true)),
        (V3_5, "10.0.0.0/8", "fe80::1", None),
        (V3_5, "::1", "::1", Some(true)),
    ];
    for (dialect, rule, caller, holds) in table {
        let held = portal::trusted::holds(rule, caller, dialect);
        assert_eq!(held.ok(), holds, "{dialect:?}: {rule} for {caller}");
    }
}

#[test]
fn bad_addresses_are_noticed_by_newer_servers_only() {
    let body = r#"{"type":"App","trustedIps":["nonsense"]}"#;
    for (dialect, status) in [(Dialect::V3_7, 200), (Dialect::Newer, 400)] {
        let portal = Portal::builder().plain().dialect(dialect).start();
        let answer = set(&portal, &portal.owner(), body);
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(portal.lists().trusted_ips.is_empty(), status == 400);
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
