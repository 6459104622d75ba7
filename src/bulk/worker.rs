//! The threads of a run, and what they tell the one that called.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender, TrySendError};
use std::thread::{self, Builder, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::context::Worker;
use super::failure::failure;
use super::item::{Item, ItemOutcome};
use super::progress::{LateWord, Phase};
use super::state;
use super::task::{Finished, Job, Task, Turn, Unfinished};
use crate::cancel::Cancel;
use crate::error::{Error, Reason, Status};
use crate::journal::Journal;
use crate::log::{self, LogLevel};
use crate::transport::pace::Pace;

/// Twice what a caller's thread needs, and more.
const STACK: usize = 1 << 20;
/// How often the calling thread looks after the journal, and whether to stop.
const LOOK_AFTER: Duration = Duration::from_millis(50);
/// How often a thread that waits for others looks around.
const SLICE: Duration = Duration::from_millis(50);

/// How many entries are worked on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    All,
    /// As many as there are connections.
    Wave,
}

/// What goes to the calling thread.
enum Event {
    Item(Box<Item>),
    Late(LateWord),
    Line(LogLevel, String),
}

/// How many entries may still be begun.
struct Quota {
    extent: Extent,
    most: u32,
    left: AtomicU32,
}

/// The threads that were started. However the calling thread leaves, it ends
/// them and waits until they are gone.
struct Threads<'scope, 'a> {
    pace: &'a Pace,
    handles: Vec<ScopedJoinHandle<'scope, ()>>,
}

impl Drop for Threads<'_, '_> {
    fn drop(&mut self) {
        self.pace.stop();
        for handle in self.handles.drain(..) {
            // What panics in a thread is caught there.
            let _ = handle.join();
        }
    }
}

impl Worker<'_> {
    /// Gives each entry to `take`, on this thread, as soon as it is finished.
    pub(super) fn work(self, extent: Extent, take: &mut dyn FnMut(Item)) -> Result<(), Error> {
        let parallel = self.bulk.settings.parallel;
        let most = match extent {
            Extent::All => u32::MAX,
            Extent::Wave => parallel,
        };
        let quota = Quota {
            extent,
            most,
            left: AtomicU32::new(most),
        };
        let journal = self.bulk.journal.as_ref();
        // A callback that panicked may have left one behind.
        drop(self.run.take_stop());
        self.run.pace.restart();
        thread::scope(|scope| {
            let mut threads = Threads {
                pace: &self.run.pace,
                handles: Vec::new(),
            };
            // Dropped before the threads are waited for: then none of them
            // waits for room any more.
            let (sender, events) = mpsc::sync_channel(usize::try_from(parallel).unwrap_or(1) * 2);
            for _ in 0..parallel {
                let (sender, quota) = (sender.clone(), &quota);
                // The size is stated, or the environment would be asked for it.
                let thread = Builder::new()
                    .name("dstfa-bulk".to_owned())
                    .stack_size(STACK);
                let started = thread.spawn_scoped(scope, move || self.thread(&sender, quota));
                threads.handles.extend(started);
            }
            drop(sender);
            if threads.handles.is_empty() {
                let error = state("no thread could be started; end others or raise the limit");
                self.run.stop(error.with_retryable(true));
            }
            loop {
                self.bulk
                    .progress
                    .note(self.run.pace.requests(), self.phase());
                match events.recv_timeout(LOOK_AFTER) {
                    Ok(Event::Item(item)) => take(*item),
                    Ok(Event::Late(word)) => self.bulk.progress.late(word),
                    Ok(Event::Line(level, line)) => {
                        self.bulk.shared.portal.log().say(level, || line);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                self.heed();
                if let Some(Err(error)) = journal.map(Journal::sync_if_due) {
                    self.run.stop(error);
                }
            }
        });
        self.bulk
            .progress
            .note(self.run.pace.requests(), (Phase::Idle, None));
        let synced = journal.map_or(Ok(()), Journal::sync);
        if self.run.is_stopped() {
            let answered = self.run.plan().end();
            answered.into_iter().for_each(|it| take(*it.item));
        }
        match self.run.take_stop() {
            Some(error) => Err(error),
            None => synced,
        }
    }

    /// Ends the run if that was asked for.
    fn heed(self) {
        let is_cancelled = self.cancel.is_some_and(Cancel::is_requested);
        if (is_cancelled || self.bulk.stop.is_requested()) && !self.run.plan().is_over() {
            self.run.stop(failure(Status::Cancelled, Reason::None));
        }
    }

    /// What the run is at, and until when it waits.
    fn phase(self) -> (Phase, Option<Instant>) {
        let now = Instant::now();
        let plan = self.run.plan();
        if let Some(due) = plan.late_due().filter(|due| *due > now) {
            return (Phase::Waiting, Some(due));
        }
        if plan.is_looking() {
            return (Phase::Looking, None);
        }
        match self.run.pace.pause() {
            Some(wait) => (Phase::Paused, Some(now + wait)),
            None => (Phase::Changing, None),
        }
    }

    fn thread(self, sender: &SyncSender<Event>, quota: &Quota) {
        if self.bulk.shared.portal.log().wants(LogLevel::Error) {
            let sender = sender.clone();
            // Nobody is there any more to be told when sending fails.
            log::divert(move |level, line| drop(sender.send(Event::Line(level, line))));
        }
        while let Some(task) = self.next(quota) {
            match task {
                Task::Page(number) => self.guarded(|| self.read_page(number)).unwrap_or_default(),
                Task::Entry(job) => self.entry(sender, job),
                Task::Looks(page, answered) => {
                    // Whatever becomes of the looks, what was answered is told.
                    let seen = self.guarded(|| self.look_back(page, &answered));
                    let seen = seen.unwrap_or_default();
                    let (items, late) = self.judge_again(page, answered, &seen);
                    items.into_iter().for_each(|item| self.send(sender, item));
                    // Then only: the caller's own account comes behind these.
                    self.run.update(|plan| plan.looked(late));
                }
                Task::Trail(open) => self.tell(sender, || self.ask_trail(&open)),
                Task::Late(page, late) => self.tell(sender, || self.look_at_last(page, &late)),
            }
        }
    }

    /// What was found out about entries that were handed out.
    fn tell(self, sender: &SyncSender<Event>, look: impl FnOnce() -> Vec<LateWord>) {
        let words = self.guarded(look).unwrap_or_default().into_iter();
        words.for_each(|word| drop(sender.send(Event::Late(word))));
    }

    /// A defect ends the run, and not the process.
    fn guarded<T>(self, work: impl FnOnce() -> T) -> Option<T> {
        let worked = catch_unwind(AssertUnwindSafe(work));
        if worked.is_err() {
            self.run.stop(failure(Status::Internal, Reason::None));
        }
        worked.ok()
    }

    fn entry(self, sender: &SyncSender<Event>, job: Job) {
        let page = job.page;
        let worked = catch_unwind(AssertUnwindSafe(|| self.finish(job.clone())));
        match worked.unwrap_or_else(|_| Ok(self.broken(&job))) {
            Ok(Finished::Item(item)) => {
                self.send(sender, item);
                self.run.update(|plan| plan.finished(page));
            }
            Ok(Finished::Answered(answered)) => {
                self.run.update(|plan| plan.answered(page, answered))
            }
            Err(Unfinished::Again(job) | Unfinished::RunEnds(job)) => {
                self.run.update(|plan| plan.put_back(job))
            }
            Err(Unfinished::Last(job)) => self.run.update(|plan| plan.put_last(job)),
        }
    }

    fn send(self, sender: &SyncSender<Event>, item: Item) {
        if let (ItemOutcome::Unknown, Some(id), Some(mark)) =
            (item.outcome, item.account, item.mark)
        {
            if self.bulk.shared.manners.audit {
                self.run.update(|plan| plan.stays_open(id, mark));
            }
        }
        if let Err(TrySendError::Full(event)) = sender.try_send(Event::Item(Box::new(item))) {
            // The caller takes its time: the journal must not wait for it.
            if let Some(Err(error)) = self.bulk.journal.as_ref().map(Journal::sync) {
                self.run.stop(error);
            }
            // It fails when the caller has panicked.
            let _ = sender.send(event);
        }
    }

    /// What is next; `None` once this thread has nothing more to do.
    fn next(self, quota: &Quota) -> Option<Task> {
        loop {
            self.heed();
            if self.run.pace.is_stopped() {
                return None;
            }
            let order = Ordering::SeqCst;
            let mut plan = self.run.plan();
            let left = quota.left.load(order);
            match plan.take(Instant::now(), left > 0) {
                Turn::Task(task) => {
                    if matches!(task, Task::Entry(_)) && quota.extent == Extent::Wave {
                        quota.left.store(left.saturating_sub(1), order);
                    }
                    return Some(task);
                }
                Turn::Over => return None,
                // A wave that has begun entries ends with them.
                Turn::Later(_) if left < quota.most => return None,
                Turn::Later(due) => {
                    let wait = due.map(|due| due.saturating_duration_since(Instant::now()));
                    self.run.wait(plan, wait.unwrap_or(SLICE).min(SLICE));
                }
            }
        }
    }
}
