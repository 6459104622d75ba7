//! The change itself: from the request to a truthful result.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::change::{Change, LoginUrl, NextSignIn};
use crate::error::{Applied, Error, Reason, Status};
use crate::log::LogLevel;
use crate::message;
use crate::method::TfaMethod;
use crate::outcome::{self, Explain, Settle, Settled, Verdict};
use crate::policy;
use crate::portal::Answer;
use crate::portal::envelope::Shape;
use crate::refusal;
use crate::sending::{self, Sent};
use crate::settle;
use crate::shared::Shared;
use crate::transport::Call;
use crate::wipe::Wiped;

/// One call of a caller.
struct Attempt<'a> {
    shared: &'a Shared,
    account: &'a AccountId,
    method: TfaMethod,
    /// Whether the app was seen linked before.
    before: Option<bool>,
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
    change_within(shared, call, account, method, None)
}

/// The same within a call that is under way. `before`: whether the app was
/// seen linked; only then can reading back prove that a change was made.
pub(crate) fn change_within(
    shared: &Shared,
    call: Call,
    account: &AccountId,
    method: TfaMethod,
    before: Option<bool>,
) -> Result<Change, Error> {
    let mut attempt = Attempt {
        shared,
        account,
        method,
        before,
        call,
        tries: 0,
    };
    let result = attempt.run();
    attempt.log(&result);
    result
}

impl Attempt<'_> {
    fn run(&mut self) -> Result<Change, Error> {
        let Sent {
            answer,
            verdict,
            tries,
        } = sending::send(self.shared, &self.call, &|call, try_number| {
            let keeps_key = self.shared.manners.enrolment_url;
            self.shared
                .portal
                .unlink(call, self.account, self.method, try_number, keeps_key)
        });
        self.tries = tries;
        match (verdict.status, answer) {
            (None, Some(answer)) => self.done(answer),
            (status, answer) => self.failed(status.unwrap_or(Status::Internal), verdict, answer),
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
        let login_url = url.and_then(LoginUrl::new);
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
            let seen = settle::verify(&self.shared.portal, &self.call, self.account);
            match seen.as_ref().and_then(|person| person.tfa_app_enabled) {
                Some(true) => {
                    return Err(self
                        .error(Status::Unverified, Reason::None, Applied::Maybe)
                        .with_http_status(change.http_status)
                        .with_app_link(Some(true)));
                }
                Some(false) => {
                    change.verified = true;
                    self.look_ahead(&mut change, seen.and_then(|person| person.is_sso));
                }
                None => {}
            }
        }
        change.message = say_done(&change);
        Ok(change)
    }

    fn look_ahead(&self, change: &mut Change, is_sso: Option<bool>) {
        if let Ok(policy) = policy::read(&self.shared.portal, &self.call) {
            change.next_sign_in = policy.next_sign_in(self.account, Some(false), is_sso);
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
            error = answer.tell(error);
        }
        if settle == Settle::Not {
            return Err(error);
        }
        let looking = self
            .call
            .until(Instant::now() + sending::reserve(self.shared));
        let seen = settle::look(&self.shared.portal, &looking, self.account);
        self.settled(
            outcome::settle(self.before, seen, settle),
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
        Change::seen_unlinked(
            *self.account,
            self.method,
            applied,
            self.tries,
            format!("The answer was lost, so the account was read back. {text}"),
        )
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
    let mut joined = Wiped::new(String::with_capacity(
        url.expose().len() + joiner.len() + key.len(),
    ));
    joined.push_str(url.expose());
    joined.push_str(joiner);
    joined.push_str(key);
    LoginUrl::new(joined)
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
    let next = message::of_next_sign_in(change.next_sign_in);
    [who, next].join(" ")
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
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_enrolment_url_joins_key_and_query() {
        let url = LoginUrl::new(Wiped::new(
            "https://p.example/confirm/TfaActivation?type=a&uid=b".to_owned(),
        ))
        .unwrap();
        let joined = join(&url, b"123456.ABCDEF").unwrap();
        assert_eq!(
            joined.expose(),
            "https://p.example/confirm/TfaActivation?type=a&uid=b&key=123456.ABCDEF"
        );
        assert!(join(&url, b"a&b=c").is_none());
        assert!(join(&url, b"").is_none());
    }

    #[test]
    fn the_clock_is_read_in_utc() {
        assert_eq!(
            clock(UNIX_EPOCH + Duration::from_secs(86_400 + 3 * 3600 + 62)),
            "03:01:02"
        );
    }
}
