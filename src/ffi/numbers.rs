//! The core's types as numbers, and numbers as the core's types.

use std::time::Duration;

use super::constants::*;
use crate::numbers::Numbered;
use crate::{AccountStatus, Error, LogLevel, Role, TfaMethod, Trust};

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
    known("method", number, "0 (none), 1 (sms) or 2 (app)")
}

pub(super) fn trust_from(number: i32) -> Result<Trust, Error> {
    known("trust", number, "0 (system), 1 (bundled) or 2 (file only)")
}

pub(super) fn level_from(number: i32) -> Result<LogLevel, Error> {
    known("level", number, "0 (off) to 4 (debug)")
}

/// `None` restricts nothing.
pub(super) fn account_status_from(number: i32) -> Result<Option<AccountStatus>, Error> {
    let expected = "-1 (any), 1 (active), 2 (terminated) or 4 (pending)";
    filter("status", number, AccountStatus::Unknown, expected)
}

/// `None` restricts nothing.
pub(super) fn role_from(number: i32) -> Result<Option<Role>, Error> {
    let expected = "-1 (any), or 1 (owner) to 5 (guest)";
    filter("role", number, Role::Unknown, expected)
}

fn known<T: Numbered>(parameter: &str, number: i32, expected: &str) -> Result<T, Error> {
    T::from_number(number).ok_or_else(|| out_of_range(parameter, number, expected))
}

/// What getters give for want of an answer is no filter.
fn filter<T: Numbered>(
    parameter: &str,
    number: i32,
    unknown: T,
    expected: &str,
) -> Result<Option<T>, Error> {
    if number == DSTFA_ANY {
        return Ok(None);
    }
    if number == unknown.number() {
        return Err(out_of_range(parameter, number, expected));
    }
    known(parameter, number, expected).map(Some)
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
    use crate::{Applied, Status};

    #[test]
    fn filters_restrict_nothing_for_any_and_take_no_unknown() {
        for known in [
            AccountStatus::Active,
            AccountStatus::Terminated,
            AccountStatus::Pending,
        ] {
            let back = account_status_from(known.number());
            assert_eq!(back.unwrap(), Some(known));
        }
        assert_eq!(role_from(DSTFA_ROLE_GUEST).unwrap(), Some(Role::Guest));
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
