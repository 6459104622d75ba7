//! A run that has begun: who asks, what is still to do, how fast.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::Bulk;
use super::breaker::Breaker;
use super::failure::{Concern, concern, failure};
use super::item::EntryName;
use super::plan::{Plan, Verify};
use super::settings::Settings;
use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::change::mark::Mark;
use crate::change::why;
use crate::credential::Kind;
use crate::error::{Applied, Error, Reason, Status};
use crate::journal::{DAY, Journal, Past};
use crate::policy::{self, Policy};
use crate::portal::audit;
use crate::portal::people::Person;
use crate::reading::Reading;
use crate::sending;
use crate::transport::Call;
use crate::transport::pace::{self, Pace};

/// When a portal that is in trouble is worth another run: what it shows then is
/// no longer old.
const COME_BACK: Duration = Duration::from_secs(5 * 60);

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
    /// Changes of former runs that the portal's audit trail shows as done.
    pub(super) proven: HashSet<Mark>,
    plan: Mutex<Plan>,
    /// The plan has changed: who waits may look again.
    changed: Condvar,
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
                pace.remember(age);
            }
        }
        let own = caller(bulk, cancel, &pace)?;
        let call = Call::new(shared.manners.timeout, cancel).paced(pace.permit());
        let reading = Reading::within(shared, call);
        let portal = &shared.portal;
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
        let open = journal.filter(|_| shared.manners.audit);
        let open: Vec<_> = open.map(Journal::open_marks).unwrap_or_default();
        let open: Vec<_> = open
            .into_iter()
            .filter_map(|(id, mark)| Some((id, mark.parse().ok()?)))
            .collect();
        let proven = match open.as_slice() {
            [] => HashSet::new(),
            open => audit::find(portal, reading.call(), Some(&caller.id), open).found,
        };
        let unsettled = journal.map(Journal::unsettled_in_a_row);
        let breaker = Breaker::resumed(unsettled.unwrap_or_default());
        let (quick, own) = sift(bulk, &caller);
        let verify = Verify {
            level: settings.verify,
            old_picture: settings.old_picture,
        };
        let total = bulk.entries.len();
        Ok(Run {
            pace,
            caller,
            hides_app,
            proven,
            plan: Mutex::new(Plan::new(
                total,
                quick,
                own,
                settings.parallel,
                verify,
                breaker,
            )),
            changed: Condvar::new(),
            budget: Mutex::new(Budget::new(settings.writes_per_day, recent)),
            stopped: Mutex::default(),
        })
    }

    /// The plan, to look at; see `update` for what others have to know of.
    pub(super) fn plan(&self) -> MutexGuard<'_, Plan> {
        lock(&self.plan)
    }

    /// Changes the plan, and lets those who wait look again.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut Plan) -> T) -> T {
        let changed = change(&mut self.plan());
        self.changed.notify_all();
        changed
    }

    pub(super) fn is_over(&self) -> bool {
        self.plan().is_over()
    }

    /// Waits until the plan has changed, and no longer than that.
    pub(super) fn wait(&self, plan: MutexGuard<'_, Plan>, wait: Duration) {
        drop(self.changed.wait_timeout(plan, wait));
    }

    /// Spends one of the day's changes.
    pub(super) fn spend(&self) -> Result<(), Error> {
        lock(&self.budget).spend(SystemTime::now()).map_err(|wait| {
            failure(Status::RateLimited, Reason::DailyLimit)
                .with_retryable(true)
                .with_retry_after(Some(wait))
        })
    }

    /// The portal did not count it: it asked to come back.
    pub(super) fn refund(&self) {
        lock(&self.budget).spent.pop_back();
    }

    /// Begins nothing more. The first reason is the one that is told.
    pub(super) fn stop(&self, error: Error) {
        lock(&self.stopped).get_or_insert(error);
        self.pace.stop();
        self.changed.notify_all();
    }

    /// The portal is in trouble: nothing more is begun.
    pub(super) fn give_up(&self, wait: Option<Duration>) {
        let text = "The portal, or something before it, is in trouble: what was sent may or may \
                    not have been done. Go on later; what was not begun is as it was.";
        let wait = wait.unwrap_or_default().max(COME_BACK);
        let error = Error::new(Status::Unavailable, Applied::No, text)
            .with_reason(Reason::Unknown)
            .with_retryable(true)
            .with_retry_after(Some(wait));
        self.stop(error);
    }

    /// Why it was stopped, if it was.
    pub(super) fn take_stop(&self) -> Option<Error> {
        lock(&self.stopped).take()
    }

    pub(super) fn is_stopped(&self) -> bool {
        lock(&self.stopped).is_some()
    }
}

/// Who asks. A portal that asks to slow down is waited for, as later on.
fn caller(bulk: &Bulk, cancel: Option<&Cancel>, pace: &Arc<Pace>) -> Result<Person, Error> {
    let shared = &*bulk.shared;
    loop {
        let call = Call::new(shared.manners.timeout, cancel).paced(pace.permit());
        let reading = Reading::within(shared, call);
        let read = reading.read(&|| shared.portal.own_account(reading.call()));
        match read {
            Err(error) if concern(&error) == Concern::Limited && !pace.is_hopeless() => {
                let paused = pace::idle(cancel, sending::back_off(1));
                if paused.is_err() || bulk.stop.is_requested() {
                    return Err(failure(Status::Cancelled, Reason::None));
                }
            }
            read => return read,
        }
    }
}

/// Entries that need no look at the account, and the caller's own if it is to be
/// changed.
fn sift(bulk: &Bulk, caller: &Caller) -> (Vec<usize>, Option<usize>) {
    let (mut quick, mut own) = (Vec::new(), None);
    let journal = bulk.journal.as_ref();
    for (index, entry) in bulk.entries.iter().enumerate() {
        let id = match EntryName::parse(&entry.text) {
            _ if entry.is_duplicate => None,
            Ok(EntryName::Id(id)) => Some(id),
            Ok(EntryName::Email(email)) if email.to_lowercase() == caller.email => Some(caller.id),
            Ok(EntryName::Email(email)) => journal.and_then(|journal| journal.named(email)),
            Err(_) => None,
        };
        let past = id.and_then(|id| Some(journal?.past(&id)));
        let is_settled = matches!(past, Some(Past::Applied | Past::Refused(..)));
        let is_open = matches!(past, Some(Past::Open(_)));
        if entry.is_duplicate || is_settled && !bulk.settings.retries(past.as_ref()) {
            quick.push(index);
        } else if id == Some(caller.id) {
            match own {
                None if bulk.settings.include_self => own = Some(index),
                _ => quick.push(index),
            }
        } else if caller.is_owner == Some(false) && !is_open {
            quick.push(index);
        }
    }
    (quick, own)
}

impl Settings {
    /// Whether what stands so in the journal is asked for once more all the same.
    pub(super) fn retries(&self, past: Option<&Past>) -> bool {
        self.retry_unknown && matches!(past, Some(Past::Refused(..)))
    }
}

/// How many changes may be asked for in a day.
#[derive(Debug)]
struct Budget {
    /// `None`: no limit.
    most: Option<usize>,
    spent: VecDeque<SystemTime>,
}

impl Budget {
    /// 0 is no limit.
    fn new(per_day: u32, spent: &[SystemTime]) -> Self {
        let most = (per_day > 0).then(|| usize::try_from(per_day).unwrap_or(usize::MAX));
        Budget {
            most,
            spent: spent.iter().copied().collect(),
        }
    }

    /// Spends one, or tells how long there is none.
    fn spend(&mut self, now: SystemTime) -> Result<(), Duration> {
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

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
