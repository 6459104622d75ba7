//! An open outcome is settled by reading back.

use std::time::Duration;

use docspace_tfa::{Applied, Reason, Status};

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::{Dialect, Fault, Method, Portal, Reply};
use crate::support::{
    EXCEPTION, ID, JSON, UNLINK, answered, change, change_id, changes, looks, of_crude, owner,
};

#[test]
fn done_and_the_answer_lost_is_found_out() {
    let faults = [
        ("hangs", Fault::HangAfterAction),
        ("closes", Fault::CloseAfterAction),
        ("502", Fault::html_after_action(502)),
        ("503", Fault::html_after_action(503)),
        ("303", Fault::AnswerAfterAction(Reply::empty(303))),
        ("200 page", Fault::html_after_action(200)),
        ("408", Fault::AnswerAfterAction(Reply::empty(408))),
        (
            "500",
            Fault::AnswerAfterAction(Reply::typed(500, JSON, EXCEPTION)),
        ),
    ];
    for (name, fault) in faults {
        let portal = Portal::start();
        portal.set_fault(fault.on(UNLINK));
        let member = portal.member();
        let builder = owner(&portal).timeout(Duration::from_secs(3)).unwrap();
        let changed = change(builder, &member).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        // Nobody saw it linked before, so this call need not have done it.
        assert_eq!(changed.applied(), Applied::Maybe, "{name}");
        assert!(changed.verified(), "{name}");
        assert_eq!(changed.http_status(), None, "{name}");
        assert_eq!(changed.is_self(), None, "{name}");
        assert!(changed.login_url().is_none(), "{name}");
        assert_eq!(changed.attempts(), 1, "{name}");
        assert!(
            changed.message().contains("unlinked now"),
            "{}",
            changed.message()
        );
        assert_eq!(
            (changes(&portal), looks(&portal, &member)),
            (1, 1),
            "{name}"
        );
        assert_eq!(portal.times_unlinked(&member.id), 1, "{name}");
    }
}

#[test]
fn still_linked_after_silence_is_not_no() {
    let faults = [
        (Fault::HangBeforeAction, Status::Timeout, None),
        (Fault::CloseBeforeAction, Status::Transport, None),
        (Fault::Html(502), Status::Server, Some(502)),
        (Fault::Html(503), Status::Unavailable, Some(503)),
        (Fault::Html(504), Status::Server, Some(504)),
        (Fault::Html(500), Status::Server, Some(500)),
        (Fault::Html200, Status::Protocol, Some(200)),
    ];
    for (fault, status, http) in faults {
        let portal = Portal::start();
        portal.set_fault(fault.clone().on(UNLINK));
        let member = portal.member();
        let error = change(
            owner(&portal).timeout(Duration::from_secs(3)).unwrap(),
            &member,
        )
        .unwrap_err();
        assert_eq!(
            (error.status(), error.applied(), error.http_status()),
            (status, Applied::Maybe, http),
            "{fault:?}"
        );
        assert_eq!(error.app_link(), Some(true), "{fault:?}");
        assert!(!error.is_retryable(), "{fault:?}");
        // What is shown may be five minutes old.
        let wait = error.look_again().unwrap();
        assert!(wait <= Duration::from_secs(300), "{wait:?}");
        assert!(wait > Duration::from_secs(240), "{wait:?}");
        assert!(
            error.message().contains("still shown as linked"),
            "{}",
            error.message()
        );
        assert_eq!(changes(&portal), 1, "{fault:?}");
        assert!(looks(&portal, &member) >= 1, "{fault:?}");
        assert!(portal.is_linked(&member.id));
    }
}

/// Even a portal that has finished may show an old picture.
#[test]
fn a_portal_that_failed_and_shows_the_link_is_not_no() {
    let portal = Portal::start();
    portal.set_fault(answered(500, JSON, EXCEPTION).on(UNLINK));
    let member = portal.member();
    let error = change(
        owner(&portal).timeout(Duration::from_secs(3)).unwrap(),
        &member,
    )
    .unwrap_err();
    assert_eq!(
        (error.status(), error.reason(), error.applied()),
        (Status::Server, Reason::Unknown, Applied::Maybe)
    );
    assert!(!error.is_retryable());
    assert_eq!(error.app_link(), Some(true));
    assert_eq!(error.http_status(), Some(500));
    assert_eq!(error.portal_message(), "It went wrong.");
    assert_eq!(changes(&portal), 1);
}

#[test]
fn what_cannot_be_seen_stays_open() {
    let people = "people/";
    let on_member = |portal: &Portal| format!("{people}{}", portal.member().id);
    type Stage = fn(&Portal, &str);
    let stages: [(&str, Stage); 5] = [
        ("refused", |portal, path| {
            portal.add_fault(answered(403, JSON, EXCEPTION).on(path));
        }),
        ("gone", |portal, path| {
            portal.add_fault(answered(404, JSON, EXCEPTION).on(path));
        }),
        ("a page", |portal, path| {
            portal.add_fault(Fault::Html200.on(path));
        }),
        ("closed", |portal, path| {
            portal.add_fault(Fault::CloseBeforeAction.on(path));
        }),
        ("not shown", |portal, _| portal.set_method(Method::Off)),
    ];
    for (name, stage) in stages {
        let portal = Portal::start();
        portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
        stage(&portal, &on_member(&portal));
        let builder = owner(&portal).timeout(Duration::from_secs(3)).unwrap();
        let error = change(builder, &portal.member()).unwrap_err();
        assert_eq!(
            (error.status(), error.applied(), error.app_link()),
            (Status::Transport, Applied::Maybe, None),
            "{name}"
        );
        assert!(!error.is_retryable(), "{name}");
        assert!(
            error.message().contains("look at it"),
            "{}",
            error.message()
        );
        assert_eq!(changes(&portal), 1, "{name}");
    }
}

#[test]
fn another_accounts_state_settles_nothing() {
    let other = ID.replace('5', "6");
    let body = format!(
        r#"{{"response":{{"id":"{other}","tfaAppEnabled":false}},"count":1,"status":0,"statusCode":200}}"#
    );
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let script = Script::in_turn(vec![
        vec![Step::ReadRequest, Step::CloseNow],
        vec![Step::ReadRequest, Step::Send(answer.into())],
    ]);
    let crude = Crude::start(Transport::Plain, script);
    let error = change_id(of_crude(&crude), ID).unwrap_err();
    assert_eq!((error.applied(), error.app_link()), (Applied::Maybe, None));
    assert_eq!(crude.connections(), 2);
}

#[test]
fn a_late_effect_is_seen_by_the_second_look() {
    let portal = Portal::start();
    portal.set_fault(Fault::CloseBeforeAction.on(UNLINK));
    let member = portal.member();
    let builder = owner(&portal).timeout(Duration::from_secs(20)).unwrap();
    let changed = std::thread::scope(|scope| {
        let changed = scope.spawn(|| change(builder, &member));
        // The change and the first look.
        portal.wait_for_requests(2);
        portal.unlink_quietly(&member.id);
        changed.join().unwrap().unwrap()
    });
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Maybe, true)
    );
    assert!((1..=2).contains(&looks(&portal, &member)));
    assert_eq!(changes(&portal), 1);
}

#[test]
fn a_look_that_breaks_is_made_again() {
    let portal = Portal::start();
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    let member = portal.member();
    let path = format!("people/{}", member.id);
    portal.add_fault(Fault::Html(503).on(&path).times(1));
    let builder = owner(&portal).timeout(Duration::from_secs(20)).unwrap();
    let changed = change(builder, &member).unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Maybe, true)
    );
    assert_eq!(looks(&portal, &member), 2);
    assert_eq!(changes(&portal), 1);
}

#[test]
fn there_are_at_most_three_looks() {
    let portal = Portal::start();
    portal.set_fault(Fault::CloseBeforeAction.on(UNLINK));
    let member = portal.member();
    let error = change(
        owner(&portal).timeout(Duration::from_secs(20)).unwrap(),
        &member,
    )
    .unwrap_err();
    assert_eq!(error.app_link(), Some(true));
    assert_eq!(looks(&portal, &member), 3);
}

/// Portals before 3.5 refuse with the same 500 that they fail with.
#[test]
fn an_old_refusal_never_looks_like_a_success() {
    for explain in [true, false] {
        let portal = Portal::builder().dialect(Dialect::V3_2).start();
        let unlinked = portal.unlinked();
        let builder = owner(&portal).timeout(Duration::from_secs(3)).unwrap();
        let error = change(builder.explain(explain), &unlinked).unwrap_err();
        assert_eq!(
            (error.status(), error.applied(), error.app_link()),
            (Status::Server, Applied::Maybe, Some(false)),
            "{explain}"
        );
        assert!(!error.is_retryable());
        assert!(
            error.message().contains("is unlinked now"),
            "{}",
            error.message()
        );
        assert_eq!(changes(&portal), 1);
    }
    // Still linked, or an old picture of it.
    let portal = Portal::builder().dialect(Dialect::V3_2).start();
    let member = portal.member();
    let refusal = EXCEPTION.replace("NullReference", "InvalidOperation");
    portal.set_fault(answered(500, JSON, &refusal).on(UNLINK));
    let builder = owner(&portal).timeout(Duration::from_secs(3)).unwrap();
    let error = change(builder.explain(false), &member).unwrap_err();
    assert_eq!(
        (error.status(), error.applied(), error.app_link()),
        (Status::Server, Applied::Maybe, Some(true))
    );
    assert!(!error.is_retryable());
}

/// A gateway may be away for longer than the first three looks take.
#[test]
fn looks_go_on_while_nobody_answers_them() {
    let portal = Portal::start();
    let member = portal.member();
    portal.add_fault(Fault::CloseAfterAction.on(UNLINK));
    portal.add_fault(
        Fault::Html(502)
            .on(&format!("people/{}", member.id))
            .times(3),
    );
    let changed = change(
        owner(&portal).timeout(Duration::from_secs(40)).unwrap(),
        &member,
    )
    .unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Maybe, true)
    );
    assert_eq!((changes(&portal), looks(&portal, &member)), (1, 4));
}

/// Who reads back over the connection that just misbehaved learns nothing.
#[test]
fn every_look_has_a_connection_of_its_own() {
    let portal = Portal::start();
    let member = portal.member();
    portal.set_fault(answered(500, JSON, EXCEPTION).on(UNLINK));
    let error = change(
        owner(&portal).timeout(Duration::from_secs(3)).unwrap(),
        &member,
    )
    .unwrap_err();
    assert_eq!(error.app_link(), Some(true));
    assert_eq!(portal.connections(), 1 + looks(&portal, &member));
}

/// A page without a portal behind it, as a wrong address gives, and as nginx
/// makes of a lost answer.
#[test]
fn pages_are_no_only_where_every_look_meets_one() {
    for (status, body) in [(404, true), (405, true), (404, false), (405, false)] {
        let page = if body {
            Reply::page(status)
        } else {
            Reply::empty(status)
        };
        let wrong = Portal::start();
        wrong.set_fault(Fault::Answer(page.clone()));
        let member = wrong.member();
        let error = change(
            owner(&wrong).timeout(Duration::from_secs(20)).unwrap(),
            &member,
        )
        .unwrap_err();
        assert_eq!(error.applied(), Applied::No, "{error}");
        assert_eq!(looks(&wrong, &member), 3);
        let (kind, reason) = if status == 404 {
            (Status::NotFound, Reason::PortalNotFound)
        } else {
            (Status::Protocol, Reason::NotAPortal)
        };
        assert_eq!((error.status(), error.reason()), (kind, reason));

        let lost = Portal::start();
        lost.set_fault(Fault::AnswerAfterAction(page).on(UNLINK));
        let changed = change(owner(&lost), &lost.member()).unwrap();
        assert_eq!(changed.applied(), Applied::Maybe);
        assert!(!lost.is_linked(&lost.member().id));
    }
    // There is no time for all looks.
    let wrong = Portal::start();
    wrong.set_fault(Fault::Html(404));
    let error = change(
        owner(&wrong).timeout(Duration::from_secs(3)).unwrap(),
        &wrong.member(),
    )
    .unwrap_err();
    assert_eq!(error.applied(), Applied::Maybe);
    // One look met a gateway that could not reach the portal.
    let away = Portal::start();
    away.add_fault(Fault::Html(404).on(UNLINK));
    away.add_fault(Fault::Html(404).on(&away.member().id));
    away.add_fault(Fault::Html(502).on(&away.member().id).times(1));
    let error = change(
        owner(&away).timeout(Duration::from_secs(20)).unwrap(),
        &away.member(),
    )
    .unwrap_err();
    assert_eq!(error.applied(), Applied::Maybe);
}
