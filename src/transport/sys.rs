//! The platform: waiting on a socket together with a cancel object, and
//! noticing a fork.

use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::cancel::Cancel;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ready {
    Read,
    Write,
}

/// How long a wait may be where a cancel object has no descriptor.
const SLICE: Duration = Duration::from_millis(50);

/// No single wait is longer: not every system takes more than a few weeks.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Waits for the socket, the cancel object or `limit`, whichever is first; it may
/// end early, as by a signal. True only if the socket is ready.
///
/// Only the socket's readiness is reported: the caller looks at the cancel
/// object and the clock itself before it waits again.
pub(super) fn wait(
    socket: Option<(&socket2::Socket, Ready)>,
    cancel: Option<&Cancel>,
    limit: Duration,
) -> bool {
    let pipe = cancel.and_then(Cancel::pipe);
    let sliced = cancel.is_some() && pipe.is_none();
    let limit = limit.min(if sliced { SLICE } else { LONGEST });

    let socket = socket.map(|(socket, ready)| match ready {
        Ready::Read => PollFd::new(socket, PollFlags::IN),
        Ready::Write => PollFd::new(socket, PollFlags::OUT),
    });
    let pipe = pipe.map(|pipe| PollFd::from_borrowed_fd(pipe.fd(), PollFlags::IN));
    let waits_for_socket = socket.is_some();
    let (mut both, mut one);
    let fds: &mut [PollFd<'_>] = match (socket, pipe) {
        (Some(socket), Some(pipe)) => {
            both = [socket, pipe];
            &mut both
        }
        (Some(only), None) | (None, Some(only)) => {
            one = [only];
            &mut one
        }
        (None, None) => &mut [],
    };
    // Windows does not wait for nothing.
    #[cfg(windows)]
    if fds.is_empty() {
        std::thread::sleep(limit);
        return false;
    }
    // Rounded up, or the last fraction of a millisecond would be a busy loop.
    let limit = limit + Duration::from_micros(999);
    match poll(fds, Timespec::try_from(limit).ok().as_ref()) {
        Ok(_) => {}
        Err(Errno::INTR) => return false,
        // Nothing to wait with: the blocked operation itself will tell.
        Err(_) => return waits_for_socket,
    }
    waits_for_socket && fds.first().is_some_and(|fd| !fd.revents().is_empty())
}

#[cfg(unix)]
mod fork {
    //! A connection that parent and child share would mix their records, so
    //! one made before a fork is not used after it.
    #![allow(unsafe_code, reason = "pthread_atfork has no safe wrapper")]

    use std::sync::Once;
    use std::sync::atomic::{AtomicU32, Ordering};

    static GENERATION: AtomicU32 = AtomicU32::new(0);
    static REGISTER: Once = Once::new();

    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
    }

    /// How many forks lie between this process and the one that first asked.
    pub(in crate::transport) fn generation() -> u32 {
        REGISTER.call_once(|| {
            // SAFETY: `in_child` only adds to an atomic, which is allowed in a
            // forked child, and it stays valid for the life of the process:
            // the library is linked so that it is never unloaded.
            let _ = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
        });
        GENERATION.load(Ordering::Relaxed)
    }
}

#[cfg(not(unix))]
mod fork {
    pub(in crate::transport) fn generation() -> u32 {
        0
    }
}

pub(super) use fork::generation as fork_generation;

/// Whether the process runs with more rights than its caller, so that the
/// environment is not to be trusted.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "the auxiliary vector has no safe reader")]
pub(super) fn is_privileged() -> bool {
    // SAFETY: getauxval takes a plain number, touches no memory of ours, and
    // answers 0 for what the kernel did not provide.
    (unsafe { libc::getauxval(libc::AT_SECURE) }) != 0
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_privileged() -> bool {
    false
}
