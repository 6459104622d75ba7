//! Why the portal said no: it answers nearly everything with 403, in a
//! language of its choice. Facts tell, and never turn a refusal into another
//! error.

use crate::account::AccountId;
use crate::change::outcome::Explain;
use crate::error::Reason;
use crate::policy;
use crate::portal::Portal;
use crate::transport::Call;

/// The reason, if reading (at most three times) finds a better one.
pub(crate) fn explain(
    portal: &Portal,
    call: &Call,
    account: &AccountId,
    by: Explain,
) -> Option<Reason> {
    match by {
        Explain::Not => None,
        Explain::Scope => {
            let scopes = portal.key_scopes(call).ok()?;
            Some(if may_write(&scopes) {
                Reason::Unknown
            } else {
                Reason::MissingScope
            })
        }
        Explain::Facts => of_facts(portal, call, account),
    }
}

/// A key without scopes, or with `*`, may do everything.
pub(crate) fn may_write(scopes: &[String]) -> bool {
    scopes.is_empty()
        || scopes
            .iter()
            .any(|scope| scope == "*" || scope == "*:write")
}

/// Caller, account, portal setting: the first hit counts.
fn of_facts(portal: &Portal, call: &Call, account: &AccountId) -> Option<Reason> {
    let caller = portal.own_account(call).ok()?;
    let is_self = caller.is(account);
    if !is_self && !caller.is_owner? {
        return Some(Reason::NotOwner);
    }
    let person = if is_self {
        caller
    } else {
        match portal.account(call, account) {
            Ok(person) => person,
            Err(fault) if fault.is_not_found() => return Some(Reason::NoSuchAccount),
            Err(_) => return None,
        }
    };
    if person.is_terminated() {
        return Some(Reason::AccountTerminated);
    }
    if person.tfa_app_enabled == Some(false) {
        return Some(Reason::NotLinked);
    }
    let policy = policy::read(portal, call).ok()?;
    if policy.hides_app() {
        return Some(Reason::HiddenByPortal);
    }
    // The link can be seen only while the portal's method is the app, and a
    // member never sees its own: then every other cause is excluded.
    let unseen = person.tfa_app_enabled.is_none();
    (unseen && (is_self || !policy.is_app())).then_some(Reason::NotLinked)
}
