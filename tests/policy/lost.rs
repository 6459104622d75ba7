//! The answer was lost, or says one thing while the portal shows another.

use docspace_tfa::{AccountId, Applied, Error, Reason, Status, TfaMethod};

use crate::Stage;
use crate::portal::{Fault, Method, Reply, Rule};

const PATH: &str = "/settings/tfaapp";

/// Switches to text messages while the write meets this fault.
fn set(stage: &Stage, fault: Fault) -> Result<(), Error> {
    stage.portal.set_fault(fault.on(PATH).for_method("PUT"));
    let result = stage.set(&stage.owner(), TfaMethod::Sms);
    assert_eq!(stage.writes(), 1, "never sent again");
    result
}

#[test]
fn what_was_done_is_seen_although_the_answer_is_lost() {
    for fault in [
        Fault::CloseAfterAction,
        Fault::HangAfterAction,
        Fault::html_after_action(502),
        Fault::html_after_action(504),
        Fault::AnswerAfterAction(Reply::page(200)),
        Fault::AnswerAfterAction(Reply::empty(503)),
    ] {
        let stage = Stage::new(Method::App).with_lists();
        let lists = stage.portal.policy().trusted_ips;
        set(&stage, fault).unwrap();
        assert_eq!(stage.portal.method(), Method::Sms);
        assert_eq!(stage.portal.policy().trusted_ips, lists);
    }
}

#[test]
fn what_was_not_done_may_still_be() {
    let table = [
        (Fault::CloseBeforeAction, Status::Transport),
        (Fault::HangBeforeAction, Status::Timeout),
        (Fault::Html(504), Status::Server),
        (Fault::Html200, Status::Protocol),
    ];
    for (fault, status) in table {
        let stage = Stage::new(Method::App);
        let error = set(&stage, fault).unwrap_err();
        assert_eq!(error.status(), status, "{error}");
        assert_eq!(error.applied(), Applied::Maybe, "{error}");
        assert!(!error.is_retryable(), "{error}");
        let message = error.message();
        assert!(message.contains("late effect may follow"), "{message}");
        assert_eq!(stage.portal.method(), Method::App);
    }
}

/// A request that leaves in pieces is bounded and judged like any other.
#[test]
fn a_long_request_may_be_lost_too() {
    let table = [
        (Fault::CloseBeforeAction, Status::Transport),
        (Fault::HangBeforeAction, Status::Timeout),
    ];
    for (fault, status) in table {
        let stage = Stage::new(Method::App);
        stage.portal.set_fault(fault.on(PATH).for_method("PUT"));
        let mut policy = stage.owner().policy().unwrap();
        policy.set_method(TfaMethod::Sms);
        for number in 0..5000 {
            let id = format!("aae1e103-bca5-9fa1-ba8c-{number:012}");
            policy.add_mandatory_user(&AccountId::parse(&id).unwrap());
        }
        let error = stage.apply(&stage.owner(), &policy).unwrap_err();
        assert_eq!(error.status(), status, "{error}");
        assert_eq!(error.applied(), Applied::Maybe, "{error}");
    }
}

/// What it shows may be from before.
#[test]
fn a_portal_that_failed_and_shows_no_change_may_have_done_it() {
    for kind in ["System.NullReferenceException", "System.Exception"] {
        let body = format!(
            r#"{{"error":{{"message":"x","type":"{kind}","stack":"at","hresult":-1}},"status":1,"statusCode":500}}"#
        );
        let crash = Fault::status(500, "application/json", &body);
        let stage = Stage::new(Method::App);
        let error = set(&stage, crash).unwrap_err();
        assert_eq!(error.status(), Status::Server, "{error}");
        assert_eq!(error.applied(), Applied::Maybe, "{error}");
        assert!(!error.is_retryable());
        assert!(error.message().contains("five minutes old"), "{error}");
    }
}

#[test]
fn what_cannot_be_read_back_stays_open() {
    let stage = Stage::new(Method::App);
    let put = Fault::CloseAfterAction.on(PATH).for_method("PUT");
    let get: Rule = Fault::Html(404).on(PATH).for_method("GET").after(2);
    stage.portal.add_fault(put);
    stage.portal.add_fault(get);
    let error = stage.set(&stage.owner(), TfaMethod::Sms).unwrap_err();
    assert_eq!(error.status(), Status::Transport);
    assert_eq!(error.applied(), Applied::Maybe);
    let message = error.message();
    assert!(message.contains("may have been changed"), "{message}");
}

#[test]
fn an_accepted_policy_that_is_not_shown_is_unverified() {
    let yes = r#"{"response":true,"count":1,"status":0,"statusCode":200}"#;
    for answer in [yes, &yes.replace("true", "false")] {
        let stage = Stage::new(Method::App);
        let fault = Fault::status(200, "application/json", answer);
        let error = set(&stage, fault).unwrap_err();
        assert_eq!(error.status(), Status::Unverified, "{error}");
        assert_eq!(error.applied(), Applied::Maybe);
        assert_eq!(error.reason(), Reason::None);
    }
}

#[test]
fn a_list_that_was_not_kept_is_unverified() {
    let stage = Stage::new(Method::App);
    let client = stage.owner();
    let mut policy = client.policy().unwrap();
    policy.set_method(TfaMethod::App);
    policy.add_trusted_ip("192.0.2.1").unwrap();
    let yes = r#"{"response":true,"count":1,"status":0,"statusCode":200}"#;
    let fault = Fault::status(200, "application/json", yes);
    stage.portal.set_fault(fault.on(PATH).for_method("PUT"));
    let error = stage.apply(&client, &policy).unwrap_err();
    assert_eq!(error.status(), Status::Unverified);
}

#[test]
fn an_accepted_policy_that_cannot_be_read_back_is_a_success() {
    let stage = Stage::new(Method::App);
    let get = Fault::Html(502).on(PATH).for_method("GET").after(2);
    stage.portal.add_fault(get);
    stage.set(&stage.owner(), TfaMethod::Sms).unwrap();
    assert_eq!(stage.portal.method(), Method::Sms);
}

#[test]
fn what_never_left_is_tried_again_and_a_limit_is_waited_for() {
    let stage = Stage::new(Method::App);
    let limit = Fault::Answer(Reply::empty(429).with("Retry-After", "1"));
    stage
        .portal
        .set_fault(limit.on(PATH).for_method("PUT").times(1));
    let client = stage.owner();
    let mut policy = client.policy().unwrap();
    policy.set_method(TfaMethod::Sms);
    client.apply_policy(&policy, "127.0.0.1").unwrap();
    assert_eq!(stage.writes(), 2, "the first one did nothing");
    assert_eq!(stage.portal.method(), Method::Sms);
}

#[test]
fn a_sealed_off_session_leaves_a_lost_answer_open() {
    let stage = Stage::new(Method::App);
    let client = stage.session_of(&stage.portal.owner());
    let fault = Fault::CloseAfterAction.on(PATH).for_method("PUT");
    stage.portal.set_fault(fault);
    let error = stage.set(&client, TfaMethod::Sms).unwrap_err();
    assert_eq!(error.applied(), Applied::Maybe);
    assert_eq!(error.status(), Status::Transport);
}

#[test]
fn switched_off_the_portal_keeps_the_lists_it_has() {
    // Both methods have lists of their own; which one is on decides what is
    // shown first.
    let entries = |sms: bool| {
        let body = format!(
            r#"{{"response":[{{"id":"sms","enabled":{sms},"available":true,"trustedIps":["192.0.2.1"]}},
               {{"id":"app","enabled":false,"available":true,"trustedIps":[]}}],
               "count":2,"status":0,"statusCode":200}}"#
        );
        let answer = Fault::status(200, "application/json", &body);
        answer.on(PATH).for_method("GET")
    };
    let stage = Stage::new(Method::Sms);
    stage.portal.add_fault(entries(false));
    stage.portal.add_fault(entries(true).times(2));
    let client = stage.owner();
    let mut policy = client.policy().unwrap();
    assert_eq!(policy.trusted_ips(), ["192.0.2.1"]);
    policy.set_method(TfaMethod::None);
    stage.apply(&client, &policy).unwrap();
    assert_eq!(stage.portal.method(), Method::Off);
}
