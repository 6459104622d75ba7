//! How far a run is: readable from anywhere while it goes on.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::item::ItemOutcome;
use crate::transport::pace::WINDOW;

/// How far a run is. A clone shows the same run, also while that runs.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    total: AtomicU32,
    counts: [AtomicU32; ItemOutcome::COUNT],
    /// Entries finished by asking the portal, and the requests it took.
    asked: AtomicU32,
    requests: AtomicU64,
    /// What the portal allows in a minute; 0 is no limit.
    per_minute: AtomicU32,
    watch: Mutex<Watch>,
}

/// Measures the time a run works, without the time between two steps.
#[derive(Debug, Default)]
struct Watch {
    before: Duration,
    since: Option<Instant>,
}

impl Progress {
    /// How many entries there are.
    pub fn total(&self) -> u32 {
        self.0.total.load(Ordering::Relaxed)
    }

    /// How many ended so.
    pub fn count(&self, outcome: ItemOutcome) -> u32 {
        self.0
            .counts
            .get(outcome.place())
            .map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// How many are still to do.
    pub fn remaining(&self) -> u32 {
        let done: u32 = self
            .0
            .counts
            .iter()
            .map(|count| count.load(Ordering::Relaxed))
            .sum();
        self.total().saturating_sub(done)
    }

    /// How long the run has worked.
    pub fn elapsed(&self) -> Duration {
        let watch = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
        watch.before + watch.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// How long the rest will take, once something is done to judge by.
    pub fn estimate(&self) -> Option<Duration> {
        let asked = self.0.asked.load(Ordering::Relaxed);
        if asked == 0 {
            return None;
        }
        let remaining = self.remaining();
        let requests = self.0.requests.load(Ordering::Relaxed);
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        // A run begins faster than it may go on.
        let allowed = match self.0.per_minute.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            limit => WINDOW.saturating_mul(requests) / limit,
        };
        let so_far = self.elapsed().max(allowed);
        Some(so_far.checked_mul(remaining)? / asked)
    }

    pub(super) fn added(&self) {
        self.0.total.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn finished(&self, outcome: ItemOutcome) {
        if let Some(count) = self.0.counts.get(outcome.place()) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let asked = outcome != ItemOutcome::Skipped;
        self.0.asked.fetch_add(u32::from(asked), Ordering::Relaxed);
    }

    pub(super) fn note_requests(&self, requests: u64) {
        self.0.requests.store(requests, Ordering::Relaxed);
    }

    pub(super) fn set_limit(&self, per_minute: u32) {
        self.0.per_minute.store(per_minute, Ordering::Relaxed);
    }

    /// The watch runs until what is returned is dropped.
    pub(super) fn working(&self) -> impl Drop + use<> {
        let mut watch = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
        watch.since.get_or_insert_with(Instant::now);
        Working(Arc::clone(&self.0))
    }
}

struct Working(Arc<Numbers>);

impl Drop for Working {
    fn drop(&mut self) {
        let mut watch = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = watch.since.take() {
            watch.before += since.elapsed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_no_longer_to_do() {
        let progress = Progress::default();
        assert_eq!(progress.estimate(), None);
        for _ in 0..5 {
            progress.added();
        }
        progress.set_limit(60);
        progress.finished(ItemOutcome::Skipped);
        assert_eq!(progress.estimate(), None, "nothing was asked yet");
        progress.finished(ItemOutcome::Applied);
        progress.note_requests(2);
        assert_eq!((progress.total(), progress.remaining()), (5, 3));
        assert_eq!(progress.count(ItemOutcome::Applied), 1);
        // Two requests each at one a second.
        assert_eq!(progress.estimate(), Some(Duration::from_secs(6)));
    }

    #[test]
    fn the_watch_stands_between_two_steps() {
        let progress = Progress::default();
        drop(progress.working());
        let elapsed = progress.elapsed();
        assert_eq!(progress.elapsed(), elapsed);
        let _working = progress.working();
        std::thread::sleep(Duration::from_millis(2));
        assert!(progress.elapsed() > elapsed);
    }
}
