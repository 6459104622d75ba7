//! `dstfa_change`: what a change that went through tells.

use std::ffi::c_char;

use super::guard::{self, Text};
use crate::Change;

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

/// Frees the change and wipes its strings; NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_free(change: Option<Box<dstfa_change>>) {
    guard::release(change);
}

/// The URL the portal handed out, cleaned and cut to 4096 bytes; "" unless the
/// account is the caller's own. Treat it as a secret. It is not followed and
/// does nothing in another browser: the portal's plain address leads the user
/// to the same place. Owned by the change, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_login_url(change: Option<&dstfa_change>) -> *const c_char {
    guard::get(change, |it| &it.login_url)
}

/// 1 if the login URL has the scheme, host and port of the portal, else 0; do
/// not offer it as a link then. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_login_url_same_origin(change: Option<&dstfa_change>) -> i32 {
    guard::get(change, |it| it.facts.same_origin())
}

/// The login URL together with its one-hour key: whoever holds it links their
/// own app to the account. "" unless asked for with
/// dstfa_options_set_enrolment_url() and the account is the caller's own.
/// Owned by the change, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_enrolment_url(change: Option<&dstfa_change>) -> *const c_char {
    guard::get(change, |it| &it.enrolment_url)
}

/// The id of the account, in lower case. Owned by the change, never NULL. NULL
/// gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_account_id(change: Option<&dstfa_change>) -> *const c_char {
    guard::get(change, |it| &it.account_id)
}

/// The method the call asked for, DSTFA_METHOD_*; not what the portal set.
/// NULL gives DSTFA_METHOD_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_method_asked(change: Option<&dstfa_change>) -> i32 {
    guard::get(change, |it| it.facts.method_asked())
}

/// Whether the account is the caller's own: DSTFA_YES, DSTFA_NO, or
/// DSTFA_UNKNOWN if the answer did not tell. Three-valued: compare. NULL gives
/// DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_is_self(change: Option<&dstfa_change>) -> i32 {
    guard::get(change, |it| it.facts.is_self())
}

/// DSTFA_APPLIED_YES: the portal says that it did it. DSTFA_APPLIED_MAYBE: the
/// answer was lost or did not tell, and the account was seen without a linked app
/// afterwards; nothing proves that this call did it, and nothing is known of its
/// sessions: end them with dstfa_client_end_sessions(). Three-valued: compare.
/// NULL gives DSTFA_APPLIED_MAYBE.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_applied(change: Option<&dstfa_change>) -> i32 {
    guard::get(change, |it| it.facts.applied())
}

/// 1 if the account was seen without a linked app afterwards, else 0: nobody
/// looked, it is not shown, or it is still shown as linked, see
/// dstfa_change_look_again_ms(). NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_verified(change: Option<&dstfa_change>) -> i32 {
    guard::get(change, |it| it.facts.verified())
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
    guard::get(change, |it| it.facts.sessions_ended())
}

/// How many milliseconds after the end of the call another look at the account
/// can tell more; 0 if there is no reason to look again. The portal said that it
/// was done and still showed the account as linked, which it may do for five
/// minutes where its parts share no cache. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_look_again_ms(change: Option<&dstfa_change>) -> u32 {
    guard::get(change, |it| it.facts.look_again())
}

/// What the account meets at its next sign-in, one of DSTFA_NEXT_*;
/// DSTFA_NEXT_UNKNOWN where only the portal's own setting could tell: it is read
/// only by dstfa_options_set_verify(), once the app is seen unlinked. NULL gives
/// DSTFA_NEXT_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_next_sign_in(change: Option<&dstfa_change>) -> i32 {
    guard::get(change, |it| it.facts.next_sign_in())
}

/// The HTTP status of the portal's answer; 0 where a look at the account stands
/// in its place. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_http_status(change: Option<&dstfa_change>) -> i32 {
    guard::get(change, |it| it.facts.http_status())
}

/// How often the change was tried: failed connections count, reads do not.
/// NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_attempts(change: Option<&dstfa_change>) -> u32 {
    guard::get(change, |it| it.facts.attempts())
}

/// What happened and what comes next: English, UTF-8, one line, without
/// secrets. Owned by the change, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_change_message(change: Option<&dstfa_change>) -> *const c_char {
    guard::get(change, |it| &it.message)
}
