//! The threads of a run, and what they tell the one that called.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender, TrySendError};
use std::thread::{self, Builder, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::failure::failure;
use super::item::Item;
use super::queue::{Job, Turn, Unfinished};
use super::run::Run;
use super::{Bulk, state};
use crate::cancel::Cancel;
use crate::error::{Error, Reason, Status};
use crate::journal::Journal;
use crate::log::{self, LogLevel};
use crate::transport::pace::{self, Pace};

/// Twice what a caller's thread needs, and more.
const STACK: usize = 1 << 20;
/// How often the calling thread looks after the journal.
const LOOK_AFTER: Duration = Duration::from_millis(250);
/// How often a thread that waits for an entry to fall due looks around.
const SLICE: Duration = Duration::from_millis(50);

/// All that the threads of a run share.
#[derive(Clone, Copy)]
pub(super) struct Worker<'a> {
    pub(super) bulk: &'a Bulk,
    pub(super) run: &'a Run,
    pub(super) cancel: Option<&'a Cancel>,
}

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
    Line(LogLevel, String),
}

/// How many entries may still be begun.
struct Quota {
    extent: Extent,
    left: AtomicU32,
    has_begun: AtomicBool,
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
        let quota = Quota {
            extent,
            left: AtomicU32::new(match extent {
                Extent::All => u32::MAX,
                Extent::Wave => parallel,
            }),
            has_begun: AtomicBool::new(false),
        };
        let journal = self.bulk.journal.as_ref();
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
                match events.recv_timeout(LOOK_AFTER) {
                    Ok(Event::Item(item)) => {
                        let requests = self.run.pace.requests();
                        self.bulk.progress.note_requests(requests);
                        take(*item);
                    }
                    Ok(Event::Line(level, line)) => {
                        self.bulk.shared.portal.log().say(level, || line);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if let Some(Err(error)) = journal.map(Journal::sync_if_due) {
                    self.run.stop(error);
                }
            }
        });
        let synced = journal.map_or(Ok(()), Journal::sync);
        match self.run.take_stop() {
            Some(error) => Err(error),
            None => synced,
        }
    }

    fn thread(self, sender: &SyncSender<Event>, quota: &Quota) {
        if self.bulk.shared.portal.log().wants(LogLevel::Error) {
            let sender = sender.clone();
            // Nobody is there any more to be told when sending fails.
            log::divert(move |level, line| drop(sender.send(Event::Line(level, line))));
        }
        while let Some(job) = self.next(quota) {
            let worked = catch_unwind(AssertUnwindSafe(|| self.finish(job)));
            let worked = worked.unwrap_or_else(|_| Ok(self.broken(job)));
            match worked {
                Ok(item) => self.send(sender, item),
                Err(Unfinished::Again(job)) => self.run.put_back(job),
                Err(Unfinished::RunEnds) => self.run.put_back(job),
            }
        }
    }

    fn send(self, sender: &SyncSender<Event>, item: Item) {
        if let Err(TrySendError::Full(event)) = sender.try_send(Event::Item(Box::new(item))) {
            // The caller takes its time: the journal must not wait for it.
            if let Some(Err(error)) = self.bulk.journal.as_ref().map(Journal::sync) {
                self.run.stop(error);
            }
            // It fails when the caller has panicked.
            let _ = sender.send(event);
        }
    }

    /// The next entry; `None` once this thread has nothing more to do.
    fn next(self, quota: &Quota) -> Option<Job> {
        loop {
            if self.run.pace.is_stopped() {
                return None;
            }
            if self.cancel.is_some_and(Cancel::is_requested) {
                if !self.run.is_over() {
                    self.run.stop(failure(Status::Cancelled, Reason::None));
                }
                return None;
            }
            let less = |left: u32| left.checked_sub(1);
            let order = Ordering::SeqCst;
            quota.left.fetch_update(order, order, less).ok()?;
            match self.run.take() {
                Turn::Job(job) => {
                    quota.has_begun.store(true, order);
                    return Some(job);
                }
                Turn::Over => return None,
                Turn::Later(due) => {
                    // A wave that has something to tell is not kept waiting.
                    if quota.extent == Extent::Wave && quota.has_begun.load(order) {
                        return None;
                    }
                    quota.left.fetch_add(1, order);
                    let wait = due.saturating_duration_since(Instant::now());
                    // Cancelling is looked at above.
                    let _ = pace::idle(self.cancel, wait.min(SLICE));
                }
            }
        }
    }
}
