//! Entries: as they were added, and what became of them.

use crate::account::AccountId;
use crate::change::Change;
use crate::change::mark::Mark;
use crate::error::Error;
pub use crate::numbers::ItemOutcome;
use crate::numbers::Numbered;

/// No e-mail address is longer.
const LONGEST_EMAIL: usize = 255;

/// Whom an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryName<'a> {
    Id(AccountId),
    Email(&'a str),
}

impl<'a> EntryName<'a> {
    pub(super) fn parse(entry: &'a str) -> Result<Self, Error> {
        let entry = entry.trim();
        if !entry.contains('@') {
            return AccountId::parse(entry).map(EntryName::Id);
        }
        let fits = entry.len() <= LONGEST_EMAIL
            && entry
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            && !entry.chars().any(|c| c.is_control() || c.is_whitespace());
        if fits {
            Ok(EntryName::Email(entry))
        } else {
            Err(Error::argument(
                "entry: neither an account id nor an e-mail address; leave blanks and names off",
            ))
        }
    }
}

/// An entry as it was added.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) text: Box<str>,
    /// The same was added before.
    pub(super) is_duplicate: bool,
}

impl ItemOutcome {
    pub(super) const COUNT: usize = Self::ALL.len();

    pub(super) fn place(self) -> usize {
        self as usize
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
    pub(super) sessions_ended: Option<bool>,
    pub(super) change: Option<Change>,
    pub(super) error: Option<Error>,
    /// By which the audit trail may show it.
    pub(super) mark: Option<Mark>,
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

    pub(super) fn new(
        index: u32,
        entry: Box<str>,
        account: Option<AccountId>,
        outcome: ItemOutcome,
    ) -> Self {
        Item {
            index,
            entry,
            account,
            outcome,
            from_journal: false,
            sessions_ended: None,
            change: None,
            error: None,
            mark: None,
        }
    }

    pub(super) fn with_mark(self, mark: Mark) -> Self {
        Item {
            mark: Some(mark),
            ..self
        }
    }

    /// Whether the account's sessions are ended: `Some(true)` is the portal's
    /// word; `Some(false)`: it refused to, which only
    /// [`Bulk::end_sessions`](crate::Bulk::end_sessions) can tell.
    pub fn sessions_ended(&self) -> Option<bool> {
        self.sessions_ended
    }

    pub(super) fn with_change(self, change: Change) -> Self {
        Item {
            sessions_ended: change.sessions_ended(),
            change: Some(change),
            ..self
        }
    }

    pub(super) fn with_error(self, error: Error) -> Self {
        Item {
            error: Some(error),
            ..self
        }
    }

    pub(super) fn by_journal(self) -> Self {
        Item {
            from_journal: true,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn ids_and_addresses_only() {
        let id = "11111111-2222-3333-4444-555555555555";
        assert!(matches!(EntryName::parse(id), Ok(EntryName::Id(_))));
        assert!(matches!(
            EntryName::parse(&format!(" {id}\r\n")),
            Ok(EntryName::Id(_))
        ));
        assert_eq!(
            EntryName::parse(" A.b@Example.com\t").unwrap(),
            EntryName::Email("A.b@Example.com")
        );
        let long = format!("{}@example.com", "a".repeat(300));
        for wrong in [
            "",
            " ",
            "x",
            "@self",
            "a@",
            "@b",
            "a b@c",
            "a@b\u{0}c",
            "Anna <a@b>",
            "olga",
            &long,
            "00000000-0000-0000-0000-000000000000",
        ] {
            let error = EntryName::parse(wrong).unwrap_err();
            assert_eq!(error.status(), Status::Argument, "{wrong:?}");
        }
    }
}
