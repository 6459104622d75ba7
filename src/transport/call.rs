//! One call of a caller: its deadline, its cancel object, and every wait.

use std::time::{Duration, Instant};

use super::fault::Cause;
use super::sys::{self, Ready};
use crate::cancel::Cancel;

/// What bounds a call. A copy with an earlier end bounds a part of it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    end: Instant,
    cancel: Option<Cancel>,
}

impl Call {
    pub(crate) fn new(timeout: Duration, cancel: Option<&Cancel>) -> Self {
        let now = Instant::now();
        // A timeout beyond what the clock can hold is as good as a century.
        const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
        let end = now.checked_add(timeout).unwrap_or_else(|| now + CENTURY);
        Call {
            end,
            cancel: cancel.cloned(),
        }
    }

    /// The same call, ending no later than `end`.
    pub(crate) fn until(&self, end: Instant) -> Self {
        Call {
            end: self.end.min(end),
            cancel: self.cancel.clone(),
        }
    }

    /// The same call, taking no longer than `limit` from now.
    pub(super) fn within(&self, limit: Duration) -> Self {
        self.until(Instant::now().checked_add(limit).unwrap_or(self.end))
    }

    pub(crate) fn end(&self) -> Instant {
        self.end
    }

    pub(crate) fn remaining(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Fails once the call is cancelled or over.
    pub(crate) fn check(&self) -> Result<(), Cause> {
        self.left().map(drop)
    }

    /// What remains, or what has ended the call.
    pub(super) fn left(&self) -> Result<Duration, Cause> {
        if self.cancel.as_ref().is_some_and(Cancel::is_requested) {
            return Err(Cause::Cancelled);
        }
        let left = self.remaining();
        if left.is_zero() {
            return Err(Cause::Deadline);
        }
        Ok(left)
    }

    /// Whether something else than time may end it.
    pub(super) fn can_be_cancelled(&self) -> bool {
        self.cancel.is_some()
    }

    /// Waits until the socket is ready, the call is cancelled, or it is over.
    pub(super) fn wait(&self, socket: &socket2::Socket, ready: Ready) -> Result<(), Cause> {
        loop {
            let left = self.left()?;
            if sys::wait(Some((socket, ready)), self.cancel.as_ref(), left) {
                return Ok(());
            }
        }
    }

    /// Pauses between two tries.
    pub(crate) fn pause(&self, pause: Duration) -> Result<(), Cause> {
        let over = Instant::now() + pause;
        loop {
            self.check()?;
            let left = over.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            sys::wait(None, self.cancel.as_ref(), left.min(self.remaining()));
        }
    }
}
