//! What a journal says, entry by entry, for those who only read it.

use std::io::BufReader;
use std::path::Path;
use std::time::SystemTime;

use super::history::{Account, History, Name, Past};
use super::line::Outcome;
use super::{file, reading, unfit};
use crate::account::AccountId;
use crate::error::{Applied, Error, Reason, Status};
use crate::method::TfaMethod;

/// What stands in a journal.
#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) method: TfaMethod,
    /// One for each entry that was begun, in the order they were named first.
    pub(crate) list: Vec<Record>,
    /// From this line on nothing could be read; 0: all was.
    pub(crate) damage_line: u32,
}

/// What a journal says of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// Its e-mail address, or else its id.
    pub(crate) entry: String,
    /// `None`: the address is nobody's.
    pub(crate) id: Option<AccountId>,
    /// `None`: it was asked for, and no more is known.
    pub(crate) outcome: Option<Outcome>,
    pub(crate) status: Option<Status>,
    pub(crate) reason: Reason,
    pub(crate) applied: Applied,
    pub(crate) http: u16,
    pub(crate) attempts: u32,
    pub(crate) verified: bool,
    /// Whether its sessions are known to be ended.
    pub(crate) sessions: Option<bool>,
    /// Whether the app was seen linked since the answer.
    pub(crate) seen: Option<bool>,
    pub(crate) again: bool,
}

impl Record {
    fn of(id: AccountId, account: &Account, past: &Past) -> Self {
        let told = account.told;
        // As a run that goes on takes it: a look may have settled it, and after
        // a salvage few outcomes count.
        let outcome = match past {
            Past::Applied => Some(Outcome::Applied),
            Past::Refused(..) | Past::Again => Some(Outcome::Refused),
            Past::Open(_) | Past::Nothing => told.map(|_| Outcome::Unknown),
        };
        let is_open = matches!(outcome, Some(Outcome::Unknown));
        Record {
            entry: account.entry(&id),
            id: Some(id),
            outcome,
            status: told.and_then(|told| told.status),
            reason: told.map_or(Reason::None, |told| told.reason),
            applied: told
                .filter(|_| !is_open)
                .map_or(Applied::Maybe, |told| told.applied),
            http: told.map_or(0, |told| told.http),
            attempts: told.map_or(0, |told| told.attempts),
            verified: told.is_some_and(|told| told.verified) || account.seen == Some(false),
            sessions: account.sessions_ended.then_some(true),
            seen: account.seen,
            again: told.is_some_and(|told| told.again),
        }
    }

    fn nobody(name: &Name) -> Self {
        Record {
            entry: String::from(&*name.entry),
            id: None,
            outcome: Some(Outcome::Refused),
            status: Some(Status::NotFound),
            reason: Reason::NoSuchAccount,
            applied: Applied::No,
            http: 0,
            attempts: 0,
            verified: false,
            sessions: None,
            seen: None,
            again: true,
        }
    }
}

/// Reads the journal at `path` up to its end or to the damage. It takes no lock,
/// so that it may be read while a run goes on.
pub(crate) fn read(path: &Path) -> Result<Records, Error> {
    let file = file::open_to_read(path)?;
    let read = reading::read(BufReader::new(file), SystemTime::now())?;
    let Some(run) = &read.history.first else {
        return Err(match read.damage {
            None => unfit("journal: the file is empty: no run has begun with it"),
            Some(damage) => damage.error,
        });
    };
    Ok(Records {
        method: run.method,
        list: list(&read.history),
        damage_line: read.damage.map_or(0, |damage| damage.line),
    })
}

fn list(history: &History) -> Vec<Record> {
    let accounts = history.accounts.iter();
    let begun = accounts.filter(|(_, account)| account.is_begun());
    let begun = begun.map(|(id, account)| {
        let record = Record::of(*id, account, &history.past(id));
        (account.line, record)
    });
    let nobody = history.names.values().filter(|name| name.id.is_none());
    let nobody = nobody.map(|name| (name.line, Record::nobody(name)));
    let mut list: Vec<_> = begun.chain(nobody).collect();
    list.sort_unstable_by_key(|(line, _)| *line);
    list.into_iter().map(|(_, record)| record).collect()
}
