//! From a path to the method behind it, past the gates in their order.

use super::auth::{BASIC, Caller, Credential, Identity, Scopes, allows};
use super::envelope::{Failure, Reply, Success};
use super::fault::Plan;
use super::gates::pass;
use super::request::{Request, decode};
use super::state::State;
use super::{audit, people, sessions, settings, unlink};

/// A method of the portal's application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Policy,
    SetPolicy,
    SetPolicyWithLink,
    Confirm,
    Codes,
    NewCodes,
    Unlink,
    OwnKey,
    Sessions,
    Audit,
    AuditLast,
    /// The id as it stands in the path.
    EndSessions(String),
    People,
    PeopleFilter,
    PeopleByEmail,
    Own,
    Person(String),
    /// A literal path beside people that shadows a user name.
    Shadow,
}

const READ: Scopes = &["*:read", "*:write"];
const WRITE: Scopes = &["*:write"];
const PEOPLE: Scopes = &["accounts:read", "accounts:write", "*:read", "*:write"];
const OWN: Scopes = &[
    "accounts.self:read",
    "accounts.self:write",
    "*:read",
    "*:write",
];

/// What stands before the id of the account whose sessions are to end.
const LOG_OUT: &str = "security/activeconnections/logoutall/";

impl Endpoint {
    fn scopes(&self) -> Scopes {
        match self {
            Self::Policy
            | Self::Confirm
            | Self::Codes
            | Self::Sessions
            | Self::Audit
            | Self::AuditLast => READ,
            Self::SetPolicy
            | Self::SetPolicyWithLink
            | Self::NewCodes
            | Self::Unlink
            | Self::EndSessions(_) => WRITE,
            Self::People | Self::PeopleFilter | Self::PeopleByEmail | Self::Shadow => PEOPLE,
            Self::Own => OWN,
            Self::OwnKey | Self::Person(_) => &[],
        }
    }

    fn asks_for_payment(&self) -> bool {
        !matches!(
            self,
            Self::PeopleFilter | Self::Own | Self::Person(_) | Self::Shadow
        )
    }
}

/// Finds the method, or gives the answer of whatever else is in the way.
pub fn find(request: &Request, prefix: &str, state: &State) -> Result<Endpoint, Reply> {
    let inner = request
        .path
        .strip_prefix(prefix)
        .ok_or_else(|| Reply::page(404))?;
    let lower = inner.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("/api/2.0/") else {
        return Err(web_client(&request.method));
    };
    let rest = rest.trim_end_matches('/');
    // Segments keep their spelling; only the fixed parts are matched in any case.
    let spelt = inner
        .get("/api/2.0/".len()..)
        .unwrap_or_default()
        .trim_end_matches('/');
    let endpoints = match rest {
        "settings/tfaapp" => vec![("GET", Endpoint::Policy), ("PUT", Endpoint::SetPolicy)],
        "settings/tfaappwithlink" => vec![("PUT", Endpoint::SetPolicyWithLink)],
        "settings/tfaapp/confirm" => vec![("GET", Endpoint::Confirm)],
        "settings/tfaappcodes" => vec![("GET", Endpoint::Codes)],
        "settings/tfaappnewcodes" => vec![("PUT", Endpoint::NewCodes)],
        "settings/tfaappnewapp" => vec![("PUT", Endpoint::Unlink)],
        "keys/@self" if state.dialect.has_api_keys() => vec![("GET", Endpoint::OwnKey)],
        "security/activeconnections" => vec![("GET", Endpoint::Sessions)],
        "security/audit/events/last" => vec![("GET", Endpoint::AuditLast)],
        "security/audit/events/filter" if state.dialect.filters_audit() => {
            vec![("GET", Endpoint::Audit)]
        }
        "people" => vec![("GET", Endpoint::People)],
        "people/filter" => vec![("GET", Endpoint::PeopleFilter)],
        "people/email" => vec![("GET", Endpoint::PeopleByEmail)],
        "people/@self" => vec![("GET", Endpoint::Own)],
        "people/search" | "people/exists" | "people/info" | "people/theme" | "people/guests" => {
            vec![("GET", Endpoint::Shadow)]
        }
        _ => match (rest.strip_prefix("people/"), rest.strip_prefix(LOG_OUT)) {
            (Some(key), _) if is_one_person(key) => {
                let spelt = spelt.get("people/".len()..).unwrap_or_default();
                vec![("GET", Endpoint::Person(decode(spelt, false)))]
            }
            (_, Some(key)) if !key.contains('/') => {
                vec![("PUT", Endpoint::EndSessions(decode(key, false)))]
            }
            _ => return Err(Reply::page(404)),
        },
    };
    let found = endpoints
        .into_iter()
        .find(|(method, _)| *method == request.method);
    found
        .map(|(_, endpoint)| endpoint)
        .ok_or_else(|| Reply::empty(405))
}

/// Two beginnings belong to another service behind the proxy.
fn is_one_person(key: &str) -> bool {
    !key.is_empty()
        && !key.contains('/')
        && !key.starts_with("files")
        && !key.starts_with("privacyroom")
}

/// Anything outside the API reaches the web client, which answers pages.
fn web_client(method: &str) -> Reply {
    if method == "GET" || method == "HEAD" {
        let page = "<!DOCTYPE html><html><head><title>Portal</title></head>\
                    <body><div id=\"root\"></div></body></html>";
        Reply::typed(200, "text/html; charset=utf-8", page)
    } else {
        Reply::page(405)
    }
}

/// Answers a request whose sender the rate limiter has let in.
pub fn answer(
    state: &mut State,
    identity: Identity,
    endpoint: &Endpoint,
    request: &Request,
    plan: &Plan,
) -> Reply {
    let caller = match identity {
        Identity::Known(caller) => caller,
        Identity::Nobody { asked_for_password } => return Identity::challenge(asked_for_password),
    };
    let by_password = caller.credential == Credential::Password;
    let reply = pass_and_act(state, &caller, endpoint, request, plan);
    if by_password && !reply.is_failure() {
        return reply.with("WWW-Authenticate", BASIC);
    }
    reply
}

fn pass_and_act(
    state: &mut State,
    caller: &Caller,
    endpoint: &Endpoint,
    request: &Request,
    plan: &Plan,
) -> Reply {
    // An answer to a wrong scope has no body; to a wrong role it has one.
    if !allows(state, caller, endpoint.scopes()) {
        return Reply::empty(403);
    }
    let payment = endpoint.asks_for_payment();
    if let Err(reply) = pass(state, caller, request, plan.conditions, payment) {
        return reply;
    }
    act(state, caller, endpoint, request, plan)
}

fn act(
    state: &mut State,
    caller: &Caller,
    endpoint: &Endpoint,
    request: &Request,
    plan: &Plan,
) -> Reply {
    match endpoint {
        Endpoint::Policy => settings::policy(state, caller, request),
        Endpoint::SetPolicy => settings::set_policy(state, caller, request),
        Endpoint::SetPolicyWithLink => settings::set_policy_with_link(state, caller, request),
        Endpoint::Confirm => settings::confirm(state, caller, request),
        Endpoint::Codes => settings::codes(state, caller, request),
        Endpoint::NewCodes => settings::new_codes(state, caller, request),
        Endpoint::Unlink => unlink::unlink(state, caller, request, &plan.trouble),
        Endpoint::Sessions => sessions::active(state, caller, request),
        Endpoint::Audit => audit::filter(state, caller, request),
        Endpoint::AuditLast => audit::last(state, caller, request),
        Endpoint::EndSessions(key) => sessions::end_all(state, caller, request, key),
        Endpoint::OwnKey => match &caller.credential {
            Credential::Key(secret) => settings::own_key(state, secret, request),
            _ => Failure::crash(
                "No key came with the request.",
                "System.NullReferenceException",
            )
            .reply(),
        },
        Endpoint::People => people::list(state, caller, request, false),
        Endpoint::PeopleFilter => people::list(state, caller, request, true),
        Endpoint::PeopleByEmail => people::by_email(state, caller, request),
        Endpoint::Own => people::own(state, caller, request),
        Endpoint::Person(key) => people::one(state, caller, request, key),
        Endpoint::Shadow => Success::default().reply(&request.link()),
    }
}
