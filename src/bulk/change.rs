//! Sending one entry's change, and what its answer means for the others.

use std::time::Instant;

use super::context::Worker;
use super::failure::{Concern, concern, failure, may_come_again};
use super::item::{Item, ItemOutcome};
use super::task::{Answered, Finished, Job, Look, Unfinished, Worked};
use crate::account::AccountId;
use crate::change::mark::Mark;
use crate::change::run::{self, SeenLinked};
use crate::error::{Applied, Error, Reason, Status};
use crate::sending;
use crate::transport::pace::PATIENCE;

/// Waits for an entry that failed for reasons not its own grow so often.
const MOST_ROUNDS: u32 = 6;

impl Worker<'_> {
    pub(super) fn change(self, job: Job, look: &Look, email: Option<&str>) -> Worked {
        let Some(mark) = Mark::new() else {
            return Err(self.end_run(job, failure(Status::Internal, Reason::None)));
        };
        let permit = match self.permit() {
            Ok(permit) => permit,
            Err(error) => return Err(self.end_run(job, error)),
        };
        if let Err(error) = self.run.spend() {
            return Err(self.end_run(job, error));
        }
        if let Some(email) = email {
            self.note(&job, |journal| journal.name(email, Some(&look.id)))?;
        }
        self.note(&job, |journal| journal.intent(&look.id, &mark.to_string()))?;
        let before = (look.link == Some(true)).then_some(SeenLinked {
            at: look.at,
            is_self: Some(look.id == self.run.caller.id),
        });
        let number = self.run.update(|plan| plan.breaker.sent());
        let shared = &self.bulk.shared;
        let call = self.call(permit);
        let result =
            run::change_within(shared, call, &look.id, self.bulk.method, before, Some(mark));
        let answered = Instant::now();
        let again = result.as_ref().is_err_and(may_come_again);
        // A journal that fails ends the run; what is known is still told.
        let _ = self.note(&job, |journal| journal.outcome(&look.id, &result, again));
        let id = look.id;
        let item = |outcome| self.item(&job, Some(id), outcome);
        match result {
            Ok(change) => {
                if change.applied() == Applied::Yes {
                    self.run.update(|plan| plan.breaker.answered());
                }
                let is_verified = change.verified();
                let item = item(ItemOutcome::Applied).with_change(change);
                Ok(self.looked_at(id, item, answered, is_verified))
            }
            Err(error) if error.applied() == Applied::No => {
                if error.status() == Status::RateLimited {
                    self.run.refund();
                }
                let job = self.check_concern(job, &error)?;
                // A refusal by the portal itself shows that it works.
                if error.http_status().is_some() && concern(&error) == Concern::Account {
                    self.run.update(|plan| plan.breaker.answered());
                }
                let is_doubtful = error.reason() == Reason::NotLinked && shared.manners.audit;
                let item = self.item(&job, Some(id), ItemOutcome::Refused);
                let item = item.with_mark(mark).with_error(error);
                Ok(self.looked_at(id, item, answered, !is_doubtful))
            }
            Err(error) if error.is_settled() => {
                let item = item(ItemOutcome::Applied).with_error(error);
                Ok(Finished::Item(item))
            }
            Err(error) => {
                self.in_trouble(&error, look, number);
                let is_over = error.status() == Status::Cancelled;
                let item = item(ItemOutcome::Unknown).with_mark(mark).with_error(error);
                Ok(self.looked_at(id, item, answered, is_over))
            }
        }
    }

    /// It is looked at once more before it is handed out, unless that is done with.
    fn looked_at(self, id: AccountId, item: Item, at: Instant, is_over: bool) -> Finished {
        if is_over || self.bulk.settings.verify == 0 {
            return Finished::Item(item);
        }
        let item = Box::new(item);
        Finished::Answered(Answered { id, item, at })
    }

    /// A change may have been made: how does the portal fare?
    fn in_trouble(self, error: &Error, look: &Look, number: u32) {
        if error.status() == Status::Cancelled {
            return self.run.stop(failure(Status::Cancelled, Reason::None));
        }
        // Portals before 3.5 say so of every member without an app, and show
        // nobody's to this caller.
        if error.http_status() == Some(500) && look.link.is_none() {
            return;
        }
        let named = error.retry_after();
        let is_over = self.run.plan().breaker.unsettled(number);
        if is_over || named.is_some_and(|wait| wait > PATIENCE) {
            self.run.give_up(named);
        }
    }

    /// Goes on if the failure concerns this account alone. Else the entry comes
    /// again or the run ends.
    pub(super) fn check_concern(self, job: Job, error: &Error) -> Result<Job, Unfinished> {
        let pace = &self.run.pace;
        match concern(error) {
            Concern::Account => Ok(job),
            Concern::Run => Err(self.end_run(job, error.clone())),
            Concern::Outage if !pace.outage(error.retry_after()) => {
                Err(self.end_run(job, error.clone()))
            }
            Concern::Limited | Concern::Outage if pace.is_hopeless() => {
                Err(self.end_run(job, error.clone()))
            }
            Concern::Limited | Concern::Outage => {
                let rounds = job.rounds + 1;
                let wait = sending::back_off(rounds.min(MOST_ROUNDS));
                let due = Some(Instant::now() + wait);
                let look = None;
                Err(Unfinished::Again(Job {
                    rounds,
                    due,
                    look,
                    ..job
                }))
            }
            // It had its second turn.
            Concern::Aside if job.aside.is_some() => Ok(job),
            Concern::Aside => {
                let mut plan = self.run.plan();
                let ends = plan.breaker.set_aside() || !plan.has_others(&job);
                drop(plan);
                if ends {
                    return Err(self.end_run(job, error.clone()));
                }
                let aside = Some(Box::new(error.clone()));
                let look = None;
                Err(Unfinished::Last(Job { aside, look, ..job }))
            }
        }
    }
}
