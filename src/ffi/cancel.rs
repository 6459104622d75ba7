//! `dstfa_cancel`: ending a call from elsewhere.

use super::handle;
use crate::Cancel;

/// Ends calls from another thread or from a signal handler. Made by
/// dstfa_cancel_new(), given to calls, freed with dstfa_cancel_free().
pub struct dstfa_cancel {
    pub(super) cancel: Cancel,
}

/// A new cancel object, not requested. Never NULL. One object may serve any
/// number of calls at the same time; each is ended by the request.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_cancel_new() -> Option<Box<dstfa_cancel>> {
    handle::new(|| dstfa_cancel {
        cancel: Cancel::new(),
    })
}

/// Requests cancellation, for good: a cancel object cannot be used again. May
/// be called from any thread and from a signal handler, any number of times;
/// it takes no lock, allocates nothing and leaves errno alone. NULL does
/// nothing.
///
/// Calls that hold the object return DSTFA_E_CANCELLED soon after: with
/// DSTFA_APPLIED_NO if nothing had been sent, else with DSTFA_APPLIED_MAYBE.
//
// No guard here: a guard installs a hook and touches a thread-local variable,
// and both may allocate. There is nothing to catch either, for an atomic swap
// and one write to a descriptor cannot panic.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_cancel_request(cancel: Option<&dstfa_cancel>) {
    if let Some(cancel) = cancel {
        cancel.cancel.request();
    }
}

/// 1 if cancellation was requested, else 0; NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_cancel_requested(cancel: Option<&dstfa_cancel>) -> i32 {
    handle::get(cancel, |it| it.cancel.is_requested())
}

/// Frees the object; NULL does nothing. Not while a call holds it, and not
/// while a signal handler may still request with it.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_cancel_free(cancel: Option<Box<dstfa_cancel>>) {
    handle::release(cancel);
}
