//! What looking at an account showed.

use crate::account::AccountId;
use crate::portal::people::Person;

/// What looking at an account showed.
pub(super) struct Seen {
    pub(super) id: AccountId,
    pub(super) link: Option<bool>,
    pub(super) is_terminated: bool,
}

impl Seen {
    pub(super) fn of(id: AccountId, person: &Person) -> Self {
        Seen {
            id,
            link: person.tfa_app_enabled,
            is_terminated: person.is_terminated(),
        }
    }
}
