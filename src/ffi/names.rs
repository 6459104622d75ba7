//! Names and sentences for statuses and reasons.

use std::ffi::{CStr, c_char};

use super::constants::*;
use super::text::EMPTY;
use super::{guard, numbers};

/// The macro that stands for a status, "DSTFA_OK" for example; "DSTFA_E_?" for
/// a number that is none. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_status_name(status: dstfa_status) -> *const c_char {
    guard::plain(EMPTY, || {
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
    guard::plain(EMPTY, || {
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
    guard::plain(EMPTY, || {
        numbers::reason_from(reason)
            .map_or(c"DSTFA_REASON_?", |it| ended(it.ended_name()))
            .as_ptr()
    })
}

/// One English sentence about a reason, whatever the number. Static, never
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_reason_message(reason: i32) -> *const c_char {
    guard::plain(EMPTY, || {
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
