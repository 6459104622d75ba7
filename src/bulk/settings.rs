//! How a run is to go; settled before it begins.

use std::path::Path;
use std::time::Duration;

use super::{Bulk, state};
use crate::change::read_back::OLD_PICTURE;
use crate::error::Error;
use crate::journal::{Identity, Journal};
use crate::transport::pace::WINDOW;

/// A portal does no more writes than this at a time.
const MOST_PARALLEL: u32 = 15;

#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) parallel: u32,
    pub(super) per_minute: u32,
    pub(super) writes_per_day: u32,
    pub(super) dry_run: bool,
    pub(super) include_self: bool,
    pub(super) retry_unknown: bool,
    /// How far changes are looked at; see `Verify` of the plan.
    pub(super) verify: u32,
    pub(super) window: Duration,
    pub(super) old_picture: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            parallel: 4,
            per_minute: 1500,
            writes_per_day: 10_000,
            dry_run: false,
            include_self: false,
            retry_unknown: false,
            verify: 0,
            window: WINDOW,
            old_picture: OLD_PICTURE,
        }
    }
}

/// Settings: each is judged at once, and refused once the run has begun.
impl Bulk {
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
    /// they were made, and for those that were refused: somebody who has linked an
    /// app again since is unlinked a second time (default: they stay as they are).
    pub fn set_retry_unknown(&mut self, enabled: bool) -> Result<(), Error> {
        self.set(|settings| settings.retry_unknown = enabled)
    }

    /// Opens, locks and reads the journal at `path`; a missing one is made when the
    /// run begins. The run goes on where the journal ends.
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

    /// Whether accounts are looked at once they are answered. 0 (default): not at
    /// all. 1: those of a page together, which takes one more request for about a
    /// hundred; what is still shown as linked is looked at once more at the end, if
    /// five minutes have passed by then. 2: the end waits for that. A look never
    /// takes the portal's word back, but settles what was unknown. The client's own
    /// [`verify`](crate::ClientBuilder::verify) has no say here.
    pub fn set_verify(&mut self, level: u32) -> Result<(), Error> {
        if level > 2 {
            return Err(Error::argument(
                "level: give 0 (no looks), 1 (looks) or 2 (looks, and waits for the last)",
            ));
        }
        self.set(|settings| settings.verify = level)
    }

    /// For tests against a portal whose minute is shorter: its window, and after
    /// how long a look shows how it is.
    #[doc(hidden)]
    pub fn set_clockwork(&mut self, window: Duration, old_picture: Duration) -> Result<(), Error> {
        self.set(|settings| (settings.window, settings.old_picture) = (window, old_picture))
    }

    fn set(&mut self, set: impl FnOnce(&mut Settings)) -> Result<(), Error> {
        self.not_begun()?;
        set(&mut self.settings);
        Ok(())
    }

    pub(super) fn not_begun(&self) -> Result<(), Error> {
        match self.run {
            None => Ok(()),
            Some(_) => Err(state("the run has begun; make another one")),
        }
    }
}
