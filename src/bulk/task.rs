//! What the threads of a run are given to do.

use std::time::{Duration, Instant};

use super::item::Item;
use crate::account::AccountId;
use crate::change::mark::Mark;
use crate::error::Error;

/// The most accounts that a page has.
pub(super) const PAGE: u32 = 100;
/// An older look proves nothing.
pub(super) const FRESH_LOOK: Duration = Duration::from_secs(60);

/// What a read showed of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) id: AccountId,
    /// In lower case; empty where it was not shown.
    pub(super) email: Box<str>,
    pub(super) link: Option<bool>,
    pub(super) is_terminated: bool,
    /// When it was asked for.
    pub(super) at: Instant,
}

/// An entry to be worked on.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) index: usize,
    /// From the page that shows it.
    pub(super) look: Option<Box<Look>>,
    /// That page.
    pub(super) page: Option<u32>,
    /// How often it failed for a reason that is not its own.
    pub(super) rounds: u32,
    /// Not before this.
    pub(super) due: Option<Instant>,
    /// It is tried once more, for this.
    pub(super) aside: Option<Box<Error>>,
    /// It was put behind all others once.
    pub(super) is_late: bool,
}

impl Job {
    pub(super) fn new(index: usize) -> Self {
        Job {
            index,
            look: None,
            page: None,
            rounds: 0,
            due: None,
            aside: None,
            is_late: false,
        }
    }

    /// The entry's place in the list, as callers count.
    pub(super) fn number(&self) -> u32 {
        u32::try_from(self.index).unwrap_or(u32::MAX)
    }
}

/// An entry that was answered and is looked at before it is handed out.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) id: AccountId,
    pub(super) item: Box<Item>,
    pub(super) at: Instant,
}

/// One that was still shown as linked, and is looked at once more.
#[derive(Debug, Clone)]
pub(super) struct Late {
    pub(super) id: AccountId,
    pub(super) page: Option<u32>,
    /// Whether it may have been applied, or the portal said so.
    pub(super) is_open: bool,
    pub(super) at: Instant,
}

#[derive(Debug)]
pub(super) enum Task {
    /// Read this page and find entries there.
    Page(u32),
    Entry(Job),
    /// Look at those who were answered.
    Looks(Option<u32>, Vec<Answered>),
    /// Ask the audit trail for what stayed open.
    Trail(Vec<(AccountId, Mark)>),
    /// Look once more, at the end.
    Late(Option<u32>, Vec<Late>),
}

#[derive(Debug)]
pub(super) enum Turn {
    Task(Task),
    /// Nothing before this, or before others are done.
    Later(Option<Instant>),
    Over,
}

/// An entry that is done with.
#[allow(clippy::large_enum_variant, reason = "it is handed on at once")]
pub(super) enum Finished {
    Item(Item),
    /// To be looked at before it is handed out.
    Answered(Answered),
}

/// Why an entry is not finished.
pub(super) enum Unfinished {
    /// It comes again.
    Again(Job),
    /// It comes again, behind all others.
    Last(Job),
    /// The run ends, and may go on with it later.
    RunEnds(Job),
}

pub(super) type Worked = Result<Finished, Unfinished>;
