//! What every export goes through: panics stop here, NULL is looked for, and
//! strings and objects change sides.

use std::cell::Cell;
use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::panic::{self, AssertUnwindSafe};
use std::ptr;
use std::sync::Once;
use std::thread;

use super::answer::Answer;
use super::constants::{DSTFA_DONE, DSTFA_OK, dstfa_status};
use super::error::dstfa_error;
use super::numbers;
use crate::wipe::Wiped;
use crate::{Applied, Error, Status};

/// What string getters give where there is nothing to give.
pub(super) const EMPTY: *const c_char = c"".as_ptr();

const REPLACEMENT: &str = "\u{FFFD}";

thread_local! {
    /// How many guards are active on this thread; callbacks may nest them.
    static GUARDS: Cell<u32> = const { Cell::new(0) };
}

/// Runs a call that can fail. Its error, or the one made of a panic, goes to
/// `error_out`; `on_panic` is what such an error says about the account.
pub(super) fn call(
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
    on_panic: Applied,
    body: impl FnOnce() -> Result<dstfa_status, Error>,
) -> dstfa_status {
    let error_out = Out::optional(error_out);
    let outcome = caught(body).unwrap_or_else(|| Err(defect(on_panic)));
    outcome.unwrap_or_else(|error| {
        let status = numbers::status(error.status());
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

/// Runs what cannot fail; a panic gives `otherwise`.
pub(super) fn plain<R>(otherwise: R, body: impl FnOnce() -> R) -> R {
    caught(body).unwrap_or(otherwise)
}

/// Reads from a handle; NULL and a panic give the harmless answer.
pub(super) fn get<'a, T, R: Answer>(
    object: Option<&'a T>,
    read: impl FnOnce(&'a T) -> R,
) -> R::InC {
    plain(R::HARMLESS, || {
        object.map_or(R::HARMLESS, |object| read(object).in_c())
    })
}

/// A handle that belongs to another one; NULL and a panic give none.
pub(super) fn part<'a, T, P>(
    object: Option<&'a T>,
    read: impl FnOnce(&'a T) -> Option<&'a P>,
) -> Option<&'a P> {
    plain(None, || object.and_then(read))
}

/// A new handle, the caller's to free; none after a panic.
pub(super) fn new<T>(make: impl FnOnce() -> T) -> Option<Box<T>> {
    plain(None, || Some(Box::new(make())))
}

/// Frees a handle; NULL is nothing to free.
pub(super) fn release<T>(object: Option<Box<T>>) {
    plain((), || drop(object));
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

/// Text as C reads it, wiped when dropped.
pub(super) struct Text(Wiped<Vec<u8>>);

impl Text {
    /// A NUL inside, where C would stop reading, becomes U+FFFD.
    pub(super) fn new(text: &str) -> Self {
        if text.is_empty() {
            return Text(Wiped::default());
        }
        let mut rest = text.as_bytes();
        let mut nul = memchr::memchr(0, rest);
        let longest = nul.map_or(1, |_| REPLACEMENT.len());
        // The whole room at once: growing would leave a copy behind.
        let room = rest.len() * longest + 1;
        let mut bytes = Wiped::new(Vec::with_capacity(room));
        while let Some(at) = nul {
            let (part, behind) = rest.split_at(at);
            bytes.extend_from_slice(part);
            bytes.extend_from_slice(REPLACEMENT.as_bytes());
            rest = behind.get(1..).unwrap_or_default();
            nul = memchr::memchr(0, rest);
        }
        bytes.extend_from_slice(rest);
        bytes.push(0);
        Text(bytes)
    }

    /// Whether it was made of this text; one that held a NUL counts as another.
    pub(super) fn is(&self, text: &str) -> bool {
        self.0.strip_suffix(b"\0").unwrap_or_default() == text.as_bytes()
    }

    /// Valid as long as the text is.
    pub(super) fn as_ptr(&self) -> *const c_char {
        if self.0.is_empty() {
            EMPTY
        } else {
            self.0.as_ptr().cast()
        }
    }
}

fn caught<R>(body: impl FnOnce() -> R) -> Option<R> {
    #[cfg(test)]
    let body = || {
        inject::strike();
        body()
    };
    prepare();
    GUARDS.with(|guards| guards.set(guards.get() + 1));
    let outcome = panic::catch_unwind(AssertUnwindSafe(body));
    GUARDS.with(|guards| guards.set(guards.get() - 1));
    outcome.ok()
}

/// Once in a process, at the first call: caught panics shall be silent.
/// Printing one to a closed pipe would end the host.
fn prepare() {
    static PREPARED: Once = Once::new();
    // The hook cannot be exchanged on a thread that is panicking.
    if PREPARED.is_completed() || thread::panicking() {
        return;
    }
    PREPARED.call_once(|| {
        let former = panic::take_hook();
        panic::set_hook(Box::new(move |facts| {
            if !is_ours() {
                former(facts);
            }
        }));
        #[cfg(windows)]
        super::pin::pin();
    });
}

/// Whether a panic on this thread is this library's own: in a guarded call, or
/// on a helper thread of one.
fn is_ours() -> bool {
    GUARDS.with(Cell::get) > 0
        || thread::current()
            .name()
            .is_some_and(|name| name.starts_with("dstfa-"))
}

/// Lets tests make any export panic.
#[cfg(test)]
pub(super) mod inject {
    use std::cell::Cell;

    thread_local! {
        static ARMED: Cell<bool> = const { Cell::new(false) };
    }

    /// The next guarded call on this thread panics.
    pub(in crate::ffi) fn arm() {
        ARMED.set(true);
    }

    pub(in crate::ffi) fn is_armed() -> bool {
        ARMED.get()
    }

    pub(super) fn strike() {
        if ARMED.take() {
            panic!("injected panic");
        }
    }
}
