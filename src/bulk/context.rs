//! What a thread of a run works with.

use super::Bulk;
use super::failure::failure;
use super::run::Run;
use super::task::{Job, Unfinished};
use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::error::{Error, Reason, Status};
use crate::journal::{Journal, Past};
use crate::reading::Reading;
use crate::transport::Call;
use crate::transport::pace::{Ended, Permit};

/// All that the threads of a run share.
#[derive(Clone, Copy)]
pub(super) struct Worker<'a> {
    pub(super) bulk: &'a Bulk,
    pub(super) run: &'a Run,
    pub(super) cancel: Option<&'a Cancel>,
}

/// What a task needs of its run.
impl<'a> Worker<'a> {
    /// Waits until the next account may be asked for something.
    pub(super) fn permit(self) -> Result<Permit, Error> {
        let begun = self.run.pace.begin(self.cancel);
        begun.map_err(|ended| match ended {
            Ended::Stopped | Ended::Cancelled => failure(Status::Cancelled, Reason::None),
        })
    }

    pub(super) fn call(self, permit: Permit) -> Call {
        Call::new(self.bulk.shared.manners.timeout, self.cancel).paced(permit)
    }

    pub(super) fn reading(self) -> Result<Reading<'a>, Error> {
        let call = self.call(self.permit()?);
        Ok(Reading::within(&self.bulk.shared, call))
    }

    pub(super) fn end_run(self, job: Job, error: Error) -> Unfinished {
        self.run.stop(error);
        Unfinished::RunEnds(job)
    }

    /// What former runs left of the account.
    pub(super) fn past(self, id: &AccountId) -> Past {
        let journal = self.bulk.journal.as_ref();
        journal.map_or(Past::Nothing, |journal| journal.past(id))
    }

    /// Writes to the journal; a dry run has none to write to.
    pub(super) fn write(
        self,
        write: impl FnOnce(&Journal) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let journal = self.bulk.journal.as_ref();
        match journal.filter(|_| !self.bulk.settings.dry_run) {
            Some(journal) => write(journal).inspect_err(|error| self.run.stop(error.clone())),
            None => Ok(()),
        }
    }

    /// The same for an entry that comes again if it fails.
    pub(super) fn note(
        self,
        job: &Job,
        write: impl FnOnce(&Journal) -> Result<(), Error>,
    ) -> Result<(), Unfinished> {
        let written = self.write(write);
        written.map_err(|error| self.end_run(job.clone(), error))
    }
}
