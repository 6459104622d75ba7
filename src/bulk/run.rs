//! A run that has begun: who asks, what is still to do, how fast.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use super::Bulk;
use super::failure::failure;
use super::queue::{Budget, Job, Queue, Turn};
use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::change::why;
use crate::credential::Kind;
use crate::error::{Error, Reason, Status};
use crate::journal::Journal;
use crate::policy::{self, Policy};
use crate::reading::Reading;
use crate::transport::Call;
use crate::transport::pace::Pace;

/// Requests of a former run that the portal may still count: two each.
const REQUESTS_EACH: u32 = 2;

/// Who asks.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) id: AccountId,
    /// In lower case.
    pub(super) email: String,
    pub(super) is_owner: Option<bool>,
}

/// The state of a run, shared by its threads.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) pace: Arc<Pace>,
    pub(super) caller: Caller,
    /// The installation hides the app: every change would be refused. Looked
    /// at for a dry run only.
    pub(super) hides_app: bool,
    queue: Mutex<Queue>,
    budget: Mutex<Budget>,
    stopped: Mutex<Option<Error>>,
}

impl Run {
    /// Reads who asks, and for a dry run what the credential may and the
    /// portal shows.
    pub(super) fn begin(bulk: &Bulk, cancel: Option<&Cancel>) -> Result<Self, Error> {
        let (shared, settings) = (&*bulk.shared, &bulk.settings);
        let journal = bulk.journal.as_ref();
        let now = SystemTime::now();
        let pace = Arc::new(Pace::new(settings.per_minute, settings.window));
        let recent = journal.map(Journal::recent).unwrap_or_default();
        for then in recent {
            let age = now.duration_since(*then).unwrap_or_default();
            if age < settings.window {
                (0..REQUESTS_EACH).for_each(|_| pace.remember(age));
            }
        }
        let call = Call::new(shared.manners.timeout, cancel).paced(pace.permit());
        let reading = Reading::within(shared, call);
        let portal = &shared.portal;
        let own = reading.read(&|| portal.own_account(reading.call()))?;
        let caller = Caller {
            id: own.id,
            email: own.email.to_lowercase(),
            is_owner: own.is_owner,
        };
        let mut hides_app = false;
        if settings.dry_run {
            if portal.credential() == Kind::ApiKey {
                let scopes = reading.try_read(&|| portal.key_scopes(reading.call()));
                if scopes.is_ok_and(|scopes| !why::may_write(&scopes)) {
                    return Err(failure(Status::Forbidden, Reason::MissingScope));
                }
            }
            let policy = reading.try_read(&|| policy::read(portal, reading.call()));
            hides_app = policy.is_ok_and(|policy| Policy::hides_app(&policy));
        }
        if let Some(journal) = journal {
            journal.begin(&caller.id, settings.dry_run)?;
        }
        Ok(Run {
            pace,
            caller,
            hides_app,
            queue: Mutex::new(Queue::new(bulk.entries.len())),
            budget: Mutex::new(Budget::new(settings.writes_per_day, recent)),
            stopped: Mutex::default(),
        })
    }

    pub(super) fn is_over(&self) -> bool {
        lock(&self.queue).is_over()
    }

    pub(super) fn take(&self) -> Turn {
        lock(&self.queue).take(Instant::now())
    }

    pub(super) fn put_back(&self, job: Job) {
        lock(&self.queue).put_back(job);
    }

    /// Spends one of the day's changes.
    pub(super) fn spend(&self) -> Result<(), Error> {
        lock(&self.budget).spend(SystemTime::now()).map_err(|wait| {
            failure(Status::RateLimited, Reason::DailyLimit)
                .with_retryable(true)
                .with_retry_after(Some(wait))
        })
    }

    /// Begins nothing more. The first reason is the one that is told.
    pub(super) fn stop(&self, error: Error) {
        lock(&self.stopped).get_or_insert(error);
        self.pace.stop();
    }

    /// Why it was stopped, if it was.
    pub(super) fn take_stop(&self) -> Option<Error> {
        lock(&self.stopped).take()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
