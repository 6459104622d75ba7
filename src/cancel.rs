//! Cancelling a call from another thread or from a signal handler.

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fd::{AsFd, BorrowedFd};

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
    pipe: Option<SelfPipe>,
}

impl Cancel {
    /// A new object, not requested.
    pub fn new() -> Self {
        Cancel(Arc::new(State {
            requested: AtomicBool::new(false),
            pipe: SelfPipe::new(),
        }))
    }

    /// Requests cancellation: an atomic swap and at most one write, safe in a
    /// signal handler.
    ///
    /// A call that had sent nothing then ends with nothing changed; one whose
    /// request was on its way ends with `Applied::Maybe`.
    pub fn request(&self) {
        if !self.0.requested.swap(true, Ordering::SeqCst) {
            if let Some(pipe) = &self.0.pipe {
                pipe.wake();
            }
        }
    }

    /// Whether cancellation was requested.
    pub fn is_requested(&self) -> bool {
        self.0.requested.load(Ordering::SeqCst)
    }

    pub(crate) fn pipe(&self) -> Option<&SelfPipe> {
        self.0.pipe.as_ref()
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

#[cfg(unix)]
type Stream = std::os::unix::net::UnixStream;
/// Windows waits for sockets only.
#[cfg(windows)]
type Stream = std::net::TcpStream;

/// A connection to itself: once written to, its reading end stays readable.
pub(crate) struct SelfPipe {
    read: Stream,
    write: Stream,
}

impl SelfPipe {
    #[cfg(unix)]
    fn new() -> Option<Self> {
        let (read, write) = Stream::pair().ok()?;
        Some(SelfPipe { read, write })
    }

    #[cfg(windows)]
    fn new() -> Option<Self> {
        use std::net::{Ipv4Addr, TcpListener};
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
        let write = Stream::connect(listener.local_addr().ok()?).ok()?;
        let (read, from) = listener.accept().ok()?;
        // Another process may have been faster, and must not hold the other end.
        (from == write.local_addr().ok()?).then_some(SelfPipe { read, write })
    }

    fn wake(&self) {
        let _ = (&self.write).write(&[1]);
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
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
