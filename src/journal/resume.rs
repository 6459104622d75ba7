//! What a journal says of former runs, and what a run that goes on does about
//! it.

use std::collections::HashMap;
use std::io::BufRead;
use std::time::{Duration, SystemTime};

use super::file::{LONGEST_LINE, Lines};
use super::line::{IntentLine, Line, NameLine, Outcome, OutcomeLine, RunLine, Unread};
use super::{Identity, names};
use crate::account::AccountId;
use crate::error::{Applied, Error, Reason, Status};

/// Writes are counted over so long.
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

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

/// Former runs, read once.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The first run line: later ones must agree with it.
    pub(super) first: Option<RunLine>,
    pub(super) names: HashMap<Box<str>, Option<AccountId>>,
    pub(super) accounts: HashMap<AccountId, Past>,
    /// Intents of the last day, in the order of the file.
    pub(super) recent: Vec<SystemTime>,
    /// How long the file is up to its last whole line.
    pub(super) whole: u64,
}

impl History {
    /// Reads to the end. What follows the last line end is torn and left out.
    pub(super) fn read(from: impl BufRead, to: &Identity, now: SystemTime) -> Result<Self, Error> {
        let mut history = History::default();
        let mut lines = Lines::of(from);
        let mut line = Vec::new();
        while let Some(length) = lines.next(&mut line)? {
            let taken = match line.len() {
                0..=LONGEST_LINE => Line::read(&line),
                _ => Err(Unread::Bad),
            };
            let taken = taken.and_then(|line| history.take(line, to, now));
            taken.map_err(|unread| unread.at(lines.number))?;
            history.whole += length;
        }
        Ok(history)
    }

    fn take(&mut self, line: Line, to: &Identity, now: SystemTime) -> Result<(), Unread> {
        if self.first.is_none() && !matches!(line, Line::Run(_)) {
            return Err(Unread::Bad);
        }
        match line {
            Line::Run(run) => self.run(run, to)?,
            Line::Name(NameLine { entry, id, .. }) => {
                let id = match id.as_str() {
                    "" => None,
                    id => Some(account(id)?),
                };
                self.names.insert(key(&entry), id);
            }
            Line::Intent(IntentLine { id, linked, at }) => {
                if now.duration_since(at).is_ok_and(|age| age < DAY) {
                    self.recent.push(at);
                }
                let open = Open {
                    linked: linked.into(),
                    at,
                    status: None,
                };
                self.accounts.insert(account(&id)?, Past::Open(open));
            }
            Line::Outcome(outcome) => self.outcome(&outcome)?,
        }
        Ok(())
    }

    fn run(&mut self, run: RunLine, to: &Identity) -> Result<(), Unread> {
        let first = self.first.get_or_insert_with(|| run.clone());
        if first.portal != run.portal || first.caller != run.caller || first.method != run.method {
            return Err(Unread::Mixed);
        }
        if run.portal != to.portal {
            return Err(Unread::OtherPortal);
        }
        if run.method != to.method.name() {
            return Err(Unread::OtherMethod);
        }
        Ok(())
    }

    fn outcome(&mut self, outcome: &OutcomeLine) -> Result<(), Unread> {
        let id = account(&outcome.id)?;
        let status = names::status(&outcome.status);
        let reason = names::reason(&outcome.reason);
        let past = match outcome.outcome {
            Outcome::Applied => Past::Applied,
            // Never believed against its own word.
            Outcome::Refused if outcome.applied != Applied::No => return Err(Unread::Bad),
            Outcome::Refused if lasts(reason) => {
                Past::Refused(status.unwrap_or(Status::Rejected), reason)
            }
            Outcome::Refused => Past::Failed,
            Outcome::Unknown => match self.accounts.get(&id) {
                Some(Past::Open(open)) => Past::Open(Open { status, ..*open }),
                _ => Past::Open(Open {
                    linked: None,
                    at: outcome.at,
                    status,
                }),
            },
        };
        self.accounts.insert(id, past);
        Ok(())
    }
}

/// Addresses are the same whatever their case.
pub(super) fn key(entry: &str) -> Box<str> {
    entry.trim().to_lowercase().into_boxed_str()
}

fn account(id: &str) -> Result<AccountId, Unread> {
    AccountId::parse(id).map_err(|_| Unread::Bad)
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
