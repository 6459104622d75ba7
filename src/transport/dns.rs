//! Name look-up with a deadline and cancel: `getaddrinfo` knows neither, so it
//! runs on a helper thread that is left behind when time is up.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use dns_lookup::{AddrInfoHints, LookupErrorKind, SockType, getaddrinfo};

use super::call::Call;
use super::fault::Cause;
use super::slots::{SLICE, Slots};

/// Name services are the system's own code: as much as a thread usually has.
const STACK: usize = 2 << 20;

type Found = Result<Vec<SocketAddr>, Cause>;

/// Look-ups of one client.
#[derive(Debug, Default, Clone)]
pub(super) struct Names {
    slots: Slots,
}

impl Names {
    /// The addresses of `host`. No thread is started for an address literal.
    pub(super) fn look_up(&self, host: &str, port: u16, call: &Call) -> Found {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        let host = host.to_owned();
        self.run(call, move || resolve(&host, port))
    }

    /// Runs a look-up on a thread of its own and waits for it within the call.
    fn run(&self, call: &Call, look_up: impl FnOnce() -> Found + Send + 'static) -> Found {
        let slot = self.slots.take(call)?;
        let is_done = Arc::new(AtomicBool::new(false));
        let helper = thread::Builder::new()
            .name("dstfa-resolve".into())
            // Stated, or the environment would be asked for it.
            .stack_size(STACK)
            .spawn({
                let (is_done, caller) = (Arc::clone(&is_done), thread::current());
                move || {
                    let found = look_up();
                    // Whoever waits for it finds it free.
                    drop(slot);
                    is_done.store(true, Ordering::SeqCst);
                    caller.unpark();
                    found
                }
            })
            .map_err(|_| Cause::NameUnavailable)?;
        // A helper that panicked is finished without being done.
        while !is_done.load(Ordering::SeqCst) && !helper.is_finished() {
            // Left behind, with its slot, where the call is over.
            call.check()?;
            thread::park_timeout(call.remaining().min(SLICE));
        }
        // It has said its last word: a call leaves no thread behind.
        helper.join().unwrap_or(Err(Cause::NameUnavailable))
    }
}

fn resolve(host: &str, port: u16) -> Found {
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
        // With its scope: a link-local address leads nowhere without.
        let mut address = entry.sockaddr;
        address.set_port(port);
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
    use std::sync::{Condvar, Mutex};
    use std::time::Duration;

    use super::*;
    use crate::cancel::Cancel;
    use crate::transport::slots::MOST;

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

    #[cfg(target_os = "linux")]
    #[test]
    fn the_scope_of_an_address_is_kept() {
        // The loopback interface is the first of every system.
        let found = resolve("fe80::1%1", 443).unwrap();
        assert_eq!(found, ["[fe80::1%1]:443".parse().unwrap()]);
    }

    /// Look-ups that return when the gate is opened.
    #[derive(Default)]
    struct Gate {
        state: Mutex<State>,
        changed: Condvar,
    }

    #[derive(Default)]
    struct State {
        is_open: bool,
        running: usize,
        most: usize,
    }

    impl Gate {
        fn look_up(&self) -> Found {
            let mut state = self.state.lock().unwrap();
            state.running += 1;
            state.most = state.most.max(state.running);
            self.changed.notify_all();
            let is_closed = |state: &mut State| !state.is_open;
            let mut state = self.changed.wait_while(state, is_closed).unwrap();
            state.running -= 1;
            Ok(vec![SocketAddr::from(([127, 0, 0, 1], 1))])
        }

        fn open(&self) {
            self.state.lock().unwrap().is_open = true;
            self.changed.notify_all();
        }

        fn wait_for_running(&self, count: usize) {
            let state = self.state.lock().unwrap();
            let others = |state: &mut State| state.running != count;
            let (state, end) = self
                .changed
                .wait_timeout_while(state, LONG, others)
                .unwrap();
            assert!(!end.timed_out(), "not {count} but {}", state.running);
        }

        fn most(&self) -> usize {
            self.state.lock().unwrap().most
        }
    }

    fn run(names: &Names, call: &Call, gate: &Arc<Gate>) -> Found {
        let gate = Arc::clone(gate);
        names.run(call, move || gate.look_up())
    }

    #[test]
    fn many_calls_at_once_share_a_few_threads() {
        let (names, gate) = (Names::default(), Arc::new(Gate::default()));
        thread::scope(|scope| {
            let calls: Vec<_> = (0..40)
                .map(|_| scope.spawn(|| run(&names, &Call::new(LONG, None), &gate)))
                .collect();
            gate.wait_for_running(MOST);
            gate.open();
            for call in calls {
                assert_eq!(call.join().unwrap().unwrap().len(), 1);
            }
        });
        assert!(gate.most() <= MOST);
        assert_eq!(names.slots.count(), 0);
    }

    #[test]
    fn a_look_up_left_behind_keeps_its_place_until_it_returns() {
        let (names, gate) = (Names::default(), Arc::new(Gate::default()));
        let cancel = Cancel::new();
        thread::scope(|scope| {
            let calls: Vec<_> = (0..MOST)
                .map(|_| scope.spawn(|| run(&names, &Call::new(LONG, Some(&cancel)), &gate)))
                .collect();
            gate.wait_for_running(MOST);
            cancel.request();
            for call in calls {
                assert_eq!(call.join().unwrap(), Err(Cause::Cancelled));
            }
        });
        assert_eq!(names.slots.count(), MOST);
        // One more waits, no longer than it may, and begins nothing.
        let short = Call::new(Duration::from_millis(20), None);
        assert_eq!(run(&names, &short, &gate), Err(Cause::Deadline));
        let cancelled = Call::new(LONG, Some(&cancel));
        assert_eq!(run(&names, &cancelled, &gate), Err(Cause::Cancelled));
        assert_eq!(gate.most(), MOST);
        gate.open();
        let found = run(&names, &Call::new(LONG, None), &gate);
        assert_eq!(found.unwrap().len(), 1);
    }

    #[test]
    fn a_look_up_that_panics_frees_its_place() {
        let names = Names::default();
        for _ in 0..=MOST {
            let found = names.run(&Call::new(LONG, None), || std::panic::panic_any(()));
            assert_eq!(found, Err(Cause::NameUnavailable));
        }
    }
}
