//! Who is calling, and what the credential lets through.

use super::account::{Account, Origin};
use super::envelope::{Failure, Reply};
use super::gates::Conditions;
use super::request::Request;
use super::state::State;

/// What answers to passwords carry.
pub const BASIC: &str = "Basic";

/// An account together with the credential it came with.
#[derive(Clone, Debug)]
pub struct Caller {
    pub id: String,
    pub credential: Credential,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    Key(String),
    Grant(Vec<String>),
    Session,
    Password,
}

/// The outcome of looking at the credential. A refusal is not answered at once:
/// the rate limiter comes before it.
#[derive(Clone, Debug)]
pub enum Identity {
    Known(Caller),
    Nobody { asked_for_password: bool },
}

impl Identity {
    fn of(
        id: Option<String>,
        credential: Credential,
        state: &State,
        conditions: &Conditions,
    ) -> Self {
        let asked_for_password = credential == Credential::Password;
        let may_come_in = |account: &Account| {
            account.may_sign_in() && !(conditions.no_ldap && account.origin == Origin::Ldap)
        };
        match id.filter(|id| !conditions.no_portal && state.account(id).is_some_and(may_come_in)) {
            Some(id) => Self::Known(Caller { id, credential }),
            None => Self::Nobody { asked_for_password },
        }
    }

    /// The answer for a caller who is nobody.
    pub fn challenge(asked_for_password: bool) -> Reply {
        let reply = Reply::empty(401);
        if asked_for_password {
            reply.with("WWW-Authenticate", BASIC)
        } else {
            reply
        }
    }
}

/// Chooses the credential by the shape of the `Authorization` header.
pub fn identify(
    state: &State,
    request: &Request,
    conditions: &Conditions,
) -> Result<Identity, Reply> {
    let cookie = request.cookie("asc_auth_key");
    let by_session = |token: &str| {
        Identity::of(
            state
                .sessions
                .get(token)
                .map(|session| session.owner.clone()),
            Credential::Session,
            state,
            conditions,
        )
    };
    let Some(header) = request.header("Authorization").map(str::trim) else {
        return Ok(by_session(&cookie.unwrap_or_default()));
    };
    if let Some(encoded) = after(header, "Basic ") {
        return by_password(state, encoded, conditions);
    }
    let bearer = after(header, "Bearer ");
    if let Some(key) = bearer.filter(|token| token.starts_with("sk-")) {
        // Keys alone are looked up where nothing catches the failure.
        if conditions.no_portal && state.dialect.has_api_keys() {
            let message = "Could not resolve current tenant :-(.";
            return Err(Failure::crash(message, "System.Exception").reply());
        }
        let known = state.keys.iter().find(|known| {
            known.secret == key && known.active && !known.expired && state.dialect.has_api_keys()
        });
        let creator = known.map(|known| known.creator.clone());
        return Ok(Identity::of(
            creator,
            Credential::Key(key.to_owned()),
            state,
            conditions,
        ));
    }
    if let Some(token) = bearer.filter(|token| token.split('.').count() == 3) {
        let grant = state.grants.get(token).cloned();
        let (id, scopes) = grant.map_or((None, Vec::new()), |(id, scopes)| (Some(id), scopes));
        return Ok(Identity::of(
            id,
            Credential::Grant(scopes),
            state,
            conditions,
        ));
    }
    // Whatever is left is a session token, and a cookie beside it wins. A key
    // without "Bearer" ends here too, and is nobody's session.
    let token = cookie.unwrap_or_else(|| bearer.unwrap_or(header).to_owned());
    Ok(by_session(&token))
}

fn after<'a>(header: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = header.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// Checked at once, as often as it is asked: there is no lock here.
fn by_password(state: &State, encoded: &str, conditions: &Conditions) -> Result<Identity, Reply> {
    let Some(decoded) = base64(encoded) else {
        return Err(Failure::crash("The input is not Base-64.", "System.FormatException").reply());
    };
    let text = String::from_utf8_lossy(&decoded).into_owned();
    let Some((email, password)) = text.split_once(':') else {
        return Err(Failure::crash("No colon.", "System.Exception").reply());
    };
    let account = state
        .by_email(email)
        .filter(|account| account.password == password);
    Ok(Identity::of(
        account.map(|account| account.id.clone()),
        Credential::Password,
        state,
        conditions,
    ))
}

fn base64(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if text.is_empty() || text.len() % 4 != 0 {
        return None;
    }
    let body = text.trim_end_matches('=');
    if text.len() - body.len() > 2 {
        return None;
    }
    let (mut bits, mut have, mut bytes) = (0_u32, 0, Vec::new());
    for letter in body.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        bits = (bits << 6) | u32::try_from(value).ok()?;
        have += 6;
        if have >= 8 {
            have -= 8;
            bytes.push(((bits >> have) & 0xff) as u8);
        }
    }
    Some(bytes)
}

/// Scopes of which an endpoint wants one; empty means that it wants none.
pub type Scopes = &'static [&'static str];

/// Sessions and passwords may everything their account may.
pub fn allows(state: &State, caller: &Caller, scopes: Scopes) -> bool {
    let held = match &caller.credential {
        Credential::Session | Credential::Password => return true,
        Credential::Grant(scopes) => scopes.clone(),
        Credential::Key(secret) => {
            let key = state.keys.iter().find(|key| key.secret == *secret);
            let permissions = key.map_or_else(Vec::new, |key| key.permissions.clone());
            if permissions.is_empty() || permissions.iter().any(|scope| scope == "*") {
                vec!["*:write".to_owned()]
            } else {
                permissions
            }
        }
    };
    scopes.is_empty() || held.iter().any(|scope| scopes.contains(&scope.as_str()))
}
