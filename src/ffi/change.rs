//! `dstfa_change`: changing an account, and what a change that went through
//! tells.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::call::{self, Given, Out};
use super::cancel::dstfa_cancel;
use super::check::dstfa_check;
use super::client::{dstfa_client, with_cancel};
use super::constants::dstfa_status;
use super::error::dstfa_error;
use super::handle;
use super::numbers;
use super::text::Text;
use crate::{AccountId, Applied, Change};

/// What a change that went through tells. Put where change_out points, freed
/// with dstfa_change_free(). It may outlive the client.
pub struct dstfa_change {
    facts: Change,
    login_url: Text,
    enrolment_url: Text,
    account_id: Text,
    message: Text,
}

impl From<Change> for dstfa_change {
    fn from(facts: Change) -> Self {
        dstfa_change {
            login_url: Text::new(facts.login_url().map_or("", |url| url.expose())),
            enrolment_url: Text::new(facts.enrolment_url().map_or("", |url| url.expose())),
            account_id: Text::new(facts.account_id().as_str()),
            message: Text::new(facts.message()),
            facts,
        }
    }
}

/// Changes the two-factor method of one account.
///
/// Portals unlink the account's authenticator app whatever the method asked
/// for, end the sessions of the account, and are asked to mail the member
/// unless it is the caller's own account. The portal-wide setting then decides
/// what the account meets at its next sign-in. Only the portal's owner may
/// change others. The account's API keys and OAuth tokens stay as they are.
///
/// A change that succeeds is one request, unless dstfa_options_set_verify() is
/// on. DSTFA_OK with DSTFA_APPLIED_YES is the portal's word. It is no proof: a
/// save that failed there is not told. Only a look can show that, and a look
/// never takes a YES back: what it shows may be five minutes old, or the app was
/// linked again.
///
/// The steps are not one: a change may stop after the app is unlinked and before
/// the sessions are ended. dstfa_client_end_sessions() does that then; a second
/// change cannot, for it finds no app linked and is refused. Workspace ends
/// nobody's sessions, and DocSpace 1.0 not those of others: see
/// dstfa_change_sessions_ended().
///
/// After a refusal at most three reads look for the reason, see
/// dstfa_options_set_explain(). After an answer that was lost or does not tell,
/// the account is looked at: at once, after 1 s and after 4 s, and where nobody
/// answered those, after 10, 20 and 40 s, until the deadline, and not after a
/// cancel. If the app is unlinked then, that is DSTFA_OK with
/// DSTFA_APPLIED_MAYBE; after what may have been a refusal it is the error, with
/// DSTFA_APPLIED_MAYBE and a dstfa_error_app_link() of DSTFA_NO. Either way it
/// is not known whether this call did it, nor whether the sessions were ended:
/// end them. The portal's audit trail may know, see dstfa_options_set_audit().
///
/// DSTFA_APPLIED_NO after the request has left is the word of an answer, and
/// something in between can use the same words after the portal has done it: a
/// gateway that sends the request a second time, which is then refused as not
/// linked; a gateway whose error page for a lost answer is a page with 403 or
/// most other statuses from 400 on, a 429, a 301 to this path of another host, or
/// a 302 from http to https; one whose error page comes with 404 or 405 for as
/// long as the portal stays away. So can a portal on PostgreSQL whose database
/// breaks off half-way. dstfa_client_change_method_checked() notices.
///
/// Sending, with all its tries, ends a quarter of timeout_ms (5 s at most) before
/// the deadline. If no byte has left by then, the call ends; else what remains is
/// there for looking at the account.
///
/// account_id is the hyphenated GUID of the account. method is
/// DSTFA_METHOD_NONE, DSTFA_METHOD_SMS or DSTFA_METHOD_APP. cancel may be NULL;
/// otherwise it must live until the call returns. change_out may be NULL; it
/// gets the result, to be freed with dstfa_change_free().
///
/// Blocks for timeout_ms at most. Can return every DSTFA_E_* but
/// DSTFA_E_STATE, DSTFA_E_UNSUPPORTED, DSTFA_E_UNVERIFIED, DSTFA_E_IO,
/// DSTFA_E_BUSY and DSTFA_E_JOURNAL; then dstfa_error_applied() says whether the
/// account was changed all the same. A host that leads to no portal answers an API
/// key like a portal that failed: that is DSTFA_E_NOT_FOUND with
/// DSTFA_REASON_PORTAL_NOT_FOUND and DSTFA_APPLIED_MAYBE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_client_change_method(
    client: Option<&dstfa_client>,
    account_id: *const c_char,
    method: i32,
    cancel: Option<&dstfa_cancel>,
    change_out: Option<&mut MaybeUninit<*mut dstfa_change>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let account_id = unsafe { Given::new("account_id", account_id) };
    let out = Out::optional(change_out);
    call::run(error_out, Applied::Maybe, || {
        let client = with_cancel(client, cancel)?;
        let account = AccountId::parse(account_id.read()?)?;
        let method = numbers::known("method", method)?;
        Ok(out.put(client.change_method(&account, method)?))
    })
}

/// dstfa_client_change_method() for the account of a check, which is handed on
/// with what it saw and when.
///
/// Something in between, or a portal that fails half-way, can make a change that
/// was done look like a refusal: see dstfa_client_change_method(). So where the
/// check saw the app linked, at most 60 s before the change is sent, an answer
/// that says no is followed by one look at the account. If the app is unlinked
/// now, applied is DSTFA_APPLIED_MAYBE and dstfa_error_app_link() is DSTFA_NO: end
/// the sessions. If it is not shown any more, applied is DSTFA_APPLIED_MAYBE, too.
/// The no stands if the app is still linked, or if the look meets the very refusal
/// that the portal gives to every request, as 429 or a bad key. After a 429 the
/// look comes before the next try.
///
/// An older check, or one that did not see the app linked, counts as none. It is
/// no guard: what the check advised is not judged.
///
/// check is required, of the same portal, and is only read; another caller's
/// will do. The rest is as for dstfa_client_change_method(). Returns
/// DSTFA_E_ARGUMENT also for a check of another portal.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_client_change_method_checked(
    client: Option<&dstfa_client>,
    check: Option<&dstfa_check>,
    method: i32,
    cancel: Option<&dstfa_cancel>,
    change_out: Option<&mut MaybeUninit<*mut dstfa_change>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let out = Out::optional(change_out);
    call::run(error_out, Applied::Maybe, || {
        let client = with_cancel(client, cancel)?;
        let check = call::required("check", check)?;
        let method = numbers::known("method", method)?;
        Ok(out.put(client.change_method_checked(&check.facts, method)?))
    })
}

/// Frees the change and wipes its strings; NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_free(change: Option<Box<dstfa_change>>) {
    handle::release(change);
}

/// The URL the portal handed out, cleaned and cut to 4096 bytes; "" unless the
/// account is the caller's own. Treat it as a secret. It is not followed and
/// does nothing in another browser: the portal's plain address leads the user
/// to the same place. Owned by the change, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_login_url(change: Option<&dstfa_change>) -> *const c_char {
    handle::get(change, |it| &it.login_url)
}

/// 1 if the login URL has the scheme, host and port of the portal, else 0; do
/// not offer it as a link then. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_login_url_same_origin(change: Option<&dstfa_change>) -> i32 {
    handle::get(change, |it| it.facts.same_origin())
}

/// The login URL together with its one-hour key: whoever holds it links their
/// own app to the account. "" unless asked for with
/// dstfa_options_set_enrolment_url() and the account is the caller's own.
/// Owned by the change, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_enrolment_url(change: Option<&dstfa_change>) -> *const c_char {
    handle::get(change, |it| &it.enrolment_url)
}

/// The id of the account, in lower case. Owned by the change, never NULL. NULL
/// gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_account_id(change: Option<&dstfa_change>) -> *const c_char {
    handle::get(change, |it| &it.account_id)
}

/// The method the call asked for, DSTFA_METHOD_*; not what the portal set.
/// NULL gives DSTFA_METHOD_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_method_asked(change: Option<&dstfa_change>) -> i32 {
    handle::get(change, |it| it.facts.method_asked())
}

/// Whether the account is the caller's own: DSTFA_YES, DSTFA_NO, or
/// DSTFA_UNKNOWN if the answer did not tell. Three-valued: compare. NULL gives
/// DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_is_self(change: Option<&dstfa_change>) -> i32 {
    handle::get(change, |it| it.facts.is_self())
}

/// DSTFA_APPLIED_YES: the portal says that it did it, in its answer or, with
/// dstfa_options_set_audit(), in its audit trail. DSTFA_APPLIED_MAYBE: the
/// answer was lost or did not tell, and the account was seen without a linked app
/// afterwards; nothing proves that this call did it, and nothing is known of its
/// sessions: end them with dstfa_client_end_sessions(). Three-valued: compare.
/// NULL gives DSTFA_APPLIED_MAYBE.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_applied(change: Option<&dstfa_change>) -> i32 {
    handle::get(change, |it| it.facts.applied())
}

/// 1 if the account was seen without a linked app afterwards, else 0: nobody
/// looked, it is not shown, or it is still shown as linked, see
/// dstfa_change_look_again_ms(). NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_verified(change: Option<&dstfa_change>) -> i32 {
    handle::get(change, |it| it.facts.verified())
}

/// DSTFA_YES if the portal says that it ended the account's sessions, else
/// DSTFA_UNKNOWN: end them with dstfa_client_end_sessions(). YES is the portal's
/// word. Where its parts share no cache, an old session may work for ten minutes
/// more; DocSpace 1.0 says so of others without doing it; API keys and OAuth
/// tokens live on. Workspace ends nobody's and gives DSTFA_UNKNOWN. Of the
/// caller's own account the former sessions were ended, and a new one
/// was opened that nobody holds. Three-valued: compare. NULL gives
/// DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_sessions_ended(change: Option<&dstfa_change>) -> i32 {
    handle::get(change, |it| it.facts.sessions_ended())
}

/// How many milliseconds after the end of the call another look at the account
/// can tell more; 0 if there is no reason to look again. The portal said that it
/// was done and still showed the account as linked, which it may do for five
/// minutes where its parts share no cache. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_look_again_ms(change: Option<&dstfa_change>) -> u32 {
    handle::get(change, |it| it.facts.look_again())
}

/// What the account meets at its next sign-in, one of DSTFA_NEXT_*;
/// DSTFA_NEXT_UNKNOWN where only the portal's own setting could tell: it is read
/// only by dstfa_options_set_verify(), once the app is seen unlinked. NULL gives
/// DSTFA_NEXT_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_next_sign_in(change: Option<&dstfa_change>) -> i32 {
    handle::get(change, |it| it.facts.next_sign_in())
}

/// The HTTP status of the portal's answer; 0 where a look at the account or the
/// audit trail stands in its place. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_http_status(change: Option<&dstfa_change>) -> i32 {
    handle::get(change, |it| it.facts.http_status())
}

/// How often the change was tried: failed connections count, reads do not.
/// NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_attempts(change: Option<&dstfa_change>) -> u32 {
    handle::get(change, |it| it.facts.attempts())
}

/// What happened and what comes next: English, UTF-8, one line, without
/// secrets. Owned by the change, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_message(change: Option<&dstfa_change>) -> *const c_char {
    handle::get(change, |it| &it.message)
}
