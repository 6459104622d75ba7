//! Ending every session of an account.

mod finding;

use self::finding::{Finding, is_denial, is_done};
use crate::account::AccountId;
use crate::change::outcome::{Asked, Explain, Verdict};
use crate::change::why;
use crate::credential::Kind;
use crate::error::{Applied, Error, Reason, Status};
use crate::log::LogLevel;
use crate::message;
use crate::policy;
use crate::portal::Answer;
use crate::portal::envelope::Shape;
use crate::portal::people::Person;
use crate::reading::Reading;
use crate::sending::{self, Sent};
use crate::shared::Shared;
use crate::transport::{Broken, Call};

const LOG_OUT: &str = "security/activeconnections/logoutall/";
const ROUTE: &str = "security/activeconnections/logoutall/{id}";

pub(crate) fn end(shared: &Shared, call: Call, account: &AccountId) -> Result<(), Error> {
    let portal = &shared.portal;
    let reading = Reading::within(shared, call);
    let call = reading.call();
    let caller = reading.read(&|| portal.own_account(call))?;
    // Portals say that they ended the sessions of nobody, too.
    let target = if caller.is(account) {
        None
    } else {
        Some(reading.read(&|| portal.account(call, account))?)
    };
    let ending = Ending {
        shared,
        call,
        account,
        caller,
        target,
    };
    let result = ending.run();
    ending.log(&result);
    result
}

/// One call of a caller, with what was read before.
struct Ending<'a> {
    shared: &'a Shared,
    call: &'a Call,
    account: &'a AccountId,
    caller: Person,
    /// `None`: it is the caller.
    target: Option<Person>,
}

impl Ending<'_> {
    fn run(&self) -> Result<(), Error> {
        let sent = sending::send(
            self.shared,
            self.call,
            Asked::Write,
            &|call| self.ask(call),
            &|| true,
        );
        let tries = sent.tries;
        let first = match self.judged(sent) {
            Err(error) if self.may_repeat(&error) => error,
            settled => return settled,
        };
        if self.call.pause(sending::back_off(tries)).is_err() {
            return Err(first);
        }
        let tries = tries + 1;
        let mut again = self.call.clone();
        again.begin_try(tries);
        let sent = match self.ask(&again) {
            // It went no further than the first one.
            Err(broken) if !broken.sent => return Err(first.with_attempts(tries)),
            result => Sent::of(self.shared, Asked::Write, result, tries),
        };
        // Whatever is said of the second, the first one may have been done.
        self.judged(sent).map_err(|error| self.opened(error))
    }

    fn ask(&self, call: &Call) -> Result<Answer, Broken> {
        let path = format!("{LOG_OUT}{}", self.account);
        self.shared.portal.write(call, &path, ROUTE, b"")
    }

    fn is_own(&self) -> bool {
        self.target.is_none()
    }

    /// To end them twice does no harm to another account. The caller's own gets
    /// a new session each time, which nobody holds.
    fn may_repeat(&self, error: &Error) -> bool {
        let ended = matches!(error.status(), Status::Cancelled | Status::Internal);
        error.applied() == Applied::Maybe
            && !ended
            && !self.is_own()
            && error.attempts() < self.shared.manners.max_attempts
    }

    fn judged(&self, sent: Sent) -> Result<(), Error> {
        if sent.answer.as_ref().is_some_and(is_done) {
            return Ok(());
        }
        let found = self.find(sent.answer.as_ref(), &sent.verdict);
        let text = self.say(&found, &sent.detail());
        let error = sent.error(found.status, found.reason, found.applied, text);
        Err(error.with_retryable(found.retryable))
    }

    fn find(&self, answer: Option<&Answer>, verdict: &Verdict) -> Finding {
        let found = Finding::of(verdict);
        let Some(answer) = answer else {
            return found;
        };
        match (answer.reply.status, &answer.shape) {
            (403, Shape::Refusal { kind, .. }) if is_denial(kind.as_deref()) => self.denied(),
            (429, _) => found,
            // This call refuses in no other words: something failed on its way.
            (400..=499, Shape::Refusal { .. }) => Finding::maybe(Status::Server, Reason::Unknown),
            (401, _) if self.is_own() && self.shared.portal.credential() == Kind::Session => {
                Finding::maybe(found.status, found.reason).saying(
                    "The portal no longer accepts the session token, which ends with the sessions.",
                )
            }
            // A moment ago it answered: this is no wrong address.
            (404 | 405, Shape::Page | Shape::Half | Shape::Empty) => {
                Finding::maybe(Status::NotFound, Reason::Unknown)
                    .saying("The portal, or something in front of it, does not know this call.")
            }
            (403, Shape::Empty) if verdict.explain == Explain::Scope => Finding {
                reason: self.scope().unwrap_or(found.reason),
                ..found
            },
            _ => found,
        }
    }

    /// `Access denied`. Who may do what depends on the portal's age.
    fn denied(&self) -> Finding {
        let refused = |reason| Finding::new(Status::Rejected, reason, Applied::No);
        let is_one =
            |person: &Person| person.is_owner == Some(true) || person.is_admin == Some(true);
        if self.caller.is_owner == Some(false) && self.caller.is_admin == Some(false) {
            let refused = refused(Reason::NotAdmin);
            return if self.is_own() {
                refused.saying(
                    "This portal lets only administrators do this, even for one's own account; \
                     sign out everywhere in the profile.",
                )
            } else {
                refused
            };
        }
        if self.target.as_ref().is_some_and(is_one) && self.is_up_to_3_6() {
            return refused(Reason::Unknown).saying(
                "Portals up to 3.6.1 end no administrator's sessions for anybody else, the owner \
                 included; do it as that administrator, or sign out everywhere in its profile.",
            );
        }
        // Nothing explains it: it may come from a step after the ending.
        Finding::maybe(Status::Server, Reason::Unknown)
    }

    fn is_up_to_3_6(&self) -> bool {
        self.shared.manners.explain
            && policy::read(&self.shared.portal, self.call)
                .is_ok_and(|policy| policy.is_up_to_3_6())
    }

    /// What the key lacks, if it may be looked at.
    fn scope(&self) -> Option<Reason> {
        if !self.shared.manners.explain {
            return None;
        }
        let scopes = self.shared.portal.key_scopes(self.call).ok()?;
        why::may_write(&scopes).then_some(Reason::Unknown)
    }

    fn say(&self, found: &Finding, detail: &str) -> String {
        match (found.applied, found.text) {
            (Applied::No, None) => {
                message::of_detailed_failure(found.status, found.reason, Applied::No, detail)
            }
            (Applied::No, Some(text)) => format!("{text} Nothing was changed."),
            (_, text) => {
                let what = text.unwrap_or_else(|| message::of(found.status));
                format!("{} {}", message::with_detail(what, detail), self.unknown())
            }
        }
    }

    fn unknown(&self) -> &'static str {
        if self.is_own() {
            "Whether the sessions were ended is not known. It is not sent again, because each \
             time opens a new session of this account: look at its sessions in the profile."
        } else {
            "Whether the sessions were ended is not known; ending them again does no harm."
        }
    }

    /// The error of a second try, with what it leaves open.
    fn opened(&self, error: Error) -> Error {
        if error.applied() == Applied::Maybe {
            return error;
        }
        let text = format!("{} {}", message::of(error.status()), self.unknown());
        error
            .with_applied(Applied::Maybe)
            .with_retryable(false)
            .with_message(text)
    }

    fn log(&self, result: &Result<(), Error>) {
        let log = self.shared.portal.log();
        match result {
            Ok(()) => log.say(LogLevel::Debug, || {
                format!("account {}: sessions ended", self.account)
            }),
            Err(error) if error.applied() == Applied::No => log.say(LogLevel::Error, || {
                format!(
                    "ending sessions failed: {:?}, {:?}",
                    error.status(),
                    error.reason()
                )
            }),
            Err(error) => log.say(LogLevel::Warn, || {
                format!("sessions may have been ended: {:?}", error.status())
            }),
        }
    }
}
