//! How far a run is: readable from anywhere while it goes on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::item::ItemOutcome;
use crate::transport::pace::WINDOW;

/// How far a run is. A clone shows the same run, also while that runs.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Mutex<Numbers>>);

#[derive(Debug, Default)]
struct Numbers {
    total: u32,
    counts: [u32; ItemOutcome::COUNT],
    /// Entries finished by asking the portal, and the requests it took.
    asked: u32,
    requests: u64,
    /// What the portal allows in a minute; 0 is no limit.
    per_minute: u32,
    /// The time it worked, without the time between two steps.
    worked: Duration,
    working_since: Option<Instant>,
}

impl Numbers {
    fn remaining(&self) -> u32 {
        self.total.saturating_sub(self.counts.iter().sum())
    }

    fn elapsed(&self) -> Duration {
        let now = self.working_since.map(|since| since.elapsed());
        self.worked + now.unwrap_or_default()
    }
}

impl Progress {
    /// How many entries there are.
    pub fn total(&self) -> u32 {
        self.numbers().total
    }

    /// How many ended so.
    pub fn count(&self, outcome: ItemOutcome) -> u32 {
        let counts = self.numbers().counts;
        counts.get(outcome.place()).copied().unwrap_or_default()
    }

    /// How many are still to do.
    pub fn remaining(&self) -> u32 {
        self.numbers().remaining()
    }

    /// How long the run has worked.
    pub fn elapsed(&self) -> Duration {
        self.numbers().elapsed()
    }

    /// How long the rest will take, once something is done to judge by.
    pub fn estimate(&self) -> Option<Duration> {
        let numbers = self.numbers();
        let requests = u32::try_from(numbers.requests).unwrap_or(u32::MAX);
        // A run begins faster than it may go on.
        let allowed = match numbers.per_minute {
            0 => Duration::ZERO,
            limit => WINDOW.saturating_mul(requests) / limit,
        };
        let so_far = numbers.elapsed().max(allowed);
        let all = so_far.checked_mul(numbers.remaining())?;
        all.checked_div(numbers.asked)
    }

    pub(super) fn added(&self) {
        self.numbers().total += 1;
    }

    pub(super) fn finished(&self, outcome: ItemOutcome) {
        let mut numbers = self.numbers();
        if let Some(count) = numbers.counts.get_mut(outcome.place()) {
            *count += 1;
        }
        numbers.asked += u32::from(outcome != ItemOutcome::Skipped);
    }

    pub(super) fn note_requests(&self, requests: u64) {
        self.numbers().requests = requests;
    }

    pub(super) fn set_limit(&self, per_minute: u32) {
        self.numbers().per_minute = per_minute;
    }

    /// Time counts until what is returned is dropped.
    pub(super) fn working(&self) -> Working {
        self.numbers().working_since = Some(Instant::now());
        Working(self.clone())
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Working(Progress);

impl Drop for Working {
    fn drop(&mut self) {
        let mut numbers = self.0.numbers();
        numbers.worked = numbers.elapsed();
        numbers.working_since = None;
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
