//! The log callback: with that of a bulk the only time the library calls its host.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::sync::Arc;

use super::constants::dstfa_status;
use super::error::dstfa_error;
use super::numbers;
use super::options::{dstfa_options, set};
use super::text::Text;
use crate::LogLevel;
use crate::log::Log;
use crate::numbers::Numbered;

/// Receives log lines; see dstfa_options_set_log().
pub type dstfa_log_fn =
    Option<unsafe extern "C-unwind" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

/// Log lines up to level, one of DSTFA_LOG_*, go to callback; user_data is
/// handed on as it is and may be NULL. DSTFA_LOG_OFF or a NULL callback
/// (default) switches logging off.
///
/// The callback runs during calls with clients made from these options, and with
/// lists and bulks made with those clients, on the thread of the call, so on
/// several threads at once if several call; never outside a call, and not while
/// an object is freed. message is UTF-8, one line, and valid until the callback
/// returns. user_data must live until the last of those calls has returned: a list
/// or a bulk keeps the callback after its client is freed. Other objects do not
/// have it. The callback may call this library, but not free an object in use; it
/// must return, so no exception and no longjmp may leave it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_set_log(
    options: Option<&mut dstfa_options>,
    level: i32,
    callback: dstfa_log_fn,
    user_data: *mut c_void,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.log = match (numbers::known("level", level)?, callback) {
            (LogLevel::Off, _) | (_, None) => Log::off(),
            (level, Some(function)) => {
                let host = Host {
                    function,
                    user_data,
                };
                Log::new(level, Arc::new(move |level, line| host.tell(level, line)))
            }
        };
        Ok(())
    })
}

/// The caller's log function.
struct Host {
    function: unsafe extern "C-unwind" fn(*mut c_void, i32, *const c_char),
    user_data: *mut c_void,
}

// SAFETY: a function pointer may go anywhere, and `user_data` is never looked
// into: it is only handed back to the function, which the caller was told runs
// on whatever thread makes the call.
unsafe impl Send for Host {}
// SAFETY: as above; the caller was told that several threads may call at once.
unsafe impl Sync for Host {}

impl Host {
    fn tell(&self, level: LogLevel, line: &str) {
        let line = Text::new(line);
        // SAFETY: the caller gave function and data for exactly this call, and
        // `line` lives until it returns.
        unsafe { (self.function)(self.user_data, level.number(), line.as_ptr()) };
    }
}
