//! `dstfa_journal`: what the journal of a bulk says.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::bulk_item::dstfa_bulk_item;
use super::call::{self, Given, Out};
use super::constants::{DSTFA_OK, dstfa_status};
use super::error::dstfa_error;
use super::handle;
use crate::{Applied, JournalReader};

/// What stands in a journal. Made by dstfa_journal_open(), read with
/// dstfa_journal_next(), freed with dstfa_journal_free(). One thread at a time.
pub struct dstfa_journal {
    reader: JournalReader,
}

impl From<JournalReader> for dstfa_journal {
    fn from(reader: JournalReader) -> Self {
        dstfa_journal { reader }
    }
}

/// Reads the journal at path, UTF-8 on every system. Nothing is sent and nothing
/// written. It takes no lock, so that it may be read while a run goes on: what is
/// told is what was known at that moment. A damaged journal is read up to the
/// damage, see dstfa_journal_damage_line().
///
/// journal_out is required and gets the journal; free it with
/// dstfa_journal_free(). Returns DSTFA_OK, DSTFA_E_ARGUMENT, DSTFA_E_IO if it
/// cannot be read, or DSTFA_E_JOURNAL if it does not begin as a journal does or is
/// of another format; then applied is DSTFA_APPLIED_NO.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_journal_open(
    path: *const c_char,
    journal_out: Option<&mut MaybeUninit<*mut dstfa_journal>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let path = unsafe { Given::new("path", path) };
    let out = Out::required("journal_out", journal_out);
    call::run(error_out, Applied::No, || {
        Ok(out?.put(JournalReader::open(path.read()?.as_ref())?))
    })
}

/// The next entry, in the order in which the journal names them first; entries
/// that were never begun are not in it. An entry is applied, refused - its error
/// is retryable where a run that goes on judges it anew - or unknown, which it is
/// too while its change is under way.
///
/// item_out is required: with DSTFA_OK it gets the item, to be freed with
/// dstfa_bulk_item_free(), and NULL otherwise. dstfa_bulk_item_index() is its
/// place in the journal, and dstfa_bulk_item_entry() the e-mail address as it
/// stands there, or else the id. Returns DSTFA_DONE when there is no entry left;
/// item and error are both NULL then.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_journal_next(
    journal: Option<&mut dstfa_journal>,
    item_out: Option<&mut MaybeUninit<*mut dstfa_bulk_item>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let out = Out::required("item_out", item_out);
    call::run(error_out, Applied::No, || {
        let out = out?;
        Ok(out.put_next(call::required("journal", journal)?.reader.next()))
    })
}

/// The line from which on the journal is damaged, counted from 1; 0 if all of it
/// was read. The beginning of a last line, cut off when a run was killed, is no
/// damage. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_journal_damage_line(journal: Option<&dstfa_journal>) -> u32 {
    handle::get(journal, |it| it.reader.damage_line())
}

/// Frees the journal; NULL does nothing. The items it gave stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_journal_free(journal: Option<Box<dstfa_journal>>) {
    handle::release(journal);
}

/// Copies the sound lines of the damaged journal at old_path to new_path, where
/// there must be nothing. The old one is left as it is. A run that goes on with
/// the new one takes from it only what is known to be settled: every other entry
/// of its list, one that was never begun too, stays unknown unless
/// dstfa_bulk_set_retry_unknown() is on.
///
/// Returns DSTFA_OK; DSTFA_E_ARGUMENT if there is something at new_path;
/// DSTFA_E_BUSY if a run uses the old one; DSTFA_E_JOURNAL if its first line is
/// not sound, without which nothing can be salvaged; DSTFA_E_IO if one cannot be
/// read or the other not written. Then applied is DSTFA_APPLIED_NO.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_journal_salvage(
    old_path: *const c_char,
    new_path: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let old = unsafe { Given::new("old_path", old_path) };
    // SAFETY: the same.
    let new = unsafe { Given::new("new_path", new_path) };
    call::run(error_out, Applied::No, || {
        JournalReader::salvage(old.read()?.as_ref(), new.read()?.as_ref())?;
        Ok(DSTFA_OK)
    })
}
