//! How fast requests may go: as fast as the portal lets them, never faster.
//!
//! The rules are a pure core that is told the time; around it stands a small
//! shell that waits.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::Cause;
use super::sys;
use crate::cancel::Cancel;

/// The window of portals' own limit.
pub(crate) const WINDOW: Duration = Duration::from_secs(60);
/// Out of a hundred requests that are allowed, so many are made.
const SHARE: u64 = 98;
/// A 429 that asks for more is the daily limit's: the run ends over it.
const LONGEST_SHORT_WAIT: Duration = Duration::from_secs(120);
/// The first waits after a 429 or an outage that names no time; they double.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A portal that took nothing for so long is given up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(600);
/// How often a wait looks whether the run was stopped meanwhile.
const SLICE: Duration = Duration::from_millis(50);
/// When to look again while only an answer can make room.
const NEXT_LOOK: Duration = Duration::from_millis(5);

/// Counts requests in a sliding log.
///
/// A portal counts a request when it arrives, which is some time before its
/// answer is here. So one is kept from the time of its answer on: the portal's
/// window has moved past it by then, however slow the line was.
#[derive(Debug)]
struct SlidingLog {
    most: usize,
    window: Duration,
    answered: VecDeque<Instant>,
    in_flight: usize,
}

impl SlidingLog {
    /// `None`: no limit.
    fn new(per_window: u32, window: Duration) -> Option<Self> {
        let share = u64::from(per_window) * SHARE / 100;
        (per_window > 0).then(|| SlidingLog {
            most: usize::try_from(share).unwrap_or(usize::MAX).max(1),
            window,
            answered: VecDeque::new(),
            in_flight: 0,
        })
    }

    /// Lets a request go, or tells when to ask again.
    fn take(&mut self, now: Instant) -> Result<(), Instant> {
        let left_window = |then: &Instant| now.saturating_duration_since(*then) >= self.window;
        while self.answered.front().is_some_and(left_window) {
            self.answered.pop_front();
        }
        if self.answered.len() + self.in_flight < self.most {
            self.in_flight += 1;
            return Ok(());
        }
        let oldest = self.answered.front();
        Err(oldest.map_or(now + NEXT_LOOK, |then| *then + self.window))
    }

    fn over(&mut self, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.answered.push_back(now);
    }
}

/// A pause that the portal wants; they double in a row where it names no time.
#[derive(Debug, Default)]
struct Pause {
    until: Option<Instant>,
    in_a_row: u32,
}

impl Pause {
    fn next(&self, first: Duration, retry_after: Option<Duration>) -> Duration {
        let doubled = first.saturating_mul(1 << self.in_a_row.min(10));
        // A wait of nothing is no wait.
        retry_after.map_or(doubled.min(LONGEST_PAUSE), |named| named.max(FIRST_WAIT))
    }

    fn extend(&mut self, now: Instant, wait: Duration, is_named: bool) {
        // Requests that were in flight together ask for one pause.
        if self.until.is_none_or(|until| until <= now) {
            self.in_a_row += 1;
        } else if !is_named {
            return;
        }
        self.until = self.until.max(Some(now + wait));
    }
}

/// For how long the portal wants to be left alone, as far as it said so.
#[derive(Debug, Default)]
struct Backoff {
    /// No request at all meanwhile.
    limited: Pause,
    /// No new account meanwhile; what is in flight may be settled.
    outage: Pause,
    /// Since when no answer was of use.
    failing_since: Option<Instant>,
}

impl Backoff {
    /// When a request may go, if not now.
    fn opens(&self, now: Instant, is_new: bool) -> Option<Instant> {
        let outage = self.outage.until.filter(|_| is_new);
        self.limited.until.max(outage).filter(|then| *then > now)
    }

    fn over(&mut self, now: Instant, http_status: Option<u16>, retry_after: Option<Duration>) {
        match http_status {
            Some(429) => self.limited(now, retry_after),
            Some(502..=504 | 520..=529) => {
                self.outage(now, retry_after);
            }
            // What the portal asked for still holds.
            Some(_) => {
                self.limited.in_a_row = 0;
                self.outage.in_a_row = 0;
                self.failing_since = None;
            }
            None => {}
        }
    }

    fn limited(&mut self, now: Instant, retry_after: Option<Duration>) {
        self.failing_since.get_or_insert(now);
        let wait = self.limited.next(FIRST_WAIT, retry_after);
        if wait <= LONGEST_SHORT_WAIT {
            self.limited.extend(now, wait, retry_after.is_some());
        }
    }

    /// The portal is not there. False: it has been away for too long.
    fn outage(&mut self, now: Instant, retry_after: Option<Duration>) -> bool {
        let since = *self.failing_since.get_or_insert(now);
        let wait = self.outage.next(FIRST_PAUSE, retry_after);
        if wait > PATIENCE || now.saturating_duration_since(since) > PATIENCE {
            return false;
        }
        self.outage.extend(now, wait, retry_after.is_some());
        true
    }
}

#[derive(Debug)]
struct Limits {
    log: Option<SlidingLog>,
    backoff: Backoff,
    requests: u64,
}

/// Why nothing may go any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Cancelled,
    /// The run ends for another reason.
    Stopped,
}

/// The pace of one run, shared by its threads.
#[derive(Debug)]
pub(crate) struct Pace {
    limits: Mutex<Limits>,
    stopped: AtomicBool,
}

impl Pace {
    /// `per_window` of 0 is no limit.
    pub(crate) fn new(per_window: u32, window: Duration) -> Self {
        Pace {
            limits: Mutex::new(Limits {
                log: SlidingLog::new(per_window, window),
                backoff: Backoff::default(),
                requests: 0,
            }),
            stopped: AtomicBool::new(false),
        }
    }

    /// Counts a request of a former run, so long ago: the portal still does.
    pub(crate) fn remember(&self, age: Duration) {
        let then = Instant::now().checked_sub(age);
        if let (Some(log), Some(then)) = (&mut self.limits().log, then) {
            let mut at = log.answered.len();
            log.answered.push_back(then);
            // Rarely far: they come as they were written down.
            while at > 0 && log.answered.get(at - 1) > Some(&then) {
                log.answered.swap(at - 1, at);
                at -= 1;
            }
        }
    }

    /// For what is not a new account.
    pub(crate) fn permit(self: &Arc<Self>) -> Permit {
        self.permit_with(false)
    }

    /// Waits until a new account may be begun, and takes room for its first
    /// request.
    pub(crate) fn begin(self: &Arc<Self>, cancel: Option<&Cancel>) -> Result<Permit, Ended> {
        self.wait(cancel, true)?;
        Ok(self.permit_with(true))
    }

    fn permit_with(self: &Arc<Self>, has_room: bool) -> Permit {
        Permit {
            pace: Arc::clone(self),
            has_room: AtomicBool::new(has_room),
        }
    }

    /// Waits until a request may go that belongs to something begun.
    fn follow(&self, cancel: Option<&Cancel>) -> Result<(), Cause> {
        self.wait(cancel, false).map_err(|_| Cause::Cancelled)
    }

    fn wait(&self, cancel: Option<&Cancel>, is_new: bool) -> Result<(), Ended> {
        loop {
            if is_new && self.is_stopped() {
                return Err(Ended::Stopped);
            }
            let now = Instant::now();
            let again = match self.limits().take(now, is_new) {
                Ok(()) => return Ok(()),
                Err(again) => again,
            };
            let pause = again.saturating_duration_since(now).min(SLICE);
            idle(cancel, pause).map_err(|_| Ended::Cancelled)?;
        }
    }

    /// A request that was let go is over.
    fn over(&self, http_status: Option<u16>, retry_after: Option<Duration>) {
        let now = Instant::now();
        let mut limits = self.limits();
        if let Some(log) = &mut limits.log {
            log.over(now);
        }
        limits.backoff.over(now, http_status, retry_after);
    }

    /// The portal is not there: no new account for a while. False: it has been
    /// away for too long.
    pub(crate) fn outage(&self, retry_after: Option<Duration>) -> bool {
        self.limits().backoff.outage(Instant::now(), retry_after)
    }

    /// The portal took nothing for so long that waiting on is no use.
    pub(crate) fn is_hopeless(&self) -> bool {
        let since = self.limits().backoff.failing_since;
        since.is_some_and(|since| since.elapsed() > PATIENCE)
    }

    /// Nothing new begins any more.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    pub(crate) fn restart(&self) {
        self.stopped.store(false, Ordering::SeqCst);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// How long no new account is begun, as it stands now.
    pub(crate) fn pause(&self) -> Option<Duration> {
        let now = Instant::now();
        let opens = self.limits().backoff.opens(now, true)?;
        Some(opens.saturating_duration_since(now))
    }

    /// How many requests went.
    pub(crate) fn requests(&self) -> u64 {
        self.limits().requests
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What lets the requests of one call through.
#[derive(Debug)]
pub(crate) struct Permit {
    pace: Arc<Pace>,
    /// Room for the first request is taken already.
    has_room: AtomicBool,
}

impl Permit {
    /// Waits until one more request may go.
    pub(super) fn admit(&self, cancel: Option<&Cancel>) -> Result<(), Cause> {
        if self.has_room.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        self.pace.follow(cancel)
    }

    /// A request that was admitted is over; `None`: no answer came.
    pub(super) fn over(&self, http_status: Option<u16>, retry_after: Option<Duration>) {
        self.pace.over(http_status, retry_after);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if *self.has_room.get_mut() {
            self.pace.over(None, None);
        }
    }
}

impl Limits {
    fn take(&mut self, now: Instant, is_new: bool) -> Result<(), Instant> {
        if let Some(then) = self.backoff.opens(now, is_new) {
            return Err(then);
        }
        if let Some(log) = &mut self.log {
            log.take(now)?;
        }
        self.requests += 1;
        Ok(())
    }
}

/// Pauses for `pause` or until cancelled, whatever the deadline.
pub(crate) fn idle(cancel: Option<&Cancel>, pause: Duration) -> Result<(), Cause> {
    let over = Instant::now() + pause;
    loop {
        if cancel.is_some_and(Cancel::is_requested) {
            return Err(Cause::Cancelled);
        }
        let left = over.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        sys::wait(None, cancel, left);
    }
}

#[cfg(test)]
mod tests;
