//! The threads of a run, and what they tell the thread that called.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

use super::entry::Entry;
use super::events::{self, Received, Sender};
use super::item::Item;
use super::progress::Progress;
use super::queue::{Job, Turn};
use super::run::{Run, failure};
use super::{Settings, state};
use crate::cancel::Cancel;
use crate::error::{Error, Reason, Status};
use crate::journal::Journal;
use crate::log::{self, LogLevel};
use crate::method::TfaMethod;
use crate::pace::Pace;
use crate::shared::Shared;
use crate::transport::Call;

/// Twice what a caller's thread needs, and more.
const STACK: usize = 1 << 20;
/// How often the calling thread looks after the journal.
const LOOK_AFTER: Duration = Duration::from_millis(250);
/// How often a thread that waits for an entry to fall due looks around.
const SLICE: Duration = Duration::from_millis(50);

/// All that the threads of a run share.
#[derive(Clone, Copy)]
pub(super) struct Team<'a> {
    pub(super) shared: &'a Shared,
    pub(super) cancel: Option<&'a Cancel>,
    pub(super) method: TfaMethod,
    pub(super) settings: &'a Settings,
    pub(super) entries: &'a [Entry],
    pub(super) journal: Option<&'a Journal>,
    pub(super) run: &'a Run,
    pub(super) progress: &'a Progress,
}

/// What working on an entry came to.
pub(super) enum Step {
    Done(Box<Item>),
    /// It is not finished and comes again.
    Again(Job),
    /// The run ends, the entry not finished.
    Stop(Error, Job),
    /// The run ends, the entry finished.
    Last(Error, Box<Item>),
    /// The run was ended by another thread; the entry is not finished.
    Halt(Job),
}

/// What goes to the calling thread.
enum Event {
    Item(Box<Item>),
    Line(LogLevel, String),
}

/// How many entries may still be begun.
struct Share {
    left: AtomicU32,
    has_begun: AtomicU32,
    is_wave: bool,
}

impl Team<'_> {
    /// Works on all entries that are left.
    pub(super) fn all(self, take: &mut dyn FnMut(Item)) -> Result<(), Error> {
        self.work(u32::MAX, false, take)
    }

    /// Works on as many as there are connections.
    pub(super) fn wave(self, take: &mut dyn FnMut(Item)) -> Result<(), Error> {
        self.work(self.settings.parallel, true, take)
    }

    fn work(self, most: u32, is_wave: bool, take: &mut dyn FnMut(Item)) -> Result<(), Error> {
        let _working = self.progress.working();
        self.run.pace.restart();
        let share = Share {
            left: AtomicU32::new(most),
            has_begun: AtomicU32::new(0),
            is_wave,
        };
        thread::scope(|scope| {
            // Also when `take` panics: the scope waits for the threads.
            let _stop = StopLater(&self.run.pace);
            let room = usize::try_from(self.settings.parallel).unwrap_or(1) * 2;
            let (sender, receiver) = events::queue(room);
            let mut threads = 0;
            for _ in 0..self.settings.parallel {
                let (sender, share) = (sender.clone(), &share);
                // The size is stated, or the environment would be asked for it.
                let thread = Builder::new()
                    .name("dstfa-bulk".to_owned())
                    .stack_size(STACK);
                let started = thread.spawn_scoped(scope, move || self.worker(&sender, share));
                threads += u32::from(started.is_ok());
            }
            drop(sender);
            if threads == 0 {
                let error = state("no thread could be started; end others or raise the limit");
                self.run.stop(error.with_retryable(true));
            }
            loop {
                match receiver.receive(LOOK_AFTER) {
                    Received::Event(Event::Item(item)) => {
                        self.progress.note_requests(self.run.pace.requests());
                        take(*item);
                    }
                    Received::Event(Event::Line(level, line)) => {
                        self.shared.portal.log().say(level, || line);
                    }
                    Received::Nothing => {}
                    Received::End => break,
                }
                if let Some(Err(error)) = self.journal.map(Journal::sync_if_due) {
                    self.run.stop(error);
                }
            }
        });
        let synced = self.journal.map_or(Ok(()), Journal::sync);
        match self.run.take_stop() {
            Some(error) => Err(error),
            None => synced,
        }
    }

    fn worker(self, sender: &Sender<Event>, share: &Share) {
        if self.shared.portal.log().wants(LogLevel::Error) {
            let sender = sender.clone();
            log::divert(move |level, line| sender.send(Event::Line(level, line)));
        }
        while let Some(job) = self.next(share) {
            let worked = catch_unwind(AssertUnwindSafe(|| self.step(job)));
            let step = worked.unwrap_or_else(|_| {
                let error = failure(Status::Internal, Reason::None);
                Step::Last(error.clone(), Box::new(self.broken(job, error)))
            });
            match step {
                Step::Done(item) => self.send(sender, item),
                Step::Again(job) => self.run.put_back(job),
                Step::Halt(job) => self.run.put_back(job),
                Step::Stop(error, job) => {
                    self.run.put_back(job);
                    self.run.stop(error);
                }
                Step::Last(error, item) => {
                    self.run.stop(error);
                    self.send(sender, item);
                }
            }
        }
    }

    fn send(self, sender: &Sender<Event>, item: Box<Item>) {
        if let Err(event) = sender.offer(Event::Item(item)) {
            // The caller takes its time: the journal must not wait for it.
            if let Some(Err(error)) = self.journal.map(Journal::sync) {
                self.run.stop(error);
            }
            sender.send(event);
        }
    }

    /// The next entry; `None` once this thread has nothing more to do.
    fn next(self, share: &Share) -> Option<Job> {
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
            share.left.fetch_update(order, order, less).ok()?;
            match self.run.take() {
                Turn::Job(job) => {
                    share.has_begun.store(1, order);
                    return Some(job);
                }
                Turn::Over => return None,
                Turn::Later(due) => {
                    // A wave that has something to tell is not kept waiting.
                    if share.is_wave && share.has_begun.load(order) != 0 {
                        return None;
                    }
                    share.left.fetch_add(1, order);
                    let wait = due.saturating_duration_since(Instant::now());
                    // Cancelling is looked at above.
                    let _ = Call::idle(self.cancel, wait.min(SLICE));
                }
            }
        }
    }
}

/// Lets the threads end, however the calling thread leaves.
struct StopLater<'a>(&'a Pace);

impl Drop for StopLater<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}
