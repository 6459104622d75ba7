//! The journal of a run: what was about to be done is on disk before it is
//! done, so that a run may be killed at any moment and go on later.
//!
//! Lines of JSON, appended, numbered and chained. E-mail addresses stand in it
//! as they were given: that is personal data. No key, token, cookie, URL or text
//! of the portal does.

mod file;
mod history;
mod line;
mod reading;
mod records;
mod salvage;
mod store;

use std::collections::HashSet;
use std::fmt;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use self::file::Locked;
use self::history::History;
use self::line::{
    IntentLine, Line, NameLine, OutcomeLine, RunLine, SeenLine, SessionsLine, VERSION,
};
use self::store::Store;
use crate::account::AccountId;
use crate::change::Change;
use crate::error::{Applied, Error, Reason, Status};
use crate::method::TfaMethod;

pub(crate) use self::history::{DAY, Open, Past, Resume, resume};
pub(crate) use self::line::Outcome;
pub(crate) use self::records::{Record, read};
pub(crate) use self::salvage::salvage;

/// Whose journal it is, as far as that is known before the first request.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// Scheme, host, port and path prefix.
    pub(crate) portal: String,
    pub(crate) method: TfaMethod,
}

/// A journal, open and locked.
pub(crate) struct Journal {
    path: PathBuf,
    identity: Identity,
    history: History,
    store: Store,
    /// A file of no bytes that was there.
    empty: Mutex<Option<Locked>>,
    /// Whose sessions were ended since it was read.
    ended: Mutex<HashSet<AccountId>>,
}

impl Journal {
    /// Opens, locks and reads. Nothing is written yet; a file that is missing is
    /// made when the run begins.
    pub(crate) fn open(path: &Path, identity: Identity, dry_run: bool) -> Result<Self, Error> {
        let file = file::open(path)?;
        if file.is_none() && !dry_run {
            file::check_folder(path)?;
        }
        let read = match &file {
            Some(file) => reading::read(BufReader::new(&**file), SystemTime::now())?,
            None => reading::read(std::io::empty(), SystemTime::now())?,
        };
        if let Some(damage) = read.damage {
            return Err(damage.error);
        }
        if let Some(run) = &read.history.first {
            let others = |what| format!("journal: it is of another {what}; use a new file");
            if run.portal != identity.portal {
                return Err(unfit(others("portal")));
            }
            if run.method != identity.method {
                return Err(unfit(others("method")));
            }
        }
        let is_new = read.history.first.is_none();
        let (empty, file) = if is_new { (file, None) } else { (None, file) };
        Ok(Journal {
            path: path.to_owned(),
            identity,
            history: read.history,
            store: Store::new(file, read.chain, read.length, read.end),
            empty: Mutex::new(empty),
            ended: Mutex::default(),
        })
    }

    /// No run has begun with it.
    pub(crate) fn is_new(&self) -> bool {
        self.store.is_new()
    }

    /// The run begins: checks that it is `caller`'s, and writes so unless it
    /// is a dry one.
    pub(crate) fn begin(&self, caller: &AccountId, dry_run: bool) -> Result<(), Error> {
        let former = self.history.first.as_ref();
        if former.is_some_and(|run| run.caller != *caller) {
            return Err(unfit(
                "journal: it is of another caller; use a new file, or that caller's credential",
            ));
        }
        if dry_run {
            return Ok(());
        }
        let run = Line::Run(RunLine {
            v: VERSION,
            portal: self.identity.portal.clone(),
            caller: *caller,
            method: self.identity.method,
            lib: env!("CARGO_PKG_VERSION").to_owned(),
            at: SystemTime::now(),
        });
        if self.is_new() {
            return self.store.begin(|bytes| self.create(bytes), &run);
        }
        self.store.append(&run)?;
        self.sync()
    }

    /// Makes the file with its first line.
    fn create(&self, bytes: &[u8]) -> Result<Locked, Error> {
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        file::create(&self.path, &mut empty, |mut file| file.write_all(bytes))?;
        let file = file::open(&self.path)?.ok_or_else(file::busy)?;
        // Somebody may have been quicker.
        let found = file.metadata();
        let found = found.map_err(|error| file::cannot("look at", &error))?;
        match usize::try_from(found.len()) {
            Ok(length) if length == bytes.len() => Ok(file),
            _ => Err(file::busy()),
        }
    }

    /// What former runs left of the account.
    pub(crate) fn past(&self, account: &AccountId) -> Past {
        self.history.past(account)
    }

    /// Whose the address was when a former run looked. It may be another's now.
    pub(crate) fn named(&self, email: &str) -> Option<AccountId> {
        self.history.names.get(&*history::key(email))?.id
    }

    /// Open changes and the marks that their requests carried.
    pub(crate) fn open_marks(&self) -> Vec<(AccountId, String)> {
        self.history.open_marks()
    }

    /// How many changes stood open at the end, with none between them that the
    /// portal did or refused.
    pub(crate) fn unsettled_in_a_row(&self) -> u32 {
        u32::try_from(self.history.unsettled.len()).unwrap_or(u32::MAX)
    }

    /// When former runs asked for changes during the last day.
    pub(crate) fn recent(&self) -> &[SystemTime] {
        &self.history.recent
    }

    /// Accounts, with their entries, that were changed or perhaps changed and
    /// whose sessions are not known to be ended. Who was seen linked again since
    /// is left out unless `all` is set, and so is who has ended their own.
    pub(crate) fn without_sessions(&self, all: bool) -> Vec<(AccountId, String)> {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list = self.history.without_sessions(all);
        list.retain(|(id, _)| !ended.contains(id));
        list
    }

    /// Notes whose an e-mail address is; `None`: nobody's.
    pub(crate) fn name(&self, email: &str, account: Option<&AccountId>) -> Result<(), Error> {
        let reason = match account {
            Some(_) => Reason::None,
            None => Reason::NoSuchAccount,
        };
        let reason = line::reason_name(reason).into();
        self.store.append(&Line::Name(NameLine {
            entry: email.trim().to_owned(),
            id: account.copied(),
            reason,
        }))
    }

    /// Notes that a change is about to be asked for, and returns once that is
    /// on disk.
    pub(crate) fn intent(&self, account: &AccountId, mark: &str) -> Result<(), Error> {
        self.store.append(&Line::Intent(IntentLine {
            id: *account,
            mark: mark.to_owned(),
            at: SystemTime::now(),
        }))?;
        self.sync()
    }

    /// Notes what came of a change. `again`: a refusal that a later run may
    /// judge anew, for nothing was sent.
    pub(crate) fn outcome(
        &self,
        account: &AccountId,
        result: &Result<Change, Error>,
        again: bool,
    ) -> Result<(), Error> {
        let mut line = OutcomeLine {
            id: *account,
            outcome: Outcome::Applied,
            status: None,
            applied: Applied::Yes,
            sessions: None,
            reason: Reason::None,
            http: 0,
            attempts: 0,
            verified: 0,
            again: 0,
            at: SystemTime::now(),
        };
        match result {
            Ok(change) => {
                line.applied = change.applied();
                line.sessions = change.sessions_ended();
                line.http = change.http_status().unwrap_or_default();
                line.attempts = change.attempts();
                line.verified = change.verified().into();
            }
            Err(error) => {
                line.outcome = match error.applied() {
                    _ if error.is_settled() => Outcome::Applied,
                    Applied::No => Outcome::Refused,
                    _ => Outcome::Unknown,
                };
                line.status = Some(error.status());
                line.applied = error.applied();
                line.reason = error.reason();
                line.http = error.http_status().unwrap_or_default();
                line.attempts = error.attempts();
                line.again = (again && line.outcome == Outcome::Refused).into();
            }
        }
        self.store.append(&Line::Outcome(line))
    }

    /// Notes what a look after the answer showed.
    pub(crate) fn seen(&self, account: &AccountId, linked: bool) -> Result<(), Error> {
        self.store.append(&Line::Seen(SeenLine {
            id: *account,
            linked: Some(linked),
            at: SystemTime::now(),
        }))
    }

    /// Notes that `caller` has ended the account's sessions, or perhaps.
    pub(crate) fn sessions(
        &self,
        account: &AccountId,
        ended: Option<bool>,
        caller: &AccountId,
    ) -> Result<(), Error> {
        self.store.append(&Line::Sessions(SessionsLine {
            id: *account,
            ended: ended.filter(|ended| *ended),
            caller: *caller,
            at: SystemTime::now(),
        }))?;
        if ended == Some(true) || account == caller {
            let ended = self.ended.lock();
            ended
                .unwrap_or_else(PoisonError::into_inner)
                .insert(*account);
        }
        Ok(())
    }

    /// Returns once everything noted so far is on disk.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.store.sync()
    }

    /// Syncs what has waited long enough: outcomes are on disk after a second
    /// at the latest.
    pub(crate) fn sync_if_due(&self) -> Result<(), Error> {
        self.store.sync_if_due()
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// The journal does not fit this run.
fn unfit(text: impl Into<String>) -> Error {
    Error::new(Status::Journal, Applied::No, text)
}

#[cfg(test)]
mod tests;
