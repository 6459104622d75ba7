//! Cancelling a call from another thread or from a signal handler.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends every call that was given this object, for good: once requested, it
/// stays so.
///
/// Cloning gives another handle to the same object.
#[derive(Clone)]
pub struct Cancel(Arc<State>);

struct State {
    requested: AtomicBool,
    /// Readable once requested, and never drained, so that it wakes every call
    /// that waits. `None` where no descriptor could be had: then waits are cut
    /// into slices.
    bell: Option<Bell>,
}

impl Cancel {
    /// A new object, not requested.
    pub fn new() -> Self {
        Cancel(Arc::new(State {
            requested: AtomicBool::new(false),
            bell: Bell::new(),
        }))
    }

    /// Requests cancellation: an atomic swap and at most one write, safe in a
    /// signal handler.
    ///
    /// A call that had sent nothing then ends with nothing changed; one whose
    /// request was on its way ends with `Applied::Maybe`.
    pub fn request(&self) {
        if !self.0.requested.swap(true, Ordering::SeqCst) {
            if let Some(bell) = &self.0.bell {
                bell.ring();
            }
        }
    }

    /// Whether cancellation was requested.
    pub fn is_requested(&self) -> bool {
        self.0.requested.load(Ordering::SeqCst)
    }

    pub(crate) fn bell(&self) -> Option<&Bell> {
        self.0.bell.as_ref()
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel")
            .field("requested", &self.is_requested())
            .finish()
    }
}

/// A descriptor that becomes readable once and stays so.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) struct Bell(rustix::fd::OwnedFd);

#[cfg(any(target_os = "linux", target_os = "android"))]
impl Bell {
    fn new() -> Option<Self> {
        use rustix::event::{EventfdFlags, eventfd};
        eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
            .ok()
            .map(Bell)
    }

    fn ring(&self) {
        // It can only fail if the counter were full, and then it is readable.
        let _ = rustix::io::write(&self.0, &1u64.to_ne_bytes());
    }

    pub(crate) fn fd(&self) -> rustix::fd::BorrowedFd<'_> {
        use rustix::fd::AsFd;
        self.0.as_fd()
    }
}

/// A pipe: where there is no eventfd, its reading end does the same.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub(crate) struct Bell {
    read: rustix::fd::OwnedFd,
    write: rustix::fd::OwnedFd,
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
impl Bell {
    fn new() -> Option<Self> {
        use rustix::io::{FdFlags, fcntl_setfd};
        let (read, write) = rustix::pipe::pipe().ok()?;
        fcntl_setfd(&read, FdFlags::CLOEXEC).ok()?;
        fcntl_setfd(&write, FdFlags::CLOEXEC).ok()?;
        Some(Bell { read, write })
    }

    fn ring(&self) {
        let _ = rustix::io::write(&self.write, &[1]);
    }

    pub(crate) fn fd(&self) -> rustix::fd::BorrowedFd<'_> {
        use rustix::fd::AsFd;
        self.read.as_fd()
    }
}

/// A connection to itself: Windows waits for sockets only.
#[cfg(windows)]
pub(crate) struct Bell {
    read: std::net::TcpStream,
    write: std::net::TcpStream,
}

#[cfg(windows)]
impl Bell {
    fn new() -> Option<Self> {
        use std::net::{Ipv4Addr, TcpListener, TcpStream};
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
        let write = TcpStream::connect(listener.local_addr().ok()?).ok()?;
        let (read, from) = listener.accept().ok()?;
        // Another process may have been faster, and must not hold the string.
        (from == write.local_addr().ok()?).then_some(Bell { read, write })
    }

    fn ring(&self) {
        use std::io::Write;
        let _ = (&self.write).write(&[1]);
    }

    pub(crate) fn fd(&self) -> rustix::fd::BorrowedFd<'_> {
        use rustix::fd::AsFd;
        self.read.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_seen_by_every_handle_and_stays() {
        let cancel = Cancel::new();
        let other = cancel.clone();
        assert!(!other.is_requested());
        cancel.request();
        cancel.request();
        assert!(other.is_requested());
    }
}
