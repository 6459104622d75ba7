//! The credential's own backup codes: secrets that sign in once each.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use docspace_tfa::{
    Applied, Client, ClientBuilder, Credential, Error, LogLevel, Reason, Status, Trust,
};
use portal::{Account, Dialect, Fault, Method, Portal, Reply};

fn builder(portal: &Portal, account: &Account) -> ClientBuilder {
    let token = Credential::session_token(&portal.session_of(account)).unwrap();
    Client::builder(&portal.url(), token)
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .timeout(Duration::from_secs(4))
        .unwrap()
}

fn of(portal: &Portal, account: &Account) -> Client {
    builder(portal, account).build().unwrap()
}

fn assert_refused(error: &Error, status: Status, reason: Reason) {
    assert_eq!(
        (error.status(), error.reason()),
        (status, reason),
        "{error}"
    );
    assert_eq!(error.applied(), Applied::No, "{error}");
}

/// Codes as the portal has them.
fn kept(portal: &Portal, account: &Account) -> Vec<String> {
    let codes = portal.account(&account.id).codes;
    codes.into_iter().map(|code| code.code).collect()
}

#[test]
fn the_own_codes_are_read() {
    let portal = Portal::start();
    for account in [portal.owner(), portal.member(), portal.guest()] {
        portal.change_account(&account.id, |account| account.codes[2].used = true);
        let codes = of(&portal, &account).backup_codes().unwrap();
        let read: Vec<_> = (0..codes.len())
            .map(|at| codes.expose(at).unwrap())
            .collect();
        assert_eq!(read, kept(&portal, &account));
        let used: Vec<_> = (0..5).map(|at| codes.is_used(at).unwrap()).collect();
        assert_eq!(used, [false, false, true, false, false]);
        assert_eq!((codes.len(), codes.is_empty()), (5, false));
        assert_eq!((codes.expose(5), codes.is_used(5)), (None, None));
    }
    assert_eq!(portal.count("PUT", ""), 0);
}

#[test]
fn renewing_replaces_them() {
    // The portal's method does not matter here.
    for method in [Method::App, Method::Sms, Method::Off] {
        let portal = Portal::builder().method(method).start();
        let member = portal.member();
        let former = kept(&portal, &member);
        let codes = of(&portal, &member).renew_backup_codes().unwrap();
        let renewed = kept(&portal, &member);
        assert_ne!(renewed, former);
        let read: Vec<_> = (0..5).map(|at| codes.expose(at).unwrap()).collect();
        assert_eq!(read, renewed);
        assert_eq!(portal.request_count(), 1);
        assert!(portal.requests()[0].body.is_empty());
    }
}

#[test]
fn a_refusal_to_show_them_has_its_reason() {
    for dialect in [
        Dialect::V2_6,
        Dialect::V3_2,
        Dialect::V3_5,
        Dialect::V3_7,
        Dialect::Newer,
    ] {
        let portal = Portal::builder().dialect(dialect).start();
        let unlinked = of(&portal, &portal.unlinked());
        let error = unlinked.backup_codes().unwrap_err();
        assert_refused(&error, Status::Rejected, Reason::NotLinked);
        assert!(!error.portal_message().is_empty(), "{dialect:?}");
        assert!(!error.is_retryable(), "{dialect:?}");

        let linked = of(&portal, &portal.member());
        for method in [Method::Sms, Method::Off] {
            portal.set_method(method);
            let error = linked.backup_codes().unwrap_err();
            assert_refused(&error, Status::Rejected, Reason::MethodUnavailable);
        }
        portal.set_app_hidden(true);
        let error = linked.backup_codes().unwrap_err();
        assert_refused(&error, Status::Rejected, Reason::HiddenByPortal);
    }
}

#[test]
fn a_refusal_to_renew_them_has_its_reason() {
    for method in [Method::App, Method::Sms, Method::Off] {
        for dialect in [Dialect::V3_5, Dialect::V3_7, Dialect::Newer] {
            let portal = Portal::builder().method(method).dialect(dialect).start();
            let error = of(&portal, &portal.unlinked())
                .renew_backup_codes()
                .unwrap_err();
            assert_refused(&error, Status::Rejected, Reason::NotLinked);
            portal.set_app_hidden(true);
            let error = of(&portal, &portal.member())
                .renew_backup_codes()
                .unwrap_err();
            assert_refused(&error, Status::Rejected, Reason::HiddenByPortal);
        }
    }
}

#[test]
fn without_explaining_a_refusal_is_one_request() {
    let portal = Portal::start();
    let client = builder(&portal, &portal.unlinked()).explain(false).build();
    let client = client.unwrap();
    assert_refused(
        &client.backup_codes().unwrap_err(),
        Status::Rejected,
        Reason::Unknown,
    );
    assert_refused(
        &client.renew_backup_codes().unwrap_err(),
        Status::Rejected,
        Reason::Unknown,
    );
    assert_eq!(portal.request_count(), 2);
}

/// Who got none may have lost the old ones.
#[test]
fn a_renewal_that_answers_no_codes_is_no_success() {
    let portal = Portal::start();
    let none = r#"{"response":[],"count":0,"status":0,"statusCode":200}"#;
    portal.set_fault(Fault::status(200, "application/json", none));
    let error = of(&portal, &portal.member())
        .renew_backup_codes()
        .unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Protocol, Applied::Maybe),
        "{error}"
    );
}

#[test]
fn scopes_are_asked_for() {
    let portal = Portal::start();
    let key = portal.key_with_scopes(&portal.owner(), &["*:read"]);
    let client = Client::builder(&portal.url(), Credential::api_key(&key).unwrap())
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .build()
        .unwrap();
    client.backup_codes().unwrap();
    let error = client.renew_backup_codes().unwrap_err();
    assert_refused(&error, Status::Forbidden, Reason::MissingScope);
}

#[test]
fn a_renewal_whose_answer_is_lost_may_have_been_done() {
    let faults = [
        (Fault::CloseAfterAction, Status::Transport),
        (Fault::HangAfterAction, Status::Timeout),
        (Fault::html_after_action(502), Status::Server),
        (Fault::AnswerAfterAction(Reply::page(200)), Status::Protocol),
    ];
    for (fault, status) in faults {
        let portal = Portal::start();
        let member = portal.member();
        let former = kept(&portal, &member);
        portal.set_fault(fault);
        let error = of(&portal, &member).renew_backup_codes().unwrap_err();
        assert_eq!((error.status(), error.applied()), (status, Applied::Maybe));
        assert!(!error.is_retryable(), "{error}");
        assert!(
            error.message().contains("may have been replaced"),
            "{error}"
        );
        assert_eq!(portal.count("PUT", "/settings/tfaappnewcodes"), 1);
        assert_ne!(kept(&portal, &member), former);
    }
}

#[test]
fn a_success_without_codes_is_none() {
    let portal = Portal::start();
    for response in ["\"\"", "null", "[5]", "{}", "[{\"isUsed\":true}]"] {
        let body = format!(r#"{{"response":{response},"status":0,"statusCode":200}}"#);
        portal.set_fault(Fault::status(200, "application/json", &body));
        let client = of(&portal, &portal.member());
        let error = client.renew_backup_codes().unwrap_err();
        assert_eq!(error.status(), Status::Protocol, "{response}");
        assert_eq!(error.applied(), Applied::Maybe, "{response}");
        let error = client.backup_codes().unwrap_err();
        assert_refused(&error, Status::Protocol, Reason::NotAPortal);
    }
}

#[test]
fn codes_are_made_harmless() {
    let portal = Portal::start();
    let body =
        r#"{"response":[{"isUsed":false,"code":"a\u001b[2J\u202e"}],"status":0,"statusCode":200}"#;
    portal.set_fault(Fault::status(200, "application/json", body));
    let codes = of(&portal, &portal.member()).backup_codes().unwrap();
    assert_eq!(codes.expose(0), Some("a\u{FFFD}[2J\u{FFFD}"));
}

#[test]
fn codes_are_never_shown() {
    let portal = Portal::start();
    let member = portal.member();
    let lines = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&lines);
    let client = builder(&portal, &member)
        .log(
            LogLevel::Debug,
            Arc::new(move |_, line: &str| {
                sink.lock().unwrap().push_str(line);
            }),
        )
        .build()
        .unwrap();
    let former = kept(&portal, &member);
    let read = client.backup_codes().unwrap();
    let renewed = client.renew_backup_codes().unwrap();
    let text = format!("{read:?} {renewed:#?} {client:?} {}", lines.lock().unwrap());
    assert!(text.contains("tfaappnewcodes"), "the log is on: {text}");
    for code in former.iter().chain(&kept(&portal, &member)) {
        assert!(!text.contains(code.as_str()), "{text}");
    }
}
