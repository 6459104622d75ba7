//! Unlinks that stop half-way, that are not stored, that are sent twice, and
//! looks at people that are older than the change.

use std::time::Duration;

use super::*;
use crate::portal::state::action;
use crate::portal::{Failure, Fault, Method, Step};

/// What an unlink left behind.
#[derive(Debug, PartialEq, Eq)]
struct Traces {
    linked: bool,
    audited: bool,
    old_sessions: usize,
    new_sessions: usize,
    mails: usize,
}

/// The owner unlinks somebody, or itself, and it stops after this step.
fn stopped(step: Step, own: bool, failure: Failure) -> (Answer, Traces) {
    let portal = plain();
    let target = if own { portal.owner() } else { portal.user() };
    let old = portal.session_of(&target);
    portal.set_fault(Fault::UnlinkStopsAfter(step, failure));
    let answer = unlink_as(&portal, &portal.owner(), &target.id);
    let audit = portal.audit();
    let old_sessions = usize::from(portal.session_is_alive(&old));
    let traces = Traces {
        linked: portal.is_linked(&target.id),
        audited: audit.iter().any(|event| event.action == action::UNLINKED),
        old_sessions,
        new_sessions: portal.sessions_of(&target.id) - old_sessions,
        mails: portal.mails().len(),
    };
    (answer, traces)
}

#[test]
fn row_21_what_was_done_before_the_step_that_fails_stays_done() {
    for own in [false, true] {
        for (place, step) in Step::ALL.into_iter().enumerate() {
            let (answer, traces) = stopped(step, own, Failure::thrown("System.TimeoutException"));
            assert_eq!(answer.status, 500);
            assert!(answer.cookies().is_empty());
            let expected = Traces {
                linked: place < 1,
                audited: place >= 2,
                old_sessions: usize::from(place < 4),
                new_sessions: usize::from(own && place >= 5),
                mails: 0,
            };
            assert_eq!(traces, expected, "{step:?}, own: {own}");
        }
    }
}

#[test]
fn an_exception_answers_as_its_family_does() {
    let table = [
        ("System.NullReferenceException", 500, true),
        ("System.InvalidOperationException", 403, true),
        ("System.ObjectDisposedException", 403, true),
        (
            "System.Threading.Channels.ChannelClosedException",
            403,
            true,
        ),
        ("System.ArgumentException", 400, true),
        ("ASC.Core.Common.ItemNotFoundException", 404, true),
        ("System.IO.FileNotFoundException", 404, true),
        ("ASC.Core.Billing.BillingException", 402, true),
        ("System.NotSupportedException", 415, false),
        (
            "System.Security.Authentication.AuthenticationException",
            401,
            false,
        ),
    ];
    for (kind, status, shown) in table {
        let failure = Failure::thrown(kind);
        let (answer, _) = stopped(Step::AuditQueued, false, failure.clone());
        assert_refused(&answer, status, &failure.message, shown.then_some(kind));
    }
    for kind in [
        "System.Security.SecurityException",
        "System.UnauthorizedAccessException",
        "ASC.Common.Security.Authorizing.AuthorizingException",
    ] {
        let (answer, _) = stopped(Step::LinkWiped, false, Failure::thrown(kind));
        assert_refused(&answer, 403, "Access denied", Some(kind));
    }
    // And any other combination.
    let odd = Failure::thrown("System.TimeoutException")
        .with_status(409)
        .saying("Later.")
        .without_kind();
    let (answer, traces) = stopped(Step::WebsocketTold, false, odd);
    assert_refused(&answer, 409, "Later.", None);
    assert!(!traces.linked);
}

#[test]
fn a_passing_trouble_differs_from_a_refusal_by_its_words_only() {
    let (answer, traces) = stopped(Step::WebsocketTold, false, Failure::transient());
    let portal = plain();
    let refusal = unlink_as(&portal, &portal.owner(), &portal.unlinked().id);
    let without_words = |answer: &Answer| {
        let mut json = answer.json();
        json["error"]["message"] = Value::Null;
        (answer.status, json)
    };
    assert_eq!(without_words(&answer), without_words(&refusal));
    assert!(!traces.linked);
}

#[test]
fn a_stop_leaves_other_calls_and_their_count_alone() {
    let portal = plain();
    let owner = portal.owner();
    let failure = Failure::thrown("System.TimeoutException");
    portal.set_fault(Fault::UnlinkStopsAfter(Step::LinkWiped, failure).times(1));
    assert_eq!(get_as(&portal, &owner, "people").status, 200);
    assert_eq!(unlink_as(&portal, &owner, &portal.user().id).status, 500);
    assert_eq!(unlink_as(&portal, &owner, &portal.member2().id).status, 200);
    // A second unlink finds nothing to do: the sessions are out of its reach.
    assert_eq!(unlink_as(&portal, &owner, &portal.user().id).status, 403);
}

#[test]
fn row_22_a_save_that_is_lost_does_all_but_the_unlink() {
    for own in [false, true] {
        let portal = plain();
        let target = if own { portal.owner() } else { portal.user() };
        let old = portal.session_of(&target);
        portal.set_fault(Fault::SaveIsLost);
        let answer = unlink_as(&portal, &portal.owner(), &target.id);
        assert_eq!(response(&answer) == "", !own);
        assert_eq!(answer.cookies().len(), if own { 2 } else { 0 });
        assert!(portal.is_linked(&target.id));
        assert_eq!(portal.times_unlinked(&target.id), 0);
        assert!(!portal.session_is_alive(&old));
        assert_eq!(portal.audit()[0].action, action::UNLINKED);
        assert_eq!(portal.mails().len(), usize::from(!own));
    }
}

/// What `people/{id}` and the list say of the member's link.
fn shown(portal: &Portal) -> [bool; 2] {
    let owner = portal.owner();
    let id = portal.user().id;
    let one = response(&get_as(portal, &owner, &format!("people/{id}")));
    let all = response(&get_as(portal, &owner, "people"));
    let listed = all.as_array().unwrap().iter().find(|who| who["id"] == id);
    [&one, listed.unwrap()].map(|person| person["tfaAppEnabled"].as_bool().unwrap())
}

#[test]
fn without_a_shared_cache_a_link_is_seen_for_five_minutes_from_the_first_look() {
    let portal = Portal::builder().plain().without_shared_cache().start();
    let (owner, user) = (portal.owner(), portal.user());
    // Whoever may not see the link makes nobody read it.
    get_as(&portal, &user, "people/@self");
    assert_eq!(shown(&portal), [true; 2]);
    portal.let_time_pass(Duration::from_secs(200));
    assert_eq!(unlink_as(&portal, &owner, &user.id).status, 200);
    assert!(!portal.is_linked(&user.id));
    portal.let_time_pass(Duration::from_secs(99));
    assert_eq!(shown(&portal), [true; 2]);
    portal.let_time_pass(Duration::from_secs(1));
    assert_eq!(shown(&portal), [false; 2]);

    portal.enrol(&user.id);
    assert_eq!(shown(&portal), [false; 2]);
    portal.forget_cached_settings();
    assert_eq!(shown(&portal), [true; 2]);
}

#[test]
fn who_was_not_looked_at_before_the_change_is_seen_as_is() {
    let portal = Portal::builder()
        .plain()
        .without_shared_cache()
        .method(Method::Off)
        .start();
    // While no link is shown, none is read.
    get_as(&portal, &portal.owner(), "people");
    portal.set_method(Method::App);
    unlink_as(&portal, &portal.owner(), &portal.user().id);
    assert_eq!(shown(&portal), [false; 2]);
}

#[test]
fn with_a_shared_cache_a_change_is_seen_at_once() {
    let portal = plain();
    assert_eq!(shown(&portal), [true; 2]);
    unlink_as(&portal, &portal.owner(), &portal.user().id);
    assert_eq!(shown(&portal), [false; 2]);
}

#[test]
fn a_gateway_that_repeats_gives_the_second_answer() {
    let portal = plain();
    let (owner, user) = (portal.owner(), portal.user());
    portal.set_fault(Fault::SentTwice);
    let answer = unlink_as(&portal, &owner, &user.id);
    assert_refused(&answer, 403, NO_APP, Some(INVALID_OPERATION));
    assert!(!portal.is_linked(&user.id));
    assert_eq!(portal.times_unlinked(&user.id), 1);
    assert_eq!(portal.count("PUT", UNLINK), 1);
    assert_eq!(portal.mails(), [user.id]);

    // A caller by session token is signed out by the first.
    let session = portal.session_of(&owner);
    assert_empty(&unlink(&portal, &session, &owner.id), 401);
    assert!(!portal.is_linked(&owner.id));

    portal.set_fault(Fault::SentTwice.for_method("GET"));
    let member = portal.member2();
    assert_eq!(unlink_as(&portal, &owner, &member.id).status, 200);
    assert_eq!(get_as(&portal, &owner, "people").status, 200);
}
