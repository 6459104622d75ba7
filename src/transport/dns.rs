//! Name look-up with a deadline and cancel: `getaddrinfo` knows neither, so it
//! runs on a helper thread that is left behind when time is up.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
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

/// How far a look-up is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Done,
    /// Its call was left.
    Abandoned,
}

/// Where the helper thread and its call meet.
struct Meeting {
    state: Mutex<State>,
    done: Condvar,
}

impl Meeting {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
        let meeting = Arc::new(Meeting {
            state: Mutex::new(State::Running),
            done: Condvar::new(),
        });
        let helper = thread::Builder::new()
            .name("dstfa-resolve".into())
            // Stated, or the environment would be asked for it.
            .stack_size(STACK)
            .spawn({
                let (host, meeting, abandoned) = (
                    host.to_owned(),
                    Arc::clone(&meeting),
                    Arc::clone(&self.abandoned),
                );
                move || {
                    let found = resolve(&host, port);
                    let mut state = meeting.state();
                    if *state == State::Abandoned {
                        abandoned.fetch_sub(1, Ordering::SeqCst);
                    }
                    *state = State::Done;
                    meeting.done.notify_one();
                    found
                }
            });
        let helper = helper.map_err(|_| Cause::NameUnavailable)?;
        let mut state = meeting.state();
        // A helper that panicked is finished without being done.
        while *state != State::Done && !helper.is_finished() {
            let slice = call.remaining().min(SLICE);
            let woken = meeting.done.wait_timeout(state, slice);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
            if *state == State::Running {
                if let Err(cause) = call.check() {
                    self.abandoned.fetch_add(1, Ordering::SeqCst);
                    *state = State::Abandoned;
                    return Err(cause);
                }
            }
        }
        drop(state);
        // It has said its last word: a call leaves no thread behind.
        helper.join().unwrap_or(Err(Cause::NameUnavailable))
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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::cancel::Cancel;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn names_and_addresses_are_found() {
        let names = Names::default();
        let call = Call::new(LONG, None);
        let found = names.look_up("::1", 443, &call).unwrap();
        assert_eq!(found, ["[::1]:443".parse().unwrap()]);
        let found = names.look_up("localhost", 80, &call).unwrap();
        assert!(
            found
                .iter()
                .all(|at| at.ip().is_loopback() && at.port() == 80)
        );
    }

    #[test]
    fn a_call_that_is_left_counts_until_its_helper_is_done() {
        let names = Names::default();
        let cancel = Cancel::new();
        cancel.request();
        let call = Call::new(LONG, Some(&cancel));
        let begun = Instant::now();
        for _ in 0..100 {
            // Found before the cancel is looked at, or left.
            let _ = names.look_up("localhost", 80, &call);
        }
        while names.abandoned.load(Ordering::SeqCst) > 0 {
            assert!(begun.elapsed() < LONG, "still counted");
            thread::yield_now();
        }
        names.abandoned.store(MOST_ABANDONED, Ordering::SeqCst);
        let refused = names.look_up("localhost", 80, &call);
        assert_eq!(refused, Err(Cause::NameUnavailable));
    }
}
