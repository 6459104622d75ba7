//! The first call: a change without a client of the caller's.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::call::{self, Given, Out};
use super::change::dstfa_change;
use super::constants::dstfa_status;
use super::error::dstfa_error;
use super::numbers;
use crate::{AccountId, Applied, Client, Credential};

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
    call::run(error_out, Applied::Maybe, || {
        let credential = Credential::api_key(api_key.read()?)?;
        let mut builder = Client::builder(portal_url.read()?, credential)?;
        if let Some(ca_file) = ca_file.read_unless_null()? {
            builder = builder.add_ca_file(ca_file)?;
        }
        let account = AccountId::parse(account_id.read()?)?;
        let method = numbers::known("method", method)?;
        Ok(out.put(builder.build()?.change_method(&account, method)?))
    })
}
