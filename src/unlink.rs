//! The change itself: from the request to a truthful result.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::change::{Change, LoginUrl, NextSignIn};
use crate::client::Shared;
use crate::error::{Applied, Error, Reason, Status};
use crate::log::LogLevel;
use crate::message;
use crate::method::TfaMethod;
use crate::outcome::{self, Explain, Settle, Settled, Verdict};
use crate::policy;
use crate::portal::Answer;
use crate::portal::envelope::Shape;
use crate::refusal;
use crate::settle;
use crate::transport::{Broken, Call};

/// What is kept back from the deadline so that an open outcome can be settled.
const LONGEST_RESERVE: Duration = Duration::from_secs(5);
/// The first back-off; it doubles, with full jitter, up to the longest.
const BACK_OFF: Duration = Duration::from_millis(250);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(5);

/// One call of a caller.
struct Attempt<'a> {
    shared: &'a Shared,
    account: &'a AccountId,
    method: TfaMethod,
    /// Bounds the whole call.
    call: Call,
    tries: u32,
}

pub(crate) fn change_method(
    shared: &Shared,
    cancel: Option<&Cancel>,
    account: &AccountId,
    method: TfaMethod,
) -> Result<Change, Error> {
    let call = Call::new(shared.manners.timeout, cancel);
    let mut attempt = Attempt {
        shared,
        account,
        method,
        call,
        tries: 0,
    };
    let result = attempt.run();
    attempt.log(&result);
    result
}

impl Attempt<'_> {
    fn run(&mut self) -> Result<Change, Error> {
        let (answer, verdict) = self.send();
        match (verdict.status, answer) {
            (None, Some(answer)) => self.done(answer),
            (status, answer) => self.failed(status.unwrap_or(Status::Internal), verdict, answer),
        }
    }

    /// Sends until an answer or failure is final.
    fn send(&mut self) -> (Option<Answer>, Verdict) {
        let reserve = LONGEST_RESERVE.min(self.shared.manners.timeout / 4);
        let end = self
            .call
            .end()
            .checked_sub(reserve)
            .unwrap_or(self.call.end());
        let sending = self.call.until(end);
        let portal = &self.shared.portal;
        let manners = &self.shared.manners;
        loop {
            self.tries += 1;
            let asked = portal.unlink(
                &sending,
                self.account,
                self.method,
                self.tries,
                manners.enrolment_url,
            );
            let (answer, verdict) = match asked {
                Err(broken) => (None, outcome::of_broken(broken)),
                Ok(answer) => {
                    let Answer { reply, shape } = &answer;
                    let verdict = outcome::of_answer(
                        reply.status,
                        shape,
                        reply.end,
                        reply.retry_after,
                        portal.credential(),
                    );
                    (Some(answer), verdict)
                }
            };
            if !verdict.again || self.tries >= manners.max_attempts {
                return (answer, verdict);
            }
            let asked_wait = answer.as_ref().and_then(|answer| answer.reply.retry_after);
            let wait = match &answer {
                Some(_) => asked_wait.unwrap_or_else(|| pace(self.tries)),
                None => back_off(self.tries),
            };
            if wait >= sending.remaining() {
                return (answer, verdict);
            }
            portal.log().say(LogLevel::Warn, || {
                format!(
                    "trying again in {} ms: nothing was changed yet",
                    wait.as_millis()
                )
            });
            if let Err(cause) = sending.pause(wait) {
                // Every try so far changed nothing.
                return (None, outcome::of_broken(Broken::before(cause)));
            }
        }
    }

    /// The portal did it.
    fn done(&self, answer: Answer) -> Result<Change, Error> {
        let url = match answer.shape {
            Shape::Success(url) => url,
            _ => None,
        };
        // Portals return "" when the account is somebody else's.
        let is_self = url.as_ref().map(|url| !url.is_empty());
        let login_url = url.as_ref().and_then(|url| LoginUrl::new(url));
        let origin = self.shared.portal.address().origin();
        let same_origin = login_url.as_ref().is_some_and(|url| url.is_of(origin));
        let enrolment_url = match (&login_url, answer.reply.confirm_key) {
            (Some(url), Some(key)) if same_origin => join(url, &key),
            _ => None,
        };
        let mut change = Change {
            account: *self.account,
            method: self.method,
            login_url,
            same_origin,
            enrolment_url,
            is_self,
            applied: Applied::Yes,
            verified: false,
            next_sign_in: NextSignIn::Unknown,
            http_status: answer.reply.status,
            attempts: self.tries,
            message: String::new(),
        };
        if self.shared.manners.verify {
            match settle::verify(&self.shared.portal, &self.call, self.account) {
                Some(true) => {
                    return Err(self
                        .error(Status::Unverified, Reason::None, Applied::Maybe)
                        .with_http_status(change.http_status)
                        .with_app_link(Some(true)));
                }
                Some(false) => {
                    change.verified = true;
                    self.look_ahead(&mut change);
                }
                None => {}
            }
        }
        change.message = say_done(&change);
        Ok(change)
    }

    fn look_ahead(&self, change: &mut Change) {
        if let Ok(policy) = policy::read(&self.shared.portal, &self.call) {
            change.next_sign_in = policy.next_sign_in(self.account);
        }
    }

    /// It failed, or it is not known: what can still be found out, is.
    fn failed(
        &self,
        status: Status,
        verdict: Verdict,
        answer: Option<Answer>,
    ) -> Result<Change, Error> {
        let (mut status, mut applied) = (status, verdict.applied);
        let mut reason = verdict.reason;
        let mut settle = verdict.settle;
        if verdict.explain != Explain::Not && self.shared.manners.explain {
            let found = refusal::explain(
                &self.shared.portal,
                &self.call,
                self.account,
                verdict.explain,
            );
            match (found, settle) {
                // "Unlinked" proves nothing where the portal may have failed
                // after doing it.
                (Some(Reason::NotLinked) | None, Settle::OldRefusal) => {}
                (Some(found), Settle::OldRefusal) => {
                    (status, reason, applied) = (Status::Rejected, found, Applied::No);
                    settle = Settle::Not;
                }
                (found, _) => reason = found.unwrap_or(reason),
            }
        }
        let mut error = self
            .error(status, reason, applied)
            .with_retryable(verdict.retryable);
        if let Some(answer) = &answer {
            error = error
                .with_http_status(answer.reply.status)
                .with_retry_after(answer.reply.retry_after)
                .with_portal_message(answer.shape.portal_message().to_owned());
        }
        if settle == Settle::Not {
            return Err(error);
        }
        let reserve = LONGEST_RESERVE.min(self.shared.manners.timeout / 4);
        let looking = self.call.until(Instant::now() + reserve);
        let seen = settle::look(&self.shared.portal, &looking, self.account);
        self.settled(
            outcome::settle(None, seen, settle),
            error.with_app_link(seen),
        )
    }

    /// What reading back made of it.
    fn settled(&self, settled: Settled, error: Error) -> Result<Change, Error> {
        let unlinked_now = "The app is unlinked now; nothing is left to do.";
        let so_far = message::of_status(error.status());
        match settled {
            Settled::Done => Ok(self.seen_unlinked(Applied::Yes, unlinked_now)),
            Settled::UnlinkedNow => Ok(self.seen_unlinked(Applied::Maybe, unlinked_now)),
            Settled::NotDone { retryable } => {
                let text = format!("{so_far} The app is still linked: nothing was changed.");
                let error = error.with_applied(Applied::No).with_retryable(retryable);
                Err(error.with_message(text))
            }
            Settled::StillLinked => Err(error.with_message(format!(
                "{so_far} The app was still linked at {} UTC; a late effect is possible: look \
                 again in a minute before trying again.",
                clock(SystemTime::now())
            ))),
            Settled::RefusedButUnlinked => {
                Err(error.with_message(format!("{so_far} {unlinked_now}")))
            }
            Settled::Open => Err(error),
        }
    }

    fn seen_unlinked(&self, applied: Applied, text: &str) -> Change {
        Change {
            account: *self.account,
            method: self.method,
            login_url: None,
            same_origin: false,
            enrolment_url: None,
            is_self: None,
            applied,
            verified: true,
            next_sign_in: NextSignIn::Unknown,
            http_status: 0,
            attempts: self.tries,
            message: format!("The answer was lost, so the account was read back. {text}"),
        }
    }

    fn error(&self, status: Status, reason: Reason, applied: Applied) -> Error {
        Error::new(
            status,
            applied,
            message::of_failure(status, reason, applied),
        )
        .with_reason(reason)
        .with_attempts(self.tries)
    }

    fn log(&self, result: &Result<Change, Error>) {
        let log = self.shared.portal.log();
        match result {
            Ok(change) => log.say(LogLevel::Debug, || {
                format!("account {}: applied {:?}", self.account, change.applied())
            }),
            Err(error) if error.applied() == Applied::No => log.say(LogLevel::Error, || {
                format!("change refused: {:?}, {:?}", error.status(), error.reason())
            }),
            Err(error) => log.say(LogLevel::Warn, || {
                format!("change may have been applied: {:?}", error.status())
            }),
        }
    }
}

/// The login URL made a credential of its own: the key a browser would have
/// had in a cookie joins its query.
fn join(url: &LoginUrl, key: &[u8]) -> Option<LoginUrl> {
    let plain =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'%');
    let key = std::str::from_utf8(key)
        .ok()
        .filter(|key| key.bytes().all(|byte| plain(&byte)))?;
    if key.is_empty() || url.expose().contains('#') {
        return None;
    }
    let joiner = if url.expose().contains('?') {
        "&key="
    } else {
        "?key="
    };
    let mut joined = Zeroizing::new(String::with_capacity(
        url.expose().len() + joiner.len() + key.len(),
    ));
    joined.push_str(url.expose());
    joined.push_str(joiner);
    joined.push_str(key);
    LoginUrl::new(&joined)
}

fn say_done(change: &Change) -> String {
    let who = match change.is_self {
        Some(true) => {
            "The authenticator app of the caller's own account was unlinked and its sessions \
             were ended."
        }
        Some(false) => {
            "The account's authenticator app was unlinked, its sessions were ended, and the \
             portal mailed the member."
        }
        None => "The account's authenticator app was unlinked and its sessions were ended.",
    };
    let next = match change.next_sign_in {
        NextSignIn::Unknown => "What its next sign-in asks for is the portal's own setting.",
        NextSignIn::Nothing => "Its next sign-in asks for no second factor.",
        NextSignIn::Enrol => "Its next sign-in asks to link an app again.",
        NextSignIn::App => "Its next sign-in asks for a code from the app.",
        NextSignIn::Sms => "Its next sign-in asks for a code by text message.",
    };
    format!("{who} {next}")
}

/// A 429 without a time: 1 s, 2 s, 4 s, with jitter on top.
fn pace(tries: u32) -> Duration {
    let base = Duration::from_secs(1 << tries.saturating_sub(1).min(5));
    base + base.mul_f64(random() / 4.0)
}

fn back_off(tries: u32) -> Duration {
    let most = (BACK_OFF * (1 << tries.saturating_sub(1).min(8))).min(LONGEST_BACK_OFF);
    most.mul_f64(random())
}

/// Between 0 and 1: spreads waits, guards nothing.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(bits >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

fn clock(now: SystemTime) -> String {
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() % 86_400;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enrolment_url_joins_key_and_query() {
        let url = LoginUrl::new("https://p.example/confirm/TfaActivation?type=a&uid=b").unwrap();
        let joined = join(&url, b"123456.ABCDEF").unwrap();
        assert_eq!(
            joined.expose(),
            "https://p.example/confirm/TfaActivation?type=a&uid=b&key=123456.ABCDEF"
        );
        assert!(join(&url, b"a&b=c").is_none());
        assert!(join(&url, b"").is_none());
    }

    #[test]
    fn waits_stay_in_their_bounds() {
        for tries in 1..40 {
            assert!(back_off(tries) <= LONGEST_BACK_OFF);
            assert!(pace(tries) >= Duration::from_secs(1));
        }
    }

    #[test]
    fn the_clock_is_read_in_utc() {
        assert_eq!(
            clock(UNIX_EPOCH + Duration::from_secs(86_400 + 3 * 3600 + 62)),
            "03:01:02"
        );
    }
}
