//! What the threads of a run tell the one that called: a queue with bounded
//! room. It ends when all senders are gone; one whose receiver is gone takes
//! everything and keeps nothing.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

struct Queue<T> {
    state: Mutex<State<T>>,
    room: usize,
    /// There is something to receive, or nothing will come any more.
    filled: Condvar,
    /// There is room, or nobody will receive any more.
    emptied: Condvar,
}

struct State<T> {
    events: VecDeque<T>,
    senders: usize,
    has_receiver: bool,
    /// Waking costs a system call: only those that wait are woken.
    receiver_waits: bool,
    waiting_senders: usize,
}

pub(super) struct Sender<T>(Arc<Queue<T>>);

/// There is only one.
pub(super) struct Receiver<T>(Arc<Queue<T>>);

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received<T> {
    Event(T),
    /// Nothing yet.
    Nothing,
    /// All senders are gone.
    End,
}

pub(super) fn queue<T>(room: usize) -> (Sender<T>, Receiver<T>) {
    let state = State {
        events: VecDeque::with_capacity(room),
        senders: 1,
        has_receiver: true,
        receiver_waits: false,
        waiting_senders: 0,
    };
    let queue = Arc::new(Queue {
        state: Mutex::new(state),
        room,
        filled: Condvar::new(),
        emptied: Condvar::new(),
    });
    (Sender(Arc::clone(&queue)), Receiver(queue))
}

impl<T> Queue<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_full(&self, state: &State<T>) -> bool {
        state.has_receiver && state.events.len() >= self.room
    }

    fn push(&self, mut state: MutexGuard<'_, State<T>>, event: T) {
        if state.has_receiver {
            state.events.push_back(event);
            self.wake_receiver(state);
        }
    }

    fn wake_receiver(&self, mut state: MutexGuard<'_, State<T>>) {
        if std::mem::take(&mut state.receiver_waits) {
            // It needs the lock first.
            drop(state);
            self.filled.notify_one();
        }
    }
}

impl<T> Sender<T> {
    /// Gives the event back if there is no room for it now.
    pub(super) fn offer(&self, event: T) -> Result<(), T> {
        let state = self.0.lock();
        if self.0.is_full(&state) {
            return Err(event);
        }
        self.0.push(state, event);
        Ok(())
    }

    /// Waits for room.
    pub(super) fn send(&self, event: T) {
        let mut state = self.0.lock();
        while self.0.is_full(&state) {
            state.waiting_senders += 1;
            let woken = self.0.emptied.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
            state.waiting_senders -= 1;
        }
        self.0.push(state, event);
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.lock().senders += 1;
        Sender(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.senders -= 1;
        if state.senders == 0 {
            self.0.wake_receiver(state);
        }
    }
}

impl<T> Receiver<T> {
    /// Waits no longer than `patience`.
    pub(super) fn receive(&self, patience: Duration) -> Received<T> {
        let mut state = self.0.lock();
        if state.events.is_empty() && state.senders > 0 {
            state.receiver_waits = true;
            let woken = self.0.filled.wait_timeout(state, patience);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
            state.receiver_waits = false;
        }
        match state.events.pop_front() {
            Some(event) => {
                if state.waiting_senders > 0 {
                    drop(state);
                    self.0.emptied.notify_one();
                }
                Received::Event(event)
            }
            None if state.senders == 0 => Received::End,
            // Time is up, or the system woke it early.
            None => Received::Nothing,
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.has_receiver = false;
        let events = std::mem::take(&mut state.events);
        drop(state);
        self.0.emptied.notify_all();
        drop(events);
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Instant;

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(60);

    /// What comes up to the end.
    fn all<T>(receiver: &Receiver<T>) -> Vec<T> {
        let mut all = Vec::new();
        loop {
            match receiver.receive(LONG) {
                Received::Event(event) => all.push(event),
                Received::Nothing => {}
                Received::End => return all,
            }
        }
    }

    /// Waits for what another thread is about to do.
    fn until(is_so: impl Fn() -> bool) {
        while !is_so() {
            thread::yield_now();
        }
    }

    #[test]
    fn events_come_in_their_order_and_then_the_end() {
        let (sender, receiver) = queue(3);
        sender.send(1);
        assert_eq!(sender.offer(2), Ok(()));
        sender.clone().send(3);
        assert_eq!(sender.offer(4), Err(4), "no room");
        assert_eq!(receiver.receive(LONG), Received::Event(1));
        assert_eq!(sender.offer(5), Ok(()));
        drop(sender);
        assert_eq!(all(&receiver), [2, 3, 5]);
        assert_eq!(receiver.receive(LONG), Received::End);
    }

    #[test]
    fn nothing_comes_in_time() {
        let (sender, receiver) = queue::<u32>(1);
        let begun = Instant::now();
        // A wait may end early, but not each time.
        while begun.elapsed() < SHORT {
            assert_eq!(receiver.receive(SHORT), Received::Nothing);
        }
        assert!(begun.elapsed() < LONG);
        sender.send(1);
        assert_eq!(receiver.receive(SHORT), Received::Event(1));
    }

    #[test]
    fn a_waiting_receiver_is_woken() {
        let (sender, receiver) = queue(1);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let begun = Instant::now();
                (all(&receiver), begun.elapsed())
            });
            until(|| sender.0.lock().receiver_waits);
            sender.send(1);
            until(|| sender.0.lock().receiver_waits);
            drop(sender);
            let (all, waited) = waiting.join().unwrap();
            assert_eq!(all, [1]);
            assert!(waited < LONG);
        });
    }

    #[test]
    fn a_sender_that_panics_is_gone_too() {
        let (sender, receiver) = queue::<u32>(1);
        let panicked = thread::spawn(move || {
            let _sender = sender;
            panic!("a defect");
        });
        assert!(all(&receiver).is_empty());
        assert!(panicked.join().is_err());
    }

    #[test]
    fn senders_that_wait_for_room_go_on_when_the_receiver_is_gone() {
        let (sender, receiver) = queue(1);
        sender.send(0);
        thread::scope(|scope| {
            for number in 1..4 {
                let sender = sender.clone();
                scope.spawn(move || sender.send(number));
            }
            until(|| sender.0.lock().waiting_senders == 3);
            drop(receiver);
        });
        assert_eq!(sender.offer(4), Ok(()), "never full again");
        assert!(sender.0.lock().events.is_empty(), "and nothing is kept");
    }

    #[test]
    fn nothing_is_lost_or_stands_still_among_many() {
        const SENDERS: u32 = 8;
        const EACH: u32 = 2000;
        let (sender, receiver) = queue(2);
        thread::scope(|scope| {
            for first in 0..SENDERS {
                let sender = sender.clone();
                scope.spawn(move || {
                    for number in (0..EACH).map(|at| at * SENDERS + first) {
                        if let Err(number) = sender.offer(number) {
                            sender.send(number);
                        }
                    }
                });
            }
            drop(sender);
            let mut all = all(&receiver);
            all.sort_unstable();
            assert_eq!(all, Vec::from_iter(0..SENDERS * EACH));
        });
    }
}
