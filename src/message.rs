//! The sentences of this library: what happened, and what to do next.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::{Applied, Reason, Status};
use crate::numbers::Numbered;

/// The audit trail shows a change of which the answer was lost or said no.
pub(crate) const PROVEN: &str = "The answer did not say so, but the portal's audit trail shows \
                                 this very change: it was done.";
/// After a change that may have stopped half-way.
pub(crate) const SESSIONS_UNKNOWN: &str =
    "Whether the account's sessions were ended is not known: end them.";
/// After a change of which nothing could be seen.
pub(crate) const FIND_OUT: &str =
    "Whether the account was changed is not known: look at it in the portal before trying again.";
/// A wrong parameter is refused where it is given, but for this one: it shows
/// when connecting.
const NOT_LOOPBACK: &str = "portal URL: localhost has an address beyond this machine, where plain \
                            http is refused; use https, or 127.0.0.1.";

/// What a failure is said to be: the reason where one is known, else the
/// status.
pub(crate) fn of_failure(status: Status, reason: Reason, applied: Applied) -> String {
    of_detailed_failure(status, reason, applied, "")
}

/// The same, with a sentence more unless `detail` is empty.
pub(crate) fn of_detailed_failure(
    status: Status,
    reason: Reason,
    applied: Applied,
    detail: &str,
) -> String {
    let what = match (status, reason) {
        (Status::Argument, _) => NOT_LOOPBACK,
        (status, Reason::None | Reason::Unknown) => of(status),
        (_, reason) => of(reason),
    };
    let outcome = match applied {
        Applied::No => "Nothing was changed.",
        Applied::Maybe => FIND_OUT,
        Applied::Yes => "The account was changed.",
    };
    format!("{} {outcome}", with_detail(what, detail))
}

/// `what`, with a sentence more unless `detail` is empty.
pub(crate) fn with_detail(what: &str, detail: &str) -> String {
    let space = if detail.is_empty() { "" } else { " " };
    format!("{what}{space}{detail}")
}

/// The time of day in UTC: no time zone is read.
pub(crate) fn clock(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
        % 86_400;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02} UTC", seconds % 60)
}

/// One sentence for a change that is done while the account is still shown as
/// linked, which it may be for `wait`.
pub(crate) fn not_yet_verified(wait: Duration) -> String {
    format!(
        "It still shows the account as linked, which may be up to five minutes old: this cannot \
         be verified before {}.",
        clock(SystemTime::now() + wait)
    )
}

/// The sentence of a status, a reason or what comes next.
pub(crate) fn of(value: impl Numbered) -> &'static str {
    value.sentence()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_read_in_utc() {
        let time = UNIX_EPOCH + Duration::from_secs(86_400 + 3 * 3600 + 62);
        assert_eq!(clock(time), "03:01:02 UTC");
    }
}
