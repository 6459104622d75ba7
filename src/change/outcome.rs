//! What an exchange means for the account: the tables that decide status,
//! reason, `applied`, whether the same call may be tried again, and what may
//! be looked at afterwards. Pure; nothing here sends or waits.
//!
//! A change is "done" only by the portal's own success envelope, and "not done"
//! only where nothing left, or the portal or a gateway refused in a way that no
//! step after the change can. Everything else is "not known".

use std::time::Duration;

use crate::credential::Kind;
use crate::error::{Applied, Reason, Status};
use crate::portal::ReadFault;
use crate::portal::envelope::Shape;
use crate::transport::{BodyEnd, Broken, Cause, CertificateFault, Redirect, Reply};

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

/// How a `Maybe` is settled by looking at the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settle {
    Not,
    /// The answer was lost, or said nothing.
    LookBack,
    /// It was refused, perhaps after it was done.
    Refusal,
    /// A page that a wrong address gives, and some gateways for a lost answer.
    WrongAddress,
}

/// Whether reads may find a better reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Explain {
    Not,
    /// The scopes of the key.
    Scope,
    /// Caller, account and portal setting: a refusal without a doubt.
    Facts,
    /// The same, but only these reasons belong to what was answered.
    Only(&'static [Reason]),
}

/// What was asked. Only the unlink call is known step by step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Unlink,
    /// Another change.
    Write,
    Read,
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
            settle: Settle::LookBack,
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
        // The server asked for one, and says before any answer that it did not
        // listen for want of it: also after the request was sent.
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

/// What an answer means: a function of HTTP status and the shape of the body,
/// and of the credential for a refusal without words.
pub(crate) fn of_answer(asked: Asked, reply: &Reply, shape: &Shape, credential: Kind) -> Verdict {
    let http = reply.status;
    if http == 200 && matches!(shape, Shape::Envelope(envelope) if envelope.is_unlinked()) {
        // A whole envelope counts although the line broke behind it, or the
        // time was over: the portal has spoken.
        return Verdict::DONE;
    }
    if let BodyEnd::Stopped(cause) = reply.end {
        return of_broken(Broken { cause, sent: true });
    }
    // What it would have been is not known.
    let is_cut = matches!(shape, Shape::Half | Shape::Empty) && reply.end != BodyEnd::Whole;
    match http {
        200..=499 if is_cut => Verdict::maybe(Status::Transport, Reason::None),
        200 => of_success(shape, reply.end),
        201..=299 => Verdict::maybe(Status::Protocol, Reason::NotAPortal),
        300..=499 => of_late_word(asked, http, shape).unwrap_or_else(|| match http {
            300..=399 => of_redirect(http, reply.redirect),
            429 => of_limit(reply.retry_after),
            _ => of_refusal(asked, http, shape, credential),
        }),
        500..=599 => of_server_fault(http, shape),
        _ => Verdict::maybe(Status::Protocol, Reason::NotAPortal),
    }
}

/// A 200 that is not the portal's own word for a change.
fn of_success(shape: &Shape, end: BodyEnd) -> Verdict {
    match shape {
        Shape::Envelope(envelope) if envelope.contradicts() => {
            Verdict::maybe(Status::Protocol, Reason::Unknown)
        }
        Shape::Refusal { .. } | Shape::Validation { .. } => {
            Verdict::maybe(Status::Protocol, Reason::Unknown)
        }
        Shape::Page if end != BodyEnd::Whole => Verdict::maybe(Status::Transport, Reason::None),
        _ => Verdict::maybe(Status::Protocol, Reason::NotAPortal),
    }
}

/// A redirect or refusal that carries a word of the portal's own which the
/// unlink call does not say before it has begun.
fn of_late_word(asked: Asked, http: u16, shape: &Shape) -> Option<Verdict> {
    match shape {
        Shape::Envelope(envelope) if envelope.claims_success() => {
            Some(Verdict::maybe(Status::Protocol, Reason::Unknown))
        }
        Shape::Refusal { kind, .. } if asked != Asked::Read => {
            let is_known = match http {
                403 => is_plain_refusal(kind) || is_denial(kind),
                405 => is_plain_refusal(kind),
                415 => is_unsupported(kind),
                429 => true,
                _ => http < 400,
            };
            (!is_known).then_some(Verdict::maybe(Status::Server, Reason::Unknown))
        }
        _ => None,
    }
}

fn of_redirect(http: u16, to: Redirect) -> Verdict {
    // Gateways answer these instead of forwarding; 303 says "done, look there",
    // and another path may be the page for a lost answer.
    let is_instead = match http {
        301 | 308 => matches!(to, Redirect::OtherAuthority { .. }),
        302 | 307 => {
            matches!(to, Redirect::OtherAuthority { only_scheme_upgrade } if only_scheme_upgrade)
        }
        _ => false,
    };
    if is_instead {
        Verdict::no(Status::Redirected, Reason::Redirected)
    } else {
        Verdict::maybe(Status::Redirected, Reason::Redirected)
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

/// A 4xx: refused before anything was done, but for those that speak of time
/// and those that gateways make of a lost answer.
fn of_refusal(asked: Asked, http: u16, shape: &Shape, credential: Kind) -> Verdict {
    use Shape as S;
    let not_a_portal = Verdict::no(Status::Protocol, Reason::NotAPortal);
    match (http, shape) {
        (400, S::Validation { .. } | S::Refusal { .. }) => {
            Verdict::no(Status::Rejected, Reason::InvalidRequest)
        }
        (401, S::Empty | S::Problem { .. } | S::Refusal { .. }) => {
            Verdict::no(Status::Unauthorized, Reason::BadCredential)
        }
        (401, _) => Verdict::no(Status::Unauthorized, Reason::Unknown),
        (402, _) => Verdict::no(Status::Unavailable, Reason::Unpaid),
        (403, S::Empty) => match credential {
            Kind::ApiKey => {
                Verdict::no(Status::Forbidden, Reason::MissingScope).explained_by(Explain::Scope)
            }
            Kind::Jwt => Verdict::no(Status::Forbidden, Reason::MissingScope),
            Kind::Session | Kind::Password => Verdict::no(Status::Forbidden, Reason::Unknown),
        },
        (403, S::Problem { .. }) => {
            Verdict::no(Status::Unavailable, Reason::Maintenance).retryable()
        }
        (403, S::Sentence(_)) => Verdict::no(Status::Forbidden, Reason::IpRestricted),
        // Portals with API keys refuse in other words, but to those who are
        // not the owner; without keys it is an old one's, or a later step's.
        (403, S::Refusal { kind, .. }) if asked == Asked::Unlink && is_denial(kind) => {
            let may_be = match credential {
                Kind::ApiKey => &[Reason::NotOwner][..],
                _ => &[],
            };
            old_refusal(may_be)
        }
        (415, S::Refusal { .. }) if asked == Asked::Unlink => {
            old_refusal(&[Reason::AccountTerminated])
        }
        (403 | 404 | 405 | 415, S::Refusal { .. }) => {
            Verdict::no(Status::Rejected, Reason::Unknown).explained_by(Explain::Facts)
        }
        (403, _) => Verdict::no(Status::Forbidden, Reason::NotAPortal),
        (404, S::Problem { .. }) => Verdict::no(Status::NotFound, Reason::PortalNotFound),
        (404, S::Page | S::Empty) => Verdict::maybe(Status::NotFound, Reason::PortalNotFound)
            .settled_by(Settle::WrongAddress),
        (405, S::Page | S::Problem { .. } | S::Empty) => {
            Verdict::maybe(Status::Protocol, Reason::NotAPortal).settled_by(Settle::WrongAddress)
        }
        (408 | 499, _) => Verdict::maybe(Status::Transport, Reason::None),
        // By definition not processed.
        (421 | 425, _) => not_a_portal.retryable(),
        (_, S::Refusal { .. }) => Verdict::no(Status::Rejected, Reason::Unknown),
        _ => not_a_portal,
    }
}

fn of_server_fault(http: u16, shape: &Shape) -> Verdict {
    let failed = Verdict::maybe(Status::Server, Reason::Unknown);
    match (http, shape) {
        (503, _) => Verdict::maybe(Status::Unavailable, Reason::Unknown),
        (
            500,
            Shape::Refusal {
                kind: Some(kind), ..
            },
        ) => match reasons_before_35(kind) {
            Some(reasons) => old_refusal(reasons),
            None => failed,
        },
        _ => failed,
    }
}

/// May be a refusal, if a fact that belongs to it explains it; else the portal
/// failed, perhaps after it was done.
const fn old_refusal(reasons: &'static [Reason]) -> Verdict {
    Verdict::maybe(Status::Server, Reason::Unknown)
        .settled_by(Settle::Refusal)
        .explained_by(Explain::Only(reasons))
}

/// The exception that current portals refuse with, or none told. One derived
/// from it has another name, and comes from a step after the change.
fn is_plain_refusal(kind: &Option<String>) -> bool {
    matches!(
        kind.as_deref(),
        None | Some("System.InvalidOperationException")
    )
}

/// The exceptions of missing rights.
fn is_denial(kind: &Option<String>) -> bool {
    kind.as_deref().is_some_and(|kind| {
        matches!(
            kind,
            "System.Security.SecurityException" | "System.UnauthorizedAccessException"
        ) || kind.ends_with("AuthorizingException")
            || kind.ends_with("SecurityAccessDeniedException")
    })
}

/// Portals 2.5 to 3.2 say so of terminated accounts.
fn is_unsupported(kind: &Option<String>) -> bool {
    matches!(kind.as_deref(), None | Some("System.NotSupportedException"))
}

/// Portals before 3.5 refuse with these exceptions, as if they had failed: what
/// each can mean.
fn reasons_before_35(kind: &str) -> Option<&'static [Reason]> {
    match kind {
        "System.Exception" => Some(&[Reason::NoSuchAccount, Reason::HiddenByPortal]),
        "System.InvalidOperationException" => Some(&[]),
        "System.NotSupportedException" => Some(&[Reason::AccountTerminated]),
        kind if kind.ends_with("SecurityAccessDeniedException") => Some(&[Reason::NotOwner]),
        _ => None,
    }
}

/// Whether a read that failed so may be repeated at once.
pub(crate) fn may_read_again(fault: &ReadFault) -> bool {
    match fault {
        ReadFault::Broken(broken) => of_broken(*broken).again,
        ReadFault::Answered(answer) => matches!(answer.reply.status, 429 | 502..=504),
        ReadFault::Unreadable(_) | ReadFault::Hidden => false,
    }
}

#[cfg(test)]
mod tests;
