//! The journal of a run: what was about to be done is on disk before it is
//! done, so that a run may be killed at any moment and go on later.
//!
//! Lines of JSON, appended. E-mail addresses stand in it as they were given:
//! that is personal data. No key, token, cookie, URL or text of the portal
//! does.

mod file;
mod line;
mod names;
mod resume;
mod store;
mod time;

use std::fmt;
use std::io::BufReader;
use std::path::Path;
use std::time::SystemTime;

use self::line::{IntentLine, Line, NameLine, Outcome, OutcomeLine, RunLine, VERSION, unfit};
use self::resume::History;
use self::store::Store;
use crate::account::AccountId;
use crate::change::Change;
use crate::error::{Applied, Error, Reason};
use crate::method::TfaMethod;

pub(crate) use self::resume::{DAY, LATE_EFFECT, Open, Past, Resume, resume};

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
    history: History,
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
        let history = match &file {
            Some(file) => History::read(BufReader::new(file), &identity, SystemTime::now())
                .inspect_err(|_| file::unlock(file))?,
            None => History::default(),
        };
        let store = Store::new(file, history.whole);
        Ok(Journal {
            identity,
            history,
            store,
        })
    }

    /// The run begins: checks that it is `caller`'s, and writes so unless it
    /// is a dry one.
    pub(crate) fn begin(&self, caller: &AccountId, dry_run: bool) -> Result<(), Error> {
        let former = self.history.first.as_ref();
        let is_others = |run: &RunLine| !run.caller.eq_ignore_ascii_case(caller.as_str());
        if former.is_some_and(is_others) {
            return Err(unfit(
                "journal: it is of another caller; use a new file, or that caller's credential",
            ));
        }
        if dry_run {
            return Ok(());
        }
        self.store.cut()?;
        let run = RunLine {
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
        self.history.accounts.get(account).copied()
    }

    pub(crate) fn owner(&self, email: &str) -> Option<Owner> {
        let found = self.history.names.get(&resume::key(email))?;
        Some(found.map_or(Owner::Nobody, Owner::Account))
    }

    /// When former runs asked for changes during the last day.
    pub(crate) fn recent(&self) -> &[SystemTime] {
        &self.history.recent
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
        self.store
            .append(&Line::Name(NameLine { entry, id, reason }))
    }

    /// Notes that a change is about to be asked for, and returns once that is
    /// on disk.
    pub(crate) fn intent(&self, account: &AccountId, linked: Option<bool>) -> Result<(), Error> {
        self.store.append(&Line::Intent(IntentLine {
            id: account.to_string(),
            linked: linked.into(),
            at: SystemTime::now(),
        }))?;
        self.sync()
    }

    /// Notes what came of a change.
    pub(crate) fn outcome(
        &self,
        account: &AccountId,
        result: &Result<Change, Error>,
    ) -> Result<(), Error> {
        let (outcome, status, applied, reason) = match result {
            Ok(change) => (Outcome::Applied, None, change.applied(), Reason::None),
            Err(error) => {
                let outcome = match error.applied() {
                    _ if error.is_settled() => Outcome::Applied,
                    Applied::No => Outcome::Refused,
                    _ => Outcome::Unknown,
                };
                (
                    outcome,
                    Some(error.status()),
                    error.applied(),
                    error.reason(),
                )
            }
        };
        let (http, attempts, verified) = match result {
            Ok(change) => (change.http_status(), change.attempts(), change.verified()),
            Err(error) => (error.http_status(), error.attempts(), false),
        };
        self.store.append(&Line::Outcome(OutcomeLine {
            id: account.to_string(),
            outcome,
            status: names::of_status(status).to_owned(),
            applied,
            reason: names::of_reason(reason).to_owned(),
            http: http.unwrap_or_default(),
            attempts,
            verified: u8::from(verified),
            at: SystemTime::now(),
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
