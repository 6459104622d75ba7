//! A connected TCP socket that never blocks outside a call's bounds.

use std::io::{self, ErrorKind, Read};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, SockAddr, Type};

use super::call::Call;
use super::fault::Cause;
use super::sys::Ready;

#[derive(Debug)]
pub(super) struct Socket {
    inner: socket2::Socket,
    /// How long a read may block; zero is "not set".
    patience: Duration,
}

/// Whether the system can be told how long a read may block, and a single
/// operation not to block at all. The socket itself blocks then: a wait for
/// nothing but the socket costs one system call and not two.
const READS_WAIT: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// Below it the system would read "for ever".
const SHORTEST_PATIENCE: Duration = Duration::from_millis(1);

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
        if READS_WAIT {
            socket
                .set_nonblocking(false)
                .map_err(|error| out_of(&error))?;
        }
        Ok(Socket {
            inner: socket,
            patience: Duration::ZERO,
        })
    }

    /// Takes what is there now.
    pub(super) fn receive_now(&self, room: &mut [u8]) -> Received {
        loop {
            match read(&self.inner, room, Blocks::Never) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => return received(read),
            }
        }
    }

    /// Waits for bytes, the end or a reset; never answers `Nothing`.
    pub(super) fn receive(&mut self, room: &mut [u8], call: &Call) -> Result<Received, Cause> {
        loop {
            let received = if READS_WAIT && !call.can_be_cancelled() {
                self.receive_within(room, call.left()?)
            } else {
                call.wait(&self.inner, Ready::Read)?;
                self.receive_now(room)
            };
            if received != Received::Nothing {
                return Ok(received);
            }
        }
    }

    /// Blocks for `left` at most; it may be shorter.
    fn receive_within(&mut self, room: &mut [u8], left: Duration) -> Received {
        // Whole seconds stay the same from call to call, and are not set again.
        let patience = match left.as_secs() {
            0 => left.max(SHORTEST_PATIENCE),
            seconds => Duration::from_secs(seconds),
        };
        if self.patience != patience {
            if self.inner.set_read_timeout(Some(patience)).is_err() {
                return Received::Reset;
            }
            self.patience = patience;
        }
        match read(&self.inner, room, Blocks::AsSet) {
            Err(error) if error.kind() == ErrorKind::Interrupted => Received::Nothing,
            read => received(read),
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
            match send_quietly(&self.inner, bytes) {
                Ok(amount) => {
                    *taken += amount as u64;
                    bytes = bytes.get(amount..).unwrap_or_default();
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    call.wait(&self.inner, Ready::Write)
                        .map_err(SendFault::Bound)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(SendFault::Broken),
            }
        }
        Ok(())
    }
}

/// Whether one read may block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blocks {
    Never,
    /// As long as the socket was told, where it can be told.
    AsSet,
}

/// recv(2): it never raises SIGPIPE.
fn read(mut socket: &socket2::Socket, room: &mut [u8], blocks: Blocks) -> io::Result<usize> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if blocks == Blocks::Never {
        use rustix::net::{RecvFlags, recv};
        let (amount, _) = recv(socket, room, RecvFlags::DONTWAIT)?;
        return Ok(amount);
    }
    let _ = blocks;
    socket.read(room)
}

fn received(read: io::Result<usize>) -> Received {
    match read {
        Ok(0) => Received::End,
        Ok(amount) => Received::Bytes(amount),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Received::Nothing,
        Err(_) => Received::Reset,
    }
}

/// send(2) that never blocks, without SIGPIPE: the host's disposition is not
/// ours to change.
fn send_quietly(socket: &socket2::Socket, bytes: &[u8]) -> io::Result<usize> {
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    {
        socket.send_with_flags(bytes, libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT)
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
    use rustix::io::Errno;
    #[cfg(unix)]
    let scarce = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM];
    #[cfg(windows)]
    let scarce = [Errno::MFILE, Errno::NOBUFS];
    if scarce
        .iter()
        .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
    {
        Cause::NoDescriptor
    } else {
        Cause::Unreachable
    }
}
