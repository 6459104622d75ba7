//! One entry, from its name to its outcome.

use std::time::Instant;

use super::failure::{Concern, concern, failure};
use super::item::{EntryName, Item, ItemOutcome};
use super::queue::{Job, Unfinished};
use super::run::lock;
use super::worker::Worker;
use crate::account::AccountId;
use crate::change::Change;
use crate::change::run::{self, SeenLinked};
use crate::error::{Applied, Error, Reason, Status};
use crate::journal::{self, Journal, Open, Past, Resume};
use crate::message;
use crate::portal::ReadFault;
use crate::portal::people::Person;
use crate::reading::Reading;
use crate::sending;
use crate::transport::Call;
use crate::transport::pace::{Ended, Permit};

/// An entry that failed so often for reasons not its own is given up: others
/// went well meanwhile.
const MOST_ROUNDS: u32 = 6;

/// What looking at an account showed.
struct Look {
    id: AccountId,
    link: Option<bool>,
    is_terminated: bool,
    /// When it was asked for.
    at: Instant,
}

impl Look {
    fn of(id: AccountId, person: &Person, at: Instant) -> Self {
        Look {
            id,
            link: person.tfa_app_enabled,
            is_terminated: person.is_terminated(),
            at,
        }
    }
}

/// From its name to its outcome.
impl Worker<'_> {
    /// Works on one entry.
    pub(super) fn finish(self, job: Job) -> Result<Item, Unfinished> {
        let Some(entry) = self.bulk.entries.get(job.index) else {
            return Err(self.end_run(failure(Status::Internal, Reason::None)));
        };
        if entry.is_duplicate {
            return Ok(self.item(job, None, ItemOutcome::Skipped));
        }
        match EntryName::parse(&entry.text) {
            Ok(EntryName::Id(id)) => self.by_id(job, id),
            Ok(EntryName::Email(email)) => self.by_email(job, email),
            Err(error) => Ok(self.refused(job, None, error)),
        }
    }

    fn by_id(self, job: Job, id: AccountId) -> Result<Item, Unfinished> {
        if let Some(item) = self.without_looking(job, &id) {
            return Ok(item);
        }
        let looked = self.look_at(&self.reading()?, &id);
        match looked {
            Ok(look) => self.judge(job, &look),
            Err(error) => self.not_shown(job, Some(id), error),
        }
    }

    fn by_email(self, job: Job, email: &str) -> Result<Item, Unfinished> {
        let caller = &self.run.caller;
        if email.to_lowercase() == caller.email {
            return self.by_id(job, caller.id);
        }
        if let Some(id) = self.journal().and_then(|journal| journal.named(email)) {
            return self.by_id(job, id);
        }
        let looked = self.look_up(&self.reading()?, email);
        match looked {
            Ok(look) => {
                self.note(|journal| journal.name(email, Some(&look.id)))?;
                // It may be an account that was named before.
                match self.without_looking(job, &look.id) {
                    Some(item) => Ok(item),
                    None => self.judge(job, &look),
                }
            }
            Err(error) => {
                if error.reason() == Reason::NoSuchAccount {
                    self.note(|journal| journal.name(email, None))?;
                }
                self.not_shown(job, None, error)
            }
        }
    }

    /// What needs no look at the account.
    fn without_looking(self, job: Job, id: &AccountId) -> Option<Item> {
        let caller = &self.run.caller;
        let is_own = *id == caller.id;
        let skipped = || self.item(job, Some(*id), ItemOutcome::Skipped);
        if is_own && !self.bulk.settings.include_self {
            return Some(skipped());
        }
        if !lock(&self.bulk.claims).claim(id, job.number()) {
            return Some(skipped());
        }
        match self.past(id) {
            Some(Past::Applied) => Some(skipped().by_journal()),
            Some(Past::Refused(status, reason)) => {
                let error = failure(status, reason);
                Some(skipped().with_error(error).by_journal())
            }
            Some(Past::Open(_)) => None,
            _ if caller.is_owner == Some(false) && !is_own => {
                let error = failure(Status::Rejected, Reason::NotOwner);
                Some(self.refused(job, Some(*id), error))
            }
            _ => None,
        }
    }

    fn look_at(self, reading: &Reading<'_>, id: &AccountId) -> Result<Look, Error> {
        let at = Instant::now();
        match self.bulk.shared.portal.account(reading.call(), id) {
            Ok(person) => Ok(Look::of(*id, &person, at)),
            Err(fault) => {
                let error = reading.error(&fault);
                // Not shown to this caller: only the portal itself can tell.
                let is_hidden = matches!(fault, ReadFault::Hidden)
                    || (error.status(), error.reason()) == (Status::Rejected, Reason::NotAdmin);
                if !is_hidden {
                    return Err(error);
                }
                Ok(Look {
                    id: *id,
                    link: None,
                    is_terminated: false,
                    at,
                })
            }
        }
    }

    fn look_up(self, reading: &Reading<'_>, email: &str) -> Result<Look, Error> {
        let at = Instant::now();
        let portal = &self.bulk.shared.portal;
        let found = portal.account_by_email(reading.call(), email);
        let person = found.map_err(|fault| reading.error(&fault))?;
        // Case apart, only the very address is meant.
        if person.email.to_lowercase() != email.to_lowercase() {
            return Err(failure(Status::NotFound, Reason::NoSuchAccount));
        }
        Ok(Look::of(person.id, &person, at))
    }

    /// Looking failed.
    fn not_shown(self, job: Job, id: Option<AccountId>, error: Error) -> Result<Item, Unfinished> {
        self.check_concern(job, &error)?;
        match id.and_then(|id| self.past(&id)) {
            // What was asked for before stays unknown, also of one who is gone.
            Some(Past::Open(open)) if !self.bulk.settings.retry_unknown => {
                Ok(self.unknown(job, id, &open, None))
            }
            _ => self.refused_by_look(job, id, error),
        }
    }

    /// The account was looked at: now what?
    fn judge(self, job: Job, look: &Look) -> Result<Item, Unfinished> {
        let settings = &self.bulk.settings;
        let id = Some(look.id);
        if let Some(Past::Open(open)) = self.past(&look.id) {
            match journal::resume(false, look.link, settings.retry_unknown) {
                Resume::Send => {}
                Resume::Proven | Resume::Unlinked => return self.settled(job, look),
                Resume::Unknown => return Ok(self.unknown(job, id, &open, look.link)),
            }
        }
        let refusal = if look.is_terminated {
            Some(Reason::AccountTerminated)
        } else if look.link == Some(false) {
            Some(Reason::NotLinked)
        } else if self.run.hides_app {
            Some(Reason::HiddenByPortal)
        } else {
            None
        };
        match refusal {
            Some(reason) => self.refused_by_look(job, id, failure(Status::Rejected, reason)),
            None if settings.dry_run => Ok(self.item(job, id, ItemOutcome::WouldApply)),
            None => self.change(job, look),
        }
    }

    fn change(self, job: Job, look: &Look) -> Result<Item, Unfinished> {
        let permit = self.permit()?;
        self.run.spend().map_err(|error| self.end_run(error))?;
        self.note(|journal| journal.intent(&look.id, "0123456789abcdef0123456789abcdef"))?;
        let before = (look.link == Some(true)).then_some(SeenLinked {
            at: look.at,
            is_self: Some(look.id == self.run.caller.id),
        });
        let (shared, call) = (&self.bulk.shared, self.call(permit));
        let result = run::change_within(shared, call, &look.id, self.bulk.method, before, None);
        // A journal that fails ends the run; what is known is still told.
        let _ = self.note(|journal| journal.outcome(&look.id, &result, false));
        let item = |outcome| self.item(job, Some(look.id), outcome);
        match result {
            Ok(change) => Ok(item(ItemOutcome::Applied).with_change(change)),
            Err(error) if error.applied() == Applied::No => {
                self.check_concern(job, &error)?;
                Ok(item(ItemOutcome::Refused).with_error(error))
            }
            Err(error) if error.is_settled() => Ok(item(ItemOutcome::Applied).with_error(error)),
            Err(error) => {
                if error.status() == Status::Cancelled {
                    self.run.stop(failure(Status::Cancelled, Reason::None));
                }
                Ok(item(ItemOutcome::Unknown).with_error(error))
            }
        }
    }

    /// Goes on if the failure concerns this account alone. Else the entry comes
    /// again or the run ends.
    fn check_concern(self, job: Job, error: &Error) -> Result<(), Unfinished> {
        let pace = &self.run.pace;
        let rounds = job.rounds + 1;
        match concern(error) {
            Concern::Account => Ok(()),
            Concern::Run => Err(self.end_run(error.clone())),
            Concern::Outage if !pace.outage(error.retry_after()) => {
                Err(self.end_run(error.clone()))
            }
            _ if pace.is_hopeless() => Err(self.end_run(error.clone())),
            // Nobody's rounds count while the portal takes nothing.
            Concern::Outage => Err(Unfinished::Again(job)),
            Concern::Again if error.status() == Status::RateLimited => Err(Unfinished::Again(job)),
            Concern::Again if rounds < MOST_ROUNDS => Err(Unfinished::Again(Job {
                rounds,
                due: Some(Instant::now() + sending::back_off(rounds)),
                ..job
            })),
            Concern::Again => Ok(()),
        }
    }
}

/// What an entry needs of its run.
impl<'a> Worker<'a> {
    /// Waits until the next account may be asked for something.
    fn permit(self) -> Result<Permit, Unfinished> {
        self.run
            .pace
            .begin(self.cancel)
            .map_err(|ended| match ended {
                Ended::Stopped => Unfinished::RunEnds,
                Ended::Cancelled => self.end_run(failure(Status::Cancelled, Reason::None)),
            })
    }

    fn call(self, permit: Permit) -> Call {
        Call::new(self.bulk.shared.manners.timeout, self.cancel).paced(permit)
    }

    fn reading(self) -> Result<Reading<'a>, Unfinished> {
        let call = self.call(self.permit()?);
        Ok(Reading::within(&self.bulk.shared, call))
    }

    fn end_run(self, error: Error) -> Unfinished {
        self.run.stop(error);
        Unfinished::RunEnds
    }

    fn journal(self) -> Option<&'a Journal> {
        self.bulk.journal.as_ref()
    }

    fn past(self, id: &AccountId) -> Option<Past> {
        self.journal().map(|journal| journal.past(id))
    }

    /// Writes to the journal; a dry run has none to write to.
    fn note(self, write: impl FnOnce(&Journal) -> Result<(), Error>) -> Result<(), Unfinished> {
        match self.journal() {
            Some(journal) if !self.bulk.settings.dry_run => {
                write(journal).map_err(|error| self.end_run(error))
            }
            _ => Ok(()),
        }
    }
}

/// What is told of an entry once it is finished.
impl Worker<'_> {
    fn refused(self, job: Job, id: Option<AccountId>, error: Error) -> Item {
        self.item(job, id, ItemOutcome::Refused).with_error(error)
    }

    /// The journal is told, too, for it may last.
    fn refused_by_look(
        self,
        job: Job,
        id: Option<AccountId>,
        error: Error,
    ) -> Result<Item, Unfinished> {
        if let Some(id) = id {
            let result = Err(error.clone());
            self.note(|journal| journal.outcome(&id, &result, true))?;
        }
        Ok(self.refused(job, id, error))
    }

    /// A former run asked for it, and the look shows it made.
    fn settled(self, job: Job, look: &Look) -> Result<Item, Unfinished> {
        let text = format!(
            "An earlier run asked for it and could not tell what came of it; the app is unlinked \
             now, whether by that is not known. {}",
            message::SESSIONS_UNKNOWN
        );
        let change = Change::seen_unlinked(look.id, self.bulk.method, 0, text);
        let result = Ok(change.clone());
        self.note(|journal| journal.outcome(&look.id, &result, false))?;
        let item = self.item(job, Some(look.id), ItemOutcome::Applied);
        Ok(item.with_change(change).by_journal())
    }

    /// A former run's change stays unknown.
    fn unknown(self, job: Job, id: Option<AccountId>, open: &Open, link: Option<bool>) -> Item {
        let text = match link {
            Some(_) => {
                "An earlier run asked for it. It may have been done and the app linked again \
                 since: ask the member before trying again."
            }
            None => {
                "An earlier run asked for it, and the portal does not show whether an app is \
                 linked: look at the account before trying again."
            }
        };
        let status = open.status.unwrap_or(Status::Transport);
        let error = Error::new(status, Applied::Maybe, text).with_app_link(link);
        let item = self.item(job, id, ItemOutcome::Unknown);
        item.with_error(error).by_journal()
    }

    /// A defect struck while working on it: the run ends.
    pub(super) fn broken(self, job: Job) -> Item {
        let error = failure(Status::Internal, Reason::None);
        self.run.stop(error.clone());
        let item = self.item(job, None, ItemOutcome::Unknown);
        item.with_error(error.with_applied(Applied::Maybe))
    }

    fn item(self, job: Job, account: Option<AccountId>, outcome: ItemOutcome) -> Item {
        let entry = self.bulk.entries.get(job.index);
        Item {
            index: job.number(),
            entry: entry.map(|entry| entry.text.clone()).unwrap_or_default(),
            account,
            outcome,
            from_journal: false,
            sessions_ended: None,
            change: None,
            error: None,
        }
    }
}
