//! `dstfa_backup_codes`: the credential's own backup codes.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::call::{self, Out};
use super::cancel::dstfa_cancel;
use super::client::{dstfa_client, with_cancel};
use super::constants::dstfa_status;
use super::error::dstfa_error;
use super::handle;
use super::text::Text;
use crate::{Applied, BackupCodes};

/// Backup codes: each signs in once in place of the app. Put where codes_out
/// points, freed with dstfa_backup_codes_free(), which wipes them. They may outlive the
/// client.
pub struct dstfa_backup_codes {
    pub(super) codes: Vec<Code>,
}

pub(super) struct Code {
    pub(super) text: Text,
    pub(super) is_used: bool,
}

impl From<BackupCodes> for dstfa_backup_codes {
    fn from(codes: BackupCodes) -> Self {
        let code = |index| Code {
            text: Text::new(codes.expose(index).unwrap_or_default()),
            is_used: codes.is_used(index).unwrap_or_default(),
        };
        dstfa_backup_codes {
            codes: (0..codes.len()).map(code).collect(),
        }
    }
}

impl dstfa_backup_codes {
    fn at(&self, index: u32) -> Option<&Code> {
        self.codes.get(usize::try_from(index).ok()?)
    }
}

/// Reads the backup codes of the credential's own account; there is no way to
/// read those of others. Portals have codes only for accounts with a linked
/// app, and show them only while their own method is the app.
///
/// cancel may be NULL. codes_out is required and gets the codes; free them with
/// dstfa_backup_codes_free(). Returns DSTFA_E_REJECTED with the reason
/// DSTFA_REASON_NOT_LINKED, DSTFA_REASON_METHOD_UNAVAILABLE or
/// DSTFA_REASON_HIDDEN_BY_PORTAL where there are none to see, and what every
/// call to the portal can. With an error applied is DSTFA_APPLIED_NO.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_client_backup_codes(
    client: Option<&dstfa_client>,
    cancel: Option<&dstfa_cancel>,
    codes_out: Option<&mut MaybeUninit<*mut dstfa_backup_codes>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let out = Out::required("codes_out", codes_out);
    call::run(error_out, Applied::No, || {
        let out = out?;
        Ok(out.put(with_cancel(client, cancel)?.backup_codes()?))
    })
}

/// Replaces the backup codes of the credential's own account and gets the new
/// ones. The old ones end at once, used or not.
///
/// cancel may be NULL. codes_out is required and gets the codes; free them with
/// dstfa_backup_codes_free(). Returns what dstfa_client_backup_codes() returns. Each
/// success makes other codes, so after a failure dstfa_error_applied() counts:
/// unless it is DSTFA_APPLIED_NO the old codes may have ended; read the present
/// ones with dstfa_client_backup_codes().
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_client_renew_backup_codes(
    client: Option<&dstfa_client>,
    cancel: Option<&dstfa_cancel>,
    codes_out: Option<&mut MaybeUninit<*mut dstfa_backup_codes>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let out = Out::required("codes_out", codes_out);
    call::run(error_out, Applied::Maybe, || {
        let out = out?;
        Ok(out.put(with_cancel(client, cancel)?.renew_backup_codes()?))
    })
}

/// Frees the codes and wipes them; NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_backup_codes_free(codes: Option<Box<dstfa_backup_codes>>) {
    handle::release(codes);
}

/// How many codes there are. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_backup_codes_count(codes: Option<&dstfa_backup_codes>) -> u32 {
    handle::get(codes, |it| it.codes.len())
}

/// The code at index, counted from 0; "" past the end. A secret. Owned by the
/// codes, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_backup_codes_code(
    codes: Option<&dstfa_backup_codes>,
    index: u32,
) -> *const c_char {
    handle::get(codes, |it| it.at(index).map(|code| &code.text))
}

/// 1 if the code at index has been used, else 0; 0 past the end. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_backup_codes_is_used(
    codes: Option<&dstfa_backup_codes>,
    index: u32,
) -> i32 {
    handle::get(codes, |it| it.at(index).is_some_and(|code| code.is_used))
}
