//! `dstfa_account` and `dstfa_account_list`: who there is on the portal.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::call::{self, Given, Out};
use super::cancel::dstfa_cancel;
use super::client::{dstfa_client, with_cancel};
use super::constants::dstfa_status;
use super::error::dstfa_error;
use super::handle;
use super::numbers;
use super::text::Text;
use crate::{Account, AccountFilter, Accounts, Applied};

/// An account as the portal shows it to the caller. Put where account_out
/// points, freed with dstfa_account_free(); one from dstfa_check_account() is
/// not. It may outlive the client and the list.
///
/// All texts are cleaned of control, direction and invisible characters and cut
/// to 512 bytes. They are still chosen by the member: show them, do not trust them.
pub struct dstfa_account {
    facts: Account,
    id: Text,
    email: Text,
    user_name: Text,
    display_name: Text,
}

impl From<Account> for dstfa_account {
    fn from(facts: Account) -> Self {
        dstfa_account {
            id: Text::new(facts.id().as_str()),
            email: Text::new(facts.email()),
            user_name: Text::new(facts.user_name()),
            display_name: Text::new(facts.display_name()),
            facts,
        }
    }
}

/// Accounts, one after another. Made by dstfa_client_list_accounts(), read with
/// dstfa_account_list_next(), freed with dstfa_account_list_free(). It may
/// outlive the client; one thread at a time.
pub struct dstfa_account_list {
    accounts: Accounts,
}

impl From<Accounts> for dstfa_account_list {
    fn from(accounts: Accounts) -> Self {
        dstfa_account_list { accounts }
    }
}

/// Finds one account. Reads only.
///
/// who is an e-mail address, a user name, an account id, or "@self" for the
/// credential's own account; blanks around it do not count. An e-mail address
/// or user name has to be the account's very own, but for upper and lower case.
/// cancel may be NULL. account_out is required and gets the account; free it
/// with dstfa_account_free().
///
/// Returns DSTFA_E_NOT_FOUND with DSTFA_REASON_NO_SUCH_ACCOUNT if there is no
/// such account, DSTFA_E_ARGUMENT for a text that can be none, and what every
/// call to the portal can. With an error applied is DSTFA_APPLIED_NO.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_client_find_account(
    client: Option<&dstfa_client>,
    who: *const c_char,
    cancel: Option<&dstfa_cancel>,
    account_out: Option<&mut MaybeUninit<*mut dstfa_account>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let who = unsafe { Given::new("who", who) };
    let out = Out::required("account_out", account_out);
    call::run(error_out, Applied::No, || {
        let out = out?;
        Ok(out.put(with_cancel(client, cancel)?.find_account(who.read()?)?))
    })
}

/// Makes a list of accounts. Nothing is sent yet. Portals let owner and
/// administrators list, and room administrators in part.
///
/// text leaves only accounts whose names or e-mail address contain each of its
/// words; "" restricts nothing. status, one of DSTFA_ACCOUNT_*, and role, one of
/// DSTFA_ROLE_*, leave only accounts of that kind; DSTFA_ANY restricts nothing.
/// The UNKNOWN numbers are refused. list_out is required and gets the list; free
/// it with dstfa_account_list_free().
///
/// Returns DSTFA_OK or DSTFA_E_ARGUMENT; then applied is DSTFA_APPLIED_NO.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_client_list_accounts(
    client: Option<&dstfa_client>,
    text: *const c_char,
    status: i32,
    role: i32,
    list_out: Option<&mut MaybeUninit<*mut dstfa_account_list>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let text = unsafe { Given::new("text", text) };
    let out = Out::required("list_out", list_out);
    call::run(error_out, Applied::No, || {
        let out = out?;
        let client = with_cancel(client, None)?;
        let mut filter = AccountFilter::all().text(text.read()?);
        if let Some(status) = numbers::filter("status", status)? {
            filter = filter.status(status);
        }
        if let Some(role) = numbers::filter("role", role)? {
            filter = filter.role(role);
        }
        Ok(out.put(client.accounts(filter)?))
    })
}

/// The next account of the list. Reads only. Accounts come in pages of up to a
/// hundred; a new page is a call to the portal with a deadline of its own, the
/// other times nothing is sent.
///
/// cancel may be NULL. account_out is required: with DSTFA_OK it gets an
/// account, to be freed with dstfa_account_free(), and NULL otherwise. Returns
/// DSTFA_DONE when there is no account left; account and error are both NULL
/// then. Any other status is a failure; applied is DSTFA_APPLIED_NO. Calling
/// again after one goes on with the page that did not come, or with what follows
/// an account that could not be read. A page that is too long, or that the portal
/// or something in front of it found no time for, is asked for in halves; after
/// DSTFA_E_TIMEOUT that begins with the next call.
///
/// A list is who was there at the moment of reading, and not more: a portal shows
/// one page at a time, and people come and go in between. Accounts are asked for
/// in the order of their e-mail addresses, and each page begins with the last
/// account of the one before. Where it does not, or where the total is another,
/// the list is begun anew, at most twice; accounts that were given already are
/// left out. After that it goes on, and dstfa_account_list_changed() is 1. No
/// account comes twice. Accounts without an e-mail address have no order among
/// themselves, and portals before 2.5 know no order by address: there most
/// changes are noticed, not all.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_list_next(
    list: Option<&mut dstfa_account_list>,
    cancel: Option<&dstfa_cancel>,
    account_out: Option<&mut MaybeUninit<*mut dstfa_account>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let out = Out::required("account_out", account_out);
    call::run(error_out, Applied::No, || {
        let out = out?;
        let list = call::required("list", list)?;
        let account = list.accounts.step(cancel.map(|cancel| &cancel.cancel));
        Ok(out.put_next(account.transpose()?))
    })
}

/// How many accounts the portal said the list has when it gave the last page, at
/// most 2147483647; 0 before the first dstfa_account_list_next(). Fewer may come.
/// NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_list_total(list: Option<&dstfa_account_list>) -> u32 {
    handle::get(list, |it| it.accounts.total())
}

/// 1 if the list changed while it was read, again after it was begun anew twice:
/// somebody who is on the portal may be missing. Else 0: as far as the portal's
/// pages show, everybody came who was there throughout. Ask after DSTFA_DONE.
/// NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_list_changed(list: Option<&dstfa_account_list>) -> i32 {
    handle::get(list, |it| it.accounts.changed())
}

/// Frees the list; NULL does nothing. The accounts it gave stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_list_free(list: Option<Box<dstfa_account_list>>) {
    handle::release(list);
}

/// Frees the account and its strings; NULL does nothing. Not for accounts from
/// dstfa_check_account().
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_free(account: Option<Box<dstfa_account>>) {
    handle::release(account);
}

/// The id, a hyphenated GUID in lower case: what the other calls take as
/// account_id. Owned by the account, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_id(account: Option<&dstfa_account>) -> *const c_char {
    handle::get(account, |it| &it.id)
}

/// The e-mail address; "" if the account has none. Owned by the account, never
/// NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_email(account: Option<&dstfa_account>) -> *const c_char {
    handle::get(account, |it| &it.email)
}

/// The user name. Owned by the account, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_user_name(account: Option<&dstfa_account>) -> *const c_char {
    handle::get(account, |it| &it.user_name)
}

/// First and last name, as the portal joins them. Owned by the account, never
/// NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_display_name(account: Option<&dstfa_account>) -> *const c_char {
    handle::get(account, |it| &it.display_name)
}

/// Whether the account may be used, one of DSTFA_ACCOUNT_*. NULL gives
/// DSTFA_ACCOUNT_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_status(account: Option<&dstfa_account>) -> i32 {
    handle::get(account, |it| it.facts.status())
}

/// What the account may do, one of DSTFA_ROLE_*. NULL gives DSTFA_ROLE_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_role(account: Option<&dstfa_account>) -> i32 {
    handle::get(account, |it| it.facts.role())
}

/// 1 if the account is the portal's owner, else 0. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_is_owner(account: Option<&dstfa_account>) -> i32 {
    handle::get(account, |it| it.facts.is_owner())
}

/// Whether the account comes from single sign-on (SSO): DSTFA_YES, DSTFA_NO, or
/// DSTFA_UNKNOWN if the portal does not say. Signing in that way asks for no
/// second factor, whatever the portal's method is and whether an app is linked
/// or not. Three-valued: compare. NULL gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_is_sso(account: Option<&dstfa_account>) -> i32 {
    handle::get(account, |it| it.facts.is_sso())
}

/// Whether the account comes from a directory (LDAP): DSTFA_YES, DSTFA_NO, or
/// DSTFA_UNKNOWN if the portal does not say. Its sign-in asks for a second factor
/// like any other with a password. Three-valued: compare. NULL gives
/// DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_is_ldap(account: Option<&dstfa_account>) -> i32 {
    handle::get(account, |it| it.facts.is_ldap())
}

/// Whether an authenticator app is linked: DSTFA_YES, DSTFA_NO, or DSTFA_UNKNOWN
/// if the portal does not show it. Portals show it from 3.1 on, to owner and
/// administrators only, and only while their own method is the app. Where the
/// portal's parts share no cache it may be up to five minutes old. Three-valued:
/// compare. NULL gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_account_app_link(account: Option<&dstfa_account>) -> i32 {
    handle::get(account, |it| it.facts.app_link())
}
