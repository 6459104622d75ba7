//! Ending the sessions that a bulk has left alive.

use std::sync::Arc;

use super::failure::failure;
use super::item::{Item, ItemOutcome};
use super::{Bulk, state};
use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::error::{Applied, Error, Reason, Status};
use crate::journal::Journal;
use crate::reading::Reading;
use crate::sessions;
use crate::transport::Call;
use crate::transport::pace::Pace;

/// So many in a row that the portal neither did nor refused are its own trouble.
const MOST_IN_A_ROW: u32 = 5;

impl Bulk {
    /// Ends the sessions of every account that the journal shows as changed, or
    /// perhaps changed, and whose sessions are not known to be ended. Who was seen
    /// linked after the answer is left out, unless
    /// [`set_retry_unknown`](Bulk::set_retry_unknown) is on: also those seen linked
    /// since. No entries need be added, and no account is changed.
    ///
    /// Each account is told to `each`, one after another: applied, the portal says
    /// that it ended them; refused, it did not; unknown; skipped, it is the caller's
    /// own. That one is left out unless [`set_include_self`](Bulk::set_include_self)
    /// is on, comes last, and is never asked for a second time. What concerns every
    /// account ends the call with an error, as [`stop`](Bulk::stop) does, and so do five
    /// in a row that the portal neither did nor refused.
    ///
    /// The journal has to be one of this portal, but may be another caller's. It is
    /// written to, so that the call may be stopped and repeated: the next one goes
    /// on with what is left. `Status::Io`: no run has begun with the journal.
    pub fn end_sessions(
        &mut self,
        cancel: Option<&Cancel>,
        mut each: impl FnMut(Item),
    ) -> Result<(), Error> {
        self.not_begun()?;
        let journal = self.journal.as_ref();
        let journal = journal.ok_or_else(|| state("journal: there is none; set one first"))?;
        if self.settings.dry_run {
            return Err(state("dry run: sessions are ended or not; leave it off"));
        }
        if journal.is_new() {
            let text = "journal: no run has begun with it; give the journal of one";
            return Err(Error::new(Status::Io, Applied::No, text));
        }
        let ending = Ending {
            bulk: self,
            journal,
            pace: Arc::new(Pace::new(self.settings.per_minute, self.settings.window)),
            cancel: cancel.or(self.cancel.as_ref()),
        };
        let ended = ending.run(&mut each);
        let synced = journal.sync();
        ended.and(synced)
    }
}

/// One such call.
struct Ending<'a> {
    bulk: &'a Bulk,
    journal: &'a Journal,
    pace: Arc<Pace>,
    cancel: Option<&'a Cancel>,
}

impl Ending<'_> {
    fn run(&self, each: &mut dyn FnMut(Item)) -> Result<(), Error> {
        let list = self
            .journal
            .without_sessions(self.bulk.settings.retry_unknown);
        if list.is_empty() {
            return Ok(());
        }
        let portal = &self.bulk.shared.portal;
        let reading = Reading::within(&self.bulk.shared, self.call());
        let caller = reading.read(&|| portal.own_account(reading.call()))?.id;
        // A session token ends with the sessions.
        let (own, others): (Vec<_>, Vec<_>) = list.into_iter().partition(|(id, _)| *id == caller);
        let mut in_a_row = 0;
        for ((id, entry), index) in others.into_iter().chain(own).zip(0..) {
            if self.bulk.stop.is_requested() {
                return Err(failure(Status::Cancelled, Reason::None));
            }
            let item = |outcome| Item::new(index, entry.into(), Some(id), outcome);
            if id == caller && !self.bulk.settings.include_self {
                each(item(ItemOutcome::Skipped));
                continue;
            }
            let (result, noted) = self.end(&id, &caller);
            let Err(error) = result else {
                in_a_row = 0;
                each(Item {
                    sessions_ended: Some(true),
                    ..item(ItemOutcome::Applied)
                });
                noted?;
                continue;
            };
            let is_refused = error.applied() == Applied::No;
            if is_refused && concerns_all(&error) {
                return Err(error);
            }
            let status = error.status();
            let (outcome, sessions_ended) = match is_refused {
                true => (ItemOutcome::Refused, Some(false)),
                false => (ItemOutcome::Unknown, None),
            };
            each(Item {
                sessions_ended,
                error: Some(error),
                ..item(outcome)
            });
            noted?;
            match status {
                Status::NotFound | Status::Rejected => in_a_row = 0,
                Status::Cancelled => return Err(failure(status, Reason::None)),
                _ => in_a_row += 1,
            }
            if in_a_row == MOST_IN_A_ROW {
                return Err(failure(Status::Unavailable, Reason::None).with_retryable(true));
            }
        }
        Ok(())
    }

    /// Ends those of one account, and what the journal said to being told so.
    fn end(&self, id: &AccountId, caller: &AccountId) -> (Result<(), Error>, Result<(), Error>) {
        let is_own = id == caller;
        if is_own {
            // Each time opens a new session, which nobody holds.
            let noted = self.journal.sessions(id, None, caller);
            if let Err(error) = noted.and_then(|()| self.journal.sync()) {
                return (Err(error), Ok(()));
            }
        }
        let result = sessions::end(&self.bulk.shared, self.call(), id);
        let ended = match &result {
            Ok(()) => Some(true),
            Err(error) if error.applied() == Applied::No || is_own => return (result, Ok(())),
            Err(_) => None,
        };
        let noted = self.journal.sessions(id, ended, caller);
        (result, noted.and_then(|()| self.journal.sync_if_due()))
    }

    fn call(&self) -> Call {
        let timeout = self.bulk.shared.manners.timeout;
        Call::new(timeout, self.cancel).paced(self.pace.permit())
    }
}

/// What the portal, the line, the credential or the journal has against one
/// account it has against all.
fn concerns_all(error: &Error) -> bool {
    use Status as S;
    let is_elsewhere = error.reason() == Reason::PortalNotFound;
    is_elsewhere
        || !matches!(
            error.status(),
            S::NotFound | S::Rejected | S::Server | S::Protocol | S::Timeout | S::Transport
        )
}
