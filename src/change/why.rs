//! Why the portal said no: it answers nearly everything with 403, in a
//! language of its choice. Facts tell, and never turn a refusal into another
//! error.

use super::outcome::Explain;
use crate::account::AccountId;
use crate::credential::Kind;
use crate::error::Reason;
use crate::policy;
use crate::portal::envelope::Shape;
use crate::portal::{Answer, Portal, ReadFault};
use crate::transport::Call;

/// What reading found.
pub(crate) struct Why {
    pub(crate) found: Found,
    /// Whether the app is linked, if the account was looked at.
    pub(crate) look: Option<Result<Option<bool>, ReadFault>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Reason(Reason),
    /// Everything was answered, and nothing that is shown explains it.
    Nothing,
    /// No reason, for something could not be read.
    Unread,
    /// No portal that the server knows is at this address.
    NoPortal,
}

/// Looks for the reason with three reads at most.
pub(crate) fn explain(portal: &Portal, call: &Call, account: &AccountId, by: Explain) -> Why {
    let mut look = None;
    let found = match by {
        Explain::Not => Ok(Found::Unread),
        Explain::Scope => portal.key_scopes(call).map(|scopes| {
            Found::Reason(if may_write(&scopes) {
                Reason::Unknown
            } else {
                Reason::MissingScope
            })
        }),
        Explain::Facts => of_facts(portal, call, account, &|_| true, &mut look),
        Explain::Only(reasons) => {
            let belongs = |reason| reasons.contains(&reason);
            of_facts(portal, call, account, &belongs, &mut look)
        }
    };
    let found = found.unwrap_or_else(|fault| match fault {
        ReadFault::Answered(answer) if is_unknown_portal(&answer, portal.credential()) => {
            Found::NoPortal
        }
        _ => Found::Unread,
    });
    Why { found, look }
}

/// Servers look up an API key before they know which portal is meant, and fail
/// with this where they know none.
fn is_unknown_portal(answer: &Answer, credential: Kind) -> bool {
    credential == Kind::ApiKey
        && answer.reply.status == 500
        && matches!(&answer.shape, Shape::Refusal { kind: Some(kind), .. }
            if kind == "System.Exception")
}

/// A key without scopes, or with `*`, may do everything.
pub(crate) fn may_write(scopes: &[String]) -> bool {
    scopes.is_empty()
        || scopes
            .iter()
            .any(|scope| scope == "*" || scope == "*:write")
}

/// Caller, account, portal setting: the first that fits and that belongs to
/// what was answered. What the account showed is put into `look`.
fn of_facts(
    portal: &Portal,
    call: &Call,
    account: &AccountId,
    belongs: &dyn Fn(Reason) -> bool,
    look: &mut Option<Result<Option<bool>, ReadFault>>,
) -> Result<Found, ReadFault> {
    let reason = |reason| Ok(Found::Reason(reason));
    let caller = portal.own_account(call)?;
    let is_self = caller.is(account);
    match caller.is_owner {
        Some(false) if !is_self && belongs(Reason::NotOwner) => return reason(Reason::NotOwner),
        None if !is_self => return Ok(Found::Unread),
        _ => {}
    }
    let person = if is_self {
        caller
    } else {
        match portal.account(call, account) {
            Ok(person) => person,
            Err(fault) => {
                let is_nobody = fault.is_not_found() && belongs(Reason::NoSuchAccount);
                *look = Some(Err(fault));
                return Ok(if is_nobody {
                    Found::Reason(Reason::NoSuchAccount)
                } else {
                    Found::Unread
                });
            }
        }
    };
    let link = person.tfa_app_enabled;
    *look = Some(Ok(link));
    if person.is_terminated() && belongs(Reason::AccountTerminated) {
        return reason(Reason::AccountTerminated);
    }
    if link == Some(false) && belongs(Reason::NotLinked) {
        return reason(Reason::NotLinked);
    }
    let policy = policy::read(portal, call)?;
    if policy.hides_app() && belongs(Reason::HiddenByPortal) {
        return reason(Reason::HiddenByPortal);
    }
    // The link can be seen only while the portal's method is the app, and a
    // member never sees its own: then every other cause is excluded.
    let is_unseen = link.is_none() && (is_self || !policy.is_app());
    if is_unseen && belongs(Reason::NotLinked) {
        return reason(Reason::NotLinked);
    }
    Ok(Found::Nothing)
}
