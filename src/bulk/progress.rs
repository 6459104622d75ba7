//! How far a run is: readable from anywhere while it goes on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::item::ItemOutcome;
pub use crate::numbers::Phase;
use crate::transport::pace::WINDOW;

/// What looking once more at the end showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LateWord {
    /// What was unknown is unlinked now, or in the trail.
    Settled,
    /// Applied, and still linked when that is no old picture: not saved, or linked
    /// again.
    StillLinked,
}

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
    /// Unknown when they were handed out, and settled since.
    settled_late: u32,
    still_linked: u32,
    phase: Phase,
    until: Option<Instant>,
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

    /// How many ended so. Looks at the end may settle what was unknown when it was
    /// handed out.
    pub fn count(&self, outcome: ItemOutcome) -> u32 {
        let numbers = self.numbers();
        let count = numbers.counts.get(outcome.place()).copied();
        let count = count.unwrap_or_default();
        match outcome {
            ItemOutcome::Unknown => count.saturating_sub(numbers.settled_late),
            ItemOutcome::Applied => count + numbers.settled_late,
            _ => count,
        }
    }

    /// How many of those applied were still linked in a look that shows how it is:
    /// the portal did not save it, or the app was linked again since.
    pub fn still_linked(&self) -> u32 {
        self.numbers().still_linked
    }

    /// What the run is at.
    pub fn phase(&self) -> Phase {
        self.numbers().phase
    }

    /// How long it still pauses or waits.
    pub fn wait(&self) -> Duration {
        let until = self.numbers().until;
        until.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
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

    /// How many requests went, and what the run is at.
    pub(super) fn note(&self, requests: u64, (phase, until): (Phase, Option<Instant>)) {
        let mut numbers = self.numbers();
        (numbers.requests, numbers.phase, numbers.until) = (requests, phase, until);
    }

    /// What a look at the end showed.
    pub(super) fn late(&self, word: LateWord) {
        let mut numbers = self.numbers();
        match word {
            LateWord::Settled => numbers.settled_late += 1,
            LateWord::StillLinked => numbers.still_linked += 1,
        }
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
        progress.note(2, (Phase::Changing, None));
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
        // So that time has passed.
        std::thread::sleep(Duration::from_millis(2));
        assert!(progress.elapsed() > elapsed);
    }
}
