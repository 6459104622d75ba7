//! What every call that can fail goes through: its error goes where the caller
//! wants it, NULL is looked for, and strings and objects change sides.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::ptr;

use super::constants::{DSTFA_DONE, DSTFA_OK, dstfa_status};
use super::error::dstfa_error;
use super::guard::caught;
use crate::numbers::Numbered;
use crate::{Applied, Error, Status};

/// Runs a call that can fail. Its error, or the one made of a panic, goes to
/// `error_out`; `on_panic` is what such an error says about the account.
pub(super) fn run(
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
    on_panic: Applied,
    body: impl FnOnce() -> Result<dstfa_status, Error>,
) -> dstfa_status {
    let error_out = Out::optional(error_out);
    let outcome = caught(body).unwrap_or_else(|| Err(defect(on_panic)));
    outcome.unwrap_or_else(|error| {
        let status = error.status().number();
        error_out.put(error);
        status
    })
}

fn defect(applied: Applied) -> Error {
    let message = match applied {
        Applied::No => {
            "a defect in docspace-tfa stopped the call before anything was changed; please \
             report it"
        }
        _ => {
            "a defect in docspace-tfa stopped the call, which may have been done; look before \
             trying again, and please report it"
        }
    };
    Error::new(Status::Internal, applied, message)
}

/// What the call cannot do without.
pub(super) fn required<T>(parameter: &str, given: Option<T>) -> Result<T, Error> {
    given.ok_or_else(|| Error::argument(format!("{parameter}: NULL; it must be given")))
}

/// Where the caller wants an object put, if it wants it.
pub(super) struct Out<'a, T>(Option<&'a mut *mut T>);

impl<'a, T> Out<'a, T> {
    /// Stores NULL there at once, so that a caller that frees whatever it
    /// finds frees nothing else.
    pub(super) fn optional(place: Option<&'a mut MaybeUninit<*mut T>>) -> Self {
        Out(place.map(|place| place.write(ptr::null_mut())))
    }

    /// As [`Out::optional`], for what the call cannot do without.
    pub(super) fn required(
        parameter: &str,
        place: Option<&'a mut MaybeUninit<*mut T>>,
    ) -> Result<Self, Error> {
        required(parameter, place).map(|place| Self::optional(Some(place)))
    }

    /// The status of a call that gave an object.
    pub(super) fn put(self, value: impl Into<T>) -> dstfa_status {
        if let Some(place) = self.0 {
            *place = Box::into_raw(Box::new(value.into()));
        }
        DSTFA_OK
    }

    /// As [`Out::put`], for calls that give one object after another.
    pub(super) fn put_next(self, value: Option<impl Into<T>>) -> dstfa_status {
        value.map_or(DSTFA_DONE, |value| self.put(value))
    }
}

/// A string the caller gave, not looked at yet.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    parameter: &'static str,
    text: Option<&'a CStr>,
}

impl<'a> Given<'a> {
    /// # Safety
    /// `text` is NULL or ends in a NUL byte and does not change for as long as
    /// `'a`.
    pub(super) unsafe fn new(parameter: &'static str, text: *const c_char) -> Self {
        let text = (!text.is_null()).then(|| {
            // SAFETY: not NULL, and the rest is this function's own promise.
            unsafe { CStr::from_ptr(text) }
        });
        Given { parameter, text }
    }

    pub(super) fn read(self) -> Result<&'a str, Error> {
        let text = required(self.parameter, self.text)?;
        text.to_str().map_err(|_| {
            Error::argument(format!("{}: not UTF-8; convert it first", self.parameter))
        })
    }

    pub(super) fn read_unless_null(self) -> Result<Option<&'a str>, Error> {
        self.text.map(|_| self.read()).transpose()
    }
}
