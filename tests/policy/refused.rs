//! What is not sent, and what the portal refuses.

use docspace_tfa::{Applied, Credential, Error, Reason, Status, TfaMethod};

use crate::Stage;
use crate::portal::{Dialect, Fault, Method, Portal};

fn assert_no(error: &Error, status: Status, reason: Reason) {
    assert_eq!(
        (error.status(), error.reason()),
        (status, reason),
        "{error}"
    );
    assert_eq!(error.applied(), Applied::No, "{error}");
    assert!(!error.is_retryable(), "{error}");
}

#[test]
fn another_host_is_refused_before_anything_is_sent() {
    let stage = Stage::new(Method::App);
    let client = stage.owner();
    let mut policy = client.policy().unwrap();
    policy.set_method(TfaMethod::None);
    let port = stage.portal.port();
    let wrong = [
        String::new(),
        "yes".to_owned(),
        "localhost".to_owned(),
        "portal.example.com".to_owned(),
        "127.0.0.1:1".to_owned(),
        format!("127.0.0.10:{port}"),
        format!("127.0.0.1:{port}0"),
        format!("127.0.0.1:{port}/"),
        " 127.0.0.1".to_owned(),
        stage.portal.url(),
    ];
    stage.portal.forget_requests();
    for host in wrong {
        let error = client.apply_policy(&policy, &host).unwrap_err();
        assert_no(&error, Status::Argument, Reason::None);
        assert!(error.message().contains("confirm host"), "{error}");
    }
    assert_eq!(stage.portal.request_count(), 0);
    assert_eq!(stage.portal.method(), Method::App);
}

#[test]
fn a_method_is_never_guessed() {
    let stage = Stage::new(Method::App);
    let client = stage.owner();
    let mut policy = client.policy().unwrap();
    policy.add_trusted_ip("192.0.2.1").unwrap();
    stage.portal.forget_requests();
    let error = client.apply_policy(&policy, "127.0.0.1").unwrap_err();
    assert_no(&error, Status::State, Reason::None);
    assert_eq!(stage.portal.request_count(), 0);
}

#[test]
fn what_changed_meanwhile_is_not_overwritten() {
    let stage = Stage::new(Method::App).with_lists();
    let client = stage.owner();
    let changes: [fn(&Portal); 4] = [
        |portal| portal.change_policy(|lists| lists.trusted_ips.clear()),
        |portal| portal.change_policy(|lists| lists.mandatory_users.clear()),
        |portal| portal.change_policy(|lists| lists.mandatory_groups.clear()),
        |portal| portal.set_method(Method::Off),
    ];
    for change in changes {
        let mut policy = client.policy().unwrap();
        policy.set_method(TfaMethod::Sms);
        change(&stage.portal);
        let error = stage.apply(&client, &policy).unwrap_err();
        assert_no(&error, Status::State, Reason::None);
        assert!(error.message().contains("read it again"), "{error}");
    }
    assert_eq!(stage.writes(), 0);
    // Applied once, it is the former setting: it must be read again, too.
    let mut policy = client.policy().unwrap();
    policy.set_method(TfaMethod::Sms);
    stage.apply(&client, &policy).unwrap();
    let error = stage.apply(&client, &policy).unwrap_err();
    assert_no(&error, Status::State, Reason::None);
}

#[test]
fn an_address_that_a_portal_would_take_otherwise_is_refused_at_once() {
    let stage = Stage::new(Method::App).with_lists();
    let mut policy = stage.owner().policy().unwrap();
    for rule in [
        "",
        "x",
        "10.0.0.0/33",
        "10.0.0.9-10.0.0.1",
        "2001:db8::/64",
        "0.0.0.0/0",
        "10.0.0.5/8",
        "2001:DB8::1",
        "10.0.0.1\n10.0.0.2",
    ] {
        let error = policy.add_trusted_ip(rule).unwrap_err();
        assert_no(&error, Status::Argument, Reason::None);
    }
    assert_eq!(policy.trusted_ips().len(), 2, "nothing was added");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn only_administrators_set_it() {
    for dialect in [Dialect::V3_2, Dialect::V3_5, Dialect::V3_7, Dialect::Newer] {
        let stage = Stage::of(dialect, Method::App);
        let portal = &stage.portal;
        for caller in [portal.room_admin(), portal.member(), portal.guest()] {
            let client = stage.session_of(&caller);
            let error = stage.set(&client, TfaMethod::None).unwrap_err();
            assert_no(&error, Status::Rejected, Reason::NotAdmin);
            assert_eq!(error.portal_message(), "Access denied");
            assert_eq!((error.http_status(), error.attempts()), (Some(403), 1));
            assert_eq!(portal.method(), Method::App);
        }
    }
}

#[test]
fn a_method_that_the_portal_does_not_have_is_named() {
    let lacking: [fn(&Portal); 3] = [
        |portal| portal.set_sms_provider(false),
        |portal| portal.set_sms_in_plan(false),
        |portal| portal.set_sms_hidden(true),
    ];
    for lack in lacking {
        let stage = Stage::new(Method::App);
        lack(&stage.portal);
        let error = stage.set(&stage.owner(), TfaMethod::Sms).unwrap_err();
        assert_no(&error, Status::Rejected, Reason::MethodUnavailable);
        assert!(error.message().contains("a plan"), "{error}");
        assert_eq!(stage.portal.method(), Method::App);
    }

    for dialect in [Dialect::V3_7, Dialect::Newer] {
        let stage = Stage::of(dialect, Method::Off);
        stage.portal.set_app_hidden(true);
        let error = stage.set(&stage.owner(), TfaMethod::App).unwrap_err();
        assert_no(&error, Status::Rejected, Reason::HiddenByPortal);
        assert_eq!(stage.portal.method(), Method::Off);
    }
}

#[test]
fn a_key_that_may_only_read_is_told_so() {
    let stage = Stage::new(Method::App);
    let key = stage
        .portal
        .key_with_scopes(&stage.portal.owner(), &["*:read"]);
    let client = stage.by(Credential::api_key(&key).unwrap());
    let error = stage.set(&client, TfaMethod::None).unwrap_err();
    assert_no(&error, Status::Forbidden, Reason::MissingScope);
    let key = stage
        .portal
        .key_with_scopes(&stage.portal.owner(), &["accounts:read"]);
    let client = stage.by(Credential::api_key(&key).unwrap());
    let error = client.policy().unwrap_err();
    assert_no(&error, Status::Forbidden, Reason::MissingScope);
}

#[test]
fn a_setting_that_cannot_be_read_whole_is_never_half_read() {
    let stage = Stage::new(Method::App);
    for entry in [
        r#"{"id":"app","enabled":"yes"}"#,
        r#"{"id":"app","enabled":true,"trustedIps":"10.0.0.1"}"#,
        r#"{"id":"app","enabled":true,"mandatoryUsers":[{"id":"x"}]}"#,
        r#"{"enabled":true}"#,
        "5",
    ] {
        let body = format!(r#"{{"response":[{entry}],"status":0,"statusCode":200}}"#);
        let odd = Fault::status(200, "application/json", &body);
        stage.portal.set_fault(odd.on("/settings/tfaapp"));
        let error = stage.owner().policy().unwrap_err();
        assert_no(&error, Status::Protocol, Reason::NotAPortal);
    }
    // Without any entry there is no method, which is not "off".
    let none = r#"{"response":[],"count":0,"status":0,"statusCode":200}"#;
    stage
        .portal
        .set_fault(Fault::status(200, "application/json", none).on("/settings/tfaapp"));
    assert_eq!(stage.owner().policy().unwrap().method(), None);
}

#[test]
fn texts_in_the_lists_are_made_harmless() {
    let stage = Stage::new(Method::App);
    stage
        .portal
        .change_policy(|policy| policy.trusted_ips = vec!["\u{1b}[2J\u{202e}1.2.3.4".to_owned()]);
    let policy = stage.owner().policy().unwrap();
    assert_eq!(policy.trusted_ips(), ["\u{FFFD}[2J\u{FFFD}1.2.3.4"]);
}
