//! What is still found out about a change that failed, or whose answer was
//! lost: facts that explain a refusal, and looks at the account.

use std::time::{Duration, Instant, SystemTime};

use super::outcome::{Explain, Settle, Verdict};
use super::read_back::left_of_old_picture;
use super::run::{Attempt, SeenLinked};
use super::settled::{self, Overruled, Settled};
use super::why::{self, Found};
use super::{Change, read_back};
use crate::credential::Kind;
use crate::error::{Applied, Error, Reason, Status};
use crate::message;
use crate::portal::{Answer, ReadFault, audit};

/// When the audit trail is asked after a refusal: it is written late.
const AFTER_REFUSAL: [Duration; 1] = [Duration::from_secs(1)];
use crate::sending::Sent;

impl Attempt<'_> {
    /// It failed, or it is not known: what can still be found out, is.
    pub(super) fn failed(&self, sent: &Sent) -> Result<Change, Error> {
        let failed = Instant::now();
        let verdict = sent.verdict;
        let mut status = verdict.status.unwrap_or(Status::Internal);
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
        let detail = sent.detail();
        let error = |applied| {
            let text = message::of_detailed_failure(status, reason, applied, &detail);
            sent.error(status, reason, applied, text)
                .with_retryable(verdict.retryable && applied == Applied::No)
        };
        let is_doubted = applied == Applied::No || is_unexplained;
        let overruled = match (self.before, &sent.answer) {
            (Some(before), Some(answer)) if is_doubted => self.overrule(before, answer, &look),
            _ => Overruled::Not,
        };
        let link = match (overruled, &look) {
            (Overruled::Unlinked, _) => Some(false),
            (_, Some(Ok(link))) => *link,
            _ => None,
        };
        if self.stands_alone
            && settled::may_be_done(reason, is_unexplained, overruled)
            && self.is_in_trail(&AFTER_REFUSAL)
        {
            return Ok(self.proven(link, failed));
        }
        if overruled != Overruled::Not {
            return Err(self.overruled(error(Applied::Maybe), &detail, overruled));
        }
        if is_unexplained {
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
        let in_trail = self.is_in_trail(&read_back::LOOKS);
        let settled = settled::settle(settle, in_trail, link, only_pages);
        self.settled(settled, error.with_app_link(link), &detail, failed)
    }

    /// Whether the portal's audit trail shows this very change.
    fn is_in_trail(&self, times: &[Duration]) -> bool {
        let Some(mark) = self.mark else {
            return false;
        };
        let call = self.call.on_new_connections();
        let open = [(*self.account, mark)];
        let begin = Instant::now();
        for after in times {
            let wait = (begin + *after).saturating_duration_since(Instant::now());
            if wait >= call.remaining() || call.pause(wait).is_err() {
                break;
            }
            let trail = audit::find(&self.shared.portal, &call, None, &open);
            if trail.is_refused || trail.found.contains(&mark) {
                return trail.found.contains(&mark);
            }
        }
        false
    }

    /// What the account shows now of one that was linked a moment before.
    fn overrule(
        &self,
        before: SeenLinked,
        answer: &Answer,
        look: &Option<Result<Option<bool>, ReadFault>>,
    ) -> Overruled {
        match look {
            Some(Ok(link)) => settled::overrule(answer, &Ok(*link)),
            // It may be dead because it was done.
            _ if self.ends_with_its_session(before, answer) => Overruled::NotShown,
            _ => settled::overrule(answer, &self.look()),
        }
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
            Settled::Proven => Ok(self.proven(error.app_link(), failed)),
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

    /// The audit trail shows it: as good as the portal's own word.
    fn proven(&self, link: Option<bool>, failed: Instant) -> Change {
        let seen = match link {
            Some(false) => "The app is unlinked now.".to_owned(),
            Some(true) => message::not_yet_verified(left_of_old_picture(failed)),
            None => "Whether the app is unlinked now is not shown.".to_owned(),
        };
        let text = [message::PROVEN, &seen, message::SESSIONS_UNKNOWN].join(" ");
        let change = Change::proven(*self.account, self.method, self.tries, link, text);
        Change {
            look_again: (link == Some(true)).then(|| left_of_old_picture(failed)),
            ..change
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
}

/// What failed, before it is said what that means for the account.
fn so_far(error: &Error, detail: &str) -> String {
    message::with_detail(message::of(error.status()), detail)
}

fn still_linked(then: Instant) -> String {
    format!(
        "The account is still shown as linked. That may be up to five minutes old, or the change \
         may take effect late: look again after {} before trying again.",
        message::clock(SystemTime::now() + left_of_old_picture(then))
    )
}
