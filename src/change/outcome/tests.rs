//! Every row of the tables, once.

use super::*;
use crate::error::Applied as A;
use crate::error::Reason as R;
use crate::error::Status as S;

/// status, reason, applied, retryable, again, settle.
type Row = (Option<S>, R, A, bool, bool, Settle);

fn row(verdict: Verdict) -> Row {
    let Verdict {
        status,
        reason,
        applied,
        retryable,
        again,
        settle,
        ..
    } = verdict;
    (status, reason, applied, retryable, again, settle)
}

#[test]
fn changes_without_an_answer() {
    let no =
        |status, reason, retry, again| (Some(status), reason, A::No, retry, again, Settle::Not);
    let maybe = |status, reason, settle| (Some(status), reason, A::Maybe, false, false, settle);
    let table = [
        (
            Cause::NotLoopback,
            false,
            no(S::Argument, R::None, false, false),
        ),
        (
            Cause::NameNotFound,
            false,
            no(S::Resolve, R::None, false, false),
        ),
        (
            Cause::NameUnavailable,
            false,
            no(S::Resolve, R::None, true, true),
        ),
        (
            Cause::Unreachable,
            false,
            no(S::Connect, R::None, true, true),
        ),
        (
            Cause::NoDescriptor,
            false,
            no(S::Connect, R::None, true, false),
        ),
        (
            Cause::ConnectTimeout,
            false,
            no(S::Connect, R::None, true, true),
        ),
        (
            Cause::ProxyUnreachable,
            false,
            no(S::Proxy, R::None, true, true),
        ),
        (
            Cause::ProxyAuth,
            false,
            no(S::Proxy, R::ProxyAuth, false, false),
        ),
        (
            Cause::ProxyRefused,
            false,
            no(S::Proxy, R::Unknown, false, false),
        ),
        (
            Cause::Certificate(CertificateFault::Expired),
            false,
            no(S::Tls, R::CertExpired, false, false),
        ),
        (
            Cause::Certificate(CertificateFault::NotYetValid),
            false,
            no(S::Tls, R::CertNotYetValid, false, false),
        ),
        (
            Cause::Certificate(CertificateFault::Untrusted),
            false,
            no(S::Tls, R::CertUntrusted, false, false),
        ),
        (
            Cause::Certificate(CertificateFault::WrongHost),
            false,
            no(S::Tls, R::CertWrongHost, false, false),
        ),
        (Cause::HandshakeCut, false, no(S::Tls, R::None, true, true)),
        (
            Cause::HandshakeRefused,
            false,
            no(S::Tls, R::None, false, false),
        ),
        (
            Cause::ClientCertificateNeeded,
            true,
            no(S::Tls, R::CertClientNeeded, false, false),
        ),
        (
            Cause::ClientCertificateNeeded,
            false,
            no(S::Tls, R::CertClientNeeded, false, false),
        ),
        (Cause::Deadline, false, no(S::Timeout, R::None, true, false)),
        (
            Cause::Cancelled,
            false,
            no(S::Cancelled, R::None, true, false),
        ),
        (
            Cause::SpokeFirst,
            false,
            no(S::Protocol, R::NotAPortal, true, true),
        ),
        (
            Cause::ClosedBefore,
            false,
            no(S::Connect, R::None, true, true),
        ),
        (Cause::Defect, false, no(S::Internal, R::None, false, false)),
        (
            Cause::Defect,
            true,
            maybe(S::Internal, R::None, Settle::Not),
        ),
        (
            Cause::Cut,
            true,
            maybe(S::Transport, R::None, Settle::LookBack),
        ),
        (
            Cause::ClosedBefore,
            true,
            maybe(S::Transport, R::None, Settle::LookBack),
        ),
        (
            Cause::Deadline,
            true,
            maybe(S::Timeout, R::None, Settle::LookBack),
        ),
        (
            Cause::Cancelled,
            true,
            maybe(S::Cancelled, R::None, Settle::Not),
        ),
        (
            Cause::Garbage,
            true,
            maybe(S::Protocol, R::NotAPortal, Settle::LookBack),
        ),
    ];
    for (cause, sent, expected) in table {
        assert_eq!(
            row(of_broken(Broken { cause, sent })),
            expected,
            "{cause:?}, sent {sent}"
        );
    }
}

#[test]
fn nothing_that_may_have_left_is_ever_sent_again() {
    let causes = [
        Cause::NameNotFound,
        Cause::NameUnavailable,
        Cause::NotLoopback,
        Cause::NoDescriptor,
        Cause::Cut,
        Cause::Garbage,
        Cause::Deadline,
        Cause::Cancelled,
        Cause::Defect,
        Cause::ClosedBefore,
    ];
    for cause in causes {
        let verdict = of_broken(Broken { cause, sent: true });
        assert!(verdict.applied == A::No || !verdict.again, "{cause:?}");
    }
    for http in 100..=999 {
        for (name, shape) in shapes() {
            for asked in [Asked::Unlink, Asked::Write, Asked::Read] {
                let verdict = of_answer(asked, &reply(http), &shape, Kind::ApiKey);
                let is_limit = http == 429 && name != "done" && name != "text done";
                assert_eq!(verdict.again, is_limit, "{http} {name}");
                // What is said of it is about a cause above.
                assert_ne!(verdict.status, Some(S::Argument), "{http} {name}");
                if verdict.applied != A::No {
                    assert!(!verdict.retryable, "{http} {name}");
                }
                let is_done = http == 200 && name == "done";
                assert_eq!(verdict.applied == A::Yes, is_done, "{http} {name}");
            }
        }
    }
}

/// An answer with this status whose body is whole.
fn reply(status: u16) -> Reply {
    Reply::for_test(status, b"")
}

fn shape_of(body: &str) -> Shape {
    Shape::of(&Reply::for_test(200, body.as_bytes()))
}

/// The shapes by the short names of the table below.
fn shapes() -> Vec<(&'static str, Shape)> {
    let refusal = |kind: &str| {
        let kind = if kind == "null" {
            "null".to_owned()
        } else {
            format!("\"{kind}\"")
        };
        shape_of(&format!(
            r#"{{"error":{{"message":"m","type":{kind},"stack":null}},"status":1,"statusCode":403}}"#
        ))
    };
    vec![
        (
            "done",
            shape_of(r#"{"response":"","status":0,"statusCode":200}"#),
        ),
        ("text done", shape_of(r#"{"response":"pong","status":0}"#)),
        ("bare done", shape_of(r#"{"status":0,"statusCode":200}"#)),
        (
            "number",
            shape_of(r#"{"response":5,"status":0,"statusCode":200}"#),
        ),
        ("failed", shape_of(r#"{"status":1,"statusCode":403}"#)),
        ("plain", refusal("System.InvalidOperationException")),
        ("null", refusal("null")),
        ("derived", refusal("System.ObjectDisposedException")),
        ("denied", refusal("System.Security.SecurityException")),
        ("old denied", refusal("ASC.X.SecurityAccessDeniedException")),
        ("old", refusal("System.Exception")),
        ("unsupported", refusal("System.NotSupportedException")),
        (
            "wrapped",
            shape_of(r#"{"response":{"title":"t","errors":{}},"status":1,"statusCode":400}"#),
        ),
        (
            "problem",
            shape_of(r#"{"title":"t","status":404,"traceId":"0"}"#),
        ),
        ("text", shape_of("\"a sentence\"")),
        ("empty", Shape::Empty),
        ("half", Shape::Half),
        ("page", Shape::Page),
    ]
}

#[test]
fn answers_to_a_change() {
    let yes: Row = (None, R::None, A::Yes, false, false, Settle::Not);
    let no = |status, reason| -> Row { (Some(status), reason, A::No, false, false, Settle::Not) };
    let no_retry =
        |status, reason| -> Row { (Some(status), reason, A::No, true, false, Settle::Not) };
    let maybe =
        |status, reason, settle| -> Row { (Some(status), reason, A::Maybe, false, false, settle) };
    let again = (
        Some(S::RateLimited),
        R::RateLimited,
        A::No,
        true,
        true,
        Settle::Not,
    );
    let odd = maybe(S::Protocol, R::Unknown, Settle::LookBack);
    let not_portal = maybe(S::Protocol, R::NotAPortal, Settle::LookBack);
    let lost = maybe(S::Transport, R::None, Settle::LookBack);
    let failed = maybe(S::Server, R::Unknown, Settle::LookBack);
    let doubtful = maybe(S::Server, R::Unknown, Settle::Refusal);
    let refused = no(S::Rejected, R::Unknown);
    let page = no(S::Protocol, R::NotAPortal);
    let envelopes = [
        "plain",
        "null",
        "derived",
        "denied",
        "old denied",
        "old",
        "unsupported",
    ];
    let table: Vec<(&[u16], &[&str], Row)> = vec![
        (&[200], &["done"], yes),
        (&[200], &["number", "failed", "wrapped"], odd),
        (&[200], &envelopes, odd),
        (
            &[200],
            &[
                "page",
                "empty",
                "text",
                "problem",
                "half",
                "text done",
                "bare done",
            ],
            not_portal,
        ),
        (
            &[201, 202, 204, 206],
            &["done", "page", "empty", "plain"],
            not_portal,
        ),
        (&[101, 600, 999], &["page", "empty", "done"], not_portal),
        // A success or a late exception under another status.
        (
            &[300, 301, 308, 400, 401, 403, 404, 405, 409, 415, 429],
            &["done", "text done"],
            odd,
        ),
        (
            &[400, 401, 402, 404, 406, 408, 409, 413, 421, 422, 425, 499],
            &envelopes,
            failed,
        ),
        (&[403], &["derived", "old", "unsupported"], failed),
        (
            &[405],
            &["derived", "denied", "old denied", "old", "unsupported"],
            failed,
        ),
        (
            &[415],
            &["plain", "derived", "denied", "old denied", "old"],
            failed,
        ),
        (&[400], &["wrapped"], no(S::Rejected, R::InvalidRequest)),
        (&[400], &["page", "empty", "problem", "bare done"], page),
        (
            &[401],
            &["empty", "problem"],
            no(S::Unauthorized, R::BadCredential),
        ),
        (&[401], &["page", "text"], no(S::Unauthorized, R::Unknown)),
        (
            &[402],
            &["problem", "empty", "page"],
            no(S::Unavailable, R::Unpaid),
        ),
        (&[403], &["empty"], no(S::Forbidden, R::MissingScope)),
        (&[403, 405], &["plain", "null"], refused),
        (&[403], &["denied", "old denied"], doubtful),
        (&[415], &["unsupported", "null"], doubtful),
        (
            &[403],
            &["problem"],
            no_retry(S::Unavailable, R::Maintenance),
        ),
        (&[403], &["text"], no(S::Forbidden, R::IpRestricted)),
        (&[403], &["page", "half"], no(S::Forbidden, R::NotAPortal)),
        (&[404], &["problem"], no(S::NotFound, R::PortalNotFound)),
        (
            &[404],
            &["page", "empty"],
            maybe(S::NotFound, R::PortalNotFound, Settle::WrongAddress),
        ),
        (
            &[405],
            &["page", "problem", "empty"],
            maybe(S::Protocol, R::NotAPortal, Settle::WrongAddress),
        ),
        (&[408, 499], &["page", "empty"], lost),
        (
            &[421, 425],
            &["page", "empty"],
            no_retry(S::Protocol, R::NotAPortal),
        ),
        (
            &[409, 413, 414, 415, 422, 431, 451],
            &["page", "wrapped"],
            page,
        ),
        (&[429], &["empty", "page", "plain", "old"], again),
        (
            &[500],
            &["plain", "old", "unsupported", "old denied"],
            doubtful,
        ),
        (
            &[500],
            &["denied", "derived", "null", "page", "empty"],
            failed,
        ),
        (&[501, 505], &["plain", "old", "page", "empty"], failed),
        (
            &[502, 504, 520, 524],
            &["page", "empty", "plain", "old"],
            failed,
        ),
        (
            &[503],
            &["page", "empty", "plain", "old"],
            maybe(S::Unavailable, R::Unknown, Settle::LookBack),
        ),
    ];
    let shapes = shapes();
    for (codes, names, expected) in table {
        for http in codes {
            for name in names {
                let (_, shape) = shapes.iter().find(|(known, _)| known == name).unwrap();
                let verdict = of_answer(Asked::Unlink, &reply(*http), shape, Kind::ApiKey);
                assert_eq!(row(verdict), expected, "{http} {name}");
            }
        }
    }
}

#[test]
fn other_writes_and_reads_know_other_refusals() {
    let refused = (Some(S::Rejected), A::No);
    let table = [
        (Asked::Write, 403, "denied", refused),
        (Asked::Write, 403, "derived", (Some(S::Server), A::Maybe)),
        (Asked::Write, 400, "plain", (Some(S::Server), A::Maybe)),
        (Asked::Read, 403, "derived", refused),
        (Asked::Read, 400, "plain", refused),
        (Asked::Read, 401, "null", (Some(S::Unauthorized), A::No)),
        (Asked::Read, 402, "null", (Some(S::Unavailable), A::No)),
    ];
    for (asked, http, name, expected) in table {
        let (_, shape) = shapes()
            .into_iter()
            .find(|(known, _)| *known == name)
            .unwrap();
        let verdict = of_answer(asked, &reply(http), &shape, Kind::ApiKey);
        assert_eq!(
            (verdict.status, verdict.applied),
            expected,
            "{asked:?} {http} {name}"
        );
    }
}

#[test]
fn only_a_gateway_that_answers_instead_of_forwarding_redirects_without_a_doubt() {
    let elsewhere = Redirect::OtherAuthority {
        only_scheme_upgrade: false,
    };
    let to_https = Redirect::OtherAuthority {
        only_scheme_upgrade: true,
    };
    let table = [
        (301, elsewhere, A::No),
        (301, to_https, A::No),
        (308, elsewhere, A::No),
        (301, Redirect::OtherPath, A::Maybe),
        (308, Redirect::None, A::Maybe),
        (302, to_https, A::No),
        (307, to_https, A::No),
        (302, elsewhere, A::Maybe),
        (302, Redirect::OtherPath, A::Maybe),
        (307, Redirect::None, A::Maybe),
        (300, to_https, A::Maybe),
        (303, elsewhere, A::Maybe),
        (304, to_https, A::Maybe),
    ];
    for (http, redirect, applied) in table {
        let reply = Reply {
            redirect,
            ..reply(http)
        };
        for shape in [Shape::Page, Shape::Empty] {
            let verdict = of_answer(Asked::Unlink, &reply, &shape, Kind::ApiKey);
            assert_eq!(verdict.status, Some(S::Redirected));
            assert_eq!(verdict.applied, applied, "{http} {redirect:?}");
        }
    }
}

#[test]
fn a_body_that_broke_off() {
    let done = || shape_of(r#"{"response":"","status":0,"statusCode":200}"#);
    let of = |http, end, shape: &Shape| {
        let reply = Reply { end, ..reply(http) };
        let verdict = of_answer(Asked::Unlink, &reply, shape, Kind::ApiKey);
        (verdict.status, verdict.applied)
    };
    let cancelled = BodyEnd::Stopped(Cause::Cancelled);
    let late = BodyEnd::Stopped(Cause::Deadline);
    let lost = (Some(S::Transport), A::Maybe);
    for end in [
        BodyEnd::Closed,
        BodyEnd::Cut,
        BodyEnd::OverCap,
        cancelled,
        late,
    ] {
        assert_eq!(of(200, end, &done()), (None, A::Yes), "{end:?}");
    }
    for end in [BodyEnd::Closed, BodyEnd::Cut, BodyEnd::OverCap] {
        for http in [200, 301, 401, 403, 404, 429] {
            for shape in [Shape::Half, Shape::Empty] {
                assert_eq!(of(http, end, &shape), lost, "{http} {end:?} {shape:?}");
            }
        }
        assert_eq!(of(200, end, &Shape::Page), lost);
        assert_eq!(
            of(403, end, &Shape::Page).1,
            A::No,
            "a page is one from its begin"
        );
    }
    for shape in [Shape::Half, Shape::Empty, Shape::Page] {
        for http in [200, 403, 500] {
            assert_eq!(of(http, cancelled, &shape), (Some(S::Cancelled), A::Maybe));
            assert_eq!(of(http, late, &shape), (Some(S::Timeout), A::Maybe));
        }
    }
}

#[test]
fn a_refusal_without_words_depends_on_the_credential() {
    let of = |credential, name: &str| {
        let (_, shape) = shapes()
            .into_iter()
            .find(|(known, _)| *known == name)
            .unwrap();
        of_answer(Asked::Unlink, &reply(403), &shape, credential)
    };
    assert_eq!(of(Kind::ApiKey, "empty").explain, Explain::Scope);
    assert_eq!(of(Kind::Jwt, "empty").reason, R::MissingScope);
    assert_eq!(of(Kind::Session, "empty").reason, R::Unknown);
    assert_eq!(of(Kind::Password, "empty").reason, R::Unknown);
    for credential in [Kind::ApiKey, Kind::Jwt, Kind::Session, Kind::Password] {
        assert_eq!(of(credential, "null").explain, Explain::Facts);
        let reasons: &[R] = match credential {
            Kind::ApiKey => &[R::NotOwner],
            _ => &[],
        };
        assert_eq!(of(credential, "denied").explain, Explain::Only(reasons));
    }
}

#[test]
fn old_portals_refuse_in_words_that_mean_one_thing_each() {
    let of = |kind: &str| reasons_before_35(kind);
    assert_eq!(
        of("System.Exception"),
        Some(&[R::NoSuchAccount, R::HiddenByPortal][..])
    );
    assert_eq!(of("System.InvalidOperationException"), Some(&[][..]));
    assert_eq!(
        of("System.NotSupportedException"),
        Some(&[R::AccountTerminated][..])
    );
    assert_eq!(
        of("ASC.Common.SecurityAccessDeniedException"),
        Some(&[R::NotOwner][..])
    );
    assert_eq!(of("System.NullReferenceException"), None);
}

#[test]
fn the_daily_limit_is_known_by_its_wait() {
    let of = |seconds: Option<u64>| {
        let reply = Reply {
            retry_after: seconds.map(Duration::from_secs),
            ..reply(429)
        };
        of_answer(Asked::Unlink, &reply, &Shape::Empty, Kind::ApiKey).reason
    };
    assert_eq!(of(None), R::RateLimited);
    assert_eq!(of(Some(120)), R::RateLimited);
    assert_eq!(of(Some(121)), R::DailyLimit);
}
