//! The portal-wide method and the backup codes of the caller.

use std::net::IpAddr;

use super::auth::Caller;
use super::dialect::{Dialect, Refusal};
use super::envelope::{Failure, Reply, Success};
use super::json::{Object, list, quote};
use super::order::Order;
use super::request::Request;
use super::state::{Lists, Method, NOBODY, Policy, State, Switch, action};
use super::text::{Language, Text};
use super::trusted::{self, Thrown};
use super::unlink::{confirm_cookie, enrolment_url};

/// Which methods there are and which one is on. No role is asked for.
pub fn policy(state: &State, caller: &Caller, request: &Request) -> Reply {
    let language = state.language_of(caller);
    let spelling = if state.dialect.spells_available() {
        "available"
    } else {
        "avaliable"
    };
    let entry = |id: &str, title: Text, switch: &Switch, enabled: bool, available: bool| {
        let object = Object::new()
            .text("id", id)
            .text("title", title.say(language))
            .flag("enabled", enabled)
            .flag(spelling, available);
        let Some(lists) = switch.lists() else {
            // Null, and null is left out.
            return object.finish();
        };
        object
            .texts("trustedIps", &lists.trusted_ips)
            .texts("mandatoryUsers", &lists.mandatory_users)
            .texts("mandatoryGroups", &lists.mandatory_groups)
            .finish()
    };
    let Policy { sms, app } = &state.policy;
    let mut entries = Vec::new();
    if !state.sms_hidden {
        // The provider counts here, not the plan.
        let enabled = sms.is_on() && state.sms_provider;
        let provider = state.sms_provider;
        entries.push(entry("sms", Text::TitleSms, sms, enabled, provider));
    }
    if !state.app_hidden {
        entries.push(entry("app", Text::TitleApp, app, app.is_on(), true));
    }
    Success::many(&entries).reply(&request.link())
}

/// Sets the method of the whole portal. `true` means that a method is on.
pub fn set_policy(state: &mut State, caller: &Caller, request: &Request) -> Reply {
    match apply_policy(state, caller, request) {
        Ok(on) => Success::one(on.to_string()).reply(&request.link()),
        Err(reply) => reply,
    }
}

/// The same, answering with the page where the caller goes on.
pub fn set_policy_with_link(state: &mut State, caller: &Caller, request: &Request) -> Reply {
    let on = match apply_policy(state, caller, request) {
        Ok(on) => on,
        Err(reply) => return reply,
    };
    if !on {
        return Success::one(quote("")).reply(&request.link());
    }
    match confirmation(state, caller, request) {
        Err(thrown) => thrown.failure().reply(),
        Ok(Some(step)) => {
            let mut success = Success::one(quote(&step.url));
            success
                .cookies
                .push(confirm_cookie(state.https, step.purpose, &step.key));
            success.reply(&request.link())
        }
        Ok(None) if state.dialect.checks_trusted_addresses() => {
            Success::one(quote("")).reply(&request.link())
        }
        // Settings are saved by now; the answer is what fails.
        Ok(None) => Failure::crash(
            "Object reference not set to an instance of an object.",
            "System.NullReferenceException",
        )
        .reply(),
    }
}

fn apply_policy(state: &mut State, caller: &Caller, request: &Request) -> Result<bool, Reply> {
    let order = Order::read(request, state.dialect)?;
    let language = state.language_of(caller);
    let owner = state.owner_id();
    let concerns_owner = order.id == owner || order.mandatory_users.contains(&owner);
    if concerns_owner && order.id != caller.id {
        return Err(state
            .dialect
            .refuse(Refusal::NoPermissions, language)
            .reply());
    }
    if !state
        .account(&caller.id)
        .is_some_and(|account| account.kind.administers())
    {
        return Err(Failure::access_denied().reply());
    }
    let method = order.method();
    if method == Method::Sms {
        if state.sms_hidden || !state.sms_in_plan {
            return Err(sms_refusal(state, language).reply());
        }
        if !state.sms_provider {
            return Err(no_provider(state).reply());
        }
    }
    if method == Method::App && state.app_hidden {
        return Err(state
            .dialect
            .refuse(Refusal::AppUnavailable, language)
            .reply());
    }
    // In no source: only the vendor's tests expect it.
    let unreadable = order.trusted_ips.iter().any(|ip| !is_address(ip));
    if method != Method::Off && unreadable && state.dialect.checks_trusted_addresses() {
        return Err(Failure::argument("trustedIps").reply());
    }
    let lists = Lists {
        trusted_ips: order.trusted_ips,
        mandatory_users: order.mandatory_users,
        mandatory_groups: order.mandatory_groups,
    };
    let sms_goes = !state.sms_hidden && state.sms_in_plan && state.sms_provider;
    let Policy { sms, app } = &mut state.policy;
    let event = match method {
        Method::Sms => {
            sms.switch_on(lists);
            app.switch_off();
            action::METHOD_SMS
        }
        Method::App => {
            app.switch_on(lists);
            action::METHOD_APP
        }
        Method::Off => {
            app.switch_off();
            action::METHOD_OFF
        }
    };
    // Where text messages cannot be used, their switch is left as it is.
    if method != Method::Sms && sms_goes {
        sms.switch_off();
    }
    state.note(event, request, &caller.id, NOBODY);
    if method == Method::Off {
        return Ok(false);
    }
    state.sessions.clear();
    Ok(true)
}

/// The settings of text messages are hidden, or the plan has none. Before 3.5
/// refusals of this call were exceptions without a class of their own.
fn sms_refusal(state: &State, language: Language) -> Failure {
    let message = Text::SmsUnavailable.say(language);
    if state.dialect >= Dialect::V3_5 {
        Failure::new(
            403,
            message,
            "System.InvalidOperationException",
            -2146233079,
        )
    } else {
        Failure::new(500, message, "System.Exception", -2146233088)
    }
}

/// .NET's own sentence, in no language but English. The contract does not say
/// what older servers answer: their source throws this class.
fn no_provider(state: &State) -> Failure {
    if state.dialect >= Dialect::V3_5 {
        let message = "Operation is not valid due to the current state of the object.";
        Failure::new(
            403,
            message,
            "System.InvalidOperationException",
            -2146233079,
        )
    } else {
        let message = "Attempt to access the method failed.";
        Failure::new(500, message, "System.MethodAccessException", -2146233072)
    }
}

fn is_address(text: &str) -> bool {
    let divider = |it| it == '-' || it == '/';
    match text.find(divider) {
        Some(at) if at > 0 => trusted::holds(text, "192.0.2.1", Dialect::Newer).is_ok(),
        _ => text.parse::<IpAddr>().is_ok(),
    }
}

/// The next step of a caller who must give a second factor.
struct Step {
    purpose: &'static str,
    key: String,
    url: String,
}

/// Sets a cookie and may end the caller's link, although it is a GET.
pub fn confirm(state: &mut State, caller: &Caller, request: &Request) -> Reply {
    let step = match confirmation(state, caller, request) {
        Ok(Some(step)) => step,
        Ok(None) => return Success::default().reply(&request.link()),
        Err(thrown) => return thrown.failure().reply(),
    };
    let is_sms = step.purpose == PHONE;
    let response = if state.dialect.confirm_is_object() {
        let object = Object::new().text("url", &step.url);
        if is_sms {
            object.finish()
        } else {
            let name = format!("asc_confirm_key_{}", step.purpose);
            object
                .text("cookieName", &name)
                .text("cookieValue", &step.key)
                .finish()
        }
    } else {
        quote(&step.url)
    };
    let mut success = Success::one(response);
    if !is_sms {
        success
            .cookies
            .push(confirm_cookie(state.https, step.purpose, &step.key));
    }
    success.reply(&request.link())
}

const PHONE: &str = "PhoneActivation";

/// Text messages are asked first, if their settings are not hidden: neither the
/// provider nor the plan counts here.
fn confirmation(
    state: &mut State,
    caller: &Caller,
    request: &Request,
) -> Result<Option<Step>, Thrown> {
    // What the proxy reports. The contract names no header: this is the usual
    // one.
    let peer = request.peer.to_string();
    let address = request.header("X-Forwarded-For").unwrap_or(&peer);
    if !state.sms_hidden && state.requires(&state.policy.sms, caller, address)? {
        let key = state.confirm_key();
        let url = format!("{}/confirm/{PHONE}?type={PHONE}&key={key}", request.base);
        return Ok(Some(Step {
            purpose: PHONE,
            key,
            url,
        }));
    }
    // That a hidden app is not asked for here is in no source cited.
    if !state.app_hidden && state.requires(&state.policy.app, caller, address)? {
        return Ok(app_step(state, caller, request));
    }
    Ok(None)
}

fn app_step(state: &mut State, caller: &Caller, request: &Request) -> Option<Step> {
    let key = state.confirm_key();
    let account = state.account(&caller.id)?.clone();
    if account.old_link && link_expired(state) {
        let account = state.account_mut(&caller.id)?;
        account.codes.clear();
        account.old_link = false;
    }
    if state.account(&caller.id)?.is_linked() {
        let url = format!(
            "{}/confirm/TfaAuth?type=TfaAuth&uid={}",
            request.base, account.id
        );
        return Some(Step {
            purpose: "TfaAuth",
            key,
            url,
        });
    }
    let url = enrolment_url(
        state.dialect,
        &request.base,
        &account.id,
        &account.email,
        &key,
    );
    Some(Step {
        purpose: "TfaActivation",
        key,
        url,
    })
}

/// A link made before an app period ended does not come back to life.
fn link_expired(state: &State) -> bool {
    let of_app = |event: u32| event == action::METHOD_APP || event == action::METHOD_OFF;
    let mut events = state
        .audit
        .iter()
        .map(|event| event.action)
        .filter(|event| of_app(*event));
    if state.dialect.expiry_by_any_end() {
        events.any(|event| event == action::METHOD_OFF)
    } else {
        events.next_back() == Some(action::METHOD_OFF)
    }
}

/// Shows the caller's own backup codes while the app is the portal's method.
pub fn codes(state: &State, caller: &Caller, request: &Request) -> Reply {
    if !state.policy.app.is_on() || !has_visible_link(state, caller) {
        return unavailable(state, caller);
    }
    Success::many(&code_list(state, caller)).reply(&request.link())
}

/// Replaces the codes; the portal's method does not matter.
pub fn new_codes(state: &mut State, caller: &Caller, request: &Request) -> Reply {
    if !has_visible_link(state, caller) {
        return unavailable(state, caller);
    }
    let codes = state.fresh_codes();
    if let Some(account) = state.account_mut(&caller.id) {
        account.codes = codes;
    }
    state.note(action::NEW_CODES, request, &caller.id, &caller.id);
    Success::many(&code_list(state, caller)).reply(&request.link())
}

fn has_visible_link(state: &State, caller: &Caller) -> bool {
    !state.app_hidden
        && state
            .account(&caller.id)
            .is_some_and(|account| account.is_linked())
}

fn unavailable(state: &State, caller: &Caller) -> Reply {
    state
        .dialect
        .refuse(Refusal::AppUnavailable, state.language_of(caller))
        .reply()
}

fn code_list(state: &State, caller: &Caller) -> Vec<String> {
    let codes = state
        .account(&caller.id)
        .map_or(&[][..], |account| account.codes.as_slice());
    codes
        .iter()
        .map(|code| {
            Object::new()
                .flag("isUsed", code.used)
                .text("code", &code.code)
                .finish()
        })
        .collect()
}

/// The key that came with the request, as its creator sees it.
pub fn own_key(state: &State, secret: &str, request: &Request) -> Reply {
    let Some(key) = state.keys.iter().find(|key| key.secret == secret) else {
        return Failure::not_found("The key could not be found").reply();
    };
    let postfix = secret
        .get(secret.len().saturating_sub(4)..)
        .unwrap_or_default();
    let creator = Object::new().text("id", &key.creator).finish();
    let permissions: Vec<String> = key.permissions.iter().map(|scope| quote(scope)).collect();
    let object = Object::new()
        .text("id", "5f0c4f0e-3c53-4e0a-9d0b-7f7f1c2b3a4d")
        .text("name", "stand-in key")
        .text("keyPostfix", postfix)
        .raw("permissions", &list(&permissions))
        .text("createOn", "2026-01-02T03:04:05.0000000Z")
        .raw("createBy", &creator)
        .flag("isActive", key.active)
        .finish();
    Success::one(object).reply(&request.link())
}
