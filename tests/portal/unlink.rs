//! The unlink call: decisions in the order the portal takes them.

use super::account::{Account, Kind, Life};
use super::auth::Caller;
use super::dialect::{Dialect, Refusal};
use super::envelope::{Failure, Reply, Success};
use super::json::quote;
use super::order::Order;
use super::request::{Request, encode};
use super::state::{NOBODY, State, action};

/// How far an unlink comes. The steps are separate writes: what was done stays
/// done when a later one fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Allowed, and nothing done yet.
    Allowed,
    LinkWiped,
    AuditQueued,
    WebsocketTold,
    SessionsEnded,
    /// The caller's new session, where the caller's own app was unlinked. What is
    /// left is the mail to somebody else or the caller's address and cookies.
    SessionOpened,
}

impl Step {
    pub const ALL: [Self; 6] = [
        Self::Allowed,
        Self::LinkWiped,
        Self::AuditQueued,
        Self::WebsocketTold,
        Self::SessionsEnded,
        Self::SessionOpened,
    ];
}

/// What goes wrong inside an unlink that is allowed.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    pub save_is_lost: bool,
    pub stop: Option<(Step, Failure)>,
}

impl Trouble {
    fn after(&self, step: Step) -> Result<(), Failure> {
        match &self.stop {
            Some((last, failure)) if *last == step => Err(failure.clone()),
            _ => Ok(()),
        }
    }
}

pub fn unlink(state: &mut State, caller: &Caller, request: &Request, trouble: &Trouble) -> Reply {
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
    match perform(state, caller, &id, request, trouble) {
        Ok(success) => success.reply(&request.link()),
        Err(failure) => failure.reply(),
    }
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
    if !own && caller.id != state.owner_id() && !edits(state, caller, target) {
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

/// May a caller who is not the owner unlink others, where that was enough?
fn edits(state: &State, caller: &Caller, target: Option<&Account>) -> bool {
    state.dialect.admins_unlink_others()
        && state
            .account(&caller.id)
            .is_some_and(|account| account.kind.administers())
        && target.is_none_or(|target| target.kind != Kind::Owner)
}

/// An answer to a failure carries no cookie, not even of a session that was
/// opened before it; whether the portal's does is known from no source.
fn perform(
    state: &mut State,
    caller: &Caller,
    id: &str,
    request: &Request,
    trouble: &Trouble,
) -> Result<Success, Failure> {
    let own = id == caller.id;
    let dialect = state.dialect;
    trouble.after(Step::Allowed)?;
    let email = state
        .account(id)
        .map_or_else(String::new, |target| target.email.clone());
    if !trouble.save_is_lost {
        wipe(state, id);
    }
    trouble.after(Step::LinkWiped)?;
    state.note(action::UNLINKED, request, &caller.id, id);
    trouble.after(Step::AuditQueued)?;
    // Nobody listens to the event that a portal sends to its pages here.
    trouble.after(Step::WebsocketTold)?;
    end_sessions(state, id, own);
    trouble.after(Step::SessionsEnded)?;
    let session = (own && dialect != Dialect::Workspace).then(|| {
        let session = state.open_session(id);
        state.note(action::SIGNED_IN, request, id, id);
        session
    });
    trouble.after(Step::SessionOpened)?;
    if !own {
        state.mails.push(id.to_owned());
        return Ok(Success::one(quote("")));
    }
    let key = state.confirm_key();
    let url = enrolment_url(dialect, &request.base, id, &email, &key);
    let mut success = Success::one(quote(&url));
    if let Some(session) = session {
        success.cookies.push(auth_cookie(state.https, &session));
    }
    if !dialect.key_is_in_address() {
        success
            .cookies
            .push(confirm_cookie(state.https, "TfaActivation", &key));
    }
    Ok(success)
}

fn wipe(state: &mut State, id: &str) {
    if let Some(target) = state.account_mut(id) {
        target.codes.clear();
        target.old_link = false;
        target.times_unlinked += 1;
    }
}

fn end_sessions(state: &mut State, id: &str, own: bool) {
    match state.dialect {
        Dialect::Workspace => {}
        // The whole portal's, where the caller's own app goes.
        Dialect::V1_0 if own => state.sessions.clear(),
        dialect if own || dialect.ends_sessions_of_others() => state.end_sessions_of(id),
        _ => {}
    }
}

/// Where a browser goes to link an app. Only the oldest releases put the secret
/// into the address itself.
pub fn enrolment_url(dialect: Dialect, base: &str, id: &str, email: &str, key: &str) -> String {
    let email = encode(email);
    let query = match dialect {
        _ if dialect.key_is_in_address() => format!("type=TfaActivation&key={key}&email={email}"),
        Dialect::V2_6 | Dialect::V3_2 => format!("type=TfaActivation&email={email}"),
        _ => format!("type=TfaActivation&uid={id}"),
    };
    format!("{base}/confirm/TfaActivation?{query}")
}

/// A full session; cookie values are percent-encoded on the wire.
pub fn auth_cookie(https: bool, token: &str) -> String {
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
