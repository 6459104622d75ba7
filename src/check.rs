//! A look before the leap: what would a change do? Reads only.

use crate::account::{Account, AccountId};
use crate::cancel::Cancel;
use crate::change::NextSignIn;
use crate::credential::Kind;
use crate::error::{Error, Reason};
use crate::message;
use crate::method::TfaMethod;
use crate::policy::{self, Policy};
use crate::portal::ReadFault;
use crate::portal::envelope::Shape;
use crate::portal::people::Person;
use crate::reading::Reading;
use crate::refusal;
use crate::shared::Shared;

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

    /// What the account would meet at its next sign-in.
    pub fn next_sign_in(&self) -> NextSignIn {
        self.next_sign_in
    }

    /// Whether the returned URL could be of use: only for the caller's own
    /// account, and only while the portal's method is the app.
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
}

/// What was read.
struct Facts {
    may_write: Option<bool>,
    caller: Option<Person>,
    target: Target,
    policy: Option<Policy>,
}

enum Target {
    Seen(Person),
    Nobody,
    Unseen,
}

pub(crate) fn check(
    shared: &Shared,
    cancel: Option<&Cancel>,
    account: &AccountId,
) -> Result<Check, Error> {
    let reading = Reading::new(shared, cancel);
    let portal = &shared.portal;
    let call = reading.call();

    let may_write = match portal.credential() {
        Kind::ApiKey => known(&reading, reading.try_read(|| portal.key_scopes(call)))?
            .map(|scopes| refusal::may_write(&scopes)),
        Kind::Jwt => Some(false),
        Kind::Session | Kind::Password => Some(true),
    };
    let caller = known(&reading, reading.try_read(|| portal.own_account(call)))?;
    let target = match reading.try_read(|| portal.account(call, account)) {
        Ok(person) => Target::Seen(person),
        Err(ReadFault::Answered {
            reply,
            shape: Shape::Refusal { .. },
        }) if reply.status == 404 => Target::Nobody,
        other => match known(&reading, other)? {
            Some(person) => Target::Seen(person),
            None => Target::Unseen,
        },
    };
    let policy = known(&reading, reading.try_read(|| policy::read(portal, call)))?;
    Ok(judge(
        account,
        Facts {
            may_write,
            caller,
            target,
            policy,
        },
    ))
}

/// A portal that refuses to show something leaves it unknown; everything else
/// that goes wrong is the caller's to know.
fn known<T>(reading: &Reading<'_>, read: Result<T, ReadFault>) -> Result<Option<T>, Error> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(ReadFault::Answered {
            reply,
            shape: Shape::Refusal { .. } | Shape::Empty,
        }) if matches!(reply.status, 403..=405) => Ok(None),
        Err(ReadFault::Hidden) => Ok(None),
        Err(fault) => Err(reading.error(&fault)),
    }
}

fn judge(id: &AccountId, facts: Facts) -> Check {
    let is_self = facts.caller.as_ref().map(|caller| caller.is(id));
    let is_owner = facts.caller.as_ref().and_then(|caller| caller.is_owner);
    let policy = facts.policy.as_ref();
    let (target, nobody) = match facts.target {
        Target::Seen(person) => (Some(person), false),
        Target::Nobody => (None, true),
        Target::Unseen => (None, false),
    };
    let link = target.as_ref().and_then(|person| person.tfa_app_enabled);
    let terminated = target.as_ref().is_some_and(Person::is_terminated);

    let (would_apply, reason) = if facts.may_write == Some(false) {
        (Some(false), Reason::MissingScope)
    } else if is_owner == Some(false) && is_self == Some(false) {
        (Some(false), Reason::NotOwner)
    } else if nobody {
        (Some(false), Reason::NoSuchAccount)
    } else if terminated {
        (Some(false), Reason::AccountTerminated)
    } else if link == Some(false) {
        (Some(false), Reason::NotLinked)
    } else if policy.is_some_and(Policy::hides_app) {
        (Some(false), Reason::HiddenByPortal)
    } else if link == Some(true) && facts.may_write == Some(true) && is_self.is_some() {
        (Some(true), Reason::None)
    } else {
        (None, Reason::Unknown)
    };
    let url_useful = match (is_self, policy) {
        (Some(false), _) => Some(false),
        (Some(true), Some(policy)) => Some(policy.is_app()),
        _ => None,
    };
    let next_sign_in = policy.map_or(NextSignIn::Unknown, |policy| policy.next_sign_in(id));
    let portal_method = policy.and_then(Policy::method);
    let message = say(would_apply, reason, portal_method, next_sign_in);
    Check {
        would_apply,
        reason,
        is_self,
        portal_method,
        next_sign_in,
        url_useful,
        account: target.and_then(Person::into_account),
        message,
    }
}

fn say(
    would_apply: Option<bool>,
    reason: Reason,
    method: Option<TfaMethod>,
    next: NextSignIn,
) -> String {
    let mut text = match would_apply {
        Some(true) => "The change would be done: it unlinks the app and ends the sessions.".into(),
        Some(false) => format!(
            "The change would be refused. {}",
            message::of_reason(reason)
        ),
        None => "The portal does not show whether an app is linked (it does so to owner and \
                 administrators, while its own method is the app); the change may be done or \
                 refused."
            .to_owned(),
    };
    match method {
        Some(method) => text.push_str(&format!(" The portal's own method is {method}.")),
        None => text.push_str(" The portal's own method is not known."),
    }
    if would_apply != Some(false) {
        text.push(' ');
        text.push_str(message::of_next_sign_in(next));
    }
    text
}
