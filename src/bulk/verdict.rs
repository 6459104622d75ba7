//! What is told of an entry once it is finished.

use super::item::{Item, ItemOutcome};
use super::queue::Job;
use super::seen::Seen;
use super::team::{Step, Team};
use crate::account::AccountId;
use crate::change::Change;
use crate::error::{Applied, Error, Status};
use crate::journal::Open;
use crate::message;

impl Team<'_> {
    pub(super) fn skipped(self, job: Job, id: Option<AccountId>) -> Step {
        done(self.item(job, id, ItemOutcome::Skipped))
    }

    pub(super) fn refused(self, job: Job, id: Option<AccountId>, error: Error) -> Step {
        done(self.item(job, id, ItemOutcome::Refused).told(error))
    }

    /// Refused by what was seen: the journal is told, for it may last.
    pub(super) fn settled_without_asking(
        self,
        job: Job,
        id: Option<AccountId>,
        error: Error,
    ) -> Step {
        if let Some(id) = id {
            let result = Err(error.clone());
            if let Err(step) = self.note(job, |journal| journal.outcome(&id, &result)) {
                return step;
            }
        }
        self.refused(job, id, error)
    }

    /// A former run asked for it, and it is seen to be made.
    pub(super) fn settled(self, job: Job, seen: &Seen) -> Step {
        let text = format!(
            "An earlier run asked for it and could not tell what came of it; the app is unlinked \
             now, whether by that is not known. {}",
            message::SESSIONS_UNKNOWN
        );
        let change = Change::seen_unlinked(seen.id, self.method, 0, text);
        let result = Ok(change.clone());
        if let Err(step) = self.note(job, |journal| journal.outcome(&seen.id, &result)) {
            return step;
        }
        let item = self.item(job, Some(seen.id), ItemOutcome::Applied);
        done(item.with_change(change).of_old())
    }

    /// A former run's change stays unknown.
    pub(super) fn unknown(
        self,
        job: Job,
        id: Option<AccountId>,
        open: &Open,
        link: Option<bool>,
    ) -> Step {
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
        done(
            self.item(job, id, ItemOutcome::Unknown)
                .told(error)
                .of_old(),
        )
    }

    /// A defect struck while working on it.
    pub(super) fn broken(self, job: Job, error: Error) -> Item {
        let item = self.item(job, None, ItemOutcome::Unknown);
        item.told(error.with_applied(Applied::Maybe))
    }

    pub(super) fn item(self, job: Job, account: Option<AccountId>, outcome: ItemOutcome) -> Item {
        let entry = self.entries.get(job.index);
        Item {
            index: self.index(job),
            entry: entry.map(|entry| entry.text.clone()).unwrap_or_default(),
            account,
            outcome,
            from_journal: false,
            change: None,
            error: None,
        }
    }

    pub(super) fn index(self, job: Job) -> u32 {
        u32::try_from(job.index).unwrap_or(u32::MAX)
    }
}

impl Item {
    pub(super) fn told(self, error: Error) -> Self {
        Item {
            error: Some(error),
            ..self
        }
    }

    pub(super) fn with_change(self, change: Change) -> Self {
        Item {
            change: Some(change),
            ..self
        }
    }

    pub(super) fn of_old(self) -> Self {
        Item {
            from_journal: true,
            ..self
        }
    }
}

pub(super) fn done(item: Item) -> Step {
    Step::Done(Box::new(item))
}
