//! What an exchange means for the account: the tables that decide status,
//! reason, `applied`, whether the same call may be tried again, and what may
//! be looked at afterwards. Pure; nothing here sends or waits.

use std::time::Duration;

use crate::credential::Kind;
use crate::error::{Applied, Reason, Status};
use crate::portal::ReadFault;
use crate::portal::envelope::Shape;
use crate::transport::{BodyEnd, Broken, Cause, CertificateFault};

/// The meaning of one exchange that asked for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// `None`: the portal did it.
    pub(crate) status: Option<Status>,
    pub(crate) reason: Reason,
    pub(crate) applied: Applied,
    /// Nothing was changed, and the same call may succeed later.
    pub(crate) retryable: bool,
    /// The library itself may send it again.
    pub(crate) again: bool,
    pub(crate) settle: Settle,
    pub(crate) explain: Explain,
}

/// How a `Maybe` is settled by reading back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settle {
    Not,
    /// It may still take effect later.
    Open,
    /// The portal has finished with it.
    Finished,
    /// A refusal in the words of portals before 3.5.
    OldRefusal,
}

/// Whether reads may find a better reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Explain {
    Not,
    /// The scopes of the key.
    Scope,
    /// Caller, account and portal setting.
    Facts,
}

/// A wait longer than this is the daily limit's.
const LONGEST_SHORT_WAIT: Duration = Duration::from_secs(120);

impl Verdict {
    const DONE: Verdict = Verdict {
        status: None,
        reason: Reason::None,
        applied: Applied::Yes,
        retryable: false,
        again: false,
        settle: Settle::Not,
        explain: Explain::Not,
    };

    /// Nothing was changed.
    const fn no(status: Status, reason: Reason) -> Self {
        Verdict {
            status: Some(status),
            reason,
            applied: Applied::No,
            ..Verdict::DONE
        }
    }

    /// It cannot be told.
    const fn maybe(status: Status, reason: Reason) -> Self {
        Verdict {
            status: Some(status),
            reason,
            applied: Applied::Maybe,
            settle: Settle::Open,
            ..Verdict::DONE
        }
    }

    const fn retryable(self) -> Self {
        Verdict {
            retryable: true,
            ..self
        }
    }

    const fn again(self) -> Self {
        Verdict {
            retryable: true,
            again: true,
            ..self
        }
    }

    const fn settled_by(self, settle: Settle) -> Self {
        Verdict { settle, ..self }
    }

    const fn explained_by(self, explain: Explain) -> Self {
        Verdict { explain, ..self }
    }
}

/// What a change that brought no answer means.
pub(crate) fn of_broken(broken: Broken) -> Verdict {
    use Cause as C;
    let none = Reason::None;
    match (broken.cause, broken.sent) {
        (C::NotLoopback, _) => Verdict::no(Status::Argument, none),
        (C::NameNotFound, _) => Verdict::no(Status::Resolve, none),
        (C::NameUnavailable, _) => Verdict::no(Status::Resolve, none).again(),
        (C::Unreachable | C::ConnectTimeout, _) => Verdict::no(Status::Connect, none).again(),
        (C::NoDescriptor, _) => Verdict::no(Status::Connect, none).retryable(),
        (C::ProxyUnreachable, _) => Verdict::no(Status::Proxy, none).again(),
        (C::ProxyAuth, _) => Verdict::no(Status::Proxy, Reason::ProxyAuth),
        (C::ProxyRefused, _) => Verdict::no(Status::Proxy, Reason::Unknown),
        (C::Certificate(fault), _) => Verdict::no(Status::Tls, certificate_reason(fault)),
        (C::HandshakeCut, _) => Verdict::no(Status::Tls, none).again(),
        (C::HandshakeRefused, _) => Verdict::no(Status::Tls, none),
        // Authentic, and the server says that it did not listen: also after
        // the request was sent.
        (C::ClientCertificateNeeded, _) => Verdict::no(Status::Tls, Reason::CertClientNeeded),
        (C::SpokeFirst, _) => Verdict::no(Status::Protocol, Reason::NotAPortal).again(),
        (C::ClosedBefore, false) => Verdict::no(Status::Connect, none).again(),
        (C::Deadline, false) => Verdict::no(Status::Timeout, none).retryable(),
        (C::Cancelled, false) => Verdict::no(Status::Cancelled, none).retryable(),
        (C::Defect, false) => Verdict::no(Status::Internal, none),
        (C::Cut, false) => Verdict::no(Status::Connect, none).again(),
        (C::Garbage, false) => Verdict::no(Status::Protocol, Reason::NotAPortal).again(),

        (C::ClosedBefore | C::Cut, true) => Verdict::maybe(Status::Transport, none),
        (C::Garbage, true) => Verdict::maybe(Status::Protocol, Reason::NotAPortal),
        (C::Deadline, true) => Verdict::maybe(Status::Timeout, none),
        (C::Cancelled, true) => Verdict::maybe(Status::Cancelled, none).settled_by(Settle::Not),
        (C::Defect, true) => Verdict::maybe(Status::Internal, none).settled_by(Settle::Not),
    }
}

pub(crate) fn certificate_reason(fault: CertificateFault) -> Reason {
    match fault {
        CertificateFault::Untrusted => Reason::CertUntrusted,
        CertificateFault::Expired => Reason::CertExpired,
        CertificateFault::NotYetValid => Reason::CertNotYetValid,
        CertificateFault::WrongHost => Reason::CertWrongHost,
    }
}

/// What an answer to a change means: a function of HTTP status and the shape
/// of the body, and of the credential for a refusal without words.
pub(crate) fn of_answer(
    http: u16,
    shape: &Shape,
    end: BodyEnd,
    retry_after: Option<Duration>,
    credential: Kind,
) -> Verdict {
    match http {
        200 => of_success(shape, end),
        201..=299 => match shape {
            Shape::Half if end != BodyEnd::Whole => Verdict::maybe(Status::Transport, Reason::None),
            _ => Verdict::maybe(Status::Protocol, Reason::NotAPortal),
        },
        300..=399 => of_redirect(http),
        429 => of_limit(retry_after),
        400..=428 | 430..=499 => of_refusal(http, shape, credential),
        500..=599 => of_server_fault(http, shape),
        _ => Verdict::maybe(Status::Protocol, Reason::NotAPortal),
    }
}

fn of_success(shape: &Shape, end: BodyEnd) -> Verdict {
    match shape {
        // A whole envelope counts although the line broke behind it: the
        // portal has spoken.
        Shape::Success(_) => Verdict::DONE,
        Shape::Refusal { .. } | Shape::OtherResponse | Shape::Validation { .. } => {
            Verdict::maybe(Status::Protocol, Reason::Unknown)
        }
        Shape::Half | Shape::Empty | Shape::Page if end != BodyEnd::Whole => {
            Verdict::maybe(Status::Transport, Reason::None)
        }
        _ => Verdict::maybe(Status::Protocol, Reason::NotAPortal),
    }
}

fn of_redirect(http: u16) -> Verdict {
    match http {
        // Gateways answer these instead of forwarding.
        301 | 302 | 307 | 308 => Verdict::no(Status::Redirected, Reason::Redirected),
        // 303 means "done, look there"; the others say nothing.
        _ => Verdict::maybe(Status::Redirected, Reason::Redirected),
    }
}

fn of_limit(retry_after: Option<Duration>) -> Verdict {
    let daily = retry_after.is_some_and(|wait| wait > LONGEST_SHORT_WAIT);
    let reason = if daily {
        Reason::DailyLimit
    } else {
        Reason::RateLimited
    };
    Verdict::no(Status::RateLimited, reason).again()
}

/// A 4xx: refused before anything was done, but for two that speak of time.
fn of_refusal(http: u16, shape: &Shape, credential: Kind) -> Verdict {
    use Shape as S;
    let not_a_portal = Verdict::no(Status::Protocol, Reason::NotAPortal);
    match (http, shape) {
        (400, S::Refusal { .. } | S::Validation { .. }) => {
            Verdict::no(Status::Rejected, Reason::InvalidRequest)
        }
        (401, S::Page | S::Half) => Verdict::no(Status::Unauthorized, Reason::Unknown),
        (401, _) => Verdict::no(Status::Unauthorized, Reason::BadCredential),
        (402, _) => Verdict::no(Status::Unavailable, Reason::Unpaid),
        (403, S::Empty) => match credential {
            Kind::ApiKey => {
                Verdict::no(Status::Forbidden, Reason::MissingScope).explained_by(Explain::Scope)
            }
            Kind::Jwt => Verdict::no(Status::Forbidden, Reason::MissingScope),
            Kind::Session | Kind::Password => Verdict::no(Status::Forbidden, Reason::Unknown),
        },
        (403, S::Refusal { kind: None, .. }) if credential == Kind::Password => {
            Verdict::no(Status::Rejected, Reason::SignInLocked)
        }
        (403, S::Problem { .. }) => {
            Verdict::no(Status::Unavailable, Reason::Maintenance).retryable()
        }
        (403, S::Sentence(_)) => Verdict::no(Status::Forbidden, Reason::IpRestricted),
        (403 | 404 | 405 | 415, S::Refusal { .. }) => refused(),
        (403, _) => Verdict::no(Status::Forbidden, Reason::NotAPortal),
        (404, _) => Verdict::no(Status::NotFound, Reason::PortalNotFound),
        (408 | 499, _) => Verdict::maybe(Status::Transport, Reason::None),
        // By definition not processed.
        (421 | 425, _) => not_a_portal.retryable(),
        (401..=499, S::Refusal { .. }) => Verdict::no(Status::Rejected, Reason::Unknown),
        _ => not_a_portal,
    }
}

fn of_server_fault(http: u16, shape: &Shape) -> Verdict {
    let failed = Verdict::maybe(Status::Server, Reason::Unknown);
    match (http, shape) {
        (503, _) => Verdict::maybe(Status::Unavailable, Reason::Unknown),
        // A gateway's own: it may have forwarded the request.
        (502 | 504 | 520..=529, _) => failed,
        (
            500,
            Shape::Refusal {
                kind: Some(kind), ..
            },
        ) if is_old_refusal(kind) => failed
            .settled_by(Settle::OldRefusal)
            .explained_by(Explain::Facts),
        (_, Shape::Refusal { .. }) => failed.settled_by(Settle::Finished),
        _ => failed,
    }
}

/// The portal said no in its own words, which are never read: facts tell why.
const fn refused() -> Verdict {
    Verdict::no(Status::Rejected, Reason::Unknown).explained_by(Explain::Facts)
}

/// Portals before 3.5 refuse with these exceptions, as if they had failed.
fn is_old_refusal(kind: &str) -> bool {
    matches!(
        kind,
        "System.Exception" | "System.InvalidOperationException" | "System.NotSupportedException"
    ) || kind.ends_with("SecurityAccessDeniedException")
}

/// Whether a read that failed so may be repeated at once.
pub(crate) fn may_read_again(fault: &ReadFault) -> bool {
    match fault {
        ReadFault::Broken(broken) => of_broken(*broken).again,
        ReadFault::Answered(answer) => matches!(answer.reply.status, 429 | 502..=504),
        ReadFault::Unreadable(_) | ReadFault::Hidden => false,
    }
}

/// What reading back makes of a change whose outcome was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It was done: linked before, unlinked now.
    Done,
    /// It is unlinked now; nobody saw it linked before.
    UnlinkedNow,
    /// The failure stands, and nothing was changed.
    NotDone { retryable: bool },
    /// The failure stands; still linked, and a late effect is possible.
    StillLinked,
    /// A refusal stands although the app is unlinked now.
    RefusedButUnlinked,
    /// Nothing was learned.
    Open,
}

/// `before` and `now`: whether the app was seen linked.
pub(crate) fn settle(before: Option<bool>, now: Option<bool>, from: Settle) -> Settled {
    match (from, now) {
        (Settle::Not, _) | (_, None) => Settled::Open,
        (Settle::OldRefusal, Some(false)) => Settled::RefusedButUnlinked,
        (Settle::OldRefusal, Some(true)) => Settled::NotDone { retryable: false },
        (Settle::Finished, Some(true)) => Settled::NotDone { retryable: true },
        (Settle::Open, Some(true)) => Settled::StillLinked,
        (Settle::Open | Settle::Finished, Some(false)) if before == Some(true) => Settled::Done,
        (Settle::Open | Settle::Finished, Some(false)) => Settled::UnlinkedNow,
    }
}

#[cfg(test)]
mod tests;
