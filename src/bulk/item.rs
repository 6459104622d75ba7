//! What became of one entry.

use crate::account::AccountId;
use crate::change::Change;
use crate::error::Error;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum ItemOutcome {
    /// It may have been applied.
    Unknown = 0,
    /// The portal says that it is done, or the app was seen unlinked afterwards.
    Applied = 1,
    /// Not applied; the error says why.
    Refused = 2,
    /// Nothing was asked: a duplicate, settled in the journal, or the own
    /// account left out.
    Skipped = 3,
    /// A dry run: the change would be asked for.
    Would = 4,
}

impl ItemOutcome {
    pub(super) const COUNT: usize = 5;

    pub(super) fn place(self) -> usize {
        match self {
            ItemOutcome::Unknown => 0,
            ItemOutcome::Applied => 1,
            ItemOutcome::Refused => 2,
            ItemOutcome::Skipped => 3,
            ItemOutcome::Would => 4,
        }
    }
}

/// An entry that is finished.
#[derive(Debug, Clone)]
pub struct Item {
    pub(super) index: u32,
    pub(super) entry: Box<str>,
    pub(super) account: Option<AccountId>,
    pub(super) outcome: ItemOutcome,
    pub(super) from_journal: bool,
    pub(super) change: Option<Change>,
    pub(super) error: Option<Error>,
}

impl Item {
    /// Its place in the list, from 0.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// As it was added.
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// The account, once known.
    pub fn account_id(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }

    /// What became of it.
    pub fn outcome(&self) -> ItemOutcome {
        self.outcome
    }

    /// The journal of a former run decided: this run asked for no change.
    ///
    /// A skipped item from the journal without an error was applied then; with
    /// one it was refused then.
    pub fn from_journal(&self) -> bool {
        self.from_journal
    }

    /// The change, when it is applied; `None` if there is an error beside it.
    pub fn change(&self) -> Option<&Change> {
        self.change.as_ref()
    }

    /// Why not, or why it is unknown. An applied entry has one where the change
    /// failed or was refused and the app is unlinked now: end its sessions.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}
