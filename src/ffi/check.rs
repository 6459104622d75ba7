//! `dstfa_check`: what a change would meet.

use std::ffi::c_char;
use std::ptr;

use super::account::dstfa_account;
use super::cancel::dstfa_cancel;
use super::client::{ask, dstfa_client};
use super::constants::*;
use super::error::dstfa_error;
use super::guard::{self, EMPTY, Given, Text};
use super::numbers;
use crate::{AccountId, Applied, Check};

/// What a change of an account would meet, as far as the portal lets it be
/// known. Put where check_out points, freed with dstfa_check_free(). It may
/// outlive the client.
pub struct dstfa_check {
    facts: Check,
    account: Option<dstfa_account>,
    message: Text,
}

impl dstfa_check {
    pub(super) fn facts(&self) -> &Check {
        &self.facts
    }
}

impl From<Check> for dstfa_check {
    fn from(facts: Check) -> Self {
        dstfa_check {
            account: facts.account().cloned().map(dstfa_account::from),
            message: Text::new(facts.message()),
            facts,
        }
    }
}

/// Looks what dstfa_client_change_method() would meet. Reads only: at most four
/// requests, and nothing is changed.
///
/// account_id is the hyphenated GUID of the account. cancel may be NULL.
/// check_out is required and gets what was found; free it with
/// dstfa_check_free(). What the portal does not show this credential is
/// unknown, and no failure.
///
/// Returns DSTFA_E_ARGUMENT and what every call to the portal can; then applied
/// is DSTFA_APPLIED_NO. An account that does not exist is not a failure but an
/// answer: see dstfa_check_reason().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_client_check(
    client: *const dstfa_client,
    account_id: *const c_char,
    cancel: *const dstfa_cancel,
    check_out: *mut *mut dstfa_check,
    error_out: *mut *mut dstfa_error,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let account_id = unsafe { Given::new("account_id", account_id) };
    let out = ("check_out", check_out);
    // SAFETY: the caller's own handles and variables.
    unsafe {
        ask(client, cancel, Applied::No, out, error_out, |client| {
            client.check(&AccountId::parse(account_id.read()?)?)
        })
    }
}

/// Frees the check, its strings and its account; NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_free(check: *mut dstfa_check) {
    // SAFETY: NULL or a handle that the caller gives up.
    unsafe { guard::release(check) };
}

/// Whether the change would be done: DSTFA_YES, DSTFA_NO, or DSTFA_UNKNOWN if
/// the portal does not show enough to tell. Three-valued: compare. NULL gives
/// DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_would_apply(check: *const dstfa_check) -> i32 {
    // SAFETY: NULL or a live handle.
    unsafe {
        guard::get(check, DSTFA_UNKNOWN, |check| {
            numbers::three_valued(check.facts.would_apply())
        })
    }
}

/// Why the change would not be done or why that is not known, one of
/// DSTFA_REASON_*; DSTFA_REASON_NONE if it would be done. NULL gives
/// DSTFA_REASON_NONE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_reason(check: *const dstfa_check) -> i32 {
    // SAFETY: NULL or a live handle.
    unsafe {
        guard::get(check, DSTFA_REASON_NONE, |check| {
            numbers::reason(check.facts.reason())
        })
    }
}

/// Whether the account is the caller's own: DSTFA_YES, DSTFA_NO or
/// DSTFA_UNKNOWN. Three-valued: compare. NULL gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_is_self(check: *const dstfa_check) -> i32 {
    // SAFETY: NULL or a live handle.
    unsafe {
        guard::get(check, DSTFA_UNKNOWN, |check| {
            numbers::three_valued(check.facts.is_self())
        })
    }
}

/// Whether an authenticator app is linked to the account: DSTFA_YES, DSTFA_NO,
/// or DSTFA_UNKNOWN if the portal does not show it. Three-valued: compare. NULL
/// gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_app_link(check: *const dstfa_check) -> i32 {
    // SAFETY: NULL or a live handle.
    unsafe {
        guard::get(check, DSTFA_UNKNOWN, |check| {
            numbers::three_valued(check.facts.app_link())
        })
    }
}

/// The portal's own method, DSTFA_METHOD_*; DSTFA_METHOD_UNKNOWN if the portal
/// does not show it. NULL gives DSTFA_METHOD_UNKNOWN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_portal_method(check: *const dstfa_check) -> i32 {
    // SAFETY: NULL or a live handle.
    unsafe {
        guard::get(check, DSTFA_METHOD_UNKNOWN, |check| {
            numbers::method_or_unknown(check.facts.portal_method())
        })
    }
}

/// What the account would meet at its next sign-in, one of DSTFA_NEXT_*. NULL
/// gives DSTFA_NEXT_UNKNOWN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_next_sign_in(check: *const dstfa_check) -> i32 {
    // SAFETY: NULL or a live handle.
    unsafe {
        guard::get(check, DSTFA_NEXT_UNKNOWN, |check| {
            numbers::next_sign_in(check.facts.next_sign_in())
        })
    }
}

/// Whether the login URL that a change returns would be of any use: DSTFA_YES,
/// DSTFA_NO or DSTFA_UNKNOWN. It is only for the caller's own account, while the
/// portal's method is the app. Three-valued: compare. NULL gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_url_useful(check: *const dstfa_check) -> i32 {
    // SAFETY: NULL or a live handle.
    unsafe {
        guard::get(check, DSTFA_UNKNOWN, |check| {
            numbers::three_valued(check.facts.url_useful())
        })
    }
}

/// All of it in words: English, UTF-8, one line, without secrets. Owned by the
/// check, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_message(check: *const dstfa_check) -> *const c_char {
    // SAFETY: NULL or a live handle.
    unsafe { guard::get(check, EMPTY, |check| check.message.as_ptr()) }
}

/// The account, NULL if it does not exist or the caller may not see it. Owned
/// by the check: it lives as long, and dstfa_account_free() is not for it. NULL
/// gives NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_check_account(check: *const dstfa_check) -> *const dstfa_account {
    // SAFETY: NULL or a live handle.
    unsafe {
        guard::get(check, ptr::null(), |check| {
            check.account.as_ref().map_or(ptr::null(), ptr::from_ref)
        })
    }
}
