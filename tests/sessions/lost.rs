//! Answers that are lost, late, or somebody else's.

use std::time::Duration;

use docspace_tfa::{Applied, Cancel, Error, Reason, Status};

use crate::portal::{Account, Dialect, Failure, Fault, Portal, Reply, Rule};
use crate::{asked, assert_error, by_key, by_session, id_of, of, put};

fn crash() -> Reply {
    Failure::thrown("System.NullReferenceException").reply()
}

fn json(body: &str) -> Reply {
    Reply::typed(200, "application/json; charset=utf-8", body)
}

/// What leaves it open whether the portal did it.
fn open() -> Vec<(Fault, Status)> {
    let late = |kind| Fault::AnswerAfterAction(Failure::thrown(kind).reply());
    vec![
        (Fault::CloseAfterAction, Status::Transport),
        (Fault::HangAfterAction, Status::Timeout),
        (Fault::html_after_action(502), Status::Server),
        (Fault::html_after_action(503), Status::Unavailable),
        (Fault::html_after_action(200), Status::Protocol),
        (Fault::html_after_action(404), Status::NotFound),
        (Fault::AnswerAfterAction(crash()), Status::Server),
        (late("System.ObjectDisposedException"), Status::Server),
        (late("System.ArgumentException"), Status::Server),
        (
            late("System.Security.Authentication.AuthenticationException"),
            Status::Server,
        ),
        (
            Fault::AnswerAfterAction(json(r#"{"status":"ok"}"#)),
            Status::Protocol,
        ),
        (
            Fault::AnswerAfterAction(json(r#"{"status":0}"#)),
            Status::Protocol,
        ),
        (
            Fault::AnswerAfterAction(json(r#"{"status":1,"statusCode":403}"#)),
            Status::Protocol,
        ),
    ]
}

/// The owner ends the sessions of `target` while the request meets the fault.
fn end(fault: impl Into<Rule>, target: impl Fn(&Portal) -> Account) -> (Portal, Result<(), Error>) {
    let portal = of(Dialect::V3_7);
    let target = target(&portal);
    portal.session_of(&target);
    portal.set_fault(fault);
    let owner = by_key(&portal, &portal.owner())
        .timeout(Duration::from_secs(2))
        .unwrap();
    let result = owner.build().unwrap().end_sessions(&id_of(&target));
    (portal, result)
}

#[test]
fn for_another_account_a_lost_answer_is_asked_for_once_more() {
    for (fault, status) in open() {
        let (portal, result) = end(put(fault).times(1), Portal::member);
        result.unwrap();
        assert_eq!(asked(&portal), 2, "{status:?}");
        assert_eq!(portal.sessions_of(&portal.member().id), 0);
    }
}

#[test]
fn lost_twice_it_stays_open() {
    for (fault, status) in open() {
        let (portal, result) = end(put(fault), Portal::member);
        let error = result.unwrap_err();
        assert_eq!((error.status(), error.applied()), (status, Applied::Maybe));
        assert!(error.message().contains("does no harm"), "{error}");
        assert_eq!((asked(&portal), error.attempts()), (2, 2), "{error}");
        assert!(!error.is_retryable());
    }
}

#[test]
fn for_the_own_account_it_is_never_sent_again() {
    for (fault, status) in open() {
        let (portal, result) = end(put(fault), Portal::owner);
        let error = result.unwrap_err();
        assert_eq!((error.status(), error.applied()), (status, Applied::Maybe));
        assert!(error.message().contains("opens a new session"), "{error}");
        assert_eq!((asked(&portal), error.attempts()), (1, 1), "{error}");
        assert_eq!(portal.sessions_of(&portal.owner().id), 1);
    }
}

#[test]
fn a_refusal_of_the_second_try_says_nothing_of_the_first() {
    let portal = of(Dialect::V3_7);
    portal.add_fault(put(Fault::CloseAfterAction).times(1));
    portal.add_fault(put(Fault::Unpaid).after(1));
    let owner = by_key(&portal, &portal.owner()).build().unwrap();
    let error = owner.end_sessions(&id_of(&portal.member())).unwrap_err();
    assert_error(&error, Status::Unavailable, Reason::Unpaid, Applied::Maybe);
    assert!(!error.message().contains("Nothing was changed"), "{error}");
    assert_eq!(asked(&portal), 2);
}

#[test]
fn one_attempt_is_one_attempt() {
    let portal = of(Dialect::V3_7);
    portal.set_fault(put(Fault::CloseAfterAction));
    let owner = by_key(&portal, &portal.owner()).max_attempts(1).unwrap();
    let member = id_of(&portal.member());
    let error = owner.build().unwrap().end_sessions(&member).unwrap_err();
    assert_error(&error, Status::Transport, Reason::None, Applied::Maybe);
    assert_eq!(asked(&portal), 1);
}

#[test]
fn a_cancelled_call_is_not_repeated() {
    let portal = of(Dialect::V3_7);
    portal.set_fault(put(Fault::HangAfterAction));
    let cancel = Cancel::new();
    let owner = by_key(&portal, &portal.owner()).build().unwrap();
    let owner = owner.with_cancel(&cancel);
    let member = id_of(&portal.member());
    let error = std::thread::scope(|scope| {
        let call = scope.spawn(|| owner.end_sessions(&member).unwrap_err());
        portal.wait_for_requests(3);
        cancel.request();
        call.join().unwrap()
    });
    assert_error(&error, Status::Cancelled, Reason::None, Applied::Maybe);
    assert_eq!(asked(&portal), 1);
}

#[test]
fn a_token_that_is_dead_afterwards_may_have_done_it() {
    let portal = of(Dialect::V3_7);
    let owner = portal.owner();
    let client = by_session(&portal, &owner);
    portal.set_fault(put(Fault::SentTwice));
    let error = client.end_sessions(&id_of(&owner)).unwrap_err();
    assert_error(
        &error,
        Status::Unauthorized,
        Reason::BadCredential,
        Applied::Maybe,
    );
    assert_eq!(portal.sessions_of(&owner.id), 1);
}

#[test]
fn two_hundred_with_nothing_is_a_success_and_204_is_none() {
    for dialect in [Dialect::V1_0, Dialect::V2_6] {
        let portal = of(dialect);
        let owner = by_session(&portal, &portal.owner());
        owner.end_sessions(&id_of(&portal.member())).unwrap();
        assert_eq!(asked(&portal), 1);
    }
    let (_, result) = end(put(Fault::Answer(Reply::empty(204))), Portal::owner);
    let error = result.unwrap_err();
    assert_eq!(error.applied(), Applied::Maybe);
}

#[test]
fn the_message_names_where_a_redirect_leads() {
    let there = "https://other.example/api/2.0/";
    for status in [301, 303] {
        let fault = Fault::Redirect {
            status,
            location: there.to_owned(),
        };
        let (_portal, result) = end(fault.for_method("PUT"), Portal::member);
        let error = result.unwrap_err();
        assert_eq!(error.applied(), Applied::Maybe);
        let said = format!("It leads to {there}.");
        assert!(error.message().contains(&said), "{error}");
    }
}
