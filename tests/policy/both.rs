//! Text messages and the app can be on at once.

use docspace_tfa::{AccountId, Applied, NextSignIn, Status, TfaMethod};

use crate::Stage;
use crate::portal::{Lists, Method, Portal};

fn both() -> Stage {
    let portal = Portal::builder().both_methods().start();
    portal.allow_policy_writes();
    Stage { portal }
}

fn trusting(ip: &str) -> Lists {
    Lists {
        trusted_ips: vec![ip.to_owned()],
        ..Lists::default()
    }
}

fn next_sign_in(stage: &Stage) -> NextSignIn {
    let id = AccountId::parse(&stage.portal.member().id).unwrap();
    stage.owner().check(&id).unwrap().next_sign_in()
}

#[test]
fn text_messages_come_first_and_the_next_sign_in_is_open() {
    let stage = both();
    let policy = stage.owner().policy().unwrap();
    assert_eq!(policy.method(), Some(TfaMethod::Sms));
    assert_eq!(
        next_sign_in(&stage),
        NextSignIn::Unknown,
        "the plan decides"
    );
    stage.portal.set_sms_provider(false);
    let policy = stage.owner().policy().unwrap();
    assert_eq!(
        policy.method(),
        Some(TfaMethod::Sms),
        "though not shown as on"
    );
    assert_eq!(next_sign_in(&stage), NextSignIn::Unknown);
    stage.portal.set_method(Method::App);
    assert_eq!(next_sign_in(&stage), NextSignIn::Enrol);
}

#[test]
fn each_method_keeps_its_own_lists() {
    let stage = both();
    let mine = stage.portal.policy();
    assert!(mine.sms.is_on() && mine.app.is_on());
    stage.portal.set_lists(Method::Sms, trusting("192.0.2.1"));
    stage.portal.set_lists(Method::App, trusting("192.0.2.2"));
    let mut policy = stage.owner().policy().unwrap();
    assert_eq!(policy.trusted_ips(), ["192.0.2.1"]);
    policy.set_method(TfaMethod::App);
    assert_eq!(policy.trusted_ips(), ["192.0.2.2"]);
    stage.apply(&stage.owner(), &policy).unwrap();
    let after = stage.portal.policy();
    assert_eq!(after.app.lists(), Some(&trusting("192.0.2.2")));
    assert!(!after.sms.is_on());
}

#[test]
fn text_messages_that_stay_on_are_told() {
    let lacking: [fn(&Portal); 2] = [
        |portal| portal.set_sms_provider(false),
        |portal| portal.set_sms_in_plan(false),
    ];
    for lack in lacking {
        for method in [TfaMethod::App, TfaMethod::None] {
            let stage = Stage::new(Method::Sms);
            lack(&stage.portal);
            let error = stage.set(&stage.owner(), method).unwrap_err();
            assert_eq!(error.status(), Status::Unverified, "{error}");
            assert_eq!(error.applied(), Applied::Maybe);
            let message = error.message();
            assert!(message.contains("text message are still on"), "{message}");
            assert!(stage.portal.policy().sms.is_on());
        }
    }
}

#[test]
fn a_portal_without_a_provider_is_set_like_any_other() {
    let stage = Stage::new(Method::Off);
    stage.portal.set_sms_provider(false);
    stage.set(&stage.owner(), TfaMethod::App).unwrap();
    stage.set(&stage.owner(), TfaMethod::None).unwrap();
    assert_eq!(stage.portal.method(), Method::Off);
}
