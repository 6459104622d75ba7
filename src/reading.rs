//! A call that only reads: it may be repeated, and never changes anything.

use crate::change::outcome::{self, Asked, Settle, Verdict};
use crate::error::{Applied, Error, Reason, Status};
use crate::message;
use crate::portal::ReadFault;
use crate::portal::envelope::Shape;
use crate::sending;
use crate::shared::Shared;
use crate::transport::{BodyEnd, Call};

/// One such call with its deadline.
pub(crate) struct Reading<'a> {
    shared: &'a Shared,
    call: Call,
}

impl<'a> Reading<'a> {
    /// One within a call, which may be under way.
    pub(crate) fn within(shared: &'a Shared, call: Call) -> Self {
        Reading { shared, call }
    }

    pub(crate) fn call(&self) -> &Call {
        &self.call
    }

    /// Reads, and tells what went wrong as a caller gets to see it.
    pub(crate) fn read<T>(&self, ask: &dyn Fn() -> Result<T, ReadFault>) -> Result<T, Error> {
        self.try_read(ask).map_err(|fault| self.error(&fault))
    }

    /// Reads, again where that may help and time allows.
    pub(crate) fn try_read<T>(
        &self,
        ask: &dyn Fn() -> Result<T, ReadFault>,
    ) -> Result<T, ReadFault> {
        let mut tries = 0;
        loop {
            tries += 1;
            match ask() {
                Err(fault) if self.waits_after(&fault, tries) => {}
                done => return done,
            }
        }
    }

    /// Whether to read again, after a wait that is over by now.
    fn waits_after(&self, fault: &ReadFault, tries: u32) -> bool {
        if tries >= self.shared.manners.max_attempts || !outcome::may_read_again(fault) {
            return false;
        }
        let asked = match fault {
            ReadFault::Answered(answer) => answer.reply.retry_after,
            _ => None,
        };
        let wait = asked.unwrap_or_else(|| sending::back_off(tries));
        wait < self.call.remaining() && self.call.pause(wait).is_ok()
    }

    /// The tables of a change, but nothing was asked to change.
    pub(crate) fn error(&self, fault: &ReadFault) -> Error {
        let credential = self.shared.portal.credential();
        let (status, reason, retryable) = match fault {
            ReadFault::Broken(broken) => judged(outcome::of_broken(*broken)),
            ReadFault::Unreadable(BodyEnd::Whole) => (Status::Protocol, Reason::NotAPortal, false),
            ReadFault::Unreadable(_) => (Status::Transport, Reason::None, true),
            ReadFault::Hidden => (Status::NotFound, Reason::Unknown, false),
            ReadFault::Answered(answer) => match (answer.reply.status, &answer.shape) {
                (404, Shape::Refusal { .. }) => (Status::NotFound, Reason::NoSuchAccount, false),
                (403, Shape::Refusal { kind: Some(_), .. }) => {
                    (Status::Rejected, Reason::NotAdmin, false)
                }
                (_, shape) => judged(outcome::of_answer(
                    Asked::Read,
                    &answer.reply,
                    shape,
                    credential,
                )),
            },
        };
        let text = match fault {
            ReadFault::Hidden => {
                "Another account's user name is this very id and hides it; use the e-mail address."
                    .to_owned()
            }
            ReadFault::Answered(answer) => {
                message::of_detailed_failure(status, reason, Applied::No, &answer.detail())
            }
            _ => message::of_failure(status, reason, Applied::No),
        };
        let error = Error::new(status, Applied::No, text)
            .with_reason(reason)
            .with_retryable(retryable);
        match fault {
            ReadFault::Answered(answer) => answer.tell(error),
            _ => error,
        }
    }
}

fn judged(verdict: Verdict) -> (Status, Reason, bool) {
    let status = verdict.status.unwrap_or(Status::Protocol);
    // A read that is cut or fails may simply be tried again.
    let is_lost = verdict.applied == Applied::Maybe && verdict.settle != Settle::WrongAddress;
    let retryable = verdict.retryable || is_lost;
    (
        status,
        verdict.reason,
        retryable && status != Status::Internal,
    )
}
