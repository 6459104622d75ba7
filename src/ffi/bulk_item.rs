//! `dstfa_bulk_item`: what became of one entry of a bulk.

use std::ffi::c_char;

use super::change::dstfa_change;
use super::error::dstfa_error;
use super::handle;
use super::text::Text;
use crate::Item;

/// What became of one entry. One from dstfa_bulk_step() or dstfa_journal_next() is
/// freed with dstfa_bulk_item_free() and may outlive the bulk or the journal; one
/// that a callback gets belongs to the library and ends with the callback.
pub struct dstfa_bulk_item {
    facts: Item,
    entry: Text,
    account_id: Text,
    change: Option<dstfa_change>,
    error: Option<dstfa_error>,
}

impl From<Item> for dstfa_bulk_item {
    fn from(facts: Item) -> Self {
        dstfa_bulk_item {
            entry: Text::new(facts.entry()),
            account_id: Text::new(facts.account_id().map_or("", |id| id.as_str())),
            change: facts.change().cloned().map(dstfa_change::from),
            error: facts.error().cloned().map(dstfa_error::from),
            facts,
        }
    }
}

/// Frees the item, its strings, its change and its error; NULL does nothing.
/// Only for items from dstfa_bulk_step() and dstfa_journal_next().
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_free(item: Option<Box<dstfa_bulk_item>>) {
    handle::release(item);
}

/// The place of the entry in the list, from 0, as dstfa_bulk_add() gave it. NULL
/// gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_index(item: Option<&dstfa_bulk_item>) -> u32 {
    handle::get(item, |it| it.facts.index())
}

/// The entry as it was added: an account id or an e-mail address. Owned by the
/// item, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_entry(item: Option<&dstfa_bulk_item>) -> *const c_char {
    handle::get(item, |it| &it.entry)
}

/// The id of the account, in lower case; "" if it was not found out. Owned by
/// the item, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_account_id(item: Option<&dstfa_bulk_item>) -> *const c_char {
    handle::get(item, |it| &it.account_id)
}

/// What became of the entry, one of DSTFA_ITEM_*. NULL gives
/// DSTFA_ITEM_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_outcome(item: Option<&dstfa_bulk_item>) -> i32 {
    handle::get(item, |it| it.facts.outcome())
}

/// 1 if the journal of a former run decided and this one asked for no change,
/// else 0. A skipped item from the journal was applied then if it has no error,
/// and refused if it has one. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_from_journal(item: Option<&dstfa_bulk_item>) -> i32 {
    handle::get(item, |it| it.facts.from_journal())
}

/// Whether the account's sessions are ended: DSTFA_YES if the portal says that it
/// ended them with the change or afterwards; DSTFA_NO if it did not when
/// dstfa_bulk_end_sessions() asked; DSTFA_UNKNOWN otherwise. NULL gives
/// DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_sessions_ended(item: Option<&dstfa_bulk_item>) -> i32 {
    handle::get(item, |it| it.facts.sessions_ended())
}

/// The change of an applied entry, else NULL. NULL also for an applied entry that
/// has an error, see dstfa_bulk_item_error(). Owned by the item: it lives as
/// long, and dstfa_change_free() is not for it. NULL gives NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_change(item: Option<&dstfa_bulk_item>) -> Option<&dstfa_change> {
    handle::part(item, |it| it.change.as_ref())
}

/// Why the entry was refused or is unknown, else NULL. An applied entry has one
/// where the change failed or was refused and the app is unlinked now:
/// dstfa_error_applied() is DSTFA_APPLIED_MAYBE and its sessions are to be ended.
/// Owned by the item: it lives as long, and dstfa_error_free() is not for it. NULL
/// gives NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_item_error(item: Option<&dstfa_bulk_item>) -> Option<&dstfa_error> {
    handle::part(item, |it| it.error.as_ref())
}
