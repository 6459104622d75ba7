//! `dstfa_error`: what a failed call tells.

use std::ffi::c_char;

use super::constants::*;
use super::handle;
use super::text::Text;
use crate::Error;

/// What a failed call tells. Put where error_out points, freed with
/// dstfa_error_free(). It belongs to no thread and to no client.
pub struct dstfa_error {
    facts: Error,
    message: Text,
    portal_message: Text,
}

impl From<Error> for dstfa_error {
    fn from(facts: Error) -> Self {
        dstfa_error {
            message: Text::new(facts.message()),
            portal_message: Text::new(facts.portal_message()),
            facts,
        }
    }
}

/// Frees the error and its strings; NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_free(error: Option<Box<dstfa_error>>) {
    handle::release(error);
}

/// The status the call returned, one of DSTFA_E_*. NULL gives
/// DSTFA_E_INTERNAL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_status(error: Option<&dstfa_error>) -> dstfa_status {
    handle::get(error, |it| it.facts.status())
}

/// The HTTP status of the answer that decided, 0 if there was none. NULL
/// gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_http_status(error: Option<&dstfa_error>) -> i32 {
    handle::get(error, |it| it.facts.http_status())
}

/// Whether the call changed something although it failed - the account, its
/// sessions, the portal's setting, the backup codes: DSTFA_APPLIED_NO,
/// DSTFA_APPLIED_YES, or DSTFA_APPLIED_MAYBE when the request left this machine
/// and its fate is not known. Calls that only read give DSTFA_APPLIED_NO. What NO
/// leaves open for a change stands at dstfa_client_change_method(). Three-valued:
/// compare. NULL gives DSTFA_APPLIED_MAYBE.
///
/// After MAYBE do not simply repeat the call: look first, at an account whether
/// it is still linked. If dstfa_error_app_link() is DSTFA_NO, it is unlinked
/// already: end its sessions. The message says what to do.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_applied(error: Option<&dstfa_error>) -> i32 {
    handle::get(error, |it| it.facts.applied())
}

/// Why the portal said no, one of DSTFA_REASON_*; DSTFA_REASON_NONE where the
/// status says it all. NULL gives DSTFA_REASON_NONE.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_reason(error: Option<&dstfa_error>) -> i32 {
    handle::get(error, |it| it.facts.reason())
}

/// 1 if nothing was changed and the same call may succeed later, else 0. NULL
/// gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_retryable(error: Option<&dstfa_error>) -> i32 {
    handle::get(error, |it| it.facts.is_retryable())
}

/// How many milliseconds the portal asked to wait before the next try; 0 if it
/// did not say. The message names it, too. At most 2147483647. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_retry_after_ms(error: Option<&dstfa_error>) -> u32 {
    handle::get(error, |it| it.facts.retry_after())
}

/// How often the change was tried: failed connections count, reads do not. 0
/// if it was not tried at all. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_attempts(error: Option<&dstfa_error>) -> u32 {
    handle::get(error, |it| it.facts.attempts())
}

/// Whether an authenticator app was linked to the account when it was looked at
/// after a change with an open outcome: DSTFA_YES, DSTFA_NO, or DSTFA_UNKNOWN if
/// nobody looked or it could not be seen. NO: it is unlinked now, whether by this
/// call is not known, nor whether its sessions were ended: end them. YES may be up
/// to five minutes old: see dstfa_error_look_again_ms(). Three-valued: compare.
/// NULL gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_app_link(error: Option<&dstfa_error>) -> i32 {
    handle::get(error, |it| it.facts.app_link())
}

/// How many milliseconds after the end of the call another look at the account
/// can tell more; 0 if there is no reason to look again. It was still shown as
/// linked, which may be up to five minutes old where the portal's parts share no
/// cache, or the change may take effect late. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_look_again_ms(error: Option<&dstfa_error>) -> u32 {
    handle::get(error, |it| it.facts.look_again())
}

/// What went wrong and what to do next: English, UTF-8, one line, without
/// secrets. Owned by the error, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_message(error: Option<&dstfa_error>) -> *const c_char {
    handle::get(error, |it| &it.message)
}

/// What the portal itself said, in a language of its choice, cleaned of
/// control characters and cut to 512 bytes; "" if it said nothing. Show it,
/// never branch on it. Owned by the error, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_error_portal_message(error: Option<&dstfa_error>) -> *const c_char {
    handle::get(error, |it| &it.portal_message)
}
