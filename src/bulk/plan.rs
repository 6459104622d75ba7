//! What is to be done next: entries, the pages that show them, and looks at those
//! that were answered. Told everything, it asks nothing. Pure.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::breaker::Breaker;
use super::task::{Answered, FRESH_LOOK, Job, Late, PAGE, Task, Turn};
use crate::account::AccountId;
use crate::change::mark::Mark;

/// How a run is to be looked after.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verify {
    /// 0: not at all; 1: once an answer is there, and again at the end what is
    /// old enough by then; 2: the end is waited for.
    pub(super) level: u32,
    /// After so long a look shows how it is.
    pub(super) old_picture: Duration,
}

/// Answers of one page's entries.
#[derive(Debug, Default)]
struct Batch {
    /// Not answered yet.
    open: usize,
    answered: Vec<Answered>,
}

/// A list being worked through.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) breaker: Breaker,
    verify: Verify,
    parallel: usize,
    /// Those that need no look come first.
    quick: VecDeque<usize>,
    /// Whether a page or an own read is still to show it.
    is_missing: Vec<bool>,
    missing: usize,
    /// The next page; `None`: the rest is read one by one.
    page: Option<u32>,
    is_reading: bool,
    cursor: usize,
    ready: VecDeque<Job>,
    back: Vec<Job>,
    /// Behind all others.
    last: VecDeque<Job>,
    /// All others are done with.
    is_at_last: bool,
    /// The caller's own, behind even the looks.
    own: Option<usize>,
    batches: HashMap<u32, Batch>,
    looks: VecDeque<(Option<u32>, Vec<Answered>)>,
    /// What the trail is asked for once more.
    open: Vec<(AccountId, Mark)>,
    late: Vec<Late>,
    under_way: usize,
    looking: usize,
    entries_left: usize,
}

impl Plan {
    /// `quick` need no look, `own` comes last, all others of `total` are looked at.
    pub(super) fn new(
        total: usize,
        quick: Vec<usize>,
        own: Option<usize>,
        parallel: u32,
        verify: Verify,
        breaker: Breaker,
    ) -> Self {
        let mut is_missing = vec![true; total];
        for index in quick.iter().chain(&own) {
            if let Some(it) = is_missing.get_mut(*index) {
                *it = false;
            }
        }
        let missing = is_missing.iter().filter(|it| **it).count();
        Plan {
            breaker,
            verify,
            parallel: usize::try_from(parallel).unwrap_or(1),
            quick: quick.into(),
            is_missing,
            missing,
            // A page for a single one is no gain.
            page: (missing > 1).then_some(0),
            is_reading: false,
            cursor: 0,
            ready: VecDeque::new(),
            back: Vec::new(),
            last: VecDeque::new(),
            is_at_last: false,
            own,
            batches: HashMap::new(),
            looks: VecDeque::new(),
            open: Vec::new(),
            late: Vec::new(),
            under_way: 0,
            looking: 0,
            entries_left: total,
        }
    }

    /// Every entry is answered, and all is looked at.
    pub(super) fn is_over(&self) -> bool {
        let has_looks = !self.looks.is_empty() || !self.late.is_empty() || !self.open.is_empty();
        self.entries_left == 0 && !has_looks && self.looking == 0
    }

    /// No more entries, but for the caller's own: looks only.
    pub(super) fn is_looking(&self) -> bool {
        self.entries_left == usize::from(self.own.is_some())
    }

    /// What is to be done next. `may_begin`: entries too, or looks only.
    pub(super) fn take(&mut self, now: Instant, may_begin: bool) -> Turn {
        if let Some((page, answered)) = self.looks.pop_front() {
            self.looking += 1;
            return Turn::Task(Task::Looks(page, answered));
        }
        let is_busy = self.under_way > 0 || self.looking > 0 || self.is_reading;
        if self.is_looking() && !is_busy {
            if !self.open.is_empty() {
                self.looking += 1;
                return Turn::Task(Task::Trail(std::mem::take(&mut self.open)));
            }
            return match (self.take_late(now), self.own) {
                (Turn::Over, Some(own)) if may_begin => {
                    self.own = None;
                    Turn::Task(self.started(Job::new(own)))
                }
                (Turn::Over, Some(_)) => Turn::Later(None),
                (turn, _) => turn,
            };
        }
        let task = if may_begin { self.begin(now) } else { None };
        match task {
            Some(task) => Turn::Task(task),
            None => Turn::Later(self.back.iter().filter_map(|job| job.due).min()),
        }
    }

    fn begin(&mut self, now: Instant) -> Option<Task> {
        if let Some(index) = self.quick.pop_front() {
            return Some(self.started(Job::new(index)));
        }
        if !self.breaker.may_begin(self.under_way) {
            return None;
        }
        let is_due = |job: &Job| job.due.is_none_or(|due| due <= now);
        if let Some(at) = self.back.iter().position(is_due) {
            let job = self.back.swap_remove(at);
            return Some(self.started(job));
        }
        self.read_again(now);
        // Read ahead just so far that nobody waits: looks grow old.
        let is_wanted = self.missing > 0 && self.ready.len() < self.parallel && !self.is_reading;
        if let Some(page) = self.page.filter(|_| is_wanted) {
            self.is_reading = true;
            return Some(Task::Page(page));
        }
        if let Some(job) = self.ready.pop_front() {
            return Some(self.started(job));
        }
        if self.page.is_some() && self.missing > 0 || self.is_reading {
            return None;
        }
        while let Some(is_missing) = self.is_missing.get_mut(self.cursor) {
            self.cursor += 1;
            if std::mem::take(is_missing) {
                self.missing -= 1;
                return Some(self.started(Job::new(self.cursor - 1)));
            }
        }
        self.is_at_last |= self.under_way == 0 && self.back.is_empty();
        if !self.is_at_last {
            return None;
        }
        self.last.pop_front().map(|job| self.started(job))
    }

    /// Where the looks have grown old, what is left of their page is read again.
    fn read_again(&mut self, now: Instant) {
        let is_old = |job: &&Job| {
            let look = job.look.as_ref();
            look.is_some_and(|look| now.saturating_duration_since(look.at) >= FRESH_LOOK)
        };
        let page = self.ready.front().filter(is_old).and_then(|job| job.page);
        let is_its = |job: &Job| job.page == page;
        let count = self.ready.iter().filter(|job| is_its(job)).count();
        // A page for a single one is no gain.
        if page.is_none() || count < 2 || self.is_reading {
            return;
        }
        let (old, rest): (Vec<_>, Vec<_>) = self.ready.drain(..).partition(is_its);
        self.ready = rest.into();
        for job in old {
            if let Some(it) = self.is_missing.get_mut(job.index) {
                *it = true;
                self.missing += 1;
                self.cursor = self.cursor.min(job.index);
            }
            self.leaves(page, None);
        }
        self.page = page;
    }

    fn started(&mut self, job: Job) -> Task {
        self.under_way += 1;
        Task::Entry(job)
    }

    /// The looks at the end: those of one page together, once the last is due.
    fn take_late(&mut self, now: Instant) -> Turn {
        let wait = self.verify.old_picture;
        if self.verify.level < 2 {
            self.late.retain(|late| late.at + wait <= now);
        }
        let Some(page) = self.late.first().map(|late| late.page) else {
            return Turn::Over;
        };
        let is_its = |late: &Late| late.page == page && page.is_some();
        let count = self.late.iter().filter(|late| is_its(late)).count().max(1);
        let group = self
            .late
            .iter()
            .filter(|late| count == 1 || is_its(late))
            .take(count);
        let due = group
            .map(|late| late.at + wait)
            .max()
            .filter(|due| *due > now);
        if due.is_some() {
            return Turn::Later(due);
        }
        let (group, rest) = if count == 1 {
            let rest = self.late.split_off(1);
            (std::mem::take(&mut self.late), rest)
        } else {
            self.late.drain(..).partition(is_its)
        };
        self.late = rest;
        self.looking += 1;
        Turn::Task(Task::Late(page.filter(|_| count > 1), group))
    }

    /// Whether an entry is still to be found.
    pub(super) fn is_missing(&self, index: usize) -> bool {
        self.is_missing.get(index).copied().unwrap_or_default()
    }

    /// A page showed these; `total`: how many accounts there are.
    pub(super) fn page_read(&mut self, page: u32, jobs: Vec<Job>, total: Option<u32>) {
        self.is_reading = false;
        for job in &jobs {
            if let Some(is_missing) = self.is_missing.get_mut(job.index) {
                self.missing -= usize::from(std::mem::take(is_missing));
            }
        }
        if self.verify.level > 0 && !jobs.is_empty() {
            self.batches.entry(page).or_default().open += jobs.len();
        }
        self.ready.extend(jobs);
        let pages = total.unwrap_or_default().div_ceil(PAGE);
        let left = usize::try_from(pages.saturating_sub(page + 1)).unwrap_or(usize::MAX);
        // Where single reads take fewer requests, the rest is read so.
        self.page = (left > 0 && left < self.missing).then_some(page + 1);
    }

    /// A page cannot be had: now, or at all.
    pub(super) fn page_failed(&mut self, comes_again: bool) {
        self.is_reading = false;
        if !comes_again {
            self.page = None;
        }
    }

    /// An entry is finished, and was handed out.
    pub(super) fn finished(&mut self, page: Option<u32>) {
        self.under_way -= 1;
        self.entries_left -= 1;
        self.leaves(page, None);
    }

    /// An entry is finished, and is looked at before it is handed out.
    pub(super) fn answered(&mut self, page: Option<u32>, answered: Answered) {
        self.under_way -= 1;
        self.entries_left -= 1;
        self.leaves(page, Some(answered));
    }

    /// It comes again.
    pub(super) fn put_back(&mut self, job: Job) {
        self.under_way -= 1;
        self.leaves(job.page, None);
        self.back.push(Job { page: None, ..job });
    }

    /// It comes again, behind all others.
    pub(super) fn put_last(&mut self, job: Job) {
        self.under_way -= 1;
        self.leaves(job.page, None);
        let job = Job {
            page: None,
            is_late: true,
            ..job
        };
        self.last.push_back(job);
    }

    /// An entry of a page goes its way; the last one lets the page be looked at.
    fn leaves(&mut self, page: Option<u32>, answered: Option<Answered>) {
        let batch = page.and_then(|page| self.batches.get_mut(&page));
        let Some(batch) = batch else {
            self.looks.extend(answered.map(|it| (None, vec![it])));
            return;
        };
        batch.open = batch.open.saturating_sub(1);
        batch.answered.extend(answered);
        if batch.open == 0 {
            let batch = page.and_then(|page| self.batches.remove(&page));
            let answered = batch.map(|batch| batch.answered).unwrap_or_default();
            if !answered.is_empty() {
                self.looks.push_back((page, answered));
            }
        }
    }

    /// A look is over; who is to be looked at once more.
    pub(super) fn looked(&mut self, late: Vec<Late>) {
        self.looking -= 1;
        self.late.extend(late);
    }

    /// It is handed out as unknown: the trail may still show it.
    pub(super) fn stays_open(&mut self, id: AccountId, mark: Mark) {
        self.open.push((id, mark));
    }

    /// The trail has shown these.
    pub(super) fn proven(&mut self, found: &[AccountId]) {
        self.looking -= 1;
        let late = self.late.iter_mut().filter(|late| found.contains(&late.id));
        late.for_each(|late| late.is_open = false);
    }

    /// Nothing is left but entries that may not begin while others are under way.
    pub(super) fn has_others(&self, job: &Job) -> bool {
        let is_other = |other: &Job| other.index != job.index && other.aside.is_none();
        self.missing > 0
            || self
                .ready
                .iter()
                .chain(&self.back)
                .chain(&self.last)
                .any(is_other)
            || self.under_way > 1
            || self.own.is_some()
    }

    /// The run ends here: who was answered is handed out as it is. Where it goes
    /// on, nobody has had a turn.
    pub(super) fn end(&mut self) -> Vec<Answered> {
        self.late.clear();
        self.open.clear();
        self.last.iter_mut().for_each(|job| job.aside = None);
        // What a defect cut short is over, too.
        (self.is_reading, self.looking) = (false, 0);
        let looks = self.looks.drain(..).flat_map(|(_, answered)| answered);
        let mut all: Vec<_> = looks.collect();
        for batch in self.batches.values_mut() {
            all.append(&mut batch.answered);
        }
        all
    }

    /// When the last look at the end is due, if nothing else is left to wait for.
    pub(super) fn late_due(&self) -> Option<Instant> {
        let is_waiting = self.is_looking() && self.looking == 0 && self.looks.is_empty();
        let late = self
            .late
            .iter()
            .filter(|_| is_waiting && self.verify.level > 1);
        late.map(|late| late.at + self.verify.old_picture).max()
    }
}

#[cfg(test)]
mod tests;
