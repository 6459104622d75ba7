//! The library's version.

use std::ffi::{CStr, c_char};

use super::guard;
use super::text::EMPTY;

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
    guard::plain(EMPTY, || VERSION.as_ptr())
}

/// The same as a number, major times 65536 plus minor times 256 plus patch, to
/// compare with DSTFA_VERSION_NUMBER. Use no function that is newer than the
/// library that is running.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_version_number() -> u32 {
    guard::plain(0, || VERSION_NUMBER)
}
