//! One call of a caller: its deadline, its cancel object, and every wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::fault::Cause;
use super::pace::Permit;
use super::sys::{self, Ready};
use crate::cancel::Cancel;

/// What lets the requests of a call through, and how long the call has waited
/// for it: that time is the portal's limit, so it does not count against the
/// deadline.
#[derive(Debug)]
struct Paced {
    permit: Permit,
    waited: AtomicU64,
}

impl Paced {
    fn waited(&self) -> Duration {
        Duration::from_nanos(self.waited.load(Ordering::Relaxed))
    }
}

/// What bounds a call. A copy with an earlier end bounds a part of it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Without the time spent waiting for the pace.
    end: Instant,
    cancel: Option<Cancel>,
    paced: Option<Arc<Paced>>,
    new_connections: bool,
    /// How often it was tried: for the log.
    tries: u32,
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
            paced: None,
            new_connections: false,
            tries: 1,
        }
    }

    /// The same call, every request of it let through by `permit`.
    pub(crate) fn paced(self, permit: Permit) -> Self {
        let waited = AtomicU64::new(0);
        Call {
            paced: Some(Arc::new(Paced { permit, waited })),
            ..self
        }
    }

    /// The same call, ending no later than `end`.
    pub(crate) fn until(&self, end: Instant) -> Self {
        let end = end.checked_sub(self.waited()).unwrap_or(end);
        Call {
            end: self.end.min(end),
            ..self.clone()
        }
    }

    /// The same call, every exchange of it on a connection of its own: what
    /// became of a lost request is not asked on the line that lost it.
    pub(crate) fn on_new_connections(&self) -> Self {
        Call {
            new_connections: true,
            ..self.clone()
        }
    }

    /// What follows is a call's try of this number.
    pub(crate) fn begin_try(&mut self, number: u32) {
        self.tries = number;
    }

    pub(super) fn tries(&self) -> u32 {
        self.tries
    }

    pub(super) fn wants_new_connection(&self) -> bool {
        self.new_connections
    }

    /// The same call, taking no longer than `limit` from now.
    pub(super) fn within(&self, limit: Duration) -> Self {
        self.until(Instant::now().checked_add(limit).unwrap_or(self.end))
    }

    pub(crate) fn end(&self) -> Instant {
        self.end + self.waited()
    }

    fn waited(&self) -> Duration {
        self.paced
            .as_ref()
            .map_or(Duration::ZERO, |paced| paced.waited())
    }

    /// Waits until one more request may go; a call that is over does not.
    pub(super) fn admit(&self) -> Result<(), Cause> {
        let Some(paced) = &self.paced else {
            return Ok(());
        };
        self.check()?;
        let came = Instant::now();
        let admitted = paced.permit.admit(self.cancel.as_ref());
        let waited = u64::try_from(came.elapsed().as_nanos()).unwrap_or(u64::MAX);
        paced.waited.fetch_add(waited, Ordering::Relaxed);
        admitted
    }

    /// Notes how the request that was let through ended; `None`: no answer came.
    pub(super) fn over(&self, http_status: Option<u16>, retry_after: Option<Duration>) {
        if let Some(paced) = &self.paced {
            paced.permit.over(http_status, retry_after);
        }
    }

    pub(crate) fn remaining(&self) -> Duration {
        self.end().saturating_duration_since(Instant::now())
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
