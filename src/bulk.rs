//! Many accounts: as fast as the portal allows, and never twice.

mod blame;
mod entry;
mod item;
mod progress;
mod queue;
mod run;
mod team;
mod verdict;
mod work;

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use self::item::{Item, ItemOutcome};
pub use self::progress::Progress;

use self::entry::{Entry, Who};
use self::queue::Claims;
use self::run::Run;
use self::team::Team;
use crate::cancel::Cancel;
use crate::error::{Applied, Error, Status};
use crate::journal::{Identity, Journal, LATE_EFFECT};
use crate::method::TfaMethod;
use crate::pace::WINDOW;
use crate::shared::Shared;

/// A portal does no more writes than this at a time.
const MOST_PARALLEL: u32 = 15;

/// Changes many accounts, as fast as the portal lets it and no faster.
///
/// ```no_run
/// # fn run(client: docspace_tfa::Client) -> Result<(), docspace_tfa::Error> {
/// let mut bulk = client.bulk(docspace_tfa::TfaMethod::None);
/// bulk.set_journal("reset.journal".as_ref())?;
/// bulk.add("11111111-2222-3333-4444-555555555555")?;
/// bulk.add("somebody@example.com")?;
/// bulk.run(None, |progress, item| {
///     println!("{} {:?}, {} left", item.entry(), item.outcome(), progress.remaining());
/// })?;
/// # Ok(())
/// # }
/// ```
///
/// It takes one read of the caller at the start, and for each entry two
/// requests: one that reads the account, by id or by address, and the change.
/// Entries that the read shows to be nobody's, terminated or not linked are
/// refused without a change being asked for.
///
/// With a journal a run may be killed at any moment and go on later: what was
/// done is not done again, not even to somebody who has linked an app again
/// meanwhile. The journal holds e-mail addresses as they were added: personal
/// data.
///
/// What concerns one account is told by its [`Item`]. What concerns them all
/// ends the run with an error, and the entries not yet finished stay
/// [`remaining`](Progress::remaining): calling [`step`](Bulk::step) or
/// [`run`](Bulk::run) again goes on with them.
pub struct Bulk {
    shared: Arc<Shared>,
    cancel: Option<Cancel>,
    method: TfaMethod,
    settings: Settings,
    entries: Vec<Entry>,
    claims: Claims,
    emails: HashSet<Box<str>>,
    journal: Option<Journal>,
    progress: Progress,
    /// Once begun.
    run: Option<Run>,
    ready: VecDeque<Item>,
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    parallel: u32,
    per_minute: u32,
    writes_per_day: u32,
    dry_run: bool,
    include_self: bool,
    retry_unknown: bool,
    window: Duration,
    late_effect: Duration,
}

impl Bulk {
    pub(crate) fn new(shared: Arc<Shared>, cancel: Option<Cancel>, method: TfaMethod) -> Self {
        let settings = Settings {
            parallel: 4,
            per_minute: 1500,
            writes_per_day: 10_000,
            dry_run: false,
            include_self: false,
            retry_unknown: false,
            window: WINDOW,
            late_effect: LATE_EFFECT,
        };
        Bulk {
            shared,
            cancel,
            method,
            settings,
            entries: Vec::new(),
            claims: Claims::default(),
            emails: HashSet::new(),
            journal: None,
            progress: Progress::default(),
            run: None,
            ready: VecDeque::new(),
        }
    }

    /// Adds an account by id or e-mail address and gives its index. One that
    /// is there already is taken, too, and skipped when its turn comes.
    pub fn add(&mut self, id_or_email: &str) -> Result<u32, Error> {
        self.not_begun()?;
        let index = u32::try_from(self.entries.len())
            .ok()
            .filter(|index| *index < u32::MAX / 2)
            .ok_or_else(|| Error::argument("entry: the list is too long; use several runs"))?;
        let is_new = match Who::parse(id_or_email)? {
            Who::Id(id) => self.claims.claim(&id, index),
            Who::Email(email) => self.emails.insert(email.to_lowercase().into_boxed_str()),
        };
        self.entries.push(Entry {
            text: id_or_email.into(),
            is_duplicate: !is_new,
        });
        self.progress.added();
        Ok(index)
    }

    /// How many connections are used at once, 1 to 15 (default 4).
    pub fn set_parallel(&mut self, connections: u32) -> Result<(), Error> {
        if !(1..=MOST_PARALLEL).contains(&connections) {
            return Err(Error::argument(
                "parallel: portals take 1 to 15 writes at once; give a number in between",
            ));
        }
        self.set(|settings| settings.parallel = connections)
    }

    /// How many requests the portal allows in a minute, reads included
    /// (default 1500; 0: no limit). 98 of a hundred are used.
    pub fn set_requests_per_minute(&mut self, requests: u32) -> Result<(), Error> {
        self.set(|settings| settings.per_minute = requests)
    }

    /// How many changes are asked for in 24 hours, those in the journal
    /// included (default 10 000; 0: no limit but the portal's own).
    pub fn set_writes_per_day(&mut self, writes: u32) -> Result<(), Error> {
        self.set(|settings| settings.writes_per_day = writes)
    }

    /// Looks at every account and changes none; a journal is read and not
    /// written. To be set before the journal.
    pub fn set_dry_run(&mut self, enabled: bool) -> Result<(), Error> {
        if self.journal.is_some() && enabled != self.settings.dry_run {
            return Err(state(
                "dry run: set it before the journal, which is opened differently for it",
            ));
        }
        self.set(|settings| settings.dry_run = enabled)
    }

    /// Changes the caller's own account too, if it is in the list; that ends
    /// the caller's own sessions (default: it is skipped).
    pub fn set_include_self(&mut self, enabled: bool) -> Result<(), Error> {
        self.set(|settings| settings.include_self = enabled)
    }

    /// Asks again for changes of which a former run could not tell whether
    /// they were made: somebody who has linked an app again since is unlinked
    /// a second time (default: they stay unknown).
    pub fn set_retry_unknown(&mut self, enabled: bool) -> Result<(), Error> {
        self.set(|settings| settings.retry_unknown = enabled)
    }

    /// Opens, locks and reads the journal at `path`, and makes it when it is
    /// missing. The run goes on where the journal ends.
    ///
    /// `Status::Busy`: another run uses it. `Status::Journal`: it is of
    /// another portal, method or version, or damaged. That it is of another
    /// caller is told by the first step.
    pub fn set_journal(&mut self, path: &Path) -> Result<(), Error> {
        self.not_begun()?;
        if self.journal.is_some() {
            return Err(state("journal: it is set already"));
        }
        let identity = Identity {
            portal: self.shared.portal.address().base(),
            method: self.method,
        };
        self.journal = Some(Journal::open(path, identity, self.settings.dry_run)?);
        Ok(())
    }

    /// For tests against a portal whose minute is shorter: its window, and
    /// after how long a change under way has taken effect.
    #[doc(hidden)]
    pub fn set_clockwork(&mut self, window: Duration, late_effect: Duration) -> Result<(), Error> {
        self.set(|settings| (settings.window, settings.late_effect) = (window, late_effect))
    }

    /// Works until at least one more entry is finished and gives it; `None`
    /// once all are. Runs as many entries at once as connections are allowed.
    ///
    /// Cancelling ends it with `Status::Cancelled` after what was in flight
    /// has been given out.
    pub fn step(&mut self, cancel: Option<&Cancel>) -> Result<Option<Item>, Error> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                self.progress.finished(item.outcome());
                return Ok(Some(item));
            }
            if let Some(error) = self.run.as_mut().and_then(|run| run.pending.take()) {
                return Err(error);
            }
            if !self.begin(cancel)? {
                return Ok(None);
            }
            let (Some(team), _) = self.team(cancel) else {
                return Ok(None);
            };
            let mut ready = VecDeque::new();
            let worked = team.wave(|item| ready.push_back(item));
            self.ready = ready;
            if let (Err(error), Some(run)) = (worked, &mut self.run) {
                run.pending = Some(error);
            }
        }
    }

    /// Works until all entries are finished, and tells each to `each`, on this
    /// thread. All threads it starts end before it returns.
    pub fn run(
        &mut self,
        cancel: Option<&Cancel>,
        mut each: impl FnMut(&Progress, &Item),
    ) -> Result<(), Error> {
        while let Some(item) = self.ready.pop_front() {
            self.progress.finished(item.outcome());
            each(&self.progress, &item);
        }
        if let Some(error) = self.run.as_mut().and_then(|run| run.pending.take()) {
            return Err(error);
        }
        if !self.begin(cancel)? {
            return Ok(());
        }
        let (Some(team), progress) = self.team(cancel) else {
            return Ok(());
        };
        team.all(|item| {
            progress.finished(item.outcome());
            each(progress, &item);
        })
    }

    /// How far the run is; a clone of it shows the same while the run goes on.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Makes the run ready; false if there is nothing left to do.
    fn begin(&mut self, cancel: Option<&Cancel>) -> Result<bool, Error> {
        if let Some(run) = &self.run {
            return Ok(!run.is_over());
        }
        if self.entries.is_empty() {
            return Ok(false);
        }
        let _working = self.progress.working();
        self.progress.set_limit(self.settings.per_minute);
        let cancel = cancel.or(self.cancel.as_ref());
        let claims = std::mem::take(&mut self.claims);
        let begun = Run::begin(
            &self.shared,
            cancel,
            &self.settings,
            self.journal.as_ref(),
            self.entries.len(),
        );
        match begun {
            Ok(run) => {
                self.run = Some(run.with_claims(claims));
                self.emails = HashSet::new();
                Ok(true)
            }
            Err(error) => {
                self.claims = claims;
                Err(error)
            }
        }
    }

    fn team<'a>(&'a self, cancel: Option<&'a Cancel>) -> (Option<Team<'a>>, &'a Progress) {
        let team = self.run.as_ref().map(|run| Team {
            shared: &self.shared,
            cancel: cancel.or(self.cancel.as_ref()),
            method: self.method,
            settings: &self.settings,
            entries: &self.entries,
            journal: self.journal.as_ref(),
            run,
            progress: &self.progress,
        });
        (team, &self.progress)
    }

    fn set(&mut self, set: impl FnOnce(&mut Settings)) -> Result<(), Error> {
        self.not_begun()?;
        set(&mut self.settings);
        Ok(())
    }

    fn not_begun(&self) -> Result<(), Error> {
        match self.run {
            None => Ok(()),
            Some(_) => Err(state("the run has begun; make another one")),
        }
    }
}

impl fmt::Debug for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("method", &self.method)
            .field("settings", &self.settings)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

fn state(text: &str) -> Error {
    Error::new(Status::State, Applied::No, text)
}
