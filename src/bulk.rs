//! Many accounts, as fast as the portal allows.

mod blame;
mod entry;
mod events;
mod item;
mod progress;
mod queue;
mod run;
mod seen;
mod settings;
mod team;
mod verdict;
mod work;

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

pub use self::item::{Item, ItemOutcome};
pub use self::progress::Progress;

use self::entry::{Entry, Who};
use self::queue::Claims;
use self::run::Run;
use self::settings::Settings;
use self::team::Team;
use crate::cancel::Cancel;
use crate::error::{Applied, Error, Status};
use crate::journal::Journal;
use crate::method::TfaMethod;
use crate::shared::Shared;

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
/// It takes one read of the caller at the start (a dry run also reads the key's
/// scopes and the portal's setting), and for each entry two requests: one that
/// reads the account, by id or by address, and the change; more where a refusal is
/// explained or an outcome is open.
/// Entries that the read shows to be nobody's, terminated or not linked are
/// refused without a change being asked for.
///
/// With a journal a run may be killed at any moment and go on later: what is known
/// to be done is not asked for again, not even for somebody who has linked an app
/// again meanwhile. What was under way is looked at first: an app that is still
/// shown as linked a minute after the former request, and at most ten, is asked for
/// once more. The journal holds e-mail addresses as they were added: personal data.
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

impl Bulk {
    pub(crate) fn new(shared: Arc<Shared>, cancel: Option<Cancel>, method: TfaMethod) -> Self {
        Bulk {
            shared,
            cancel,
            method,
            settings: Settings::default(),
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
            let worked = team.wave(&mut |item| ready.push_back(item));
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
        self.hand_out(cancel, &mut |progress, item| each(progress, &item))
    }

    /// As [`run`](Bulk::run), for those who take the items.
    pub(crate) fn hand_out(
        &mut self,
        cancel: Option<&Cancel>,
        each: &mut dyn FnMut(&Progress, Item),
    ) -> Result<(), Error> {
        while let Some(item) = self.ready.pop_front() {
            self.progress.finished(item.outcome());
            each(&self.progress, item);
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
        team.all(&mut |item| {
            progress.finished(item.outcome());
            each(progress, item);
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
