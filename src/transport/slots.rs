//! How many threads of one client may look up names at a time, wanted or left
//! behind.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::call::Call;
use super::fault::Cause;
use super::sys;

/// As many at a time.
pub(super) const MOST: usize = 8;
/// How often a waiting call looks at its cancel object.
pub(super) const SLICE: Duration = Duration::from_millis(50);

#[derive(Debug, Default, Clone)]
pub(super) struct Slots(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    taken: Mutex<Taken>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Taken {
    count: usize,
    /// The fork generation they were taken in: threads stay in the parent.
    generation: u32,
}

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Slot(Slots);

impl Slots {
    /// Waits, within the call, until one is free.
    pub(super) fn take(&self, call: &Call) -> Result<Slot, Cause> {
        let mut taken = self.taken();
        loop {
            call.check()?;
            let generation = sys::fork_generation();
            if taken.generation != generation {
                *taken = Taken {
                    count: 0,
                    generation,
                };
            }
            if taken.count < MOST {
                taken.count += 1;
                return Ok(Slot(self.clone()));
            }
            let slice = call.remaining().min(SLICE);
            let woken = self.0.freed.wait_timeout(taken, slice);
            taken = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.taken().count
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Slots(shared) = &self.0;
        let mut taken = self.0.taken();
        taken.count = taken.count.saturating_sub(1);
        drop(taken);
        shared.freed.notify_one();
    }
}
