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
mod store;
mod time;

use std::fmt;
use std::io::BufReader;
use std::path::Path;
use std::time::SystemTime;

use self::line::{AppliedWord, Intent, Line, Linked, Name, Outcome, Run, VERSION, Word};
use self::memory::Memory;
use self::store::Store;
use crate::account::AccountId;
use crate::change::Change;
use crate::error::{Applied, Error, Reason};
use crate::method::TfaMethod;

pub(crate) use self::memory::DAY;
pub(crate) use self::resume::{LATE_EFFECT, Open, Past, Resume, resume};

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
    store: Store,
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
            Some(file) => Memory::read(BufReader::new(file), &identity, SystemTime::now())
                .inspect_err(|_| file::unlock(file))?,
            None => Memory::default(),
        };
        let store = Store::new(file, memory.whole);
        Ok(Journal {
            identity,
            memory,
            store,
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
        self.store.cut()?;
        let run = Run {
            v: VERSION,
            portal: self.identity.portal.clone(),
            caller: caller.as_str().to_owned(),
            method: self.identity.method.name().to_owned(),
            lib: env!("CARGO_PKG_VERSION").to_owned(),
            at: time::format(SystemTime::now()),
        };
        self.store.append(&Line::Run(run))?;
        self.sync()
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
        self.store.append(&Line::Name(Name { entry, id, reason }))
    }

    /// Notes that a change is about to be asked for, and returns once that is
    /// on disk.
    pub(crate) fn intent(&self, account: &AccountId, linked: Option<bool>) -> Result<(), Error> {
        self.store.append(&Line::Intent(Intent {
            id: account.to_string(),
            linked: Linked::of(linked),
            at: time::format(SystemTime::now()),
        }))?;
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
            Err(error) if error.is_settled() => {
                (Word::Applied, Some(error.status()), error.reason())
            }
            Err(error) if applied == Applied::No => {
                (Word::Refused, Some(error.status()), error.reason())
            }
            Err(error) => (Word::Unknown, Some(error.status()), error.reason()),
        };
        let (http, attempts, verified) = match result {
            Ok(change) => (change.http_status(), change.attempts(), change.verified()),
            Err(error) => (error.http_status(), error.attempts(), false),
        };
        self.store.append(&Line::Outcome(Outcome {
            id: account.to_string(),
            outcome: word,
            status: names::of_status(status).to_owned(),
            applied: applied_word,
            reason: names::of_reason(reason).to_owned(),
            http: http.unwrap_or_default(),
            attempts,
            verified: u8::from(verified),
            at: time::format(SystemTime::now()),
        }))
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
