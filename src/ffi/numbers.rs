//! The core's types as numbers, and numbers as the core's types.

use std::time::Duration;

use super::constants::*;
use crate::Error;
use crate::numbers::Numbered;

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

/// The value that a caller means.
pub(super) fn known<T: Numbered>(parameter: &str, number: i32) -> Result<T, Error> {
    T::from_number(number).ok_or_else(|| out_of_range(parameter, number, T::NAMES))
}

/// The same for a filter; `None` restricts nothing. What getters give for want of
/// an answer, the first one, is no filter.
pub(super) fn filter<T: Numbered>(parameter: &str, number: i32) -> Result<Option<T>, Error> {
    let values = T::NAMES.split_once(' ').map_or("", |(_, others)| others);
    match T::from_number(number) {
        Some(value) if number != 0 => Ok(Some(value)),
        None if number == DSTFA_ANY => Ok(None),
        _ => Err(out_of_range(
            parameter,
            number,
            &format!("DSTFA_ANY, {values}"),
        )),
    }
}

pub(super) fn switch_from(number: i32) -> Result<bool, Error> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(out_of_range("enabled", number, "0, 1")),
    }
}

fn out_of_range(parameter: &str, number: i32, values: &str) -> Error {
    let values = values.trim_end_matches(", ");
    Error::argument(format!(
        "{parameter}: {number} is none of its values; give one of {values}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountStatus, Applied, LogLevel, Role, Status, TfaMethod, Trust};

    #[test]
    fn filters_restrict_nothing_for_any_and_take_no_unknown() {
        for known in [
            AccountStatus::Active,
            AccountStatus::Terminated,
            AccountStatus::Pending,
        ] {
            let back = filter("status", known.number());
            assert_eq!(back.unwrap(), Some(known));
        }
        assert_eq!(filter("role", DSTFA_ROLE_GUEST).unwrap(), Some(Role::Guest));
        assert_eq!(filter::<AccountStatus>("status", DSTFA_ANY).unwrap(), None);
        assert_eq!(filter::<Role>("role", DSTFA_ANY).unwrap(), None);
        // A zero forgotten there would list nobody.
        for number in [0, 3, 5, -2] {
            let error = filter::<AccountStatus>("status", number).unwrap_err();
            assert!(error.message().starts_with("status: "));
        }
        for number in [0, 6, -2] {
            let error = filter::<Role>("role", number).unwrap_err();
            assert!(error.message().starts_with("role: "));
        }
    }

    #[test]
    fn other_numbers_are_argument_errors_that_name_the_parameter() {
        for number in [-1, 5, 99, i32::MIN, i32::MAX] {
            let table = [
                (known::<TfaMethod>("method", number).err(), "method: "),
                (known::<Trust>("trust", number).err(), "trust: "),
                (known::<LogLevel>("level", number).err(), "level: "),
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
    fn what_may_be_given_is_named_as_in_the_header() {
        let error = known::<TfaMethod>("method", 7).unwrap_err();
        let names = "give one of DSTFA_METHOD_NONE, DSTFA_METHOD_SMS, DSTFA_METHOD_APP";
        assert!(error.message().ends_with(names), "{error}");
        let error = filter::<AccountStatus>("status", 0).unwrap_err();
        assert!(
            error
                .message()
                .contains("one of DSTFA_ANY, DSTFA_ACCOUNT_ACTIVE, ")
        );
        assert!(!error.message().contains("UNKNOWN"), "{error}");
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
