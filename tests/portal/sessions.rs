//! Sessions: who may end whose, and the list of one's own.

use super::auth::{Caller, Credential};
use super::dialect::Dialect;
use super::envelope::{Failure, Misfit, Reply, Success};
use super::json::{Object, list};
use super::order::read_guid;
use super::request::Request;
use super::state::{State, action};
use super::unlink::auth_cookie;

/// Ends every session of an account, `key` as it stands in the path.
pub fn end_all(state: &mut State, caller: &Caller, request: &Request, key: &str) -> Reply {
    let Some(id) = read_guid(key) else {
        return not_an_id(state.dialect, request);
    };
    if !may_end(state, caller, &id) {
        return Failure::access_denied().reply();
    }
    let own = id == caller.id;
    let event = if own {
        action::OWN_SESSIONS_ENDED
    } else {
        action::SESSIONS_ENDED
    };
    // An id that is nobody's has no sessions, and the answer is the same.
    state.note(event, request, &caller.id, &id);
    state.end_sessions_of(&id);
    let mut success = Success::default();
    if own {
        let session = state.open_session(&id);
        state.note(action::SIGNED_IN, request, &id, &id);
        success.cookies.push(auth_cookie(state.https, &session));
    }
    if state.dialect.says_nothing_of_ended_sessions() {
        let reply = Reply::empty(200);
        return success
            .cookies
            .iter()
            .fold(reply, |reply, cookie| reply.with("Set-Cookie", cookie));
    }
    success.reply(&request.link())
}

fn may_end(state: &State, caller: &Caller, id: &str) -> bool {
    let administers = |id: &str| {
        state
            .account(id)
            .is_some_and(|account| account.kind.administers())
    };
    let own = id == caller.id;
    match state.dialect {
        // The rights of the oldest product are known from no source: they are
        // taken to be those of the releases that followed it.
        Dialect::Workspace | Dialect::V1_0 => administers(&caller.id),
        // The owner counts as an administrator, as caller and as target.
        Dialect::V2_6 | Dialect::V3_2 | Dialect::V3_5 => {
            administers(&caller.id) && (own || !administers(id))
        }
        Dialect::V3_7 | Dialect::Newer => own || administers(&caller.id),
    }
}

/// The route takes ids only; the oldest took anything and then failed.
fn not_an_id(dialect: Dialect, request: &Request) -> Reply {
    if dialect > Dialect::V1_0 {
        return Reply::page(404);
    }
    let misfit = Misfit::new("userId", "The value is not valid for UserId.");
    misfit.reply(&request.link(), dialect.disguises_problems())
}

/// The caller's own sessions and nobody else's, the newest first.
pub fn active(state: &State, caller: &Caller, request: &Request) -> Reply {
    let by_cookie = request
        .cookie("asc_auth_key")
        .filter(|_| caller.credential == Credential::Session)
        .and_then(|token| state.sessions.get(&token));
    let current = by_cookie.map_or(0, |session| session.login_event);
    let mut events: Vec<u64> = state
        .sessions
        .values()
        .filter(|session| session.owner == caller.id)
        .map(|session| session.login_event)
        .collect();
    events.sort_unstable_by_key(|event| (*event != current, u64::MAX - event));
    if events.is_empty() {
        // One is made up for a caller without any.
        events.push(0);
    }
    let items: Vec<String> = events
        .iter()
        .map(|event| item(&caller.id, *event, request))
        .collect();
    let response = Object::new()
        .raw("loginEvent", &current.to_string())
        .raw("items", &list(&items))
        .finish();
    Success::one(response).reply(&request.link())
}

fn item(owner: &str, event: u64, request: &Request) -> String {
    Object::new()
        .raw("id", &event.to_string())
        .number("tenantId", 1)
        .text("userId", owner)
        .flag("mobile", false)
        .text("ip", &request.peer.to_string())
        .text("country", "")
        .text("city", "")
        .text("browser", "Firefox 140")
        .text("platform", "Linux")
        .text("date", "2026-01-02T03:04:05.0000000Z")
        .text("page", &request.base)
        .finish()
}
