//! The journal of a run: what was about to be done is on disk before it is
//! done, so that a run may be killed at any moment and go on later.
//!
//! Lines of JSON, appended. E-mail addresses stand in it as they were given:
//! that is personal data. No key, token, cookie, URL or text of the portal
//! does.

mod file;
mod line;
mod memory;
mod names;
mod resume;
mod time;

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use self::line::{AppliedWord, Intent, Line, Linked, Name, Outcome, Run, VERSION, Word};
use self::memory::Memory;
use crate::account::AccountId;
use crate::change::Change;
use crate::error::{Applied, Error, Reason};
use crate::method::TfaMethod;

pub(crate) use self::memory::DAY;
pub(crate) use self::resume::{LATE_EFFECT, Next, Open, Past, next};

/// Outcomes are on disk after so long at the latest.
const LONGEST_UNSYNCED: Duration = Duration::from_secs(1);

/// Whose journal it is, as far as that is known before the first request.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// Scheme, host, port and path prefix.
    pub(crate) portal: String,
    pub(crate) method: TfaMethod,
}

/// A journal, open and locked.
pub(crate) struct Journal {
    identity: Identity,
    memory: Memory,
    store: Mutex<Store>,
    synced: Condvar,
}

/// The file and what of it is on disk.
struct Store {
    /// `None`: nothing is written, a dry run's.
    file: Option<Arc<File>>,
    /// Bytes of whole lines.
    length: u64,
    /// Lines appended, and how many of them are on disk.
    appended: u64,
    on_disk: u64,
    /// Somebody is syncing: the others wait and are served with the next.
    syncing: bool,
    /// Since when a line is not on disk.
    unsynced: Option<Instant>,
    /// Writing failed once: nothing is written any more.
    failed: Option<Error>,
}

/// Who an e-mail address belongs to, as a former run found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Account(AccountId),
    Nobody,
}

impl Journal {
    /// Opens, locks and reads. A dry run creates nothing.
    pub(crate) fn open(path: &Path, identity: Identity, dry_run: bool) -> Result<Self, Error> {
        let file = file::open(path, !dry_run)?;
        let memory = match &file {
            Some(file) => Memory::read(BufReader::new(file), &identity, SystemTime::now())?,
            None => Memory::default(),
        };
        let store = Store {
            file: file.map(Arc::new),
            length: memory.whole,
            appended: 0,
            on_disk: 0,
            syncing: false,
            unsynced: None,
            failed: None,
        };
        Ok(Journal {
            identity,
            memory,
            store: Mutex::new(store),
            synced: Condvar::new(),
        })
    }

    /// The run begins: checks that it is `caller`'s, and writes so unless it
    /// is a dry one.
    pub(crate) fn begin(&self, caller: &AccountId, dry_run: bool) -> Result<(), Error> {
        let former = self.memory.first.as_ref();
        let is_others = |run: &Run| !run.caller.eq_ignore_ascii_case(caller.as_str());
        if former.is_some_and(is_others) {
            return Err(memory::error(
                "journal: it is of another caller; use a new file, or that caller's credential",
            ));
        }
        if dry_run {
            return Ok(());
        }
        self.cut()?;
        let run = Run {
            v: VERSION,
            portal: self.identity.portal.clone(),
            caller: caller.as_str().to_owned(),
            method: self.identity.method.name().to_owned(),
            lib: env!("CARGO_PKG_VERSION").to_owned(),
            at: time::format(SystemTime::now()),
        };
        self.append(&[Line::Run(run)])?;
        self.sync()
    }

    /// Cuts off a torn end: what a killed run had written of a line.
    fn cut(&self) -> Result<(), Error> {
        let store = self.store();
        let Some(file) = &store.file else {
            return Err(memory::error(
                "journal: it was opened for a dry run; open it again",
            ));
        };
        let length = file
            .metadata()
            .map_err(|error| file::cannot("look at", &error))?
            .len();
        if length > store.length {
            file.set_len(store.length)
                .map_err(|error| file::cannot("cut the torn end of", &error))?;
        }
        Ok(())
    }

    pub(crate) fn past(&self, account: &AccountId) -> Option<Past> {
        self.memory.accounts.get(account).copied()
    }

    pub(crate) fn owner(&self, email: &str) -> Option<Owner> {
        let found = self.memory.names.get(&memory::key(email))?;
        Some(found.map_or(Owner::Nobody, Owner::Account))
    }

    /// When former runs asked for changes during the last day.
    pub(crate) fn recent(&self) -> &[SystemTime] {
        &self.memory.recent
    }

    /// Notes whose an e-mail address is.
    pub(crate) fn name(&self, email: &str, owner: Owner) -> Result<(), Error> {
        let (id, reason) = match owner {
            Owner::Account(id) => (id.to_string(), String::new()),
            Owner::Nobody => (
                String::new(),
                names::of_reason(Reason::NoSuchAccount).to_owned(),
            ),
        };
        let entry = email.trim().to_owned();
        self.append(&[Line::Name(Name { entry, id, reason })])
    }

    /// Notes that a change is about to be asked for, and returns once that is
    /// on disk.
    pub(crate) fn intent(&self, account: &AccountId, linked: Option<bool>) -> Result<(), Error> {
        self.append(&[Line::Intent(Intent {
            id: account.to_string(),
            linked: Linked::of(linked),
            at: time::format(SystemTime::now()),
        })])?;
        self.sync()
    }

    /// Notes what came of a change.
    pub(crate) fn outcome(
        &self,
        account: &AccountId,
        result: &Result<Change, Error>,
    ) -> Result<(), Error> {
        let applied = match result {
            Ok(change) => change.applied(),
            Err(error) => error.applied(),
        };
        let applied_word = match applied {
            Applied::Yes => AppliedWord::Yes,
            Applied::Maybe => AppliedWord::Maybe,
            Applied::No => AppliedWord::No,
        };
        let (word, status, reason) = match result {
            Ok(_) => (Word::Applied, None, Reason::None),
            Err(error) if applied == Applied::No => {
                (Word::Refused, Some(error.status()), error.reason())
            }
            Err(error) => (Word::Unknown, Some(error.status()), error.reason()),
        };
        let (http, attempts, verified) = match result {
            Ok(change) => (change.http_status(), change.attempts(), change.verified()),
            Err(error) => (error.http_status(), error.attempts(), false),
        };
        self.append(&[Line::Outcome(Outcome {
            id: account.to_string(),
            outcome: word,
            status: names::of_status(status).to_owned(),
            applied: applied_word,
            reason: names::of_reason(reason).to_owned(),
            http: http.unwrap_or_default(),
            attempts,
            verified: u8::from(verified),
            at: time::format(SystemTime::now()),
        })])
    }

    fn append(&self, lines: &[Line]) -> Result<(), Error> {
        let bytes: Vec<u8> = lines.iter().flat_map(Line::write).collect();
        let mut store = self.store();
        if let Some(error) = &store.failed {
            return Err(error.clone());
        }
        let Some(file) = store.file.clone() else {
            return Ok(());
        };
        if let Err(error) = (&*file).write_all(&bytes) {
            // A part of a line may stand there now. Taken away, it cannot
            // become a bad line in the middle; if that fails, too, it is a
            // torn end as long as nothing follows.
            let _ = file.set_len(store.length);
            return Err(store.fail(file::cannot("write", &error)));
        }
        store.length += u64::try_from(bytes.len()).unwrap_or_default();
        store.appended += 1;
        store.unsynced.get_or_insert_with(Instant::now);
        Ok(())
    }

    /// Returns once everything appended so far is on disk. Who comes while
    /// another syncs is served together with all others that wait.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        let mut store = self.store();
        let wanted = store.appended;
        loop {
            if store.on_disk >= wanted {
                return Ok(());
            }
            if let Some(error) = &store.failed {
                return Err(error.clone());
            }
            if store.syncing {
                store = self
                    .synced
                    .wait(store)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let Some(file) = store.file.clone() else {
                return Ok(());
            };
            let covered = store.appended;
            store.syncing = true;
            store.unsynced = None;
            drop(store);
            let done = file.sync_data();
            store = self.store();
            store.syncing = false;
            match done {
                Ok(()) => store.on_disk = store.on_disk.max(covered),
                Err(error) => {
                    store.fail(file::cannot("sync", &error));
                }
            }
            self.synced.notify_all();
        }
    }

    /// Syncs what has waited long enough.
    pub(crate) fn sync_if_due(&self) -> Result<(), Error> {
        let since = self.store().unsynced;
        match since {
            Some(since) if since.elapsed() >= LONGEST_UNSYNCED / 2 => self.sync(),
            _ => Ok(()),
        }
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    fn fail(&mut self, error: Error) -> Error {
        self.failed.get_or_insert(error).clone()
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
