//! The core's types as numbers, and numbers as the core's types.

use std::time::Duration;

use super::constants::*;
use crate::{
    AccountStatus, Applied, Error, ItemOutcome, LogLevel, NextSignIn, Reason, Role, Status,
    TfaMethod, Trust,
};

pub(super) const fn status(status: Status) -> dstfa_status {
    status as dstfa_status
}

pub(super) fn status_from(number: dstfa_status) -> Option<Status> {
    let mut all = Status::ALL.iter().copied();
    all.find(|known| status(*known) == number)
}

pub(super) const fn reason(reason: Reason) -> i32 {
    reason as i32
}

pub(super) fn reason_from(number: i32) -> Option<Reason> {
    let mut all = Reason::ALL.iter().copied();
    all.find(|known| reason(*known) == number)
}

/// A number of C as one of the core's types.
trait FromNumber: Sized {
    fn from_number(number: i32) -> Option<Self>;
}

/// Each value beside its constant, which has to be its number in Rust too.
macro_rules! numbered {
    ($type:ident, $number:ident: $($value:ident = $constant:ident),* $(,)?) => {
        pub(super) const fn $number(value: $type) -> i32 {
            match value {
                $($type::$value => const {
                    assert!($type::$value as i32 == $constant);
                    $constant
                },)*
            }
        }

        impl FromNumber for $type {
            fn from_number(number: i32) -> Option<Self> {
                match number {
                    $($constant => Some($type::$value),)*
                    _ => None,
                }
            }
        }
    };
}

numbered! {
    Applied, applied:
    Maybe = DSTFA_APPLIED_MAYBE, No = DSTFA_APPLIED_NO, Yes = DSTFA_APPLIED_YES,
}

numbered! {
    NextSignIn, next_sign_in:
    Unknown = DSTFA_NEXT_UNKNOWN, Nothing = DSTFA_NEXT_NOTHING, Enrol = DSTFA_NEXT_ENROL,
    App = DSTFA_NEXT_APP, Sms = DSTFA_NEXT_SMS, Sso = DSTFA_NEXT_SSO,
}

numbered! {
    AccountStatus, account_status:
    Unknown = DSTFA_ACCOUNT_UNKNOWN, Active = DSTFA_ACCOUNT_ACTIVE,
    Terminated = DSTFA_ACCOUNT_TERMINATED, Pending = DSTFA_ACCOUNT_PENDING,
}

numbered! {
    Role, role:
    Unknown = DSTFA_ROLE_UNKNOWN, Owner = DSTFA_ROLE_OWNER, Admin = DSTFA_ROLE_ADMIN,
    RoomAdmin = DSTFA_ROLE_ROOM_ADMIN, User = DSTFA_ROLE_USER, Guest = DSTFA_ROLE_GUEST,
}

numbered! {
    ItemOutcome, item_outcome:
    Unknown = DSTFA_ITEM_UNKNOWN, Applied = DSTFA_ITEM_APPLIED, Refused = DSTFA_ITEM_REFUSED,
    Skipped = DSTFA_ITEM_SKIPPED, WouldApply = DSTFA_ITEM_WOULD_APPLY,
}

numbered! {
    LogLevel, level:
    Off = DSTFA_LOG_OFF, Error = DSTFA_LOG_ERROR, Warn = DSTFA_LOG_WARN, Info = DSTFA_LOG_INFO,
    Debug = DSTFA_LOG_DEBUG,
}

numbered! {
    TfaMethod, method:
    None = DSTFA_METHOD_NONE, Sms = DSTFA_METHOD_SMS, App = DSTFA_METHOD_APP,
}

pub(super) fn item_outcome_from(number: i32) -> Option<ItemOutcome> {
    ItemOutcome::from_number(number)
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
    let expected = "0 (none), 1 (sms) or 2 (app)";
    TfaMethod::from_number(number).ok_or_else(|| out_of_range("method", number, expected))
}

pub(super) fn trust_from(number: i32) -> Result<Trust, Error> {
    match number {
        DSTFA_TRUST_SYSTEM => Ok(Trust::System),
        DSTFA_TRUST_BUNDLED => Ok(Trust::Bundled),
        DSTFA_TRUST_ADDED_ONLY => Ok(Trust::AddedOnly),
        _ => Err(out_of_range(
            "trust",
            number,
            "0 (system), 1 (bundled) or 2 (file only)",
        )),
    }
}

pub(super) fn level_from(number: i32) -> Result<LogLevel, Error> {
    let expected = "0 (off) to 4 (debug)";
    LogLevel::from_number(number).ok_or_else(|| out_of_range("level", number, expected))
}

/// `None` restricts nothing.
pub(super) fn account_status_from(number: i32) -> Result<Option<AccountStatus>, Error> {
    let expected = "-1 (any), 1 (active), 2 (terminated) or 4 (pending)";
    filter(number, AccountStatus::Unknown).ok_or_else(|| out_of_range("status", number, expected))
}

/// `None` restricts nothing.
pub(super) fn role_from(number: i32) -> Result<Option<Role>, Error> {
    let expected = "-1 (any), or 1 (owner) to 5 (guest)";
    filter(number, Role::Unknown).ok_or_else(|| out_of_range("role", number, expected))
}

/// What getters give for want of an answer is no filter.
fn filter<T: FromNumber + PartialEq>(number: i32, unknown: T) -> Option<Option<T>> {
    if number == DSTFA_ANY {
        return Some(None);
    }
    let asked = T::from_number(number).filter(|value| *value != unknown)?;
    Some(Some(asked))
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
        for number in DSTFA_ITEM_UNKNOWN..=DSTFA_ITEM_WOULD_APPLY {
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
