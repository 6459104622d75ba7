//! The guard that every export goes through: panics stop here.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::thread;

thread_local! {
    /// How many guards are active on this thread; callbacks may nest them.
    static GUARDS: Cell<u32> = const { Cell::new(0) };
}

/// Runs what cannot fail; a panic gives `otherwise`.
pub(super) fn plain<R>(otherwise: R, body: impl FnOnce() -> R) -> R {
    caught(body).unwrap_or(otherwise)
}

/// The outcome; none after a panic.
pub(super) fn caught<R>(body: impl FnOnce() -> R) -> Option<R> {
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
