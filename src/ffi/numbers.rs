//! The core's types as numbers, and numbers as the core's types.

use std::time::Duration;

use super::constants::*;
use crate::{
    AccountStatus, Applied, Error, ItemOutcome, LogLevel, NextSignIn, Reason, Role, Status,
    TfaMethod, Trust,
};

pub(super) const fn status(status: Status) -> dstfa_status {
    match status {
        Status::Argument => DSTFA_E_ARGUMENT,
        Status::State => DSTFA_E_STATE,
        Status::Unsupported => DSTFA_E_UNSUPPORTED,
        Status::Resolve => DSTFA_E_RESOLVE,
        Status::Connect => DSTFA_E_CONNECT,
        Status::Proxy => DSTFA_E_PROXY,
        Status::Tls => DSTFA_E_TLS,
        Status::Timeout => DSTFA_E_TIMEOUT,
        Status::Transport => DSTFA_E_TRANSPORT,
        Status::Unauthorized => DSTFA_E_UNAUTHORIZED,
        Status::Forbidden => DSTFA_E_FORBIDDEN,
        Status::NotFound => DSTFA_E_NOT_FOUND,
        Status::Rejected => DSTFA_E_REJECTED,
        Status::Unavailable => DSTFA_E_UNAVAILABLE,
        Status::RateLimited => DSTFA_E_RATE_LIMITED,
        Status::Server => DSTFA_E_SERVER,
        Status::Protocol => DSTFA_E_PROTOCOL,
        Status::Unverified => DSTFA_E_UNVERIFIED,
        Status::Redirected => DSTFA_E_REDIRECTED,
        Status::Cancelled => DSTFA_E_CANCELLED,
        Status::Io => DSTFA_E_IO,
        Status::Busy => DSTFA_E_BUSY,
        Status::Journal => DSTFA_E_JOURNAL,
        Status::Internal => DSTFA_E_INTERNAL,
    }
}

pub(super) const fn reason(reason: Reason) -> i32 {
    match reason {
        Reason::None => DSTFA_REASON_NONE,
        Reason::Unknown => DSTFA_REASON_UNKNOWN,
        Reason::BadCredential => DSTFA_REASON_BAD_CREDENTIAL,
        Reason::MissingScope => DSTFA_REASON_MISSING_SCOPE,
        Reason::NotOwner => DSTFA_REASON_NOT_OWNER,
        Reason::NotAdmin => DSTFA_REASON_NOT_ADMIN,
        Reason::IpRestricted => DSTFA_REASON_IP_RESTRICTED,
        Reason::SignInLocked => DSTFA_REASON_SIGN_IN_LOCKED,
        Reason::NoSuchAccount => DSTFA_REASON_NO_SUCH_ACCOUNT,
        Reason::AccountTerminated => DSTFA_REASON_ACCOUNT_TERMINATED,
        Reason::NotLinked => DSTFA_REASON_NOT_LINKED,
        Reason::HiddenByPortal => DSTFA_REASON_HIDDEN_BY_PORTAL,
        Reason::MethodUnavailable => DSTFA_REASON_METHOD_UNAVAILABLE,
        Reason::InvalidRequest => DSTFA_REASON_INVALID_REQUEST,
        Reason::PortalNotFound => DSTFA_REASON_PORTAL_NOT_FOUND,
        Reason::Unpaid => DSTFA_REASON_UNPAID,
        Reason::Maintenance => DSTFA_REASON_MAINTENANCE,
        Reason::RateLimited => DSTFA_REASON_RATE_LIMITED,
        Reason::DailyLimit => DSTFA_REASON_DAILY_LIMIT,
        Reason::Redirected => DSTFA_REASON_REDIRECTED,
        Reason::NotAPortal => DSTFA_REASON_NOT_A_PORTAL,
        Reason::CertUntrusted => DSTFA_REASON_CERT_UNTRUSTED,
        Reason::CertExpired => DSTFA_REASON_CERT_EXPIRED,
        Reason::CertNotYetValid => DSTFA_REASON_CERT_NOT_YET_VALID,
        Reason::CertWrongHost => DSTFA_REASON_CERT_WRONG_HOST,
        Reason::CertClientNeeded => DSTFA_REASON_CERT_CLIENT_NEEDED,
        Reason::ProxyAuth => DSTFA_REASON_PROXY_AUTH,
    }
}

pub(super) const fn applied(applied: Applied) -> i32 {
    match applied {
        Applied::Maybe => DSTFA_APPLIED_MAYBE,
        Applied::No => DSTFA_APPLIED_NO,
        Applied::Yes => DSTFA_APPLIED_YES,
    }
}

pub(super) const fn next_sign_in(next: NextSignIn) -> i32 {
    match next {
        NextSignIn::Unknown => DSTFA_NEXT_UNKNOWN,
        NextSignIn::Nothing => DSTFA_NEXT_NOTHING,
        NextSignIn::Enrol => DSTFA_NEXT_ENROL,
        NextSignIn::App => DSTFA_NEXT_APP,
        NextSignIn::Sms => DSTFA_NEXT_SMS,
        NextSignIn::Sso => DSTFA_NEXT_SSO,
    }
}

pub(super) const fn account_status(status: AccountStatus) -> i32 {
    match status {
        AccountStatus::Unknown => DSTFA_ACCOUNT_UNKNOWN,
        AccountStatus::Active => DSTFA_ACCOUNT_ACTIVE,
        AccountStatus::Terminated => DSTFA_ACCOUNT_TERMINATED,
        AccountStatus::Pending => DSTFA_ACCOUNT_PENDING,
    }
}

pub(super) const fn role(role: Role) -> i32 {
    match role {
        Role::Unknown => DSTFA_ROLE_UNKNOWN,
        Role::Owner => DSTFA_ROLE_OWNER,
        Role::Admin => DSTFA_ROLE_ADMIN,
        Role::RoomAdmin => DSTFA_ROLE_ROOM_ADMIN,
        Role::User => DSTFA_ROLE_USER,
        Role::Guest => DSTFA_ROLE_GUEST,
    }
}

pub(super) const fn item_outcome(outcome: ItemOutcome) -> i32 {
    match outcome {
        ItemOutcome::Unknown => DSTFA_ITEM_UNKNOWN,
        ItemOutcome::Applied => DSTFA_ITEM_APPLIED,
        ItemOutcome::Refused => DSTFA_ITEM_REFUSED,
        ItemOutcome::Skipped => DSTFA_ITEM_SKIPPED,
        ItemOutcome::Would => DSTFA_ITEM_WOULD,
    }
}

pub(super) const fn item_outcome_from(number: i32) -> Option<ItemOutcome> {
    match number {
        DSTFA_ITEM_UNKNOWN => Some(ItemOutcome::Unknown),
        DSTFA_ITEM_APPLIED => Some(ItemOutcome::Applied),
        DSTFA_ITEM_REFUSED => Some(ItemOutcome::Refused),
        DSTFA_ITEM_SKIPPED => Some(ItemOutcome::Skipped),
        DSTFA_ITEM_WOULD => Some(ItemOutcome::Would),
        _ => None,
    }
}

pub(super) const fn level(level: LogLevel) -> i32 {
    match level {
        LogLevel::Off => DSTFA_LOG_OFF,
        LogLevel::Error => DSTFA_LOG_ERROR,
        LogLevel::Warn => DSTFA_LOG_WARN,
        LogLevel::Info => DSTFA_LOG_INFO,
        LogLevel::Debug => DSTFA_LOG_DEBUG,
    }
}

pub(super) const fn method(method: TfaMethod) -> i32 {
    match method {
        TfaMethod::None => DSTFA_METHOD_NONE,
        TfaMethod::Sms => DSTFA_METHOD_SMS,
        TfaMethod::App => DSTFA_METHOD_APP,
    }
}

pub(super) fn method_or_unknown(asked: Option<TfaMethod>) -> i32 {
    asked.map_or(DSTFA_METHOD_UNKNOWN, method)
}

pub(super) const fn three_valued(answer: Option<bool>) -> i32 {
    match answer {
        None => DSTFA_UNKNOWN,
        Some(false) => DSTFA_NO,
        Some(true) => DSTFA_YES,
    }
}

/// Languages without unsigned numbers read these too.
pub(super) fn saturated(count: impl TryInto<i32>) -> u32 {
    count.try_into().unwrap_or(i32::MAX).unsigned_abs()
}

/// Rounded up: waiting a fraction too little would be in vain.
pub(super) fn milliseconds(wait: Option<Duration>) -> u32 {
    saturated(wait.unwrap_or_default().as_nanos().div_ceil(1_000_000))
}

pub(super) fn method_from(number: i32) -> Result<TfaMethod, Error> {
    match number {
        DSTFA_METHOD_NONE => Ok(TfaMethod::None),
        DSTFA_METHOD_SMS => Ok(TfaMethod::Sms),
        DSTFA_METHOD_APP => Ok(TfaMethod::App),
        _ => Err(out_of_range(
            "method",
            number,
            "0 (none), 1 (sms) or 2 (app)",
        )),
    }
}

pub(super) fn trust_from(number: i32) -> Result<Trust, Error> {
    match number {
        DSTFA_TRUST_SYSTEM => Ok(Trust::System),
        DSTFA_TRUST_BUNDLED => Ok(Trust::Bundled),
        DSTFA_TRUST_FILE_ONLY => Ok(Trust::FileOnly),
        _ => Err(out_of_range(
            "trust",
            number,
            "0 (system), 1 (bundled) or 2 (file only)",
        )),
    }
}

pub(super) fn level_from(number: i32) -> Result<LogLevel, Error> {
    match number {
        DSTFA_LOG_OFF => Ok(LogLevel::Off),
        DSTFA_LOG_ERROR => Ok(LogLevel::Error),
        DSTFA_LOG_WARN => Ok(LogLevel::Warn),
        DSTFA_LOG_INFO => Ok(LogLevel::Info),
        DSTFA_LOG_DEBUG => Ok(LogLevel::Debug),
        _ => Err(out_of_range("level", number, "0 (off) to 4 (debug)")),
    }
}

/// `None` restricts nothing.
pub(super) fn account_status_from(number: i32) -> Result<Option<AccountStatus>, Error> {
    match number {
        DSTFA_ANY => Ok(None),
        DSTFA_ACCOUNT_ACTIVE => Ok(Some(AccountStatus::Active)),
        DSTFA_ACCOUNT_TERMINATED => Ok(Some(AccountStatus::Terminated)),
        DSTFA_ACCOUNT_PENDING => Ok(Some(AccountStatus::Pending)),
        _ => Err(out_of_range(
            "status",
            number,
            "-1 (any), 1 (active), 2 (terminated) or 4 (pending)",
        )),
    }
}

/// `None` restricts nothing.
pub(super) fn role_from(number: i32) -> Result<Option<Role>, Error> {
    match number {
        DSTFA_ANY => Ok(None),
        DSTFA_ROLE_OWNER => Ok(Some(Role::Owner)),
        DSTFA_ROLE_ADMIN => Ok(Some(Role::Admin)),
        DSTFA_ROLE_ROOM_ADMIN => Ok(Some(Role::RoomAdmin)),
        DSTFA_ROLE_USER => Ok(Some(Role::User)),
        DSTFA_ROLE_GUEST => Ok(Some(Role::Guest)),
        _ => Err(out_of_range(
            "role",
            number,
            "-1 (any), or 1 (owner) to 5 (guest)",
        )),
    }
}

pub(super) fn switch_from(number: i32) -> Result<bool, Error> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(out_of_range("enabled", number, "0 or 1")),
    }
}

fn out_of_range(parameter: &str, number: i32, expected: &str) -> Error {
    Error::argument(format!(
        "{parameter}: {number} is not one of its values; give {expected}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_go_there_and_back() {
        for number in [DSTFA_METHOD_NONE, DSTFA_METHOD_SMS, DSTFA_METHOD_APP] {
            assert_eq!(method(method_from(number).unwrap()), number);
        }
        for number in [
            DSTFA_LOG_OFF,
            DSTFA_LOG_ERROR,
            DSTFA_LOG_WARN,
            DSTFA_LOG_DEBUG,
        ] {
            assert_eq!(level(level_from(number).unwrap()), number);
        }
    }

    #[test]
    fn filters_and_outcomes_go_there_and_back() {
        for number in [
            DSTFA_ACCOUNT_ACTIVE,
            DSTFA_ACCOUNT_TERMINATED,
            DSTFA_ACCOUNT_PENDING,
        ] {
            let back = account_status_from(number).unwrap().map(account_status);
            assert_eq!(back, Some(number));
        }
        for number in DSTFA_ROLE_OWNER..=DSTFA_ROLE_GUEST {
            let back = role_from(number).unwrap().map(role);
            assert_eq!(back, Some(number));
        }
        for number in DSTFA_ITEM_UNKNOWN..=DSTFA_ITEM_WOULD {
            let back = item_outcome_from(number).map(item_outcome);
            assert_eq!(back, Some(number));
        }
        assert_eq!(item_outcome_from(-1), None);
        assert_eq!(item_outcome_from(5), None);
        assert_eq!(account_status_from(DSTFA_ANY).unwrap(), None);
        assert_eq!(role_from(DSTFA_ANY).unwrap(), None);
        // A zero forgotten there would list nobody.
        for number in [0, 3, 5, -2] {
            let error = account_status_from(number).unwrap_err();
            assert!(error.message().starts_with("status: "));
        }
        for number in [0, 6, -2] {
            let error = role_from(number).unwrap_err();
            assert!(error.message().starts_with("role: "));
        }
    }

    #[test]
    fn other_numbers_are_argument_errors_that_name_the_parameter() {
        for number in [-1, 5, 99, i32::MIN, i32::MAX] {
            let table = [
                (method_from(number).err(), "method: "),
                (trust_from(number).err(), "trust: "),
                (level_from(number).err(), "level: "),
                (switch_from(number).err(), "enabled: "),
            ];
            for (error, start) in table {
                let error = error.unwrap();
                assert_eq!(
                    (error.status(), error.applied()),
                    (Status::Argument, Applied::No)
                );
                assert!(error.message().starts_with(start), "{}", error.message());
            }
        }
    }

    #[test]
    fn numbers_saturate_where_signed_ones_end() {
        assert_eq!(saturated(0u32), 0);
        assert_eq!(saturated(7u32), 7);
        assert_eq!(saturated(u32::MAX), 2_147_483_647);
        assert_eq!(milliseconds(None), 0);
        assert_eq!(milliseconds(Some(Duration::from_micros(1500))), 2);
        assert_eq!(milliseconds(Some(Duration::from_secs(30))), 30_000);
        assert_eq!(milliseconds(Some(Duration::MAX)), 2_147_483_647);
    }
}
