//! `dstfa_check`: what a change would meet.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::account::dstfa_account;
use super::call::{self, Given, Out};
use super::cancel::dstfa_cancel;
use super::client::{dstfa_client, with_cancel};
use super::constants::dstfa_status;
use super::error::dstfa_error;
use super::handle;
use super::text::Text;
use crate::{AccountId, Applied, Check};

/// What a change of an account would meet, as far as the portal lets it be
/// known. Put where check_out points, freed with dstfa_check_free(). It may
/// outlive the client.
pub struct dstfa_check {
    pub(super) facts: Check,
    account: Option<dstfa_account>,
    message: Text,
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

/// Looks what dstfa_client_change_method() would meet. Nothing is changed. At most
/// four things are read: the key's scopes, the caller, the account and the
/// portal's setting. A read that fails on its way is repeated where that may help,
/// see dstfa_options_set_max_attempts().
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
    client: Option<&dstfa_client>,
    account_id: *const c_char,
    cancel: Option<&dstfa_cancel>,
    check_out: Option<&mut MaybeUninit<*mut dstfa_check>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let account_id = unsafe { Given::new("account_id", account_id) };
    let out = Out::required("check_out", check_out);
    call::run(error_out, Applied::No, || {
        let out = out?;
        let client = with_cancel(client, cancel)?;
        Ok(out.put(client.check(&AccountId::parse(account_id.read()?)?)?))
    })
}

/// Frees the check, its strings and its account; NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_free(check: Option<Box<dstfa_check>>) {
    handle::release(check);
}

/// Whether the change would be done: DSTFA_YES, DSTFA_NO, or DSTFA_UNKNOWN if
/// the portal does not show enough to tell. Three-valued: compare. NULL gives
/// DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_would_apply(check: Option<&dstfa_check>) -> i32 {
    handle::get(check, |it| it.facts.would_apply())
}

/// Why the change would not be done or why that is not known, one of
/// DSTFA_REASON_*; DSTFA_REASON_NONE if it would be done. NULL gives
/// DSTFA_REASON_NONE.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_reason(check: Option<&dstfa_check>) -> i32 {
    handle::get(check, |it| it.facts.reason())
}

/// Whether the account is the caller's own: DSTFA_YES, DSTFA_NO or
/// DSTFA_UNKNOWN. Three-valued: compare. NULL gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_is_self(check: Option<&dstfa_check>) -> i32 {
    handle::get(check, |it| it.facts.is_self())
}

/// Whether an authenticator app is linked to the account: DSTFA_YES, DSTFA_NO,
/// or DSTFA_UNKNOWN if the portal does not show it. Three-valued: compare. NULL
/// gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_app_link(check: Option<&dstfa_check>) -> i32 {
    handle::get(check, |it| it.facts.app_link())
}

/// The portal's own method, DSTFA_METHOD_*; DSTFA_METHOD_UNKNOWN if the portal
/// does not show it. NULL gives DSTFA_METHOD_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_portal_method(check: Option<&dstfa_check>) -> i32 {
    handle::get(check, |it| it.facts.portal_method())
}

/// What the account meets at its next sign-in, one of DSTFA_NEXT_*: after the
/// change, or as it is now where the change would be refused. NULL gives
/// DSTFA_NEXT_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_next_sign_in(check: Option<&dstfa_check>) -> i32 {
    handle::get(check, |it| it.facts.next_sign_in())
}

/// Whether the login URL that a change returns would be of any use: DSTFA_YES,
/// DSTFA_NO or DSTFA_UNKNOWN. It is only for the caller's own account, if the
/// change is done, and while the portal's method is the app. Three-valued:
/// compare. NULL gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_url_useful(check: Option<&dstfa_check>) -> i32 {
    handle::get(check, |it| it.facts.url_useful())
}

/// All of it in words: English, UTF-8, one line, without secrets. Owned by the
/// check, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_message(check: Option<&dstfa_check>) -> *const c_char {
    handle::get(check, |it| &it.message)
}

/// The account, NULL if it does not exist or the caller may not see it. Owned
/// by the check: it lives as long, and dstfa_account_free() is not for it. NULL
/// gives NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_check_account(check: Option<&dstfa_check>) -> Option<&dstfa_account> {
    handle::part(check, |it| it.account.as_ref())
}
