//! Names and sentences for statuses and reasons.

use std::ffi::{CStr, c_char};

use super::constants::*;
use super::guard;
use super::text::EMPTY;
use crate::numbers::Numbered;
use crate::{Reason, Status};

/// The macro that stands for a status, "DSTFA_OK" for example; "DSTFA_E_?" for
/// a number that is none. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_status_name(status: dstfa_status) -> *const c_char {
    guard::plain(EMPTY, || match status {
        DSTFA_OK => c"DSTFA_OK".as_ptr(),
        DSTFA_DONE => c"DSTFA_DONE".as_ptr(),
        _ => text(status, Status::ended_name, c"DSTFA_E_?"),
    })
}

/// One English sentence about a status, whatever the number; for a particular
/// failure dstfa_error_message() says more. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_status_message(status: dstfa_status) -> *const c_char {
    let unknown = c"The call failed in a way this version has no words for.";
    guard::plain(EMPTY, || match status {
        DSTFA_OK => c"Done.".as_ptr(),
        DSTFA_DONE => c"There is nothing more.".as_ptr(),
        _ => text(status, Status::ended_sentence, unknown),
    })
}

/// The macro that stands for a reason, "DSTFA_REASON_NONE" for example;
/// "DSTFA_REASON_?" for a number that is none. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_reason_name(reason: i32) -> *const c_char {
    guard::plain(EMPTY, || {
        text(reason, Reason::ended_name, c"DSTFA_REASON_?")
    })
}

/// One English sentence about a reason, whatever the number. Static, never
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_reason_message(reason: i32) -> *const c_char {
    let unknown = c"The reason is one this version has no words for.";
    guard::plain(EMPTY, || text(reason, Reason::ended_sentence, unknown))
}

/// A text of the value with this number, `unknown` if there is none.
fn text<T: Numbered>(
    number: i32,
    ended: fn(T) -> &'static str,
    unknown: &'static CStr,
) -> *const c_char {
    let known = T::from_number(number).map(ended);
    known
        .and_then(|text| CStr::from_bytes_with_nul(text.as_bytes()).ok())
        .unwrap_or(unknown)
        .as_ptr()
}
