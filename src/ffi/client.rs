//! `dstfa_client`: what the calls are made with.

use std::mem::MaybeUninit;

use super::call::{self, Out};
use super::cancel::dstfa_cancel;
use super::constants::dstfa_status;
use super::error::dstfa_error;
use super::handle;
use super::options::dstfa_options;
use crate::{Applied, Client, Error};

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
    let client = &call::required("client", client)?.client;
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
    call::run(error_out, Applied::No, || {
        let out = out?;
        let settings = &call::required("options", options)?.settings;
        Ok(out.put(settings.clone().build()?))
    })
}

/// Frees the client; NULL does nothing. Not while a call with it is running.
/// What its calls handed out stays valid. Lists and bulks made with it go on using
/// its credential, which is wiped when the last of them and the client are freed.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_client_free(client: Option<Box<dstfa_client>>) {
    handle::release(client);
}
