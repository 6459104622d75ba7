//! What looking at an account showed.

use std::time::Instant;

use crate::account::AccountId;
use crate::change::run::SeenLinked;
use crate::portal::people::Person;

/// What looking at an account showed.
pub(super) struct Seen {
    pub(super) id: AccountId,
    pub(super) link: Option<bool>,
    pub(super) is_terminated: bool,
    /// When it was asked for.
    pub(super) at: Instant,
}

impl Seen {
    pub(super) fn of(id: AccountId, person: &Person, at: Instant) -> Self {
        Seen {
            id,
            link: person.tfa_app_enabled,
            is_terminated: person.is_terminated(),
            at,
        }
    }

    /// What the change may rely on.
    pub(super) fn linked(&self, caller: &AccountId) -> Option<SeenLinked> {
        (self.link == Some(true)).then_some(SeenLinked {
            at: self.at,
            is_self: Some(self.id == *caller),
        })
    }
}
