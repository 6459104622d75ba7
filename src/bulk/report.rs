//! What a journal says, for those who only read it.

use std::iter::Enumerate;
use std::path::Path;
use std::vec;

use super::item::{Item, ItemOutcome};
use crate::change::Change;
use crate::error::{Applied, Error, Status};
use crate::journal::{self, Outcome, Record};
use crate::message;
use crate::method::TfaMethod;

const NOT_TOLD: &str = "It was asked for, and the journal has no answer: under way, or cut off. If \
                        no run is at work, resume.";
const UNKNOWN: &str = "Whether the account was changed is not known: resume, which looks at it.";
const LINKED_LATER: &str = "It was done, and the app was seen linked later: not saved, or linked \
                            again since. Look at the account.";
const AGAIN: &str = "A run that goes on judges it anew.";

/// Reads a journal: one item for each entry that was begun, in the order in which
/// the journal names them first. It takes no lock, so that it may be read while a
/// run goes on, and reads a damaged one up to the damage.
///
/// Entries never begun are not in it. The items tell what was known when the
/// journal was opened; their places are those in the journal.
#[derive(Debug)]
pub struct JournalReader {
    method: TfaMethod,
    records: Enumerate<vec::IntoIter<Record>>,
    damage_line: u32,
}

impl JournalReader {
    /// Opens and reads the journal at `path`. Without a first line that is whole
    /// it is `Status::Journal`.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let records = journal::read(path)?;
        Ok(JournalReader {
            method: records.method,
            records: records.list.into_iter().enumerate(),
            damage_line: records.damage_line,
        })
    }

    /// From this line on nothing could be read; 0: all was. The beginning of a
    /// last line, cut off, is no damage.
    pub fn damage_line(&self) -> u32 {
        self.damage_line
    }

    /// Copies the sound lines of the damaged journal at `old` to `new`, which must
    /// not exist, and gives how many they are. `old` is left as it is. A run that
    /// goes on with the new one takes only what is known to be settled from it:
    /// every other entry stays unknown.
    pub fn salvage(old: &Path, new: &Path) -> Result<u32, Error> {
        journal::salvage(old, new)
    }
}

impl Iterator for JournalReader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let (place, record) = self.records.next()?;
        Some(item(place, record, self.method))
    }
}

fn item(place: usize, record: Record, method: TfaMethod) -> Item {
    let outcome = match record.outcome {
        Some(Outcome::Applied) => ItemOutcome::Applied,
        Some(Outcome::Refused) => ItemOutcome::Refused,
        Some(Outcome::Unknown) | None => ItemOutcome::Unknown,
    };
    let change = match (record.id, record.status) {
        (Some(account), None) if outcome == ItemOutcome::Applied => {
            let text = message_of(outcome, &record);
            Some(Change {
                applied: record.applied,
                verified: record.verified,
                sessions_ended: record.sessions,
                http_status: record.http,
                ..Change::seen_unlinked(account, method, record.attempts, text)
            })
        }
        _ => None,
    };
    let error = change.is_none().then(|| {
        let status = record.status.unwrap_or(Status::Transport);
        Error::new(status, record.applied, message_of(outcome, &record))
            .with_reason(record.reason)
            .with_http_status(record.http)
            .with_attempts(record.attempts)
            .with_retryable(record.again && record.applied == Applied::No)
            .with_app_link(record.seen)
    });
    let index = u32::try_from(place).unwrap_or(u32::MAX);
    Item {
        from_journal: true,
        sessions_ended: record.sessions,
        change,
        error,
        ..Item::new(index, record.entry.into(), record.id, outcome)
    }
}

/// What became of it and what to do.
fn message_of(outcome: ItemOutcome, record: &Record) -> String {
    let status = record.status.unwrap_or(Status::Transport);
    match outcome {
        ItemOutcome::Applied if record.seen == Some(true) => LINKED_LATER.to_owned(),
        ItemOutcome::Applied => {
            let done = match record.applied {
                Applied::Yes => "The authenticator app was unlinked.",
                _ => "The app was seen unlinked; whether by that change is not known.",
            };
            match record.sessions {
                Some(true) => done.to_owned(),
                _ => format!("{done} {}", message::SESSIONS_UNKNOWN),
            }
        }
        ItemOutcome::Refused => {
            let text = message::of_failure(status, record.reason, Applied::No);
            message::with_detail(&text, if record.again { AGAIN } else { "" })
        }
        _ if record.outcome.is_none() => NOT_TOLD.to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}
