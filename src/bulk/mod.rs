//! Many accounts, as fast as the portal allows.

mod breaker;
mod change;
mod claims;
mod context;
mod end_sessions;
mod entry;
mod failure;
mod item;
mod looks;
mod plan;
mod progress;
mod report;
mod run;
mod settings;
mod task;
mod worker;

use std::collections::VecDeque;
use std::collections::hash_map::{self, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex};

pub use self::item::{Item, ItemOutcome};
pub use self::progress::{Phase, Progress};
pub use self::report::JournalReader;

use self::claims::Claims;
use self::context::Worker;
use self::item::{Entry, EntryName};
use self::run::Run;
use self::settings::Settings;
use self::worker::Extent;
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
/// Reads who asks once; then about one request for each entry: what is to be known
/// beforehand comes from pages of a hundred accounts, read just before their
/// entries, where that takes fewer requests than single reads. A dry run also reads
/// the key's scopes and the portal's setting. More is read where a refusal is
/// explained or an outcome is open. Entries that a read shows to be nobody's,
/// terminated or not linked are refused without a change being asked for. The
/// caller's own account comes last.
///
/// With a journal a run may be killed at any moment and go on later: nobody is
/// asked for twice, whatever the clock says and whoever has linked an app again
/// meanwhile. What was under way is settled by the portal's audit trail, or by being
/// seen unlinked; else it stays unknown. The journal holds e-mail addresses as they
/// were added: personal data.
///
/// A portal in trouble ends the run, and not the list: five changes in a row that
/// may or may not be done, or more than five that are also over one in fifty, end
/// it with `Status::Unavailable` and the time to come back.
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
    claims: Mutex<Claims>,
    /// The entry of each address, in lower case.
    emails: HashMap<Box<str>, u32>,
    journal: Option<Journal>,
    progress: Progress,
    stop: Cancel,
    /// Once begun.
    run: Option<Run>,
    /// Finished, and not given out yet.
    ready: VecDeque<Item>,
    /// To be told once those are given out.
    pending: Option<Error>,
}

impl Bulk {
    pub(crate) fn new(shared: Arc<Shared>, cancel: Option<Cancel>, method: TfaMethod) -> Self {
        Bulk {
            shared,
            cancel,
            method,
            settings: Settings::default(),
            entries: Vec::new(),
            claims: Mutex::default(),
            emails: HashMap::new(),
            journal: None,
            progress: Progress::default(),
            stop: Cancel::new(),
            run: None,
            ready: VecDeque::new(),
            pending: None,
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
        let is_new = match EntryName::parse(id_or_email)? {
            EntryName::Id(id) => run::lock(&self.claims).claim(&id, index),
            EntryName::Email(email) => {
                let email = email.to_lowercase().into_boxed_str();
                match self.emails.entry(email) {
                    hash_map::Entry::Vacant(place) => *place.insert(index) == index,
                    hash_map::Entry::Occupied(_) => false,
                }
            }
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
            if let Some(ready) = self.next_ready() {
                return ready.map(Some);
            }
            let mut ready = VecDeque::new();
            let worked = self.work(cancel, Extent::Wave, &mut |item| ready.push_back(item));
            self.ready = ready;
            match worked {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => self.pending = Some(error),
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
        while let Some(ready) = self.next_ready() {
            each(&self.progress, ready?);
        }
        let progress = self.progress.clone();
        let worked = self.work(cancel, Extent::All, &mut |item| {
            progress.finished(item.outcome());
            each(&progress, item);
        });
        worked.map(drop)
    }

    /// How far the run is; a clone of it shows the same while the run goes on.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Once requested, no new entry begins, for good: what is under way finishes,
    /// every pause ends, and [`step`](Bulk::step) and [`run`](Bulk::run) hand out
    /// what was under way and end with `Status::Cancelled`.
    pub fn stop(&self) -> &Cancel {
        &self.stop
    }

    /// What a former step left to be given out.
    fn next_ready(&mut self) -> Option<Result<Item, Error>> {
        match self.ready.pop_front() {
            Some(item) => {
                self.progress.finished(item.outcome());
                Some(Ok(item))
            }
            None => self.pending.take().map(Err),
        }
    }

    /// Works on entries, and begins the run if it has not begun; false if there
    /// is nothing left to do.
    fn work(
        &mut self,
        cancel: Option<&Cancel>,
        extent: Extent,
        take: &mut dyn FnMut(Item),
    ) -> Result<bool, Error> {
        if self.entries.is_empty() || self.run.as_ref().is_some_and(Run::is_over) {
            return Ok(false);
        }
        let _working = self.progress.working();
        let own = self.cancel.clone();
        let cancel = cancel.or(own.as_ref());
        if self.run.is_none() {
            self.progress.set_limit(self.settings.per_minute);
            self.run = Some(Run::begin(self, cancel)?);
        }
        let Some(run) = &self.run else {
            return Ok(false);
        };
        let bulk = &*self;
        Worker { bulk, run, cancel }.work(extent, take)?;
        Ok(true)
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
