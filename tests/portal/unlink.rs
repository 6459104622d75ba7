//! The unlink call: decisions in the order the portal takes them.

use super::account::{Kind, Life};
use super::auth::Caller;
use super::dialect::{Dialect, Refusal};
use super::envelope::{Reply, Success};
use super::json::quote;
use super::order::Order;
use super::request::{Request, encode};
use super::state::{NOBODY, State, action};

pub fn unlink(state: &mut State, caller: &Caller, request: &Request) -> Reply {
    let order = match Order::read(request, state.dialect) {
        Ok(order) => order,
        Err(reply) => return reply,
    };
    let mut id = order.id;
    if state.dialect == Dialect::Workspace && id == NOBODY {
        id.clone_from(&caller.id);
    }
    if let Err(refusal) = decide(state, caller, &id) {
        return state
            .dialect
            .refuse(refusal, state.language_of(caller))
            .reply();
    }
    perform(state, caller, &id, request).reply(&request.link())
}

/// May `caller` unlink the app of the account `id`?
fn decide(state: &State, caller: &Caller, id: &str) -> Result<(), Refusal> {
    let dialect = state.dialect;
    // An empty id counts as the caller's own while rights are asked for, and as
    // nobody's when the account is looked up.
    let own = id == NOBODY || id == caller.id;
    let target = state.account(id);
    if target.is_none() && dialect.lost_account_is_a_matter_of_rights() {
        return Err(Refusal::NoPermissions);
    }
    // The right to edit an account is asked first and ownership second. Both
    // refusals are one and the owner has every right, so this is enough.
    if !own && caller.id != state.owner_id() {
        return Err(Refusal::NoPermissions);
    }
    let Some(target) = target.filter(|target| target.is_linked() && !state.app_hidden) else {
        return Err(Refusal::AppUnavailable);
    };
    let terminated = target.life == Life::Terminated && dialect.refuses_terminated();
    if target.kind == Kind::Outside || terminated {
        return Err(Refusal::NotAvailable);
    }
    Ok(())
}

fn perform(state: &mut State, caller: &Caller, id: &str, request: &Request) -> Success {
    let own = id == caller.id;
    let mut email = String::new();
    if let Some(target) = state.account_mut(id) {
        target.codes.clear();
        target.old_link = false;
        target.times_unlinked += 1;
        email.clone_from(&target.email);
    }
    state.note(action::UNLINKED, &caller.id, id);
    state.end_sessions_of(id);
    if !own {
        state.mails.push(id.to_owned());
        return Success::one(quote(""));
    }
    let session = state.open_session(id);
    state.note(action::SIGNED_IN, id, id);
    let key = state.confirm_key();
    let url = enrolment_url(state.dialect, &request.base, id, &email, &key);
    let mut success = Success::one(quote(&url));
    success.cookies.push(auth_cookie(state.https, &session));
    if state.dialect != Dialect::Workspace {
        success
            .cookies
            .push(confirm_cookie(state.https, "TfaActivation", &key));
    }
    success
}

/// Where a browser goes to link an app. Only the oldest product puts the secret
/// into the address itself.
pub fn enrolment_url(dialect: Dialect, base: &str, id: &str, email: &str, key: &str) -> String {
    let email = encode(email);
    let query = match dialect {
        Dialect::Workspace => format!("type=TfaActivation&key={key}&email={email}"),
        Dialect::V2_6 | Dialect::V3_2 => format!("type=TfaActivation&email={email}"),
        _ => format!("type=TfaActivation&uid={id}"),
    };
    format!("{base}/confirm/TfaActivation?{query}")
}

/// A full session; cookie values are percent-encoded on the wire.
fn auth_cookie(https: bool, token: &str) -> String {
    let year = std::time::Duration::from_secs(365 * 24 * 3600);
    let expires = httpdate::fmt_http_date(std::time::SystemTime::now() + year);
    let secure = if https { " secure;" } else { "" };
    format!(
        "asc_auth_key={}; expires={expires}; path=/;{secure} samesite=lax; httponly",
        encode(token)
    )
}

pub fn confirm_cookie(https: bool, purpose: &str, key: &str) -> String {
    let secure = if https { " secure;" } else { "" };
    format!("asc_confirm_key_{purpose}={key}; path=/;{secure} samesite=lax; httponly")
}
