//! Which entry is next.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant, SystemTime};

use crate::account::AccountId;
use crate::journal::DAY;

/// An entry to be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) index: usize,
    /// How often it failed for a reason that is not its own.
    pub(super) rounds: u32,
    /// Not before this.
    pub(super) due: Option<Instant>,
    /// It has waited for a late effect.
    pub(super) has_waited: bool,
}

/// Why an entry is not finished.
pub(super) enum Unfinished {
    /// It comes again.
    Again(Job),
    /// The run ends, and may go on with it later.
    RunEnds,
}

impl Job {
    /// The entry's place in the list, as callers count.
    pub(super) fn number(&self) -> u32 {
        u32::try_from(self.index).unwrap_or(u32::MAX)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Job(Job),
    /// Nothing before this.
    Later(Instant),
    Over,
}

/// Entries in their order; those put back come first, once they are due.
#[derive(Debug)]
pub(super) struct Queue {
    next: usize,
    total: usize,
    back: Vec<Job>,
}

impl Queue {
    pub(super) fn new(total: usize) -> Self {
        Queue {
            next: 0,
            total,
            back: Vec::new(),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.next >= self.total && self.back.is_empty()
    }

    pub(super) fn take(&mut self, now: Instant) -> Turn {
        let soonest = self.back.iter().enumerate().min_by_key(|(_, job)| job.due);
        let soonest = soonest.map(|(at, job)| (at, job.due.unwrap_or(now)));
        if let Some((at, _)) = soonest.filter(|(_, due)| *due <= now) {
            return Turn::Job(self.back.remove(at));
        }
        if self.next < self.total {
            self.next += 1;
            return Turn::Job(Job {
                index: self.next - 1,
                rounds: 0,
                due: None,
                has_waited: false,
            });
        }
        soonest.map_or(Turn::Over, |(_, due)| Turn::Later(due))
    }

    pub(super) fn put_back(&mut self, job: Job) {
        self.back.push(job);
    }
}

/// Which entry an account belongs to: an id and an e-mail address may name the
/// same one. Ids take 16 bytes here, for long lists.
#[derive(Debug, Default)]
pub(super) struct Claims(HashMap<u128, u32>);

impl Claims {
    /// Whether `account` is this entry's.
    pub(super) fn claim(&mut self, account: &AccountId, index: u32) -> bool {
        // Of 32 hexadecimal digits and hyphens.
        let digits = account.as_str().chars().filter_map(|c| c.to_digit(16));
        let number = digits.fold(0, |number, digit| number << 4 | u128::from(digit));
        *self.0.entry(number).or_insert(index) == index
    }
}

/// How many changes may be asked for in a day.
#[derive(Debug)]
pub(super) struct Budget {
    /// `None`: no limit.
    most: Option<usize>,
    spent: VecDeque<SystemTime>,
}

impl Budget {
    /// 0 is no limit.
    pub(super) fn new(per_day: u32, spent: &[SystemTime]) -> Self {
        let most = (per_day > 0).then(|| usize::try_from(per_day).unwrap_or(usize::MAX));
        Budget {
            most,
            spent: spent.iter().copied().collect(),
        }
    }

    /// Spends one, or tells how long there is none.
    pub(super) fn spend(&mut self, now: SystemTime) -> Result<(), Duration> {
        let Some(most) = self.most else {
            return Ok(());
        };
        let age = |then: &SystemTime| now.duration_since(*then).unwrap_or_default();
        while self.spent.front().is_some_and(|then| age(then) >= DAY) {
            self.spent.pop_front();
        }
        match self.spent.front() {
            Some(first) if self.spent.len() >= most => Err(DAY.saturating_sub(age(first))),
            _ => {
                self.spent.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(turn: Turn) -> Option<usize> {
        match turn {
            Turn::Job(job) => Some(job.index),
            _ => None,
        }
    }

    #[test]
    fn those_put_back_come_first_and_those_that_wait_when_due() {
        let now = Instant::now();
        let later = now + Duration::from_secs(60);
        let mut queue = Queue::new(3);
        let Turn::Job(first) = queue.take(now) else {
            panic!("an entry");
        };
        queue.put_back(Job {
            due: Some(later),
            ..first
        });
        let Turn::Job(second) = queue.take(now) else {
            panic!("an entry");
        };
        queue.put_back(second);
        assert_eq!(index(queue.take(now)), Some(1));
        assert_eq!(index(queue.take(now)), Some(2));
        assert_eq!(queue.take(now), Turn::Later(later));
        assert!(!queue.is_over());
        assert_eq!(index(queue.take(later)), Some(0));
        assert_eq!(queue.take(later), Turn::Over);
        assert!(queue.is_over());
    }

    #[test]
    fn an_account_belongs_to_the_entry_that_named_it_first() {
        let mut claims = Claims::default();
        let id = AccountId::parse("ffffffff-2222-3333-4444-555555555555").unwrap();
        assert!(claims.claim(&id, 4));
        assert!(!claims.claim(&id, 5));
        assert!(claims.claim(&id, 4));
    }

    #[test]
    fn a_day_is_counted_back_from_now() {
        let now = SystemTime::UNIX_EPOCH + DAY * 2;
        let hours = |count: u64| Duration::from_secs(count * 3600);
        let spent = [now - hours(25), now - hours(20)];
        let mut budget = Budget::new(2, &spent);
        assert_eq!(budget.spend(now), Ok(()));
        assert_eq!(budget.spend(now), Err(hours(4)));
        assert_eq!(budget.spend(now + hours(4)), Ok(()));
        let mut free = Budget::new(0, &spent);
        assert_eq!(free.spend(now), Ok(()));
    }
}
