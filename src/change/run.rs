//! The change itself: from the request to a truthful result.

use std::time::{Duration, Instant, SystemTime};

use super::outcome::{Asked, Explain, Settle, Verdict};
use super::settled::{self, Overruled, Settled};
use super::why::{self, Found};
use super::{Change, LoginUrl, NextSignIn, read_back};
use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::credential::Kind;
use crate::error::{Applied, Error, Reason, Status};
use crate::log::LogLevel;
use crate::message;
use crate::method::TfaMethod;
use crate::policy;
use crate::portal::envelope::{Envelope, Response, Shape};
use crate::portal::{Answer, ReadFault};
use crate::sending::{self, Sent};
use crate::shared::Shared;
use crate::transport::Call;
use crate::wipe::Wiped;

/// How long a portal without a shared cache may show an account as it was.
pub(crate) const OLD_PICTURE: Duration = Duration::from_secs(5 * 60);
/// An older look says nothing about the moment of the change.
const FRESH_LOOK: Duration = Duration::from_secs(60);

/// The app was seen linked before the change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeenLinked {
    /// When the look began.
    pub(crate) at: Instant,
    /// Whether the account is the caller's own, if that is known.
    pub(crate) is_self: Option<bool>,
}

/// One call of a caller.
struct Attempt<'a> {
    shared: &'a Shared,
    account: &'a AccountId,
    method: TfaMethod,
    /// Only if it is fresh.
    before: Option<SeenLinked>,
    /// Bounds the whole call.
    call: Call,
    tries: u32,
}

pub(crate) fn change_method(
    shared: &Shared,
    cancel: Option<&Cancel>,
    account: &AccountId,
    method: TfaMethod,
    before: Option<SeenLinked>,
) -> Result<Change, Error> {
    let call = Call::new(shared.manners.timeout, cancel);
    change_within(shared, call, account, method, before)
}

/// The same within a call that is under way.
pub(crate) fn change_within(
    shared: &Shared,
    call: Call,
    account: &AccountId,
    method: TfaMethod,
    before: Option<SeenLinked>,
) -> Result<Change, Error> {
    let mut attempt = Attempt {
        shared,
        account,
        method,
        before: before.filter(|seen| seen.at.elapsed() <= FRESH_LOOK),
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
        } = sending::send(
            self.shared,
            &self.call,
            Asked::Unlink,
            &|call| {
                let keeps_key = self.shared.manners.enrolment_url;
                self.shared
                    .portal
                    .unlink(call, self.account, self.method, keeps_key)
            },
            &|| self.before.is_none() || matches!(self.look(), Ok(Some(true))),
        );
        self.tries = tries;
        match (verdict.status, answer) {
            (None, Some(answer)) => Ok(self.done(answer)),
            (status, answer) => self.failed(status.unwrap_or(Status::Internal), verdict, answer),
        }
    }

    fn look(&self) -> Result<Option<bool>, ReadFault> {
        let call = self.call.on_new_connections();
        read_back::look(&self.shared.portal, &call, self.account)
    }

    /// The portal says that it did it.
    fn done(&self, answer: Answer) -> Change {
        let answered = Instant::now();
        let (url, has_links) = match answer.shape {
            Shape::Envelope(Envelope {
                response: Response::Text(url),
                has_links,
                ..
            }) => (url, has_links),
            _ => (Wiped::default(), false),
        };
        // Portals return "" when the account is somebody else's.
        let is_self = !url.is_empty();
        let login_url = LoginUrl::new(url);
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
            is_self: Some(is_self),
            applied: Applied::Yes,
            verified: false,
            sessions_ended: has_links.then_some(true),
            look_again: None,
            next_sign_in: NextSignIn::Unknown,
            http_status: answer.reply.status,
            attempts: self.tries,
            message: String::new(),
        };
        if self.shared.manners.verify {
            self.verify(&mut change, answered);
        }
        change.message = say_done(&change);
        change
    }

    /// The portal's word is no proof: a save that fails is not told. A look
    /// never takes its word back, for it may be old, or the app linked again.
    fn verify(&self, change: &mut Change, answered: Instant) {
        let portal = &self.shared.portal;
        let most = read_back::AFTER_SUCCESS;
        let looks = read_back::looks(portal, &self.call, self.account, most);
        match looks.link {
            Some(false) => {
                change.verified = true;
                self.look_ahead(change, looks.is_sso);
            }
            Some(true) => change.look_again = Some(left_of_old_picture(answered)),
            None => {}
        }
    }

    fn look_ahead(&self, change: &mut Change, is_sso: Option<bool>) {
        if let Ok(policy) = policy::read(&self.shared.portal, &self.call) {
            change.next_sign_in = policy.next_sign_in(self.account, Some(false), is_sso);
        }
    }

    /// It failed, or it is not known: what can still be found out, is.
    fn failed(
        &self,
        mut status: Status,
        verdict: Verdict,
        answer: Option<Answer>,
    ) -> Result<Change, Error> {
        let failed = Instant::now();
        let Verdict {
            mut reason,
            mut applied,
            mut settle,
            ..
        } = verdict;
        let portal = &self.shared.portal;
        let mut look = None;
        let mut is_unexplained = false;
        if verdict.explain != Explain::Not && self.shared.manners.explain {
            let why = why::explain(portal, &self.call, self.account, verdict.explain);
            look = why.look;
            match why.found {
                Found::Reason(found) => {
                    reason = found;
                    if settle == Settle::Refusal {
                        (status, applied, settle) = (Status::Rejected, Applied::No, Settle::Not);
                    }
                }
                Found::NoPortal if settle == Settle::Refusal => {
                    (status, reason, settle) =
                        (Status::NotFound, Reason::PortalNotFound, Settle::Not);
                }
                Found::Nothing if verdict.explain == Explain::Facts => {
                    (applied, is_unexplained) = (Applied::Maybe, true);
                }
                _ => {}
            }
        }
        let detail = answer.as_ref().map(Answer::detail).unwrap_or_default();
        let error = |applied| {
            let text = message::of_detailed_failure(status, reason, applied, &detail);
            let error = Error::new(status, applied, text)
                .with_reason(reason)
                .with_attempts(self.tries)
                .with_retryable(verdict.retryable && applied == Applied::No);
            match &answer {
                Some(answer) => answer.tell(error),
                None => error,
            }
        };
        let is_doubted = applied == Applied::No || is_unexplained;
        if let (Some(before), Some(answer), true) = (self.before, &answer, is_doubted) {
            let look = match look {
                Some(Ok(link)) => Ok(link),
                // It may be dead because it was done.
                _ if self.ends_with_its_session(before, answer) => {
                    return Err(self.overruled(
                        error(Applied::Maybe),
                        &detail,
                        Overruled::NotShown,
                    ));
                }
                _ => self.look(),
            };
            let overruled = settled::overrule(answer, &look);
            if overruled != Overruled::Not {
                return Err(self.overruled(error(Applied::Maybe), &detail, overruled));
            }
        }
        if is_unexplained {
            let link = look.and_then(Result::ok).flatten();
            return Err(self.unexplained(error(Applied::Maybe), link, failed));
        }
        let error = error(applied);
        if settle == Settle::Not {
            return Err(error);
        }
        let (link, only_pages) = match look {
            Some(Ok(Some(false))) => (Some(false), false),
            _ => {
                // The connection of the change has just misbehaved.
                let call = self.call.on_new_connections();
                let most = read_back::AFTER_LOSS;
                let looks = read_back::looks(portal, &call, self.account, most);
                // Where the account was seen a moment before, there is a portal.
                let only_pages = looks.are_only_pages() && self.before.is_none();
                (looks.link, only_pages)
            }
        };
        let settled = settled::settle(settle, link, only_pages);
        self.settled(settled, error.with_app_link(link), &detail, failed)
    }

    /// The token with which the caller's own app is unlinked dies of it.
    fn ends_with_its_session(&self, before: SeenLinked, answer: &Answer) -> bool {
        answer.reply.status == 401
            && before.is_self == Some(true)
            && self.shared.portal.credential() == Kind::Session
    }

    /// A refusal, but the app was linked a moment before and is not now.
    fn overruled(&self, error: Error, detail: &str, overruled: Overruled) -> Error {
        let what = so_far(&error, detail);
        let (link, seen) = match overruled {
            Overruled::Unlinked => (
                Some(false),
                "But the app was linked a moment before, and is unlinked now: it was done, most \
                 likely by this very call, which something in between may have sent twice.",
            ),
            _ => (
                None,
                "But the app was linked a moment before, and the portal does not show it now: \
                 it may have been done.",
            ),
        };
        let text = format!("{what} {seen} {}", message::SESSIONS_UNKNOWN);
        error.with_app_link(link).with_message(text)
    }

    /// The portal refused, and nothing that it shows explains it.
    fn unexplained(&self, error: Error, link: Option<bool>, failed: Instant) -> Error {
        let text = format!(
            "The portal refused, and nothing that it shows explains it: it may have been done a \
             moment ago, if something in between sent the request twice. {}",
            match link {
                Some(true) => still_linked(failed),
                _ => message::FIND_OUT.to_owned(),
            }
        );
        let error = error.with_app_link(link).with_message(text);
        if link == Some(true) {
            error.with_look_again(left_of_old_picture(failed))
        } else {
            error
        }
    }

    /// What looking at the account made of it.
    fn settled(
        &self,
        settled: Settled,
        error: Error,
        detail: &str,
        failed: Instant,
    ) -> Result<Change, Error> {
        let so_far = so_far(&error, detail);
        match settled {
            Settled::UnlinkedNow => Ok(self.seen_unlinked()),
            Settled::RefusedButUnlinked => Err(error.with_message(format!(
                "{so_far} The app is unlinked now; whether by this call is not known. {}",
                message::SESSIONS_UNKNOWN
            ))),
            Settled::StillLinked => Err(error
                .with_look_again(left_of_old_picture(failed))
                .with_message(format!("{so_far} {}", still_linked(failed)))),
            Settled::NoPortal => {
                let text = message::of_failure(error.status(), error.reason(), Applied::No);
                Err(error.with_applied(Applied::No).with_message(text))
            }
            Settled::Open => Err(error),
        }
    }

    fn seen_unlinked(&self) -> Change {
        let whose = match self.before {
            Some(_) => "and was linked a moment before: very likely it was this call",
            None => "whether by this call is not known",
        };
        let text = format!(
            "The answer did not tell, so the account was looked at. The app is unlinked now, \
             {whose}. {}",
            message::SESSIONS_UNKNOWN
        );
        Change::seen_unlinked(*self.account, self.method, self.tries, text)
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

/// What failed, before it is said what that means for the account.
fn so_far(error: &Error, detail: &str) -> String {
    message::with_detail(message::of_status(error.status()), detail)
}

/// How long from now the portal may show how it was at `then`.
fn left_of_old_picture(then: Instant) -> Duration {
    OLD_PICTURE.saturating_sub(then.elapsed())
}

fn still_linked(then: Instant) -> String {
    format!(
        "The account is still shown as linked. That may be up to five minutes old, or the change \
         may take effect late: look again after {} before trying again.",
        message::clock(SystemTime::now() + left_of_old_picture(then))
    )
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
    let what = match (change.is_self, change.sessions_ended) {
        (Some(true), Some(true)) => {
            "The portal unlinked the authenticator app of the caller's own account and ended its \
             sessions; it opened a new one that nobody holds."
        }
        (Some(true), _) => {
            "The portal unlinked the authenticator app of the caller's own account. It may be of \
             a kind that ends no sessions: end them."
        }
        (_, Some(true)) => {
            "The portal unlinked the account's authenticator app, ended its sessions, and was \
             asked to mail the member."
        }
        _ => {
            "The portal unlinked the account's authenticator app and was asked to mail the \
             member. It may be of a kind that ends no sessions: end them."
        }
    };
    let next = match change.look_again {
        Some(wait) => format!(
            "It still shows the account as linked, which may be up to five minutes old: this \
             cannot be verified before {}.",
            message::clock(SystemTime::now() + wait)
        ),
        None => message::of_next_sign_in(change.next_sign_in).to_owned(),
    };
    [what, &next].join(" ")
}

#[cfg(test)]
mod tests {
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
}
