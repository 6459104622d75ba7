//! Status and reason as a journal spells them: as the C API does.

use crate::error::{Reason, Status};

const STATUSES: [(Status, &str); 25] = [
    (Status::Argument, "DSTFA_E_ARGUMENT"),
    (Status::State, "DSTFA_E_STATE"),
    (Status::Unsupported, "DSTFA_E_UNSUPPORTED"),
    (Status::Resolve, "DSTFA_E_RESOLVE"),
    (Status::Connect, "DSTFA_E_CONNECT"),
    (Status::Proxy, "DSTFA_E_PROXY"),
    (Status::Tls, "DSTFA_E_TLS"),
    (Status::Timeout, "DSTFA_E_TIMEOUT"),
    (Status::Transport, "DSTFA_E_TRANSPORT"),
    (Status::Unauthorized, "DSTFA_E_UNAUTHORIZED"),
    (Status::Forbidden, "DSTFA_E_FORBIDDEN"),
    (Status::NotFound, "DSTFA_E_NOT_FOUND"),
    (Status::Rejected, "DSTFA_E_REJECTED"),
    (Status::Unavailable, "DSTFA_E_UNAVAILABLE"),
    (Status::RateLimited, "DSTFA_E_RATE_LIMITED"),
    (Status::Server, "DSTFA_E_SERVER"),
    (Status::Protocol, "DSTFA_E_PROTOCOL"),
    (Status::Unverified, "DSTFA_E_UNVERIFIED"),
    (Status::Redirected, "DSTFA_E_REDIRECTED"),
    (Status::Cancelled, "DSTFA_E_CANCELLED"),
    (Status::Io, "DSTFA_E_IO"),
    (Status::Busy, "DSTFA_E_BUSY"),
    (Status::Journal, "DSTFA_E_JOURNAL"),
    (Status::Internal, "DSTFA_E_INTERNAL"),
    // Read, never written: another spelling of the last resort.
    (Status::Internal, "DSTFA_E_?"),
];

const REASONS: [(Reason, &str); 30] = [
    (Reason::None, ""),
    (Reason::Unknown, "UNKNOWN"),
    (Reason::BadCredential, "BAD_CREDENTIAL"),
    (Reason::MissingScope, "MISSING_SCOPE"),
    (Reason::NotOwner, "NOT_OWNER"),
    (Reason::NotAdmin, "NOT_ADMIN"),
    (Reason::IpRestricted, "IP_RESTRICTED"),
    (Reason::SignInLocked, "SIGN_IN_LOCKED"),
    (Reason::NoSuchAccount, "NO_SUCH_ACCOUNT"),
    (Reason::AccountTerminated, "ACCOUNT_TERMINATED"),
    // As journals may also say it.
    (Reason::AccountTerminated, "TERMINATED"),
    (Reason::NotLinked, "NOT_LINKED"),
    (Reason::HiddenByPortal, "HIDDEN_BY_PORTAL"),
    (Reason::MethodUnavailable, "METHOD_UNAVAILABLE"),
    (Reason::InvalidRequest, "INVALID_REQUEST"),
    (Reason::PortalNotFound, "PORTAL_NOT_FOUND"),
    (Reason::Unpaid, "UNPAID"),
    (Reason::Maintenance, "MAINTENANCE"),
    (Reason::RateLimited, "RATE_LIMITED"),
    (Reason::DailyLimit, "DAILY_LIMIT"),
    (Reason::Redirected, "REDIRECTED"),
    (Reason::NotAPortal, "NOT_A_PORTAL"),
    (Reason::CertUntrusted, "CERT_UNTRUSTED"),
    (Reason::CertExpired, "CERT_EXPIRED"),
    (Reason::CertNotYetValid, "CERT_NOT_YET_VALID"),
    (Reason::CertWrongHost, "CERT_WRONG_HOST"),
    (Reason::CertClientNeeded, "CERT_CLIENT_NEEDED"),
    (Reason::ProxyAuth, "PROXY_AUTH"),
    (Reason::None, "NONE"),
    (Reason::Unknown, "?"),
];

/// `None` is success.
pub(super) fn of_status(status: Option<Status>) -> &'static str {
    let Some(status) = status else {
        return "DSTFA_OK";
    };
    name(&STATUSES, status)
}

/// `None`: success, or a name of a later version.
pub(super) fn status(name: &str) -> Option<Status> {
    value(&STATUSES, name)
}

pub(super) fn of_reason(reason: Reason) -> &'static str {
    name(&REASONS, reason)
}

pub(super) fn reason(name: &str) -> Reason {
    value(&REASONS, name).unwrap_or(Reason::Unknown)
}

pub(super) fn name<T: Copy + PartialEq>(table: &[(T, &'static str)], wanted: T) -> &'static str {
    table
        .iter()
        .find_map(|(value, name)| (*value == wanted).then_some(*name))
        .unwrap_or("?")
}

pub(super) fn value<T: Copy>(table: &[(T, &'static str)], wanted: &str) -> Option<T> {
    table
        .iter()
        .find_map(|(value, name)| (*name == wanted).then_some(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back() {
        for (value, _) in STATUSES {
            assert_eq!(status(of_status(Some(value))), Some(value));
        }
        for (value, _) in REASONS {
            assert_eq!(reason(of_reason(value)), value);
        }
        assert_eq!(status("DSTFA_OK"), None);
        assert_eq!(reason("FROM_LATER"), Reason::Unknown);
    }
}
