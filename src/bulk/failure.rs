//! Whom a failure concerns. What concerns the portal, the line or the
//! credential would befall every other account too: it ends or pauses the run
//! and is no word on the account.

use crate::error::{Applied, Error, Reason, Status};
use crate::message;

/// What a failure that changed nothing means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    /// It is this account's outcome.
    Account,
    /// The same entry again, when the portal says so.
    Limited,
    /// The portal is not there: begin nothing new for a while, then again.
    Outage,
    /// It would befall every other entry, or just this one: another is tried.
    Aside,
    /// Nothing will go better: the run ends.
    Run,
}

/// A failure of the run, or one that was foreseen without asking the portal.
pub(super) fn failure(status: Status, reason: Reason) -> Error {
    let text = message::of_failure(status, reason, Applied::No);
    Error::new(status, Applied::No, text).with_reason(reason)
}

pub(super) fn concern(error: &Error) -> Concern {
    use Reason as R;
    use Status as S;
    let http = error.http_status();
    match (error.status(), error.reason()) {
        (S::RateLimited, R::DailyLimit) => Concern::Run,
        (S::RateLimited, _) => Concern::Limited,
        (S::Server | S::Unavailable, _) if matches!(http, Some(502..=504 | 520..=529)) => {
            Concern::Outage
        }
        (S::Tls, R::CertClientNeeded) => Concern::Aside,
        (S::Resolve | S::Connect | S::Proxy | S::Tls | S::Timeout | S::Cancelled, _) => {
            Concern::Run
        }
        (S::Argument | S::State | S::Unsupported | S::Io | S::Journal | S::Internal, _) => {
            Concern::Run
        }
        (S::Unauthorized | S::Forbidden | S::Redirected | S::Unavailable, _) => Concern::Aside,
        (S::Protocol | S::Transport, _) => Concern::Aside,
        (S::NotFound, R::PortalNotFound) => Concern::Aside,
        (S::Rejected, R::HiddenByPortal | R::SignInLocked) => Concern::Aside,
        _ => Concern::Account,
    }
}

/// Whether a later run may judge a refusal anew: nothing of it was sent, or it
/// was no word on the account, or a word that a day can change.
pub(super) fn may_come_again(error: &Error) -> bool {
    use Reason as R;
    error.http_status().is_none()
        || concern(error) != Concern::Account
        || matches!(
            error.reason(),
            R::NotOwner | R::NoSuchAccount | R::AccountTerminated | R::HiddenByPortal
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        use Reason as R;
        use Status as S;
        // status, reason, HTTP status, concern, may come again
        let table = [
            (S::RateLimited, R::DailyLimit, 429, Concern::Run, true),
            (S::RateLimited, R::RateLimited, 429, Concern::Limited, true),
            (S::Cancelled, R::None, 0, Concern::Run, true),
            (S::Unauthorized, R::BadCredential, 401, Concern::Aside, true),
            (S::Forbidden, R::MissingScope, 403, Concern::Aside, true),
            (S::Forbidden, R::IpRestricted, 403, Concern::Aside, true),
            (S::Forbidden, R::NotAPortal, 403, Concern::Aside, true),
            (S::Redirected, R::Redirected, 301, Concern::Aside, true),
            (S::Unavailable, R::Unpaid, 402, Concern::Aside, true),
            (S::Unavailable, R::Maintenance, 403, Concern::Aside, true),
            (S::Unavailable, R::Unknown, 503, Concern::Outage, true),
            (S::Server, R::Unknown, 502, Concern::Outage, true),
            (S::Server, R::Unknown, 500, Concern::Account, false),
            (S::Connect, R::None, 0, Concern::Run, true),
            (S::Resolve, R::None, 0, Concern::Run, true),
            (S::Tls, R::CertExpired, 0, Concern::Run, true),
            (S::Tls, R::CertClientNeeded, 0, Concern::Aside, true),
            (S::Timeout, R::None, 0, Concern::Run, true),
            (S::Transport, R::None, 0, Concern::Aside, true),
            (S::NotFound, R::PortalNotFound, 404, Concern::Aside, true),
            (S::NotFound, R::NoSuchAccount, 404, Concern::Account, true),
            (S::Rejected, R::NotLinked, 403, Concern::Account, false),
            (S::Rejected, R::InvalidRequest, 400, Concern::Account, false),
            (
                S::Rejected,
                R::AccountTerminated,
                403,
                Concern::Account,
                true,
            ),
            (S::Rejected, R::NotOwner, 403, Concern::Account, true),
            (S::Rejected, R::HiddenByPortal, 403, Concern::Aside, true),
            (S::Protocol, R::NotAPortal, 413, Concern::Aside, true),
        ];
        for (status, reason, http, expected, again) in table {
            let error = Error::new(status, Applied::No, "")
                .with_reason(reason)
                .with_http_status(http);
            assert_eq!(concern(&error), expected, "{error:?}");
            assert_eq!(may_come_again(&error), again, "{error:?}");
        }
    }
}
