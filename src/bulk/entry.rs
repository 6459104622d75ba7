//! One entry, from its name to its outcome.

use std::time::Instant;

use super::context::Worker;
use super::failure::failure;
use super::item::{EntryName, Item, ItemOutcome};
use super::run::lock;
use super::task::{FRESH_LOOK, Finished, Job, Look, Unfinished, Worked};
use crate::account::AccountId;
use crate::change::Change;
use crate::change::mark::Mark;
use crate::error::{Applied, Error, Reason, Status};
use crate::journal::{self, Open, Past, Resume};
use crate::message;
use crate::portal::ReadFault;
use crate::portal::people::Person;
use crate::reading::Reading;

impl Look {
    pub(super) fn of(person: &Person, at: Instant) -> Self {
        Look {
            id: person.id,
            email: person.email.to_lowercase().into(),
            link: person.tfa_app_enabled,
            is_terminated: person.is_terminated(),
            at,
        }
    }
}

/// From its name to its outcome.
impl Worker<'_> {
    /// Works on one entry.
    pub(super) fn finish(self, mut job: Job) -> Worked {
        let Some(entry) = self.bulk.entries.get(job.index) else {
            return Err(self.end_run(job, failure(Status::Internal, Reason::None)));
        };
        if entry.is_duplicate {
            return Ok(Finished::Item(self.item(&job, None, ItemOutcome::Skipped)));
        }
        // An old picture is taken anew.
        job.look = job.look.filter(|look| look.at.elapsed() < FRESH_LOOK);
        match EntryName::parse(&entry.text) {
            Ok(EntryName::Id(id)) => self.by_id(job, id),
            Ok(EntryName::Email(email)) => self.by_email(job, email),
            Err(error) => Ok(self.refused(&job, None, error)),
        }
    }

    fn by_id(self, mut job: Job, id: AccountId) -> Worked {
        // The address may be another account's now.
        job.look = job.look.filter(|look| look.id == id);
        if let Some(item) = self.without_looking(&job, &id) {
            return Ok(Finished::Item(item));
        }
        match self.look(&job, |it, reading| it.look_at(reading, &id)) {
            Ok(look) => self.judge(job, &look, None),
            Err(error) => self.not_shown(job, Some(id), error),
        }
    }

    fn by_email(self, job: Job, email: &str) -> Worked {
        let named = self.bulk.journal.as_ref().and_then(|it| it.named(email));
        // Its account stands for what was done, whoever has the address now.
        let asked = named.filter(|id| !matches!(self.past(id), Past::Nothing | Past::Again));
        let caller = &self.run.caller;
        let own = (email.to_lowercase() == caller.email).then_some(caller.id);
        if let Some(id) = asked.or(own) {
            return self.by_id(job, id);
        }
        match self.look(&job, |it, reading| it.look_up(reading, email)) {
            Ok(look) => match self.without_looking(&job, &look.id) {
                // It may be an account that was named before.
                Some(item) => Ok(Finished::Item(item)),
                None => self.judge(job, &look, Some(email)),
            },
            Err(error) => {
                if error.reason() == Reason::NoSuchAccount {
                    self.note(&job, |journal| journal.name(email, None))?;
                }
                self.not_shown(job, None, error)
            }
        }
    }

    /// What needs no look at the account.
    fn without_looking(self, job: &Job, id: &AccountId) -> Option<Item> {
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
            Past::Applied => Some(skipped().by_journal()),
            past if self.bulk.settings.retries(Some(&past)) => None,
            Past::Refused(status, reason) => Some(self.still_refused(job, *id, status, reason)),
            Past::Open(_) => None,
            Past::Nothing | Past::Again if caller.is_owner == Some(false) && !is_own => {
                let error = failure(Status::Rejected, Reason::NotOwner);
                let refused = self.item(job, Some(*id), ItemOutcome::Refused);
                Some(refused.with_error(error))
            }
            Past::Nothing | Past::Again => None,
        }
    }

    /// What the page showed, or else a read of its own.
    fn look(
        self,
        job: &Job,
        read: impl Fn(Self, &Reading<'_>) -> Result<Look, Error>,
    ) -> Result<Look, Error> {
        match &job.look {
            Some(look) => Ok((**look).clone()),
            None => read(self, &self.reading()?),
        }
    }

    fn look_at(self, reading: &Reading<'_>, id: &AccountId) -> Result<Look, Error> {
        let at = Instant::now();
        let portal = &self.bulk.shared.portal;
        match reading.try_read(&|| portal.account(reading.call(), id)) {
            Ok(person) => Ok(Look::of(&person, at)),
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
                    email: Box::default(),
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
        let person = reading.read(&|| portal.account_by_email(reading.call(), email))?;
        let look = Look::of(&person, at);
        // Case apart, only the very address is meant.
        if *look.email != *email.to_lowercase() {
            return Err(failure(Status::NotFound, Reason::NoSuchAccount));
        }
        Ok(look)
    }

    /// Looking failed.
    fn not_shown(self, job: Job, id: Option<AccountId>, error: Error) -> Worked {
        let job = self.check_concern(job, &error)?;
        if let Some((id, Past::Open(open))) = id.map(|id| (id, self.past(&id))) {
            // What was asked for before stays unknown, also of one who is gone.
            return self.settle(&job, id, &open, None);
        }
        self.refused_by_look(job, id, error)
    }

    /// The account was looked at: now what? `email`: it was found by that.
    fn judge(self, job: Job, look: &Look, email: Option<&str>) -> Worked {
        let settings = &self.bulk.settings;
        let past = self.past(&look.id);
        let is_its = self.is_still_its(&job, look);
        match &past {
            Past::Open(open) => {
                let may_retry = settings.retry_unknown && is_its && !look.is_terminated;
                match journal::resume(self.is_proven(open), look.link, may_retry) {
                    Resume::Send => {}
                    _ => return self.settle(&job, look.id, open, look.link),
                }
            }
            Past::Refused(status, reason) if !is_its => {
                let item = self.still_refused(&job, look.id, *status, *reason);
                return Ok(Finished::Item(item));
            }
            _ => {}
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
            Some(reason) => {
                let error = failure(Status::Rejected, reason);
                self.refused_by_look(job, Some(look.id), error)
            }
            // A former run was refused it: others come first.
            None if past == Past::Again && !job.is_late => Err(Unfinished::Last(job)),
            None if settings.dry_run => {
                let item = self.item(&job, Some(look.id), ItemOutcome::WouldApply);
                Ok(Finished::Item(item))
            }
            None => self.change(job, look, email),
        }
    }

    /// Whether the address that names the entry is still the account's.
    fn is_still_its(self, job: &Job, look: &Look) -> bool {
        let entry = self.bulk.entries.get(job.index);
        match entry.map(|entry| EntryName::parse(&entry.text)) {
            Some(Ok(EntryName::Email(email))) => *look.email == *email.to_lowercase(),
            _ => true,
        }
    }

    fn is_proven(self, open: &Open) -> bool {
        let mark = open.mark.as_deref().and_then(|mark| mark.parse().ok());
        mark.is_some_and(|mark: Mark| self.run.proven.contains(&mark))
    }
}

/// What is told of an entry once it is finished.
impl Worker<'_> {
    fn refused(self, job: &Job, id: Option<AccountId>, error: Error) -> Finished {
        let item = self.item(job, id, ItemOutcome::Refused);
        Finished::Item(item.with_error(error))
    }

    /// A former run was refused it, and it is not asked for again.
    fn still_refused(self, job: &Job, id: AccountId, status: Status, reason: Reason) -> Item {
        let item = self.item(job, Some(id), ItemOutcome::Skipped);
        item.with_error(failure(status, reason)).by_journal()
    }

    /// The journal is told, too, so that it can be read there.
    fn refused_by_look(self, job: Job, id: Option<AccountId>, error: Error) -> Worked {
        if let Some(id) = id {
            let result = Err(error.clone());
            self.note(&job, |journal| journal.outcome(&id, &result, true))?;
        }
        Ok(self.refused(&job, id, error))
    }

    /// A former run asked for it; what is known now settles it, or it stays
    /// unknown.
    fn settle(self, job: &Job, id: AccountId, open: &Open, link: Option<bool>) -> Worked {
        let method = self.bulk.method;
        let change = match journal::resume(self.is_proven(open), link, false) {
            Resume::Proven => {
                let text = format!(
                    "An earlier run asked for it, and the portal's audit trail shows that it was \
                     done. {}",
                    message::SESSIONS_UNKNOWN
                );
                Change::proven(id, method, 0, link, text)
            }
            Resume::Unlinked => {
                let text = format!(
                    "An earlier run asked for it and could not tell what came of it; the app is \
                     unlinked now, whether by that is not known. {}",
                    message::SESSIONS_UNKNOWN
                );
                Change::seen_unlinked(id, method, 0, text)
            }
            Resume::Unknown | Resume::Send => return Ok(self.unknown(job, id, open, link)),
        };
        let result = Ok(change.clone());
        self.note(job, |journal| journal.outcome(&id, &result, false))?;
        let item = self.item(job, Some(id), ItemOutcome::Applied);
        Ok(Finished::Item(item.with_change(change).by_journal()))
    }

    /// A former run's change stays unknown.
    fn unknown(self, job: &Job, id: AccountId, open: &Open, link: Option<bool>) -> Finished {
        let text = match link {
            Some(_) => {
                "An earlier run asked for it. It may have been done and the app linked again \
                 since: ask the member before trying again."
            }
            None => {
                "An earlier run asked for it, and the portal does not show whether an app is \
                 linked, or the address is no longer that account's: look at the account before \
                 trying again."
            }
        };
        let status = open.status.unwrap_or(Status::Transport);
        let error = Error::new(status, Applied::Maybe, text).with_app_link(link);
        let item = self.item(job, Some(id), ItemOutcome::Unknown);
        Finished::Item(item.with_error(error).by_journal())
    }

    /// A defect struck while working on it: the run ends.
    pub(super) fn broken(self, job: &Job) -> Finished {
        let error = failure(Status::Internal, Reason::None);
        self.run.stop(error.clone());
        let item = self.item(job, None, ItemOutcome::Unknown);
        Finished::Item(item.with_error(error.with_applied(Applied::Maybe)))
    }

    pub(super) fn item(self, job: &Job, account: Option<AccountId>, outcome: ItemOutcome) -> Item {
        let entry = self.bulk.entries.get(job.index);
        let entry = entry.map(|entry| entry.text.clone()).unwrap_or_default();
        Item::new(job.number(), entry, account, outcome)
    }
}
