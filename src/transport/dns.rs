//! Name look-up with a deadline and cancel: `getaddrinfo` knows neither, so it
//! runs on a helper thread that is left behind when time is up.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use dns_lookup::{AddrInfoHints, LookupErrorKind, SockType, getaddrinfo};

use super::call::Call;
use super::fault::Cause;

/// At most so many look-ups of one client may be left behind at a time.
const MOST_ABANDONED: usize = 8;
/// Name services are the system's own code: as much as a thread usually has.
const STACK: usize = 2 << 20;
/// How often a waiting call looks at its cancel object.
const SLICE: Duration = Duration::from_millis(50);

const RUNNING: u8 = 0;
const DONE: u8 = 1;
const ABANDONED: u8 = 2;

/// Look-ups of one client.
#[derive(Debug, Default, Clone)]
pub(super) struct Names {
    abandoned: Arc<AtomicUsize>,
}

impl Names {
    /// The addresses of `host`. No thread is started for an address literal.
    pub(super) fn look_up(
        &self,
        host: &str,
        port: u16,
        call: &Call,
    ) -> Result<Vec<SocketAddr>, Cause> {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        if self.abandoned.load(Ordering::SeqCst) >= MOST_ABANDONED {
            return Err(Cause::NameUnavailable);
        }
        let state = Arc::new(AtomicU8::new(RUNNING));
        let (tell, told) = sync_channel(1);
        let helper = thread::Builder::new()
            .name("dstfa-resolve".into())
            // Stated, or the environment would be asked for it.
            .stack_size(STACK)
            .spawn({
                let (host, state, abandoned) = (
                    host.to_owned(),
                    Arc::clone(&state),
                    Arc::clone(&self.abandoned),
                );
                move || {
                    let found = resolve(&host, port);
                    if state.swap(DONE, Ordering::SeqCst) == ABANDONED {
                        abandoned.fetch_sub(1, Ordering::SeqCst);
                    }
                    // Nobody listens any more when the call was left.
                    let _ = tell.send(found);
                }
            });
        let helper = helper.map_err(|_| Cause::NameUnavailable)?;
        loop {
            let slice = call.remaining().min(SLICE);
            match told.recv_timeout(slice) {
                Ok(found) => {
                    // It has said its last word: a call leaves no thread behind.
                    let _ = helper.join();
                    return found;
                }
                Err(RecvTimeoutError::Disconnected) => return Err(Cause::NameUnavailable),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Err(cause) = call.check() {
                // Counted first, so that the helper never counts it down early.
                self.abandoned.fetch_add(1, Ordering::SeqCst);
                if state.swap(ABANDONED, Ordering::SeqCst) == DONE {
                    self.abandoned.fetch_sub(1, Ordering::SeqCst);
                }
                return Err(cause);
            }
        }
    }
}

fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Cause> {
    let hints = AddrInfoHints {
        socktype: SockType::Stream.into(),
        ..AddrInfoHints::default()
    };
    let found = getaddrinfo(Some(host), None, Some(hints)).map_err(|error| match error.kind() {
        LookupErrorKind::Again | LookupErrorKind::Memory | LookupErrorKind::System => {
            Cause::NameUnavailable
        }
        _ => Cause::NameNotFound,
    })?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for entry in found.flatten() {
        let address = SocketAddr::new(entry.sockaddr.ip(), port);
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        Err(Cause::NameNotFound)
    } else {
        Ok(addresses)
    }
}
