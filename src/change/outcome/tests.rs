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
        (Cause::Cut, true, maybe(S::Transport, R::None, Settle::Open)),
        (
            Cause::ClosedBefore,
            true,
            maybe(S::Transport, R::None, Settle::Open),
        ),
        (
            Cause::Deadline,
            true,
            maybe(S::Timeout, R::None, Settle::Open),
        ),
        (
            Cause::Cancelled,
            true,
            maybe(S::Cancelled, R::None, Settle::Not),
        ),
        (
            Cause::Garbage,
            true,
            maybe(S::Protocol, R::NotAPortal, Settle::Open),
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
        for (_, shape) in shapes() {
            let verdict = of_answer(http, &shape, BodyEnd::Whole, None, Kind::ApiKey);
            assert_eq!(verdict.again, http == 429, "{http} {shape:?}");
            if verdict.applied != A::No {
                assert!(!verdict.retryable, "{http} {shape:?}");
            }
            if http != 200 {
                assert_ne!(verdict.applied, A::Yes, "{http} {shape:?}");
            }
        }
    }
}

/// The shapes by the short names of the table below.
fn shapes() -> Vec<(&'static str, Shape)> {
    let refusal = |kind: Option<&str>| Shape::Refusal {
        kind: kind.map(str::to_owned),
        message: String::new(),
    };
    vec![
        ("done", Shape::Success(None)),
        ("number", Shape::OtherResponse),
        ("env", refusal(Some("System.InvalidCastException"))),
        ("null", refusal(None)),
        ("old", refusal(Some("System.Exception"))),
        (
            "denied",
            refusal(Some("ASC.X.SecurityAccessDeniedException")),
        ),
        (
            "wrapped",
            Shape::Validation {
                message: String::new(),
            },
        ),
        (
            "problem",
            Shape::Problem {
                message: String::new(),
            },
        ),
        ("text", Shape::Sentence(String::new())),
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
    let not_portal = maybe(S::Protocol, R::NotAPortal, Settle::Open);
    let lost = maybe(S::Transport, R::None, Settle::Open);
    let failed = maybe(S::Server, R::Unknown, Settle::Open);
    let redirect_no = no(S::Redirected, R::Redirected);
    let redirect_maybe = maybe(S::Redirected, R::Redirected, Settle::Open);
    let table: Vec<(&[u16], &[&str], Row)> = vec![
        (&[200], &["done"], yes),
        (
            &[200],
            &["env", "null", "old", "wrapped", "number"],
            maybe(S::Protocol, R::Unknown, Settle::Open),
        ),
        (
            &[200],
            &["page", "empty", "text", "problem", "half"],
            not_portal,
        ),
        (
            &[201, 202, 204, 206],
            &["done", "page", "empty", "env"],
            not_portal,
        ),
        (&[101], &["page", "empty"], not_portal),
        (
            &[301, 302, 307, 308],
            &["page", "empty", "done", "env"],
            redirect_no,
        ),
        (
            &[300, 303, 304, 305, 306, 399],
            &["page", "empty", "done"],
            redirect_maybe,
        ),
        (
            &[400],
            &["wrapped", "env", "null"],
            no(S::Rejected, R::InvalidRequest),
        ),
        (&[400], &["page", "empty"], no(S::Protocol, R::NotAPortal)),
        (
            &[401],
            &["empty", "env", "problem"],
            no(S::Unauthorized, R::BadCredential),
        ),
        (&[401], &["page"], no(S::Unauthorized, R::Unknown)),
        (
            &[402],
            &["problem", "empty", "page", "env"],
            no(S::Unavailable, R::Unpaid),
        ),
        (&[403], &["empty"], no(S::Forbidden, R::MissingScope)),
        (
            &[403, 404, 405, 415],
            &["env", "null", "old", "denied"],
            no(S::Rejected, R::Unknown),
        ),
        (
            &[403],
            &["problem"],
            no_retry(S::Unavailable, R::Maintenance),
        ),
        (&[403], &["text"], no(S::Forbidden, R::IpRestricted)),
        (&[403], &["page", "half"], no(S::Forbidden, R::NotAPortal)),
        (
            &[404],
            &["problem", "page", "empty"],
            no(S::NotFound, R::PortalNotFound),
        ),
        (
            &[405],
            &["page", "problem", "empty"],
            no(S::Protocol, R::NotAPortal),
        ),
        (&[408, 499], &["page", "empty", "env"], lost),
        (
            &[421, 425],
            &["page", "empty", "env"],
            no_retry(S::Protocol, R::NotAPortal),
        ),
        (
            &[409, 413, 414, 422, 431, 451],
            &["env"],
            no(S::Rejected, R::Unknown),
        ),
        (
            &[409, 413, 414, 415, 422, 431, 451],
            &["page"],
            no(S::Protocol, R::NotAPortal),
        ),
        (
            &[500],
            &["old", "denied"],
            maybe(S::Server, R::Unknown, Settle::OldRefusal),
        ),
        (
            &[500, 501, 505],
            &["env", "null"],
            maybe(S::Server, R::Unknown, Settle::Finished),
        ),
        (&[500, 501], &["page", "empty"], failed),
        (
            &[502, 504, 520, 524],
            &["page", "empty", "env", "old"],
            failed,
        ),
        (
            &[503],
            &["page", "empty", "env", "old"],
            maybe(S::Unavailable, R::Unknown, Settle::Open),
        ),
        (&[600, 999], &["page", "empty", "done"], not_portal),
    ];
    let shapes = shapes();
    for (codes, names, expected) in table {
        for http in codes {
            for name in names {
                let (_, shape) = shapes.iter().find(|(known, _)| known == name).unwrap();
                let verdict = of_answer(*http, shape, BodyEnd::Whole, None, Kind::ApiKey);
                assert_eq!(row(verdict), expected, "{http} {name}");
            }
        }
    }
}

#[test]
fn a_success_that_broke_off() {
    for end in [BodyEnd::Cut, BodyEnd::OverCap] {
        let verdict = |shape: &Shape| of_answer(200, shape, end, None, Kind::ApiKey);
        assert_eq!(verdict(&Shape::Success(None)).applied, A::Yes);
        for shape in [Shape::Half, Shape::Empty, Shape::Page] {
            assert_eq!(verdict(&shape).status, Some(S::Transport), "{shape:?}");
            assert_eq!(verdict(&shape).applied, A::Maybe, "{shape:?}");
        }
    }
}

#[test]
fn a_refusal_without_words_depends_on_the_credential() {
    let of = |credential, shape: Shape| of_answer(403, &shape, BodyEnd::Whole, None, credential);
    let locked = || Shape::Refusal {
        kind: None,
        message: String::new(),
    };
    assert_eq!(of(Kind::ApiKey, Shape::Empty).explain, Explain::Scope);
    assert_eq!(of(Kind::Jwt, Shape::Empty).reason, R::MissingScope);
    assert_eq!(of(Kind::Session, Shape::Empty).reason, R::Unknown);
    assert_eq!(of(Kind::Password, Shape::Empty).reason, R::Unknown);
    assert_eq!(of(Kind::Password, locked()).reason, R::SignInLocked);
    assert_eq!(of(Kind::ApiKey, locked()).explain, Explain::Facts);
}

#[test]
fn the_daily_limit_is_known_by_its_wait() {
    let of = |seconds: Option<u64>| {
        let wait = seconds.map(Duration::from_secs);
        of_answer(429, &Shape::Empty, BodyEnd::Whole, wait, Kind::ApiKey).reason
    };
    assert_eq!(of(None), R::RateLimited);
    assert_eq!(of(Some(120)), R::RateLimited);
    assert_eq!(of(Some(121)), R::DailyLimit);
}

#[test]
fn reading_back() {
    let (yes, no, unseen) = (Some(true), Some(false), None);
    let table = [
        (yes, no, Settle::Open, Settled::Done),
        (yes, no, Settle::Finished, Settled::Done),
        (unseen, no, Settle::Open, Settled::UnlinkedNow),
        (no, no, Settle::Open, Settled::UnlinkedNow),
        (unseen, no, Settle::Finished, Settled::UnlinkedNow),
        (
            yes,
            yes,
            Settle::Finished,
            Settled::NotDone { retryable: true },
        ),
        (
            unseen,
            yes,
            Settle::Finished,
            Settled::NotDone { retryable: true },
        ),
        (
            unseen,
            yes,
            Settle::OldRefusal,
            Settled::NotDone { retryable: false },
        ),
        (yes, yes, Settle::Open, Settled::StillLinked),
        (unseen, yes, Settle::Open, Settled::StillLinked),
        (yes, no, Settle::OldRefusal, Settled::RefusedButUnlinked),
        (unseen, no, Settle::OldRefusal, Settled::RefusedButUnlinked),
        (yes, unseen, Settle::Open, Settled::Open),
        (unseen, unseen, Settle::Finished, Settled::Open),
        (unseen, unseen, Settle::OldRefusal, Settled::Open),
        (yes, yes, Settle::Not, Settled::Open),
        (yes, no, Settle::Not, Settled::Open),
    ];
    for (before, now, from, expected) in table {
        assert_eq!(
            settle(before, now, from),
            expected,
            "{before:?} {now:?} {from:?}"
        );
    }
}
