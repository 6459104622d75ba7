//! Reading accounts.

use serde::Deserialize;

use super::{Portal, ReadFault};
use crate::account::AccountId;
use crate::transport::Call;

/// What is needed of the portal's person object.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) status: i64,
    #[serde(default)]
    pub(crate) is_owner: bool,
    /// Absent unless the caller may see it and the portal's method is the app:
    /// absent is not "no".
    #[serde(default)]
    pub(crate) tfa_app_enabled: Option<bool>,
}

/// The portal's number for a terminated account.
const TERMINATED: i64 = 2;

impl Person {
    pub(crate) fn is(&self, account: &AccountId) -> bool {
        self.id.eq_ignore_ascii_case(account.as_str())
    }

    pub(crate) fn is_terminated(&self) -> bool {
        self.status == TERMINATED
    }
}

impl Portal {
    /// The account that the credential stands for.
    pub(crate) fn own_account(&self, call: &Call) -> Result<Person, ReadFault> {
        self.read(call, "people/@self", "people/@self")
    }

    /// The account with this id. A user name that looks like the id shadows
    /// it, so another account's answer is not readable.
    pub(crate) fn account(&self, call: &Call, account: &AccountId) -> Result<Person, ReadFault> {
        let person: Person = self.read(call, &format!("people/{account}"), "people/{id}")?;
        if person.is(account) {
            Ok(person)
        } else {
            Err(ReadFault::Unreadable)
        }
    }
}
