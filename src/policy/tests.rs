//! What the portal shows, read.

use super::*;

fn policy(json: &str) -> Policy {
    Policy::of(FromJson::from_json(json).unwrap())
}

#[test]
fn what_comes_next_follows_the_portal() {
    let account = AccountId::parse("11111111-2222-3333-4444-555555555555").unwrap();
    let table = [
        (
            r#"[{"id":"sms","enabled":false},{"id":"app","enabled":true}]"#,
            NextSignIn::Enrol,
        ),
        (
            r#"[{"id":"sms","enabled":true},{"id":"app","enabled":false}]"#,
            NextSignIn::Sms,
        ),
        (r#"[{"id":"sms"},{"id":"app"}]"#, NextSignIn::Nothing),
        // Which of the two counts, portals do not show.
        (
            r#"[{"id":"sms","enabled":true},{"id":"app","enabled":true}]"#,
            NextSignIn::Unknown,
        ),
        (
            r#"[{"id":"app","enabled":true,"trustedIps":["10.0.0.1"]}]"#,
            NextSignIn::Unknown,
        ),
        (
            r#"[{"id":"app","enabled":true,"trustedIps":["10.0.0.1"],
                "mandatoryUsers":["11111111-2222-3333-4444-555555555555"]}]"#,
            NextSignIn::Enrol,
        ),
    ];
    for (json, next) in table {
        let policy = policy(json);
        let meets = |is_sso| policy.next_sign_in(&account, Some(false), is_sso);
        assert_eq!(meets(Some(false)), next, "{json}");
        // By SSO nothing is asked for, and it may be so where nothing is said.
        if next == NextSignIn::Nothing {
            assert_eq!([meets(Some(true)), meets(None)], [next; 2]);
        } else {
            assert_eq!(meets(Some(true)), NextSignIn::Sso, "{json}");
            assert_eq!(meets(None), NextSignIn::Unknown, "{json}");
        }
    }
}

#[test]
fn a_hidden_app_is_an_absent_entry() {
    let hidden = policy(r#"[{"id":"sms","enabled":true}]"#);
    assert!(hidden.hides_app());
    assert_eq!(
        (hidden.app_available(), hidden.method()),
        (None, Some(TfaMethod::Sms))
    );
    assert!(!policy(r#"[{"id":"app"}]"#).hides_app());
    assert_eq!(policy("[]").method(), None);
}

#[test]
fn both_spellings_of_available_are_read() {
    for spelling in ["available", "avaliable"] {
        let read = policy(&format!(
            r#"[{{"id":"sms","{spelling}":false}},{{"id":"app","{spelling}":true}}]"#
        ));
        assert_eq!(
            (read.sms_available(), read.app_available()),
            (Some(false), Some(true))
        );
    }
    let both = r#"[{"id":"app","available":true,"avaliable":true}]"#;
    assert!(Vec::<Entry>::from_json(both).is_none());
    for twice in [
        r#"[{"id":"app","available":true,"available":true}]"#,
        r#"[{"id":"app","trustedIps":[],"trustedIps":["192.0.2.1"]}]"#,
    ] {
        assert!(Vec::<Entry>::from_json(twice).is_none(), "{twice}");
    }
}

#[test]
fn null_lists_are_empty_and_nothing_is_lost_when_sending() {
    let read = policy(
        r#"[{"id":"app","enabled":true,"trustedIps":["192.0.2.1"],"mandatoryUsers":null,
            "mandatoryGroups":["g"]}]"#,
    );
    assert_eq!(
        String::from_utf8(body(TfaMethod::App, "me", &read.lists)).unwrap(),
        r#"{"type":"App","id":"me","trustedIps":["192.0.2.1"],"mandatoryUsers":[],"mandatoryGroups":["g"]}"#
    );
}

#[test]
fn lists_are_those_of_the_method_that_is_on_or_asked_for() {
    let of = |sms: bool, app: bool| {
        policy(&format!(
            r#"[{{"id":"sms","enabled":{sms},"trustedIps":["192.0.2.1"]}},
                {{"id":"app","enabled":{app},"trustedIps":["192.0.2.2"]}}]"#
        ))
    };
    assert_eq!(of(true, false).trusted_ips(), ["192.0.2.1"]);
    assert_eq!(of(false, true).trusted_ips(), ["192.0.2.2"]);
    let mut off = of(false, false);
    assert_eq!(off.trusted_ips(), ["192.0.2.2"]);
    off.set_method(TfaMethod::Sms);
    assert_eq!(off.trusted_ips(), ["192.0.2.1"]);
    off.set_method(TfaMethod::App);
    assert_eq!(off.trusted_ips(), ["192.0.2.2"]);
    // What was set on purpose stays.
    off.clear_trusted_ips();
    off.set_method(TfaMethod::Sms);
    assert!(off.trusted_ips().is_empty());
    let mut on = of(false, true);
    on.set_method(TfaMethod::Sms);
    assert_eq!(on.trusted_ips(), ["192.0.2.2"]);
}
