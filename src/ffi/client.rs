//! `dstfa_client`: the calls themselves.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::cancel::dstfa_cancel;
use super::change::dstfa_change;
use super::check::dstfa_check;
use super::constants::dstfa_status;
use super::error::dstfa_error;
use super::guard::{self, Given, Out};
use super::numbers;
use super::options::dstfa_options;
use crate::{AccountId, Applied, Client, Credential, Error};

/// A portal and a credential to act with. Made by dstfa_client_new(), freed
/// with dstfa_client_free(). It never changes: any number of threads may call
/// with one client at the same time.
pub struct dstfa_client {
    client: Client,
}

impl From<Client> for dstfa_client {
    fn from(client: Client) -> Self {
        dstfa_client { client }
    }
}

/// The client to call with, its calls ended by `cancel` if that is not NULL.
pub(super) fn with_cancel(
    client: Option<&dstfa_client>,
    cancel: Option<&dstfa_cancel>,
) -> Result<Client, Error> {
    let client = &guard::required("client", client)?.client;
    Ok(match cancel {
        Some(cancel) => client.with_cancel(&cancel.cancel),
        None => client.clone(),
    })
}

/// Makes a client from options, which may be changed or freed afterwards.
/// Nothing is sent. Rules that concern several options are judged here.
///
/// client_out is required and gets the client; free it with
/// dstfa_client_free(). Returns DSTFA_E_ARGUMENT when the portal URL or the
/// credential is missing or options contradict each other, DSTFA_E_UNSUPPORTED
/// for what this build cannot do. With an error applied is DSTFA_APPLIED_NO.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_client_new(
    options: Option<&dstfa_options>,
    client_out: Option<&mut MaybeUninit<*mut dstfa_client>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let out = Out::required("client_out", client_out);
    guard::call(error_out, Applied::No, || {
        let out = out?;
        let settings = &guard::required("options", options)?.settings;
        Ok(out.put(settings.clone().build()?))
    })
}

/// Frees the client and wipes its credential; NULL does nothing. Not while a
/// call with it is running. What its calls handed out stays valid.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_client_free(client: Option<Box<dstfa_client>>) {
    guard::release(client);
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
/// end them.
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
    guard::call(error_out, Applied::Maybe, || {
        let client = with_cancel(client, cancel)?;
        let account = AccountId::parse(account_id.read()?)?;
        let method = numbers::method_from(method)?;
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
    guard::call(error_out, Applied::Maybe, || {
        let client = with_cancel(client, cancel)?;
        let check = guard::required("check", check)?;
        let method = numbers::method_from(method)?;
        Ok(out.put(client.change_method_checked(check.facts(), method)?))
    })
}

/// dstfa_client_change_method() in one call, for programs that change one
/// account and end: makes a client with default settings, changes, and frees
/// the client.
///
/// ca_file is a PEM file of certificate authorities to trust besides the
/// system's, or NULL. change_out may be NULL. Returns what dstfa_client_new()
/// and dstfa_client_change_method() return.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_change_method_once(
    portal_url: *const c_char,
    api_key: *const c_char,
    ca_file: *const c_char,
    account_id: *const c_char,
    method: i32,
    change_out: Option<&mut MaybeUninit<*mut dstfa_change>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let portal_url = unsafe { Given::new("portal_url", portal_url) };
    // SAFETY: NULL or a string of the caller's.
    let api_key = unsafe { Given::new("api_key", api_key) };
    // SAFETY: NULL or a string of the caller's.
    let ca_file = unsafe { Given::new("ca_file", ca_file) };
    // SAFETY: NULL or a string of the caller's.
    let account_id = unsafe { Given::new("account_id", account_id) };
    let out = Out::optional(change_out);
    guard::call(error_out, Applied::Maybe, || {
        let credential = Credential::api_key(api_key.read()?)?;
        let mut builder = Client::builder(portal_url.read()?, credential);
        if let Some(ca_file) = ca_file.read_unless_null()? {
            builder = builder.add_ca_file(ca_file);
        }
        let account = AccountId::parse(account_id.read()?)?;
        let method = numbers::method_from(method)?;
        Ok(out.put(builder.build()?.change_method(&account, method)?))
    })
}
