//! The library's version, and words for its numbers.

use std::ffi::{CStr, c_char};

use super::constants::*;
use super::{guard, numbers};

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };
const VERSION_NUMBER: u32 = part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
    | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
    | part(env!("CARGO_PKG_VERSION_PATCH"));

const fn part(text: &str) -> u32 {
    match u32::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => 0,
    }
}

/// The version of the library that is running, as in DSTFA_VERSION. Static.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_version() -> *const c_char {
    guard::plain(guard::EMPTY, || VERSION.as_ptr())
}

/// The same as a number, major times 65536 plus minor times 256 plus patch, to
/// compare with DSTFA_VERSION_NUMBER. Use no function that is newer than the
/// library that is running.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_version_number() -> u32 {
    guard::plain(0, || VERSION_NUMBER)
}

/// The macro that stands for a status, "DSTFA_OK" for example; "DSTFA_E_?" for
/// a number that is none. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_status_name(status: dstfa_status) -> *const c_char {
    guard::plain(guard::EMPTY, || {
        match status {
            DSTFA_OK => c"DSTFA_OK",
            DSTFA_DONE => c"DSTFA_DONE",
            _ => numbers::status_from(status).map_or(c"DSTFA_E_?", |it| ended(it.ended_name())),
        }
        .as_ptr()
    })
}

/// One English sentence about a status, whatever the number; for a particular
/// failure dstfa_error_message() says more. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_status_message(status: dstfa_status) -> *const c_char {
    guard::plain(guard::EMPTY, || {
        match status {
            DSTFA_OK => c"Done.",
            DSTFA_DONE => c"There is nothing more.",
            _ => numbers::status_from(status).map_or(
                c"The call failed in a way this version has no words for.",
                |it| ended(it.ended_sentence()),
            ),
        }
        .as_ptr()
    })
}

/// The macro that stands for a reason, "DSTFA_REASON_NONE" for example;
/// "DSTFA_REASON_?" for a number that is none. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_reason_name(reason: i32) -> *const c_char {
    guard::plain(guard::EMPTY, || {
        numbers::reason_from(reason)
            .map_or(c"DSTFA_REASON_?", |it| ended(it.ended_name()))
            .as_ptr()
    })
}

/// One English sentence about a reason, whatever the number. Static, never
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_reason_message(reason: i32) -> *const c_char {
    guard::plain(guard::EMPTY, || {
        numbers::reason_from(reason)
            .map_or(c"The reason is one this version has no words for.", |it| {
                ended(it.ended_sentence())
            })
            .as_ptr()
    })
}

/// A static text of the library's that ends in a NUL.
fn ended(text: &'static str) -> &'static CStr {
    CStr::from_bytes_with_nul(text.as_bytes()).unwrap_or_default()
}
