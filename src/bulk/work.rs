//! One entry, from its name to its outcome.

use std::time::{Instant, SystemTime};

use super::blame::{self, Blame};
use super::entry::Who;
use super::item::ItemOutcome;
use super::queue::Job;
use super::run::failure;
use super::seen::Seen;
use super::team::{Step, Team};
use super::verdict::done;
use crate::account::AccountId;
use crate::change::run;
use crate::error::{Applied, Error, Reason, Status};
use crate::journal::{self, Next, Owner, Past};
use crate::pace::Closed;
use crate::portal::ReadFault;
use crate::reading::Reading;
use crate::sending;
use crate::transport::Call;

/// An entry that failed so often for reasons not its own is given up: others
/// went well meanwhile.
const MOST_ROUNDS: u32 = 6;

/// How looking ended otherwise.
type Unseen = Result<Seen, Step>;

impl Team<'_> {
    /// Works on one entry.
    pub(super) fn step(self, job: Job) -> Step {
        let Some(entry) = self.entries.get(job.index) else {
            return Step::Halt(job);
        };
        if entry.is_duplicate {
            return self.skipped(job, None);
        }
        let who = match Who::parse(&entry.text) {
            Ok(who) => who,
            Err(error) => return self.refused(job, None, error),
        };
        let id = match who {
            Who::Id(id) => Some(id),
            Who::Email(email) if email.to_lowercase() == self.run.caller.email => {
                Some(self.run.caller.id)
            }
            Who::Email(email) => match self.journal.and_then(|journal| journal.owner(email)) {
                Some(Owner::Nobody) => {
                    let error = failure(Status::NotFound, Reason::NoSuchAccount);
                    return done(
                        self.item(job, None, ItemOutcome::Skipped)
                            .told(error)
                            .of_old(),
                    );
                }
                Some(Owner::Account(id)) => Some(id),
                None => None,
            },
        };
        if let Some(step) = id.and_then(|id| self.foreseen(job, &id)) {
            return step;
        }
        let looked = match (id, who) {
            (Some(id), _) | (None, Who::Id(id)) => self.look_at(job, &id),
            (None, Who::Email(email)) => self.look_up(job, email),
        };
        let seen = match looked {
            Ok(seen) => seen,
            Err(step) => return step,
        };
        // An address may turn out to be an account that was named before.
        if id.is_none() {
            if let Some(step) = self.foreseen(job, &seen.id) {
                return step;
            }
        }
        self.decide(job, &seen)
    }

    /// What needs no request.
    fn foreseen(self, job: Job, id: &AccountId) -> Option<Step> {
        let caller = &self.run.caller;
        let is_own = *id == caller.id;
        if is_own && !self.settings.include_self {
            return Some(self.skipped(job, Some(*id)));
        }
        if !self.run.claim(id, self.index(job)) {
            return Some(self.skipped(job, Some(*id)));
        }
        let old = || self.item(job, Some(*id), ItemOutcome::Skipped).of_old();
        match self.journal.and_then(|journal| journal.past(id)) {
            Some(Past::Applied) => Some(done(old())),
            Some(Past::Refused(status, reason)) => Some(done(old().told(failure(status, reason)))),
            Some(Past::Open(_)) => None,
            _ if caller.is_owner == Some(false) && !is_own => {
                let error = failure(Status::Rejected, Reason::NotOwner);
                Some(self.refused(job, Some(*id), error))
            }
            _ => None,
        }
    }

    fn look_at(self, job: Job, id: &AccountId) -> Unseen {
        let reading = self.reading(job)?;
        let at = Instant::now();
        match self.shared.portal.account(reading.call(), id) {
            Ok(person) => Ok(Seen::of(*id, &person, at)),
            Err(fault) => {
                let error = reading.error(&fault);
                // Not shown to this caller: only the portal itself can tell.
                let is_hidden = matches!(fault, ReadFault::Hidden)
                    || (error.status(), error.reason()) == (Status::Rejected, Reason::NotAdmin);
                if is_hidden {
                    return Ok(Seen {
                        id: *id,
                        link: None,
                        is_terminated: false,
                        at,
                    });
                }
                Err(self.not_seen(job, Some(*id), error))
            }
        }
    }

    fn look_up(self, job: Job, email: &str) -> Unseen {
        let reading = self.reading(job)?;
        let at = Instant::now();
        let nobody = || failure(Status::NotFound, Reason::NoSuchAccount);
        let found = self.shared.portal.account_by_email(reading.call(), email);
        let person = match found {
            // Case apart, only the very address is meant.
            Ok(person) if person.email.to_lowercase() != email.to_lowercase() => Err(nobody()),
            Ok(person) => Ok(person),
            Err(fault) => Err(reading.error(&fault)),
        };
        let person = match person {
            Ok(person) => person,
            Err(error) => {
                if error.reason() == Reason::NoSuchAccount {
                    self.note(job, |journal| journal.name(email, Owner::Nobody))?;
                }
                return Err(self.not_seen(job, None, error));
            }
        };
        let id = person.id;
        self.note(job, |journal| journal.name(email, Owner::Account(id)))?;
        Ok(Seen::of(id, &person, at))
    }

    /// Looking failed: whose fault is it?
    fn not_seen(self, job: Job, id: Option<AccountId>, error: Error) -> Step {
        let past = id.and_then(|id| self.journal?.past(&id));
        match (self.blame(job, error), past) {
            (Err(step), _) => step,
            // What was asked for before stays unknown, also of one who is gone.
            (Ok(_), Some(Past::Open(open))) if !self.settings.retry_unknown => {
                self.unknown(job, id, &open, None)
            }
            (Ok(error), _) => self.settled_without_asking(job, id, error),
        }
    }

    /// The account was looked at: now what?
    fn decide(self, job: Job, seen: &Seen) -> Step {
        let id = Some(seen.id);
        if let Some(Past::Open(open)) = self.journal.and_then(|journal| journal.past(&seen.id)) {
            let late = self.settings.late_effect;
            let now = SystemTime::now();
            // Whoever has waited has waited, whatever the clock says.
            let now = if job.has_waited {
                now.max(open.at + late)
            } else {
                now
            };
            let retry_unknown = self.settings.retry_unknown;
            match journal::next(&open, seen.link, now, late, retry_unknown) {
                Next::Send => {}
                Next::Settled => return self.settled(job, seen),
                Next::Unknown => return self.unknown(job, id, &open, seen.link),
                Next::Wait(_) if self.settings.dry_run => {}
                Next::Wait(wait) => {
                    return Step::Again(Job {
                        due: Some(Instant::now() + wait),
                        has_waited: true,
                        ..job
                    });
                }
            }
        }
        let foreseen = if seen.is_terminated {
            Some(Reason::AccountTerminated)
        } else if seen.link == Some(false) {
            Some(Reason::NotLinked)
        } else if self.run.hides_app {
            Some(Reason::HiddenByPortal)
        } else {
            None
        };
        if let Some(reason) = foreseen {
            return self.settled_without_asking(job, id, failure(Status::Rejected, reason));
        }
        if self.settings.dry_run {
            return done(self.item(job, id, ItemOutcome::Would));
        }
        self.change(job, seen)
    }

    fn change(self, job: Job, seen: &Seen) -> Step {
        let ticket = match self.run.ticket(self.cancel) {
            Ok(ticket) => ticket,
            Err(closed) => return closed_step(job, closed),
        };
        if let Err(error) = self.run.spend() {
            return Step::Stop(error, job);
        }
        if let Err(step) = self.note(job, |journal| journal.intent(&seen.id, seen.link)) {
            return step;
        }
        let call = Call::new(self.shared.manners.timeout, self.cancel).through(ticket);
        let before = seen.linked(&self.run.caller.id);
        let result = run::change_within(self.shared, call, &seen.id, self.method, before);
        let noted = self.note(job, |journal| journal.outcome(&seen.id, &result));
        let step = match result {
            Ok(change) => {
                let item = self.item(job, Some(seen.id), ItemOutcome::Applied);
                done(item.with_change(change))
            }
            Err(error) if error.applied() == Applied::No => match self.blame(job, error) {
                Ok(error) => self.refused(job, Some(seen.id), error),
                Err(step) => step,
            },
            Err(error) if error.is_settled() => done(
                self.item(job, Some(seen.id), ItemOutcome::Applied)
                    .told(error),
            ),
            Err(error) => {
                let is_cancelled = error.status() == Status::Cancelled;
                let item = self.item(job, Some(seen.id), ItemOutcome::Unknown);
                match done(item.told(error)) {
                    Step::Done(item) if is_cancelled => {
                        Step::Last(failure(Status::Cancelled, Reason::None), item)
                    }
                    step => step,
                }
            }
        };
        match (noted, step) {
            (Err(Step::Stop(error, _)), Step::Done(item)) => Step::Last(error, item),
            (Err(stop), _) => stop,
            (Ok(()), step) => step,
        }
    }

    /// The error, if it is the account's own; else what the run does.
    fn blame(self, job: Job, error: Error) -> Result<Error, Step> {
        let rounds = job.rounds + 1;
        let again = Job {
            rounds,
            due: Some(Instant::now() + sending::back_off(rounds)),
            ..job
        };
        match blame::of(&error) {
            Blame::Account => Ok(error),
            Blame::Run => Err(Step::Stop(error, job)),
            Blame::Outage if !self.run.pace.outage(error.retry_after()) => {
                Err(Step::Stop(error, job))
            }
            _ if self.run.pace.is_hopeless() => Err(Step::Stop(error, job)),
            // Nobody's rounds count while the portal takes nothing.
            Blame::Outage => Err(Step::Again(job)),
            Blame::Again if error.status() == Status::RateLimited => Err(Step::Again(job)),
            Blame::Again if again.rounds < MOST_ROUNDS => Err(Step::Again(again)),
            Blame::Again => Ok(error),
        }
    }

    fn reading(&self, job: Job) -> Result<Reading<'_>, Step> {
        let ticket = self.run.ticket(self.cancel);
        let ticket = ticket.map_err(|closed| closed_step(job, closed))?;
        let call = Call::new(self.shared.manners.timeout, self.cancel).through(ticket);
        Ok(Reading::within(self.shared, call))
    }

    /// Writes to the journal; a dry run has none to write to.
    pub(super) fn note(
        self,
        job: Job,
        write: impl FnOnce(&journal::Journal) -> Result<(), Error>,
    ) -> Result<(), Step> {
        match self.journal {
            Some(journal) if !self.settings.dry_run => {
                write(journal).map_err(|error| Step::Stop(error, job))
            }
            _ => Ok(()),
        }
    }
}

fn closed_step(job: Job, closed: Closed) -> Step {
    match closed {
        Closed::Stopped => Step::Halt(job),
        Closed::Cancelled => Step::Stop(failure(Status::Cancelled, Reason::None), job),
    }
}
