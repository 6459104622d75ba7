//! What every export goes through: panics stop here, and so does everything
//! unsafe about strings, handles and out-pointers.

use std::cell::Cell;
use std::ffi::{CStr, c_char};
use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe};
use std::ptr;
use std::sync::Once;
use std::thread;

use super::constants::{DSTFA_OK, dstfa_status};
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
    error_out: Out<dstfa_error>,
    on_panic: Applied,
    body: impl FnOnce() -> Result<(), Error>,
) -> dstfa_status {
    step(error_out, on_panic, || body().map(|()| DSTFA_OK))
}

/// As [`call`], for calls whose success has more than one status.
pub(super) fn step(
    error_out: Out<dstfa_error>,
    on_panic: Applied,
    body: impl FnOnce() -> Result<dstfa_status, Error>,
) -> dstfa_status {
    let outcome = caught(body).unwrap_or_else(|| {
        let message = match on_panic {
            Applied::No => {
                "a defect in docspace-tfa stopped the call before anything was changed; please \
                 report it"
            }
            _ => {
                "a defect in docspace-tfa stopped the call, which may have been done; look \
                 before trying again, and please report it"
            }
        };
        Err(Error::new(Status::Internal, on_panic, message))
    });
    match outcome {
        Ok(status) => status,
        Err(error) => {
            let status = numbers::status(error.status());
            error_out.put(error);
            status
        }
    }
}

/// Runs what cannot fail; a panic gives `otherwise`.
pub(super) fn plain<R>(otherwise: R, body: impl FnOnce() -> R) -> R {
    caught(body).unwrap_or(otherwise)
}

/// Reads from a handle; NULL and a panic give `otherwise`.
///
/// # Safety
/// `object` is NULL or a live handle.
pub(super) unsafe fn get<T, R: Copy>(
    object: *const T,
    otherwise: R,
    read: impl FnOnce(&T) -> R,
) -> R {
    // SAFETY: the same promise is this function's own.
    let object = unsafe { object.as_ref() };
    plain(otherwise, || object.map_or(otherwise, read))
}

/// Frees a handle; NULL is nothing to free.
///
/// # Safety
/// `object` is NULL or a handle from [`boxed`] or [`Out::put`], not freed yet
/// and not used any more.
pub(super) unsafe fn release<T>(object: *mut T) {
    let object = (!object.is_null()).then(|| {
        // SAFETY: it came from `Box::into_raw` and, by the promise, has no
        // other owner.
        unsafe { Box::from_raw(object) }
    });
    plain((), || drop(object));
}

/// A new handle, the caller's to free.
pub(super) fn boxed<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// A handle the call cannot do without.
///
/// # Safety
/// `object` is NULL or a live handle that nobody changes for as long as `'a`.
pub(super) unsafe fn required<'a, T>(parameter: &str, object: *const T) -> Result<&'a T, Error> {
    // SAFETY: the same promise is this function's own.
    unsafe { object.as_ref() }.ok_or_else(|| is_null(parameter))
}

/// As [`required`], for handles that are changed.
///
/// # Safety
/// `object` is NULL or a live handle that nobody else uses for as long as `'a`.
pub(super) unsafe fn required_mut<'a, T>(
    parameter: &str,
    object: *mut T,
) -> Result<&'a mut T, Error> {
    // SAFETY: the same promise is this function's own.
    unsafe { object.as_mut() }.ok_or_else(|| is_null(parameter))
}

/// A string the caller gave, not looked at yet.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    parameter: &'static str,
    text: *const c_char,
    life: PhantomData<&'a CStr>,
}

impl<'a> Given<'a> {
    /// # Safety
    /// `text` is NULL or ends in a NUL byte and does not change for as long as
    /// `'a`.
    pub(super) unsafe fn new(parameter: &'static str, text: *const c_char) -> Self {
        Given {
            parameter,
            text,
            life: PhantomData,
        }
    }

    pub(super) fn read(self) -> Result<&'a str, Error> {
        if self.text.is_null() {
            return Err(is_null(self.parameter));
        }
        // SAFETY: not NULL, and the rest is what `new` was promised.
        let text = unsafe { CStr::from_ptr(self.text) };
        text.to_str().map_err(|_| {
            Error::argument(format!("{}: not UTF-8; convert it first", self.parameter))
        })
    }

    pub(super) fn read_unless_null(self) -> Result<Option<&'a str>, Error> {
        if self.text.is_null() {
            Ok(None)
        } else {
            self.read().map(Some)
        }
    }
}

fn is_null(parameter: &str) -> Error {
    Error::argument(format!("{parameter}: NULL; it must be given"))
}

/// Where the caller wants an object put; NULL if it does not want it.
pub(super) struct Out<T>(*mut *mut T);

impl<T> Out<T> {
    /// Stores NULL there at once, so that a caller that frees whatever it
    /// finds frees nothing else.
    ///
    /// # Safety
    /// `place` is NULL or may be written to until the call returns.
    pub(super) unsafe fn new(place: *mut *mut T) -> Self {
        if !place.is_null() {
            // SAFETY: not NULL, and writable by this function's own promise.
            unsafe { place.write(ptr::null_mut()) };
        }
        Out(place)
    }

    pub(super) fn is_wanted(&self) -> bool {
        !self.0.is_null()
    }

    /// A place that the call cannot do without.
    pub(super) fn required(self, parameter: &str) -> Result<Self, Error> {
        if self.is_wanted() {
            Ok(self)
        } else {
            Err(is_null(parameter))
        }
    }

    pub(super) fn put(self, value: impl Into<T>) {
        if self.is_wanted() {
            let object = boxed(value.into());
            // SAFETY: not NULL, and writable until the call returns, as
            // `new` was promised.
            unsafe { self.0.write(object) };
        }
    }
}

/// Where the caller wants a number put; NULL if it does not want it.
pub(super) struct OutNumber(*mut u32);

impl OutNumber {
    /// Stores 0 there at once.
    ///
    /// # Safety
    /// `place` is NULL or may be written to until the call returns.
    pub(super) unsafe fn new(place: *mut u32) -> Self {
        let out = OutNumber(place);
        out.write(0);
        out
    }

    pub(super) fn put(self, number: u32) {
        self.write(number);
    }

    fn write(&self, number: u32) {
        if !self.0.is_null() {
            // SAFETY: not NULL, and writable until the call returns, as `new`
            // was promised.
            unsafe { self.0.write(number) };
        }
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
    prepare();
    GUARDS.with(|guards| guards.set(guards.get() + 1));
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        #[cfg(test)]
        inject::strike();
        body()
    }));
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
