//! `dstfa_bulk`: many accounts.
//!
//! A callback is given the bulk that runs, so nothing here makes a `&mut` of
//! the handle: what runs or is set is locked for that time, and the numbers are
//! read beside it.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::sync::{Mutex, MutexGuard, TryLockError};

use super::bulk_item::dstfa_bulk_item;
use super::call::{self, Given, Out};
use super::cancel::dstfa_cancel;
use super::client::{dstfa_client, with_cancel};
use super::constants::*;
use super::error::dstfa_error;
use super::handle;
use super::numbers;
use crate::numbers::Numbered;
use crate::{Applied, Bulk, Cancel, Error, Item, ItemOutcome, Progress, Status};

/// Changes many accounts, as fast as the portal lets it and no faster. Made by
/// dstfa_bulk_new(), filled with dstfa_bulk_add(), worked through with
/// dstfa_bulk_run() or dstfa_bulk_step(), freed with dstfa_bulk_free(). It may
/// outlive the client.
///
/// Settings and entries come before the run; afterwards they are refused with
/// DSTFA_E_STATE. Setters judge their value at once; one they refuse changes
/// nothing and gives DSTFA_E_ARGUMENT, or another status where the setter's own
/// text says so, with DSTFA_APPLIED_NO.
///
/// One thread at a time runs and sets; every call while it runs, from its
/// callback too, gives DSTFA_E_STATE. The numbers - total, count, remaining,
/// elapsed, estimate, phase, wait - may be read by any thread at any time, and
/// dstfa_bulk_stop() called.
///
/// What concerns one account is told by its item. What concerns them all ends
/// the run with an error, and the entries not yet finished stay: calling
/// dstfa_bulk_step() or dstfa_bulk_run() again goes on with them.
pub struct dstfa_bulk {
    bulk: Mutex<Bulk>,
    progress: Progress,
    stop: Cancel,
}

/// Receives the entries of a run; see dstfa_bulk_run().
pub type dstfa_bulk_fn = Option<
    unsafe extern "C-unwind" fn(
        user_data: *mut c_void,
        bulk: *const dstfa_bulk,
        item: *const dstfa_bulk_item,
    ),
>;

impl From<Bulk> for dstfa_bulk {
    fn from(bulk: Bulk) -> Self {
        dstfa_bulk {
            progress: bulk.progress().clone(),
            stop: bulk.stop().clone(),
            bulk: Mutex::new(bulk),
        }
    }
}

impl dstfa_bulk {
    fn lock(&self) -> Result<MutexGuard<'_, Bulk>, Error> {
        match self.bulk.try_lock() {
            Ok(bulk) => Ok(bulk),
            // A defect was reported then; what is known is still so.
            Err(TryLockError::Poisoned(bulk)) => Ok(bulk.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::new(
                Status::State,
                Applied::No,
                "bulk: it is running; wait until the run has returned",
            )),
        }
    }
}

/// What every setter does.
fn set(
    bulk: Option<&dstfa_bulk>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
    change: impl FnOnce(&mut Bulk) -> Result<(), Error>,
) -> dstfa_status {
    call::run(error_out, Applied::No, || {
        change(&mut *call::required("bulk", bulk)?.lock()?)?;
        Ok(DSTFA_OK)
    })
}

/// Tells the caller an item of the bulk that works for it on this thread.
fn tell(callback: dstfa_bulk_fn, user_data: *mut c_void, bulk: *const dstfa_bulk, item: Item) {
    let Some(callback) = callback else { return };
    let item = dstfa_bulk_item::from(item);
    // SAFETY: the caller gave function and data for exactly this call, on this
    // thread; bulk and item live until it returns.
    unsafe { callback(user_data, bulk, &raw const item) };
}

/// Makes a bulk that changes the two-factor method of many accounts, each as
/// dstfa_client_change_method() does. Nothing is sent.
///
/// method is DSTFA_METHOD_NONE, DSTFA_METHOD_SMS or DSTFA_METHOD_APP. bulk_out
/// is required and gets the bulk; free it with dstfa_bulk_free(). Returns
/// DSTFA_OK or DSTFA_E_ARGUMENT; then applied is DSTFA_APPLIED_NO.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_new(
    client: Option<&dstfa_client>,
    method: i32,
    bulk_out: Option<&mut MaybeUninit<*mut dstfa_bulk>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let out = Out::required("bulk_out", bulk_out);
    call::run(error_out, Applied::No, || {
        let out = out?;
        let client = with_cancel(client, None)?;
        Ok(out.put(client.bulk(numbers::known("method", method)?)))
    })
}

/// Frees the bulk and closes its journal; NULL does nothing. Not while it runs,
/// so not in its callback. The items it gave stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_free(bulk: Option<Box<dstfa_bulk>>) {
    handle::release(bulk);
}

/// Adds an entry: an account id or an e-mail address. An account that is there
/// already is taken, too, and skipped when its turn comes.
///
/// index_out may be NULL; it gets the place of the entry, from 0, and 0 on
/// failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_add(
    bulk: *mut dstfa_bulk,
    id_or_email: *const c_char,
    index_out: Option<&mut MaybeUninit<u32>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let index = index_out.map(|place| place.write(0));
    // SAFETY: NULL or a string of the caller's.
    let entry = unsafe { Given::new("id_or_email", id_or_email) };
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| {
        let added = bulk.add(entry.read()?)?;
        if let Some(index) = index {
            *index = added;
        }
        Ok(())
    })
}

/// How many connections are used at once: 1 to 15. Default 4.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_set_parallel(
    bulk: *mut dstfa_bulk,
    connections: u32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| bulk.set_parallel(connections))
}

/// How many requests a minute the portal allows, reads included; an entry takes
/// about one where pages show the accounts, two at most, and more where a refusal
/// is explained or an outcome is open. Default 1500; 0: no limit but the portal's
/// own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_set_requests_per_minute(
    bulk: *mut dstfa_bulk,
    requests: u32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| {
        bulk.set_requests_per_minute(requests)
    })
}

/// How many changes are asked for in 24 hours, those in the journal included.
/// When they are used up the run ends with DSTFA_E_RATE_LIMITED and
/// DSTFA_REASON_DAILY_LIMIT. Default 10000; 0: no limit but the portal's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_set_writes_per_day(
    bulk: *mut dstfa_bulk,
    writes: u32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| bulk.set_writes_per_day(writes))
}

/// 1: looks at every account and changes none; a journal is read and not
/// written. 0 (default): changes. Other numbers are refused. To be set before
/// the journal, else DSTFA_E_STATE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_set_dry_run(
    bulk: *mut dstfa_bulk,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| {
        bulk.set_dry_run(numbers::switch_from(enabled)?)
    })
}

/// 1: changes the caller's own account, too, if it is in the list, which ends
/// the caller's sessions. 0 (default): it is skipped. Other numbers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_set_include_self(
    bulk: *mut dstfa_bulk,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| {
        bulk.set_include_self(numbers::switch_from(enabled)?)
    })
}

/// 1: asks again for changes of which a former run could not tell whether they
/// were made, and for those refused; somebody who has linked an app again since is
/// unlinked once more. 0 (default): they stay as they are. Other numbers are
/// refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_set_retry_unknown(
    bulk: *mut dstfa_bulk,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| {
        bulk.set_retry_unknown(numbers::switch_from(enabled)?)
    })
}

/// Whether accounts are looked at once they are answered. 0 (default): not. 1:
/// those of a page together, one more request for about a hundred, and each is
/// handed out after that; what is still shown as linked is looked at once more at
/// the end, if five minutes have passed by then. 2: the end waits for that. A look
/// never takes the portal's word back, and settles what was unknown. Other numbers
/// are refused. The client's dstfa_options_set_verify() has no say here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_set_verify(
    bulk: *mut dstfa_bulk,
    level: u32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| bulk.set_verify(level))
}

/// Opens, locks and reads the journal at path; a missing one is made when the run
/// begins. The run goes on where it ends, so a run may be killed at any moment and
/// be taken up again: nobody is asked for twice, whatever the clock says and
/// whoever has linked an app again since. What was under way is settled by the
/// portal's audit trail (dstfa_options_set_audit()) or by being seen unlinked; else
/// it is DSTFA_ITEM_UNKNOWN, and asked for only with
/// dstfa_bulk_set_retry_unknown(). path is UTF-8 on every system. The journal holds
/// entries as they were added: e-mail addresses are personal data. It holds no
/// secret.
///
/// DSTFA_E_BUSY if another run uses it; DSTFA_E_JOURNAL if it is damaged, no
/// journal, or of another portal, method or format (that it is of another caller is
/// told when the run begins), and nothing in it is changed; DSTFA_E_ARGUMENT if it is
/// a link, no regular file, or another user's or open to others (not looked at on
/// Windows); DSTFA_E_IO if it cannot be read or written; DSTFA_E_STATE if there is
/// one already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_set_journal(
    bulk: *mut dstfa_bulk,
    path: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let path = unsafe { Given::new("path", path) };
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    set(bulk, error_out, |bulk| {
        bulk.set_journal(path.read()?.as_ref())
    })
}

/// Works until at least one more entry is finished, and hands it out. As many
/// entries are worked on as there are connections; no thread is left when the
/// call returns.
///
/// cancel may be NULL. item_out is required: with DSTFA_OK it gets the item, to
/// be freed with dstfa_bulk_item_free(), and NULL otherwise. Returns DSTFA_DONE
/// when every entry is finished; item and error are both NULL then. Any other
/// status is a failure of the run: DSTFA_E_CANCELLED after cancelling,
/// DSTFA_E_STATE if it is running already, DSTFA_E_IO if the journal cannot be
/// written, DSTFA_E_UNAVAILABLE if the portal is in trouble (come back after
/// dstfa_error_retry_after_ms()), and what every call to the portal can. Entries
/// that were under way are handed out before that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_step(
    bulk: *mut dstfa_bulk,
    cancel: Option<&dstfa_cancel>,
    item_out: Option<&mut MaybeUninit<*mut dstfa_bulk_item>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let bulk = unsafe { bulk.as_ref() };
    let out = Out::required("item_out", item_out);
    call::run(error_out, Applied::Maybe, || {
        let out = out?;
        let mut bulk = call::required("bulk", bulk)?.lock()?;
        Ok(out.put_next(bulk.step(cancel.map(|cancel| &cancel.cancel))?))
    })
}

/// Works until every entry is finished and tells each to callback, which may be
/// NULL. All connections are kept busy; no thread is left when the call returns.
///
/// The callback runs on the calling thread only. user_data is handed on as it is
/// and may be NULL. The item ends with the callback. The callback may read the
/// numbers of the bulk and call with other objects; it must not free the bulk,
/// and it must return: no exception and no longjmp may leave it. To end the run
/// early, request the cancel object there. cancel may be NULL.
///
/// Returns DSTFA_OK when every entry is finished, whatever became of it: see
/// dstfa_bulk_count(). Failures are those of dstfa_bulk_step(). The deadline of
/// the client holds for each read and each change, not for the run.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_run(
    bulk: *mut dstfa_bulk,
    cancel: Option<&dstfa_cancel>,
    callback: dstfa_bulk_fn,
    user_data: *mut c_void,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let running = unsafe { bulk.as_ref() };
    call::run(error_out, Applied::Maybe, || {
        let mut running = call::required("bulk", running)?.lock()?;
        running.hand_out(cancel.map(|cancel| &cancel.cancel), &mut |_, item| {
            tell(callback, user_data, bulk, item);
        })?;
        Ok(DSTFA_OK)
    })
}

/// Begins no new entry and lets what is under way finish, for good; every pause and
/// the wait for looks end. dstfa_bulk_run() and dstfa_bulk_step() then hand out
/// what was under way and return DSTFA_E_CANCELLED with DSTFA_APPLIED_NO. May be
/// called from any thread and from a signal handler, any number of times. NULL does
/// nothing. A cancel object cuts what is under way.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_stop(bulk: Option<&dstfa_bulk>) {
    // Without a guard, as dstfa_cancel_request().
    if let Some(bulk) = bulk {
        bulk.stop.request();
    }
}

/// What the run is at, one of DSTFA_PHASE_*. NULL gives DSTFA_PHASE_IDLE.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_phase(bulk: Option<&dstfa_bulk>) -> i32 {
    handle::get(bulk, |it| it.progress.phase())
}

/// How long a pause or the wait for the last look still takes, in milliseconds.
/// NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_wait_ms(bulk: Option<&dstfa_bulk>) -> u32 {
    handle::get(bulk, |it| Some(it.progress.wait()))
}

/// How many of those applied were still linked in the look at the end: the portal
/// did not save it, or the app was linked again since. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_still_linked(bulk: Option<&dstfa_bulk>) -> u32 {
    handle::get(bulk, |it| it.progress.still_linked())
}

/// Ends the sessions of every account that the journal of the bulk shows as
/// changed, or perhaps changed, and whose sessions are not known to be ended: as
/// dstfa_client_end_sessions() does, one after another. Who was seen linked after
/// the answer is left out, unless dstfa_bulk_set_retry_unknown() is on: also those
/// seen linked since. No entries need be added, and no account is changed.
///
/// Each account is told to callback, which may be NULL, under the rules of
/// dstfa_bulk_run(). Its outcome is that of this call: DSTFA_ITEM_APPLIED if the
/// portal says that it ended them, DSTFA_ITEM_REFUSED if it did not,
/// DSTFA_ITEM_UNKNOWN, or DSTFA_ITEM_SKIPPED for the caller's own account. That one
/// is left out unless dstfa_bulk_set_include_self() is on; it comes last, and is
/// asked for once only, because each time opens one more session. The numbers of
/// the bulk stay as they are. cancel may be NULL.
///
/// The journal has to be of this portal, but may be another caller's. It is written
/// to, so that the call may be stopped and repeated: the next one goes on with what
/// is left. Returns DSTFA_OK when each account was told; DSTFA_E_IO if no run has
/// begun with the journal, or it cannot be written; DSTFA_E_STATE if there is no
/// journal, for a dry run, or once a run has begun; DSTFA_E_CANCELLED after
/// cancelling or dstfa_bulk_stop(); DSTFA_E_UNAVAILABLE after five in a row that the
/// portal neither did nor refused; and what every call to the portal can.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_bulk_end_sessions(
    bulk: *mut dstfa_bulk,
    cancel: Option<&dstfa_cancel>,
    callback: dstfa_bulk_fn,
    user_data: *mut c_void,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a live handle, which may be in use: it is only shared.
    let used = unsafe { bulk.as_ref() };
    call::run(error_out, Applied::Maybe, || {
        let mut used = call::required("bulk", used)?.lock()?;
        let cancel = cancel.map(|cancel| &cancel.cancel);
        used.end_sessions(cancel, |item| tell(callback, user_data, bulk, item))?;
        Ok(DSTFA_OK)
    })
}

/// How many entries there are. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_total(bulk: Option<&dstfa_bulk>) -> u32 {
    handle::get(bulk, |it| it.progress.total())
}

/// How many entries came to item_outcome, one of DSTFA_ITEM_*; 0 for other
/// numbers. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_count(bulk: Option<&dstfa_bulk>, item_outcome: i32) -> u32 {
    handle::get(bulk, |it| {
        ItemOutcome::from_number(item_outcome).map_or(0, |outcome| it.progress.count(outcome))
    })
}

/// How many entries are not finished. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_remaining(bulk: Option<&dstfa_bulk>) -> u32 {
    handle::get(bulk, |it| it.progress.remaining())
}

/// How long the run has worked, in milliseconds, the time between two steps left
/// out; at most 2147483647. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_elapsed_ms(bulk: Option<&dstfa_bulk>) -> u32 {
    handle::get(bulk, |it| Some(it.progress.elapsed()))
}

/// How long the entries not finished will take, in milliseconds; 0 if that is
/// not known yet, or if there is none; at most 2147483647. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_bulk_estimate_ms(bulk: Option<&dstfa_bulk>) -> u32 {
    handle::get(bulk, |it| it.progress.estimate())
}
