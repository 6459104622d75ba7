//! Which entry an account belongs to.

use std::collections::HashMap;

use crate::account::AccountId;

/// An id and an e-mail address may name the same one. Ids take 16 bytes here, for
/// long lists.
#[derive(Debug, Default)]
pub(super) struct Claims(HashMap<u128, u32>);

impl Claims {
    /// Whether `account` is this entry's.
    pub(super) fn claim(&mut self, account: &AccountId, index: u32) -> bool {
        *self.0.entry(number(account)).or_insert(index) == index
    }

    /// Whose it is.
    pub(super) fn of(&self, account: &AccountId) -> Option<u32> {
        self.0.get(&number(account)).copied()
    }
}

/// Of 32 hexadecimal digits and hyphens.
fn number(account: &AccountId) -> u128 {
    let digits = account.as_str().chars().filter_map(|c| c.to_digit(16));
    digits.fold(0, |number, digit| number << 4 | u128::from(digit))
}
