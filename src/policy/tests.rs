//! What the portal shows, read.

use super::*;

fn policy(json: &str) -> Policy {
    Policy::of(serde_json::from_str(json).unwrap())
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
        // Which comes first depends on the plan.
        (
            r#"[{"id":"sms","enabled":true},{"id":"app","enabled":true}]"#,
            NextSignIn::Unknown,
        ),
        // Lists without a provider: it is on all the same.
        (
            r#"[{"id":"sms","enabled":false,"available":false,"trustedIps":[]},
                {"id":"app","enabled":true}]"#,
            NextSignIn::Unknown,
        ),
        (
            r#"[{"id":"sms","enabled":false,"available":false},{"id":"app","enabled":true}]"#,
            NextSignIn::Enrol,
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
    assert!(serde_json::from_str::<Vec<Entry>>(both).is_err());
    for twice in [
        r#"[{"id":"app","available":true,"available":true}]"#,
        r#"[{"id":"app","trustedIps":[],"trustedIps":["192.0.2.1"]}]"#,
    ] {
        assert!(
            serde_json::from_str::<Vec<Entry>>(twice).is_err(),
            "{twice}"
        );
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
fn lists_are_those_of_the_method_asked_for_or_on() {
    let of = |sms: &str, app: &str| {
        policy(&format!(
            r#"[{{"id":"sms","available":true,{sms}}},{{"id":"app",{app}}}]"#
        ))
    };
    let sms = r#""enabled":true,"trustedIps":["192.0.2.1"]"#;
    let app = r#""enabled":true,"trustedIps":["192.0.2.2"]"#;
    let off = r#""enabled":false"#;
    assert_eq!(of(sms, off).trusted_ips(), ["192.0.2.1"]);
    assert_eq!(of(off, app).trusted_ips(), ["192.0.2.2"]);
    assert!(of(off, off).trusted_ips().is_empty());
    // They go to the method that is set.
    let mut on = of(off, app);
    on.set_method(TfaMethod::Sms);
    assert_eq!(on.trusted_ips(), ["192.0.2.2"]);
    // Where both are on, each has its own.
    let mut both = of(sms, app);
    assert_eq!(both.method(), Some(TfaMethod::Sms));
    for (method, ip) in [
        (TfaMethod::App, "192.0.2.2"),
        (TfaMethod::Sms, "192.0.2.1"),
        (TfaMethod::None, "192.0.2.1"),
    ] {
        both.set_method(method);
        assert_eq!(both.trusted_ips(), [ip]);
    }
    // What was set on purpose stays.
    both.clear_trusted_ips();
    both.set_method(TfaMethod::App);
    assert!(both.trusted_ips().is_empty());
}
