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
    /// The same entry may go better at once, or when the portal says so.
    Again,
    /// The portal is not there: begin nothing new for a while, then again.
    Outage,
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
    let (retryable, http) = (error.is_retryable(), error.http_status());
    match (error.status(), error.reason()) {
        (S::RateLimited, R::DailyLimit) => Concern::Run,
        (S::RateLimited, _) => Concern::Again,
        (S::Cancelled | S::Unauthorized | S::Forbidden | S::Redirected, _) => Concern::Run,
        (S::Unavailable, R::Unpaid) | (S::NotFound, R::PortalNotFound) => Concern::Run,
        (S::Rejected, R::SignInLocked | R::HiddenByPortal) => Concern::Run,
        (S::Unavailable, _) => Concern::Outage,
        (S::Server, _) if matches!(http, Some(502..=504 | 520..=529)) => Concern::Outage,
        (S::Resolve | S::Connect | S::Proxy | S::Tls, _) if retryable => Concern::Outage,
        (S::Resolve | S::Connect | S::Proxy | S::Tls | S::Argument, _) => Concern::Run,
        _ if retryable => Concern::Again,
        _ => Concern::Account,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        use Reason as R;
        use Status as S;
        let table = [
            (S::RateLimited, R::DailyLimit, 429, true, Concern::Run),
            (S::RateLimited, R::RateLimited, 429, true, Concern::Again),
            (S::Cancelled, R::None, 0, true, Concern::Run),
            (S::Unauthorized, R::BadCredential, 401, false, Concern::Run),
            (S::Forbidden, R::MissingScope, 403, false, Concern::Run),
            (S::Forbidden, R::IpRestricted, 403, false, Concern::Run),
            (S::Redirected, R::Redirected, 301, false, Concern::Run),
            (S::Unavailable, R::Unpaid, 402, false, Concern::Run),
            (S::Unavailable, R::Maintenance, 403, true, Concern::Outage),
            (S::Unavailable, R::Unknown, 503, true, Concern::Outage),
            (S::Server, R::Unknown, 502, true, Concern::Outage),
            (S::Server, R::Unknown, 500, true, Concern::Again),
            (S::Server, R::Unknown, 500, false, Concern::Account),
            (S::Connect, R::None, 0, true, Concern::Outage),
            (S::Resolve, R::None, 0, false, Concern::Run),
            (S::Tls, R::CertExpired, 0, false, Concern::Run),
            (S::Timeout, R::None, 0, true, Concern::Again),
            (S::Transport, R::None, 0, true, Concern::Again),
            (S::NotFound, R::PortalNotFound, 404, false, Concern::Run),
            (S::NotFound, R::NoSuchAccount, 404, false, Concern::Account),
            (S::Rejected, R::NotLinked, 403, false, Concern::Account),
            (S::Rejected, R::HiddenByPortal, 403, false, Concern::Run),
            (S::Rejected, R::NotOwner, 403, false, Concern::Account),
            (S::Protocol, R::NotAPortal, 200, false, Concern::Account),
        ];
        for (status, reason, http, retryable, expected) in table {
            let error = Error::new(status, Applied::No, "")
                .with_reason(reason)
                .with_http_status(http)
                .with_retryable(retryable);
            assert_eq!(concern(&error), expected, "{error:?}");
        }
    }
}
