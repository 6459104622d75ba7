//! Sending something that changes the portal: as often as is safe, and no
//! oftener.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use crate::change::outcome::{self, Asked, Verdict};
use crate::error::{Applied, Error, Reason, Status};
use crate::log::{self, LogLevel};
use crate::portal::Answer;
use crate::shared::Shared;
use crate::transport::{Broken, Call};

/// What is kept back from the deadline so that an open outcome can be settled.
const LONGEST_RESERVE: Duration = Duration::from_secs(5);
/// The first back-off; it doubles, with full jitter, up to the longest.
const BACK_OFF: Duration = Duration::from_millis(250);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(5);

/// What came of it.
pub(crate) struct Sent {
    pub(crate) answer: Option<Answer>,
    pub(crate) verdict: Verdict,
    pub(crate) tries: u32,
}

impl Sent {
    /// What the last of `tries` came to.
    pub(crate) fn of(
        shared: &Shared,
        asked: Asked,
        result: Result<Answer, Broken>,
        tries: u32,
    ) -> Self {
        let (answer, verdict) = match result {
            Err(broken) => (None, outcome::of_broken(broken)),
            Ok(answer) => {
                let credential = shared.portal.credential();
                let verdict = outcome::of_answer(asked, &answer.reply, &answer.shape, credential);
                (Some(answer), verdict)
            }
        };
        Sent {
            answer,
            verdict,
            tries,
        }
    }

    /// Where a redirect leads, and what wait was named.
    pub(crate) fn detail(&self) -> String {
        self.answer.as_ref().map(Answer::detail).unwrap_or_default()
    }

    /// An error about it, with what the answer says beside it.
    pub(crate) fn error(
        &self,
        status: Status,
        reason: Reason,
        applied: Applied,
        text: String,
    ) -> Error {
        let error = Error::new(status, applied, text)
            .with_reason(reason)
            .with_attempts(self.tries);
        match &self.answer {
            Some(answer) => answer.tell(error),
            None => error,
        }
    }
}

/// How long the account may be read back after an open outcome.
pub(crate) fn reserve(shared: &Shared) -> Duration {
    LONGEST_RESERVE.min(shared.manners.timeout / 4)
}

/// Sends until an answer or a failure is final. Only what changed nothing is
/// sent again, and after an answer only if `may_repeat` allows it.
pub(crate) fn send(
    shared: &Shared,
    call: &Call,
    asked: Asked,
    ask: &dyn Fn(&Call) -> Result<Answer, Broken>,
    may_repeat: &dyn Fn() -> bool,
) -> Sent {
    let end = call
        .end()
        .checked_sub(reserve(shared))
        .unwrap_or(call.end());
    let mut sending = call.until(end);
    let mut tries = 0;
    loop {
        tries += 1;
        sending.begin_try(tries);
        let sent = Sent::of(shared, asked, ask(&sending), tries);
        if !sent.verdict.again || tries >= shared.manners.max_attempts {
            return sent;
        }
        let wait = match &sent.answer {
            Some(answer) => answer.reply.retry_after.unwrap_or_else(|| pace(tries)),
            None => back_off(tries),
        };
        if wait >= sending.remaining() {
            return sent;
        }
        shared.portal.log().say(LogLevel::Warn, || {
            format!(
                "trying again in {} ms: nothing was changed yet",
                log::millis(wait)
            )
        });
        if let Err(cause) = sending.pause(wait) {
            // Every try so far changed nothing.
            return Sent::of(shared, asked, Err(Broken::before(cause)), tries);
        }
        if sent.answer.is_some() && !may_repeat() {
            return sent;
        }
    }
}

/// A 429 without a time: 1 s, 2 s, 4 s, with jitter on top.
fn pace(tries: u32) -> Duration {
    let base = Duration::from_secs(1 << tries.saturating_sub(1).min(5));
    base + base.mul_f64(random() / 4.0)
}

pub(crate) fn back_off(tries: u32) -> Duration {
    let most = (BACK_OFF * (1 << tries.saturating_sub(1).min(8))).min(LONGEST_BACK_OFF);
    most.mul_f64(random())
}

/// Between 0 and 1: spreads waits, guards nothing.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(bits >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_in_their_bounds() {
        for tries in 1..40 {
            assert!(back_off(tries) <= LONGEST_BACK_OFF);
            assert!(pace(tries) >= Duration::from_secs(1));
        }
    }
}
