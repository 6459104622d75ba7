//! The change itself: from the request to the portal's word.

use std::time::{Duration, Instant};

use super::mark::Mark;
use super::outcome::Asked;
use super::read_back::{self, left_of_old_picture};
use super::{Change, LoginUrl, NextSignIn};
use crate::account::AccountId;
use crate::error::{Applied, Error};
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
pub(super) struct Attempt<'a> {
    pub(super) shared: &'a Shared,
    pub(super) account: &'a AccountId,
    pub(super) method: TfaMethod,
    /// Only if it is fresh.
    pub(super) before: Option<SeenLinked>,
    /// What the change carries, if the audit trail may be asked.
    pub(super) mark: Option<Mark>,
    /// Not one of a bulk, which looks by itself: it is verified if that is wanted,
    /// and the trail is asked after a refusal, too.
    pub(super) stands_alone: bool,
    /// Bounds the whole call.
    pub(super) call: Call,
    pub(super) tries: u32,
}

/// Changes an account within a call, which may be under way. Who gives a `mark`
/// verifies, and asks the audit trail after refusals, by itself.
pub(crate) fn change_within(
    shared: &Shared,
    call: Call,
    account: &AccountId,
    method: TfaMethod,
    before: Option<SeenLinked>,
    mark: Option<Mark>,
) -> Result<Change, Error> {
    let stands_alone = mark.is_none();
    let new = || shared.manners.audit.then(Mark::new).flatten();
    let mut attempt = Attempt {
        shared,
        account,
        method,
        before: before.filter(|seen| seen.at.elapsed() <= FRESH_LOOK),
        mark: mark.filter(|_| shared.manners.audit).or_else(new),
        stands_alone,
        call,
        tries: 0,
    };
    let result = attempt.run();
    attempt.log(&result);
    result
}

impl Attempt<'_> {
    fn run(&mut self) -> Result<Change, Error> {
        let portal = &self.shared.portal;
        let referer = self.mark.and_then(|mark| mark.referer(portal));
        // Without it there is nothing to look for.
        self.mark = self.mark.filter(|_| referer.is_some());
        let sent = sending::send(
            self.shared,
            &self.call,
            Asked::Unlink,
            &|call| {
                let keeps_key = self.shared.manners.enrolment_url;
                let referer = referer.as_deref();
                portal.unlink(call, self.account, self.method, keeps_key, referer)
            },
            &|| self.before.is_none() || matches!(self.look(), Ok(Some(true))),
        );
        self.tries = sent.tries;
        match sent.answer {
            Some(answer) if sent.verdict.status.is_none() => Ok(self.done(answer)),
            answer => self.failed(&Sent { answer, ..sent }),
        }
    }

    pub(super) fn look(&self) -> Result<Option<bool>, ReadFault> {
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
            (Some(url), Some(key)) if same_origin => url.joined(&key),
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
        if self.shared.manners.verify && self.stands_alone {
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
        Some(wait) => message::not_yet_verified(wait),
        None => message::of(change.next_sign_in).to_owned(),
    };
    [what, &next].join(" ")
}
