//! What a resumed run does with an account: a table, and nothing else.

use std::time::{Duration, SystemTime};

use crate::error::{Reason, Status};

/// After so long a change that was under way has taken effect or never will.
pub(crate) const LATE_EFFECT: Duration = Duration::from_secs(60);
/// Within so long nobody has linked an app again after being unlinked.
const FRESH: Duration = Duration::from_secs(600);

/// What a journal says of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Past {
    /// Changed in a former run.
    Applied,
    /// Not changed, for a reason that lasts.
    Refused(Status, Reason),
    /// Not changed, and it may go better now.
    Failed,
    /// Asked for, and nobody knows what came of it.
    Open(Open),
}

/// A change that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Open {
    /// Whether the app was seen linked before.
    pub(crate) linked: Option<bool>,
    pub(crate) at: SystemTime,
    /// How it failed, if the run lived to see it.
    pub(crate) status: Option<Status>,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resume {
    Send,
    /// The app is unlinked now; whether by that change is not known.
    Settled,
    /// Look again after so long.
    Wait(Duration),
    /// It stays unknown.
    Unknown,
}

/// Whether a refusal is a fact about the account rather than about a day.
pub(crate) fn lasts(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::NoSuchAccount | Reason::AccountTerminated | Reason::NotLinked
    )
}

/// `link`: whether the app is seen linked now.
pub(crate) fn resume(
    open: &Open,
    link: Option<bool>,
    now: SystemTime,
    late_effect: Duration,
    retry_unknown: bool,
) -> Resume {
    // A clock that was set back makes the intent look as if just written.
    let age = now.duration_since(open.at).unwrap_or_default();
    match link {
        Some(false) => Resume::Settled,
        Some(true) if age < late_effect => Resume::Wait(late_effect - age),
        Some(true) if age <= FRESH || retry_unknown => Resume::Send,
        None if retry_unknown && age < late_effect => Resume::Wait(late_effect - age),
        None if retry_unknown => Resume::Send,
        Some(true) | None => Resume::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_row_by_row() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let wait = |seconds| Resume::Wait(Duration::from_secs(seconds));
        let (yes, no, unseen) = (Some(true), Some(false), None);
        let done = Resume::Settled;
        // linked before, link now, age in seconds, retry_unknown, what to do
        let table = [
            (yes, no, 0, false, done),
            (yes, no, 9999, false, done),
            (yes, no, 9999, true, done),
            (unseen, no, 5, false, done),
            (no, no, 5, true, done),
            (yes, yes, 0, false, wait(60)),
            (yes, yes, 45, false, wait(15)),
            (yes, yes, 45, true, wait(15)),
            (yes, yes, 60, false, Resume::Send),
            (unseen, yes, 600, false, Resume::Send),
            (yes, yes, 601, false, Resume::Unknown),
            (yes, yes, 601, true, Resume::Send),
            (unseen, yes, 601, false, Resume::Unknown),
            (yes, unseen, 5, false, Resume::Unknown),
            (yes, unseen, 601, false, Resume::Unknown),
            (yes, unseen, 5, true, wait(55)),
            (yes, unseen, 601, true, Resume::Send),
        ];
        for (linked, link, age, retry_unknown, expected) in table {
            let at = now - Duration::from_secs(age);
            for status in [None, Some(Status::Timeout)] {
                let open = Open { linked, at, status };
                assert_eq!(
                    resume(&open, link, now, LATE_EFFECT, retry_unknown),
                    expected,
                    "{linked:?} {link:?} {age} {retry_unknown}"
                );
            }
        }
        // The clock was set back meanwhile.
        let at = now + Duration::from_secs(500);
        let open = Open {
            linked: yes,
            at,
            status: None,
        };
        assert_eq!(resume(&open, yes, now, LATE_EFFECT, false), wait(60));
    }

    #[test]
    fn reasons_that_last() {
        for reason in [
            Reason::NoSuchAccount,
            Reason::AccountTerminated,
            Reason::NotLinked,
        ] {
            assert!(lasts(reason));
        }
        for reason in [
            Reason::RateLimited,
            Reason::Maintenance,
            Reason::None,
            Reason::Unpaid,
        ] {
            assert!(!lasts(reason));
        }
    }
}
