//! A connected TCP socket that never blocks outside a call's bounds.

use std::io::{self, ErrorKind, Read};
use std::net::SocketAddr;
use std::time::Instant;

use socket2::{Domain, Protocol, SockAddr, Type};

use super::call::Call;
use super::fault::Cause;
use super::sys::Ready;

#[derive(Debug)]
pub(super) struct Socket(socket2::Socket);

/// What one look at the socket brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    Bytes(usize),
    Nothing,
    End,
    Reset,
}

/// Why a write ended early.
#[derive(Debug)]
pub(super) enum SendFault {
    /// Cancelled or over.
    Bound(Cause),
    /// The connection is gone.
    Broken,
}

impl Socket {
    /// Tries the addresses one after another; each gets an equal share of what
    /// is left.
    pub(super) fn connect(addresses: &[SocketAddr], call: &Call) -> Result<Self, Cause> {
        let mut last = Cause::Unreachable;
        for (tried, address) in addresses.iter().enumerate() {
            let left = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
            let share = call.until(Instant::now() + call.remaining() / left);
            match Self::connect_to(*address, &share) {
                Ok(socket) => return Ok(socket),
                Err(Cause::Deadline) => {
                    call.check()?;
                    last = Cause::Unreachable;
                }
                Err(cause @ Cause::Unreachable) => last = cause,
                Err(cause) => return Err(cause),
            }
        }
        Err(last)
    }

    fn connect_to(address: SocketAddr, call: &Call) -> Result<Self, Cause> {
        let domain = Domain::for_address(address);
        let socket = socket2::Socket::new(domain, Type::STREAM, Some(Protocol::TCP))
            .map_err(|error| out_of(&error))?;
        socket
            .set_nonblocking(true)
            .map_err(|error| out_of(&error))?;
        // Only latency depends on it.
        let _ = socket.set_tcp_nodelay(true);
        match socket.connect(&SockAddr::from(address)) {
            Ok(()) => {}
            Err(error) if is_pending(&error) => {
                call.wait(&socket, Ready::Write)?;
                match socket.take_error() {
                    Ok(None) => {}
                    Ok(Some(error)) | Err(error) => return Err(out_of(&error)),
                }
            }
            Err(error) => return Err(out_of(&error)),
        }
        Ok(Socket(socket))
    }

    /// Takes what is there now.
    pub(super) fn receive_now(&self, room: &mut [u8]) -> Received {
        loop {
            // `Read` of a socket is recv(2); it never raises SIGPIPE.
            match (&self.0).read(room) {
                Ok(0) => return Received::End,
                Ok(amount) => return Received::Bytes(amount),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Received::Nothing,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Received::Reset,
            }
        }
    }

    /// Waits for bytes, the end or a reset; never answers `Nothing`.
    pub(super) fn receive(&self, room: &mut [u8], call: &Call) -> Result<Received, Cause> {
        loop {
            call.wait(&self.0, Ready::Read)?;
            match self.receive_now(room) {
                Received::Nothing => {}
                other => return Ok(other),
            }
        }
    }

    /// Writes everything. `taken` counts what the kernel took, also on failure.
    pub(super) fn send(
        &self,
        mut bytes: &[u8],
        call: &Call,
        taken: &mut u64,
    ) -> Result<(), SendFault> {
        while !bytes.is_empty() {
            call.check().map_err(SendFault::Bound)?;
            match send_quietly(&self.0, bytes) {
                Ok(amount) => {
                    *taken += amount as u64;
                    bytes = bytes.get(amount..).unwrap_or_default();
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    call.wait(&self.0, Ready::Write).map_err(SendFault::Bound)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(SendFault::Broken),
            }
        }
        Ok(())
    }
}

/// send(2) without SIGPIPE: the host's disposition is not ours to change.
fn send_quietly(socket: &socket2::Socket, bytes: &[u8]) -> io::Result<usize> {
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    {
        socket.send_with_flags(bytes, libc::MSG_NOSIGNAL)
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    {
        socket.send(bytes)
    }
}

fn is_pending(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error())
            || error.kind() == ErrorKind::Interrupted
    }
    #[cfg(not(unix))]
    {
        error.kind() == ErrorKind::WouldBlock
    }
}

fn out_of(error: &io::Error) -> Cause {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let scarce = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM];
        if scarce
            .iter()
            .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
        {
            return Cause::NoDescriptor;
        }
    }
    let _ = error;
    Cause::Unreachable
}
