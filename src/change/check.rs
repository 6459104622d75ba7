//! A look before the leap: what would a change do? Reads only.

use std::time::Instant;

use super::NextSignIn;
use super::run::SeenLinked;
use super::why;
use crate::account::{Account, AccountId};
use crate::address::PortalAddress;
use crate::credential::Kind;
use crate::error::{Error, Reason};
use crate::message;
use crate::method::TfaMethod;
use crate::policy::{self, Policy};
use crate::portal::envelope::Shape;
use crate::portal::people::Person;
use crate::portal::{Portal, ReadFault};
use crate::reading::Reading;
use crate::shared::Shared;
use crate::transport::Call;

/// What a change of an account would meet, as far as the portal lets it be
/// known.
#[derive(Debug, Clone)]
pub struct Check {
    would_apply: Option<bool>,
    reason: Reason,
    is_self: Option<bool>,
    portal_method: Option<TfaMethod>,
    next_sign_in: NextSignIn,
    url_useful: Option<bool>,
    account: Option<Account>,
    message: String,
    asked: AccountId,
    portal: PortalAddress,
    /// When the account was asked for.
    at: Instant,
}

impl Check {
    /// Whether the change would be done. `None`: the portal does not show.
    pub fn would_apply(&self) -> Option<bool> {
        self.would_apply
    }

    /// Why it would not be done, or why that is not known.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Whether the account is the caller's own.
    pub fn is_self(&self) -> Option<bool> {
        self.is_self
    }

    /// Whether an app is linked, if the portal shows it.
    pub fn app_link(&self) -> Option<bool> {
        self.account.as_ref().and_then(Account::app_link)
    }

    /// The portal's own method.
    pub fn portal_method(&self) -> Option<TfaMethod> {
        self.portal_method
    }

    /// What the account meets at its next sign-in: after the change, or as it
    /// is where that would be refused.
    pub fn next_sign_in(&self) -> NextSignIn {
        self.next_sign_in
    }

    /// Whether the returned URL could be of use: only for the caller's own
    /// account, if the change is done, and while the portal's method is the app.
    pub fn url_useful(&self) -> Option<bool> {
        self.url_useful
    }

    /// The account, if the caller may see it.
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// All of it in words.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The account that was asked for.
    pub(crate) fn asked(&self) -> &AccountId {
        &self.asked
    }

    pub(crate) fn is_of(&self, portal: &PortalAddress) -> bool {
        self.portal == *portal
    }

    /// What a change that follows may rely on.
    pub(crate) fn seen_linked(&self) -> Option<SeenLinked> {
        (self.app_link() == Some(true)).then_some(SeenLinked {
            at: self.at,
            is_self: self.is_self,
        })
    }
}

/// What was read.
struct Facts {
    may_write: Option<bool>,
    is_owner: Option<bool>,
    is_self: Option<bool>,
    target: Target,
    policy: Option<Policy>,
}

enum Target {
    Seen(Person),
    Nobody,
    Unseen,
}

pub(crate) fn check(shared: &Shared, call: Call, account: &AccountId) -> Result<Check, Error> {
    let at = Instant::now();
    let reading = Reading::within(shared, call);
    let portal = &shared.portal;
    let call = reading.call();

    let may_write = match portal.credential() {
        Kind::ApiKey => known(&reading, reading.try_read(&|| portal.key_scopes(call)))?
            .map(|scopes| why::may_write(&scopes)),
        Kind::Jwt => Some(false),
        Kind::Session | Kind::Password => Some(true),
    };
    let caller = known(&reading, reading.try_read(&|| portal.own_account(call)))?;
    let is_owner = caller.as_ref().and_then(|caller| caller.is_owner);
    let is_self = caller.as_ref().map(|caller| caller.is(account));
    let target = match caller.filter(|caller| caller.is(account)) {
        Some(own) => Target::Seen(own),
        None => look(&reading, portal, account)?,
    };
    let policy = known(&reading, reading.try_read(&|| policy::read(portal, call)))?;
    let facts = Facts {
        may_write,
        is_owner,
        is_self,
        target,
        policy,
    };
    Ok(judge(portal.address(), account, at, facts))
}

fn look(reading: &Reading<'_>, portal: &Portal, account: &AccountId) -> Result<Target, Error> {
    match reading.try_read(&|| portal.account(reading.call(), account)) {
        Err(fault) if fault.is_not_found() => Ok(Target::Nobody),
        read => Ok(known(reading, read)?.map_or(Target::Unseen, Target::Seen)),
    }
}

/// What was read, unless the portal leaves it unknown.
fn known<T>(reading: &Reading<'_>, read: Result<T, ReadFault>) -> Result<Option<T>, Error> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(fault) => unknown(reading, fault).map(|()| None),
    }
}

/// A portal that refuses to show something leaves it unknown; everything else
/// that goes wrong is the caller's to know.
fn unknown(reading: &Reading<'_>, fault: ReadFault) -> Result<(), Error> {
    match fault {
        ReadFault::Answered(answer)
            if matches!(answer.reply.status, 403..=405)
                && matches!(answer.shape, Shape::Refusal { .. } | Shape::Empty) =>
        {
            Ok(())
        }
        ReadFault::Hidden => Ok(()),
        fault => Err(reading.error(&fault)),
    }
}

fn judge(portal: &PortalAddress, id: &AccountId, at: Instant, facts: Facts) -> Check {
    let (would_apply, reason) = verdict(&facts);
    let Facts {
        is_self,
        target,
        policy,
        ..
    } = facts;
    let (account, may_sign_in) = match target {
        Target::Seen(person) => {
            let may_sign_in = !person.is_terminated();
            (Some(person.into_account()), may_sign_in)
        }
        Target::Nobody => (None, false),
        Target::Unseen => (None, true),
    };
    let stays = would_apply == Some(false);
    let url_useful = match (is_self, &policy) {
        (Some(false), _) => Some(false),
        (Some(true), _) if stays => Some(false),
        (Some(true), Some(policy)) => Some(policy.is_app()),
        _ => None,
    };
    // A change that is refused leaves the link as it is.
    let linked = if stays {
        account.as_ref().and_then(Account::app_link)
    } else {
        Some(false)
    };
    let is_sso = account.as_ref().and_then(Account::is_sso);
    let next_sign_in = match &policy {
        Some(policy) if may_sign_in => policy.next_sign_in(id, linked, is_sso),
        // Whatever the portal's method is.
        None if may_sign_in && is_sso == Some(true) => NextSignIn::Sso,
        _ => NextSignIn::Unknown,
    };
    let portal_method = policy.as_ref().and_then(Policy::method);
    let message = say(
        would_apply,
        reason,
        account.as_ref().and_then(Account::app_link),
        portal_method,
        next_sign_in,
    );
    Check {
        would_apply,
        reason,
        is_self,
        portal_method,
        next_sign_in,
        url_useful,
        account,
        message,
        asked: *id,
        portal: portal.clone(),
        at,
    }
}

/// Would it be done, and why not, in the order in which portals decide.
fn verdict(facts: &Facts) -> (Option<bool>, Reason) {
    let no = |reason| (Some(false), reason);
    let person = match &facts.target {
        Target::Seen(person) => Some(person),
        _ => None,
    };
    let link = person.and_then(|person| person.tfa_app_enabled);
    let policy = facts.policy.as_ref();
    // A portal that shows its owner no link although its method is the app is
    // so old that it may unlink terminated accounts, too. With another method
    // nothing tells it from a newer one, which would refuse.
    let is_old =
        facts.is_owner == Some(true) && link.is_none() && policy.is_some_and(Policy::is_app);
    let allowed = facts.is_self == Some(true) || facts.is_owner == Some(true);
    if facts.may_write == Some(false) {
        no(Reason::MissingScope)
    } else if facts.is_self == Some(false) && facts.is_owner == Some(false) {
        no(Reason::NotOwner)
    } else if matches!(facts.target, Target::Nobody) {
        no(Reason::NoSuchAccount)
    } else if person.is_some_and(Person::is_terminated) && !is_old {
        no(Reason::AccountTerminated)
    } else if link == Some(false) {
        no(Reason::NotLinked)
    } else if policy.is_some_and(Policy::hides_app) {
        no(Reason::HiddenByPortal)
    } else if link == Some(true) && facts.may_write == Some(true) && allowed {
        (Some(true), Reason::None)
    } else {
        (None, Reason::Unknown)
    }
}

fn say(
    would_apply: Option<bool>,
    reason: Reason,
    link: Option<bool>,
    method: Option<TfaMethod>,
    next: NextSignIn,
) -> String {
    let mut text = match (would_apply, link) {
        (Some(true), _) => {
            "The change would be done: it unlinks the app and ends the sessions.".to_owned()
        }
        (Some(false), _) => "The change would be refused. ".to_owned() + message::of(reason),
        (None, None) => "The portal does not show whether an app is linked (it does so, from 3.1 \
                         on, to owner and administrators, while its own method is the app); the \
                         change may be done or refused."
            .to_owned(),
        (None, Some(_)) => "The portal does not show whether the credential may do this; the \
                            change may be done or refused."
            .to_owned(),
    };
    text.push_str(" The portal's own method is ");
    text.push_str(method.map_or("not known", TfaMethod::name));
    text.push('.');
    if would_apply != Some(false) {
        text.push(' ');
        text.push_str(message::of(next));
    }
    text
}
