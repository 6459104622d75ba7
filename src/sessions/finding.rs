//! What an answer to this call means, before roles and ages are looked at.

use crate::change::outcome::Verdict;
use crate::error::{Applied, Reason, Status};
use crate::portal::Answer;
use crate::portal::envelope::Shape;
use crate::transport::BodyEnd;

/// What an answer, or none, means.
pub(super) struct Finding {
    pub(super) status: Status,
    pub(super) reason: Reason,
    pub(super) applied: Applied,
    pub(super) retryable: bool,
    /// A sentence that says more than status and reason do.
    pub(super) text: Option<&'static str>,
}

impl Finding {
    pub(super) const fn new(status: Status, reason: Reason, applied: Applied) -> Self {
        Finding {
            status,
            reason,
            applied,
            retryable: false,
            text: None,
        }
    }

    pub(super) const fn maybe(status: Status, reason: Reason) -> Self {
        Finding::new(status, reason, Applied::Maybe)
    }

    pub(super) const fn saying(self, text: &'static str) -> Self {
        Finding {
            text: Some(text),
            ..self
        }
    }

    pub(super) fn of(verdict: &Verdict) -> Self {
        let status = match verdict.status {
            Some(status) => status,
            // What would be the success of another call.
            None => return Finding::maybe(Status::Protocol, Reason::NotAPortal),
        };
        Finding {
            retryable: verdict.retryable,
            ..Finding::new(status, verdict.reason, verdict.applied)
        }
    }
}

/// The exceptions that say "Access denied", and those that say nothing.
pub(super) fn is_denial(kind: Option<&str>) -> bool {
    match kind {
        None => true,
        Some(kind) => {
            matches!(
                kind,
                "System.Security.SecurityException" | "System.UnauthorizedAccessException"
            ) || kind.ends_with("AuthorizingException")
                || kind.ends_with("SecurityAccessDeniedException")
        }
    }
}

/// Portals before 3.0 say it with nothing at all. This one has answered reads
/// with envelopes just now, so nothing is what it says, not what a gateway does.
pub(super) fn is_done(answer: &Answer) -> bool {
    let reply = &answer.reply;
    let is_nothing = matches!(answer.shape, Shape::Empty)
        && reply.status == 200
        && reply.end == BodyEnd::Whole
        && !reply.encoded;
    is_nothing || answer.is_success()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Reply;

    fn answered(body: &[u8], end: BodyEnd) -> Answer {
        let reply = Reply {
            end,
            ..Reply::for_test(200, body)
        };
        let shape = Shape::of(&reply);
        Answer { reply, shape }
    }

    #[test]
    fn a_whole_envelope_counts_however_it_ends_and_nothing_only_if_it_is_whole() {
        let envelope = br#"{"count":0,"status":0,"statusCode":200}"#;
        for end in [BodyEnd::Whole, BodyEnd::Cut] {
            assert!(is_done(&answered(envelope, end)));
            assert!(!is_done(&answered(&envelope[..20], end)));
        }
        assert!(is_done(&answered(b"", BodyEnd::Whole)));
        assert!(!is_done(&answered(b"", BodyEnd::Cut)));
    }
}
