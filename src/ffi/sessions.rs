//! Ending the sessions of an account: a call of the client's without an object.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::call::{self, Given};
use super::cancel::dstfa_cancel;
use super::client::{dstfa_client, with_cancel};
use super::constants::{DSTFA_OK, dstfa_status};
use super::error::dstfa_error;
use crate::{AccountId, Applied};

/// Ends every session of an account: whoever is signed in as it, on any device,
/// has to sign in again. Portals do this with a change, too. Where it is not
/// known whether a change came so far, this is the repair: a second
/// dstfa_client_change_method() finds no app linked and is refused.
///
/// account_id is the hyphenated GUID of the account. cancel may be NULL;
/// otherwise it must live until the call returns. The caller and the account
/// are read first, because portals report success for an id that is nobody's.
/// Owner and DocSpace administrators may end anybody's sessions, and everybody
/// its own. Portals up to 3.6.1 let administrators alone do it, and from 2.0.2
/// on to no other administrator: there not even the owner can.
///
/// DSTFA_OK means that the portal says it ended them. In the process that
/// answered they have ended at once; elsewhere an old session can work for up to
/// ten minutes on a portal without Redis. Sessions that began while the portal
/// kept no history of sign-ins can outlast it, and so can all of them where the
/// portal fails to store what it said. API keys and OAuth tokens of the account
/// stay good, and a linked app stays linked. For the caller's own account the
/// portal opens a new session, which nobody holds; a session token that the
/// client was made with ends with the others.
///
/// When the answer is lost, the request is sent once more, unless only one
/// attempt is allowed. For the caller's own account it is never sent again once
/// a byte has left, because each time opens one more session.
///
/// Returns DSTFA_E_NOT_FOUND with DSTFA_REASON_NO_SUCH_ACCOUNT for an id that
/// is nobody's; nothing was asked to end then. DSTFA_E_REJECTED comes with
/// DSTFA_REASON_NOT_ADMIN, or with DSTFA_REASON_UNKNOWN and a message that says
/// who can do it instead; DSTFA_E_FORBIDDEN with DSTFA_REASON_MISSING_SCOPE for
/// a key that lacks the scope "*:write". It can return what every call to the
/// portal can; dstfa_error_applied() then says whether the sessions may have
/// been ended all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_client_end_sessions(
    client: Option<&dstfa_client>,
    account_id: *const c_char,
    cancel: Option<&dstfa_cancel>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let account_id = unsafe { Given::new("account_id", account_id) };
    call::run(error_out, Applied::Maybe, || {
        let client = with_cancel(client, cancel)?;
        client.end_sessions(&AccountId::parse(account_id.read()?)?)?;
        Ok(DSTFA_OK)
    })
}
