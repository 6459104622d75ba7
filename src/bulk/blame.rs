//! Whose fault a failure is. What concerns the portal, the line or the
//! credential would befall every other account too: it ends or pauses the run
//! and is no word on the account.

use crate::error::{Error, Reason, Status};

/// What a failure that changed nothing means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// It is this account's outcome.
    Account,
    /// The same entry may go better at once, or when the portal says so.
    Again,
    /// The portal is not there: begin nothing new for a while, then again.
    Outage,
    /// Nothing will go better: the run ends.
    Run,
}

pub(super) fn of(error: &Error) -> Blame {
    use Reason as R;
    use Status as S;
    let (retryable, http) = (error.is_retryable(), error.http_status());
    match (error.status(), error.reason()) {
        (S::RateLimited, R::DailyLimit) => Blame::Run,
        (S::RateLimited, _) => Blame::Again,
        (S::Cancelled | S::Unauthorized | S::Forbidden | S::Redirected, _) => Blame::Run,
        (S::Unavailable, R::Unpaid) | (S::NotFound, R::PortalNotFound) => Blame::Run,
        (S::Rejected, R::SignInLocked | R::HiddenByPortal) => Blame::Run,
        (S::Unavailable, _) => Blame::Outage,
        (S::Server, _) if matches!(http, Some(502..=504 | 520..=529)) => Blame::Outage,
        (S::Resolve | S::Connect | S::Proxy | S::Tls, _) if retryable => Blame::Outage,
        (S::Resolve | S::Connect | S::Proxy | S::Tls | S::Argument, _) => Blame::Run,
        _ if retryable => Blame::Again,
        _ => Blame::Account,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Applied;

    #[test]
    fn the_table() {
        use Reason as R;
        use Status as S;
        let table = [
            (S::RateLimited, R::DailyLimit, 429, true, Blame::Run),
            (S::RateLimited, R::RateLimited, 429, true, Blame::Again),
            (S::Cancelled, R::None, 0, true, Blame::Run),
            (S::Unauthorized, R::BadCredential, 401, false, Blame::Run),
            (S::Forbidden, R::MissingScope, 403, false, Blame::Run),
            (S::Forbidden, R::IpRestricted, 403, false, Blame::Run),
            (S::Redirected, R::Redirected, 301, false, Blame::Run),
            (S::Unavailable, R::Unpaid, 402, false, Blame::Run),
            (S::Unavailable, R::Maintenance, 403, true, Blame::Outage),
            (S::Unavailable, R::Unknown, 503, true, Blame::Outage),
            (S::Server, R::Unknown, 502, true, Blame::Outage),
            (S::Server, R::Unknown, 500, true, Blame::Again),
            (S::Server, R::Unknown, 500, false, Blame::Account),
            (S::Connect, R::None, 0, true, Blame::Outage),
            (S::Resolve, R::None, 0, false, Blame::Run),
            (S::Tls, R::CertExpired, 0, false, Blame::Run),
            (S::Timeout, R::None, 0, true, Blame::Again),
            (S::Transport, R::None, 0, true, Blame::Again),
            (S::NotFound, R::PortalNotFound, 404, false, Blame::Run),
            (S::NotFound, R::NoSuchAccount, 404, false, Blame::Account),
            (S::Rejected, R::NotLinked, 403, false, Blame::Account),
            (S::Rejected, R::HiddenByPortal, 403, false, Blame::Run),
            (S::Rejected, R::NotOwner, 403, false, Blame::Account),
            (S::Protocol, R::NotAPortal, 200, false, Blame::Account),
        ];
        for (status, reason, http, retryable, blame) in table {
            let error = Error::new(status, Applied::No, "")
                .with_reason(reason)
                .with_http_status(http)
                .with_retryable(retryable);
            assert_eq!(of(&error), blame, "{error:?}");
        }
    }
}
