//! Looking at people: one by one, by e-mail, by page.

use super::account::{Account, Kind, Life, Origin};
use super::auth::Caller;
use super::envelope::{Failure, Misfit, Reply, Success};
use super::filter::Filter;
use super::json::Object;
use super::order::read_guid;
use super::request::Request;
use super::state::{Method, State};
use super::text::Text;

pub fn own(state: &State, caller: &Caller, request: &Request) -> Reply {
    let Some(account) = state.account(&caller.id) else {
        return not_found(state, caller);
    };
    let person = person(state, caller, account);
    let extra = ",\"theme\":\"Base\",\"loginEventId\":7,\"hasPersonalFolder\":true}";
    let person = format!("{}{extra}", person.strip_suffix('}').unwrap_or(&person));
    Success::one(person).reply(&request.link())
}

/// By user name first and by id second: a name that looks like somebody's id
/// hides that somebody.
pub fn one(state: &State, caller: &Caller, request: &Request, key: &str) -> Reply {
    let alive = || {
        state
            .accounts
            .iter()
            .filter(|account| account.life != Life::Removed)
    };
    let named = alive().find(|account| account.user_name.eq_ignore_ascii_case(key));
    let id = any_guid(key);
    let found = named.or_else(|| alive().find(|account| Some(&account.id) == id.as_ref()));
    show(state, caller, request, found)
}

pub fn by_email(state: &State, caller: &Caller, request: &Request) -> Reply {
    let email = request.parameter("email").unwrap_or_default();
    if email.is_empty() {
        return Failure::argument("email").reply();
    }
    let well_formed = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !email.contains(char::is_whitespace)
    });
    if !well_formed {
        let misfit = Misfit::new("email", "The email field is not a valid e-mail address.");
        return misfit.reply(&request.link(), state.dialect.disguises_problems());
    }
    show(state, caller, request, state.by_email(&email))
}

pub fn list(state: &State, caller: &Caller, request: &Request, filtered: bool) -> Reply {
    let filter = match Filter::read(request, filtered, state.dialect) {
        Ok(filter) => filter,
        Err(misfit) => {
            return misfit.reply(&request.link(), state.dialect.disguises_problems());
        }
    };
    let kind = kind_of(state, caller);
    if !kind.administers() && kind != Kind::RoomAdmin {
        return Failure::access_denied().reply();
    }
    let (page, total) = filter.page(&state.accounts, kind.administers());
    let people: Vec<String> = page
        .into_iter()
        .map(|who| person(state, caller, who))
        .collect();
    let success = Success {
        total: Some(total),
        ..Success::many(&people)
    };
    success.reply(&request.link())
}

fn show(state: &State, caller: &Caller, request: &Request, found: Option<&Account>) -> Reply {
    let Some(account) = found.filter(|account| account.kind != Kind::Outside) else {
        return not_found(state, caller);
    };
    if !may_look_at(state, caller, account) {
        return Failure::access_denied().reply();
    }
    Success::one(person(state, caller, account)).reply(&request.link())
}

fn not_found(state: &State, caller: &Caller) -> Reply {
    Failure::not_found(Text::UserNotFound.say(state.language_of(caller))).reply()
}

fn kind_of(state: &State, caller: &Caller) -> Kind {
    state
        .account(&caller.id)
        .map_or(Kind::Guest, |account| account.kind)
}

fn may_look_at(state: &State, caller: &Caller, account: &Account) -> bool {
    account.id == caller.id
        || match kind_of(state, caller) {
            Kind::Owner | Kind::Admin => true,
            Kind::RoomAdmin => {
                account.kind != Kind::Guest || account.inviter.as_ref() == Some(&caller.id)
            }
            _ => false,
        }
}

/// Paths and queries know more notations of an id than bodies do.
fn any_guid(text: &str) -> Option<String> {
    let bare = text.trim();
    let inner = bare
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let inner = inner.or_else(|| {
        bare.strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
    });
    let bare = inner.unwrap_or(bare);
    if bare.len() == 32 && bare.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let cut = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &bare[range]);
        return read_guid(&cut.join("-"));
    }
    read_guid(bare)
}

/// One person as this caller may see it.
fn person(state: &State, caller: &Caller, account: &Account) -> String {
    let sees_link = kind_of(state, caller).administers()
        && state.policy.method == Method::App
        && state.dialect.shows_link_state();
    let status = match account.life {
        Life::Active => 1,
        Life::Terminated | Life::Removed => 2,
        Life::Pending => 4,
    };
    let flag = |value: bool| value.to_string();
    let text = super::json::quote;
    let mut members: Vec<(&str, String)> = vec![
        ("firstName", text(&account.first_name)),
        ("lastName", text(&account.last_name)),
        ("userName", text(&account.user_name)),
    ];
    if !account.email.is_empty() {
        members.push(("email", text(&account.email)));
    }
    members.extend([
        ("status", status.to_string()),
        (
            "activationStatus",
            if account.life == Life::Pending {
                "2"
            } else {
                "1"
            }
            .to_owned(),
        ),
    ]);
    if account.life == Life::Terminated {
        members.push(("terminated", text("2026-03-04T05:06:07.0000000Z")));
    }
    members.extend([
        ("isAdmin", flag(account.kind == Kind::Admin)),
        ("isRoomAdmin", flag(account.kind == Kind::RoomAdmin)),
        ("isLDAP", flag(account.origin == Origin::Ldap)),
        ("isOwner", flag(account.kind == Kind::Owner)),
        ("isVisitor", flag(account.kind == Kind::Guest)),
        ("isCollaborator", flag(account.kind == Kind::User)),
        ("mobilePhoneActivationStatus", "0".to_owned()),
        ("isSSO", flag(account.origin == Origin::Sso)),
    ]);
    if sees_link {
        members.push(("tfaAppEnabled", flag(state.shown_link(account))));
    }
    members.extend([
        ("registrationDate", text("2026-01-02T03:04:05.0000000Z")),
        ("hasAvatar", flag(false)),
        ("id", text(&account.id)),
        ("displayName", text(&html_encode(&account.full_name()))),
        (
            "avatar",
            text("/static/images/default_user_photo_size_82-82.png"),
        ),
        (
            "profileUrl",
            text(&format!(
                "/accounts/people/filter?search={}",
                account.user_name
            )),
        ),
    ]);
    for (name, value) in &account.overrides {
        members.retain(|(known, _)| known != name);
        if let Some(value) = value {
            members.push((name, value.clone()));
        }
    }
    members
        .iter()
        .fold(Object::new(), |object, (name, value)| {
            object.raw(name, value)
        })
        .finish()
}

/// Names meant for pages come encoded for pages.
fn html_encode(text: &str) -> String {
    let mut encoded = String::new();
    for letter in text.chars() {
        match letter {
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            '&' => encoded.push_str("&amp;"),
            '"' => encoded.push_str("&quot;"),
            '\'' => encoded.push_str("&#39;"),
            '\u{a0}'..='\u{ff}' => encoded.push_str(&format!("&#{};", u32::from(letter))),
            other => encoded.push(other),
        }
    }
    encoded
}
