//! The portal-wide method. This file is the only home of its path: a call that
//! is meant for one account must never reach it.

mod rule;

use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::change::NextSignIn;
use crate::error::{Applied, Error, Reason, Status};
use crate::message;
use crate::method::TfaMethod;
use crate::outcome::Settle;
use crate::portal::people::Person;
use crate::portal::{Answer, Portal, ReadFault};
use crate::reading::Reading;
use crate::sending::{self, Sent};
use crate::shared::Shared;
use crate::transport::Call;

const PATH: &str = "settings/tfaapp";

/// The portal's setting: read it, change the copy, apply it.
#[derive(Debug, Clone)]
pub struct Policy {
    /// As read; it must still be so when the policy is applied.
    entries: Vec<Entry>,
    /// Only what was set on purpose is ever sent.
    wanted: Option<TfaMethod>,
    lists: Lists,
}

/// One method as the portal shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    #[serde(default)]
    enabled: bool,
    // Up to 3.6.1 portals misspelt it.
    #[serde(default, alias = "avaliable")]
    available: Option<bool>,
    #[serde(flatten)]
    lists: Lists,
}

/// Who is exempt, and who is not. What is left out when sending is lost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Lists {
    #[serde(default, deserialize_with = "or_empty")]
    trusted_ips: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    mandatory_users: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    mandatory_groups: Vec<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    /// The caller's own: portals refuse to touch an owner that is mandatory
    /// in any other name.
    id: &'a str,
    #[serde(flatten)]
    lists: &'a Lists,
}

/// Reads the portal's setting within a call.
pub(crate) fn read(portal: &Portal, call: &Call) -> Result<Policy, ReadFault> {
    let entries: Vec<Entry> = portal.read(call, PATH, PATH)?;
    Ok(Policy::of(entries))
}

/// The setting as an answer holds it.
#[cfg(fuzzing)]
pub(crate) fn of_body(body: &[u8]) -> Option<Policy> {
    let entries = crate::portal::envelope::response::<Vec<Entry>>(body)?;
    Some(Policy::of(entries.response))
}

pub(crate) fn get(shared: &Shared, cancel: Option<&Cancel>) -> Result<Policy, Error> {
    let reading = Reading::new(shared, cancel);
    reading.read(|| read(&shared.portal, reading.call()))
}

/// Sends the policy: once, after a last look that nobody changed it meanwhile.
pub(crate) fn apply(
    shared: &Shared,
    cancel: Option<&Cancel>,
    policy: &Policy,
    confirm_host: &str,
) -> Result<(), Error> {
    let portal = &shared.portal;
    let origin = portal.address().origin();
    let confirmed = [
        origin.authority(),
        origin.host_port(),
        origin.bracketed(),
        origin.host.clone(),
    ];
    if !confirmed
        .iter()
        .any(|host| host.eq_ignore_ascii_case(confirm_host))
    {
        return Err(Error::argument(
            "confirm host: not the portal's host; repeat the host of the portal URL, because this \
             affects every account of the portal",
        ));
    }
    let Some(method) = policy.wanted else {
        return Err(state(
            "policy: no method was set; set the method first, it is never guessed",
        ));
    };
    let reading = Reading::new(shared, cancel);
    let call = reading.call();
    let caller: Person = reading.read(|| portal.own_account(call))?;
    let now = reading.read(|| read(portal, call))?;
    if now.entries != policy.entries {
        return Err(state(
            "policy: it was changed on the portal since it was read; read it again",
        ));
    }
    let body = Body {
        r#type: method.name(),
        id: &caller.id,
        lists: &policy.lists,
    };
    // Plain strings always serialise.
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let sent = sending::send(shared, call, |call, attempt| {
        portal.write(call, PATH, PATH, &body, attempt)
    });
    // "False" is the answer to a method switched off: status and reading back
    // tell, not the boolean.
    let accepted = sent
        .answer
        .as_ref()
        .is_some_and(Answer::is_success_of_any_kind);
    let open = accepted || sent.verdict.settle != Settle::Not;
    let seen = if open { read(portal, call).ok() } else { None };
    let fits = seen.map(|seen| seen.method() == Some(method) && seen.lists == policy.lists);
    match (accepted, fits) {
        // A session ends with the change, and then nothing can be read.
        (true, None | Some(true)) | (false, Some(true)) => Ok(()),
        (true, Some(false)) => Err(Error::new(
            Status::Unverified,
            Applied::Maybe,
            "The portal accepted the policy, but shows another one; read it again.",
        )
        .with_attempts(sent.tries)),
        (false, fits) => Err(failed(&sent, fits.is_some(), method, policy, &caller)),
    }
}

fn failed(
    sent: &Sent,
    seen_otherwise: bool,
    method: TfaMethod,
    policy: &Policy,
    caller: &Person,
) -> Error {
    let verdict = &sent.verdict;
    let status = verdict.status.unwrap_or(Status::Protocol);
    let is_admin = caller.is_owner == Some(true) || caller.is_admin == Some(true);
    let reason = if status != Status::Rejected || verdict.reason != Reason::Unknown {
        verdict.reason
    } else if !is_admin {
        Reason::NotAdmin
    } else if method == TfaMethod::Sms && policy.sms_available() != Some(true) {
        Reason::MethodUnavailable
    } else {
        Reason::Unknown
    };
    let text = match verdict.applied {
        Applied::No => message::of_failure(status, reason, Applied::No),
        _ if seen_otherwise => format!(
            "{} The portal still showed its former method; a late effect is possible: read it \
             again in a minute.",
            message::of_status(status)
        ),
        _ => format!(
            "{} The portal's method may have been changed; read it before trying again.",
            message::of_status(status)
        ),
    };
    let mut error = Error::new(status, verdict.applied, text)
        .with_reason(reason)
        .with_retryable(verdict.retryable)
        .with_attempts(sent.tries);
    if let Some(answer) = &sent.answer {
        error = error
            .with_http_status(answer.reply.status)
            .with_retry_after(answer.reply.retry_after)
            .with_portal_message(answer.shape.portal_message().to_owned());
    }
    error
}

fn state(message: &str) -> Error {
    Error::new(Status::State, Applied::No, message)
}

impl Policy {
    fn of(entries: Vec<Entry>) -> Self {
        let enabled = entries.iter().find(|entry| entry.enabled);
        let app = entries.iter().find(|entry| entry.id == "app");
        let lists = enabled
            .or(app)
            .or(entries.first())
            .map(|entry| entry.lists.clone());
        Policy {
            wanted: None,
            lists: lists.unwrap_or_default(),
            entries,
        }
    }

    /// The method: the one that was set on this object, else the one read.
    /// `None` where the portal shows no method at all.
    pub fn method(&self) -> Option<TfaMethod> {
        if self.wanted.is_some() {
            return self.wanted;
        }
        if self.entries.is_empty() {
            return None;
        }
        Some(if self.enabled("app").is_some() {
            TfaMethod::App
        } else if self.enabled("sms").is_some() {
            TfaMethod::Sms
        } else {
            TfaMethod::None
        })
    }

    /// Whether codes by text message can be used, if the portal says.
    pub fn sms_available(&self) -> Option<bool> {
        self.entry("sms").and_then(|entry| entry.available)
    }

    /// Whether authenticator apps can be used, if the portal says.
    pub fn app_available(&self) -> Option<bool> {
        self.entry("app").and_then(|entry| entry.available)
    }

    /// Addresses that need no second factor.
    pub fn trusted_ips(&self) -> &[String] {
        &self.lists.trusted_ips
    }

    /// Accounts that need one from everywhere.
    pub fn mandatory_users(&self) -> &[String] {
        &self.lists.mandatory_users
    }

    /// Groups that need one from everywhere.
    pub fn mandatory_groups(&self) -> &[String] {
        &self.lists.mandatory_groups
    }

    /// Sets the method, in this object only.
    pub fn set_method(&mut self, method: TfaMethod) {
        self.wanted = Some(method);
    }

    /// Adds an address, a range (`a-b`) or a network (`a/n`). Portals accept
    /// what they cannot read and then fail every sign-in: it is read here.
    pub fn add_trusted_ip(&mut self, rule: &str) -> Result<(), Error> {
        self.lists.trusted_ips.push(rule::read(rule)?);
        Ok(())
    }

    /// Removes all trusted addresses.
    pub fn clear_trusted_ips(&mut self) {
        self.lists.trusted_ips.clear();
    }

    /// Adds a mandatory account.
    pub fn add_mandatory_user(&mut self, account: &AccountId) {
        self.lists.mandatory_users.push(account.to_string());
    }

    /// Removes all mandatory accounts.
    pub fn clear_mandatory_users(&mut self) {
        self.lists.mandatory_users.clear();
    }

    /// Adds a mandatory group; its id has the form of an account's.
    pub fn add_mandatory_group(&mut self, group: &AccountId) {
        self.lists.mandatory_groups.push(group.to_string());
    }

    /// Removes all mandatory groups.
    pub fn clear_mandatory_groups(&mut self) {
        self.lists.mandatory_groups.clear();
    }

    /// The installation does not show the authenticator app at all.
    pub(crate) fn hides_app(&self) -> bool {
        self.entry("app").is_none()
    }

    /// The portal's method is the authenticator app.
    pub(crate) fn is_app(&self) -> bool {
        self.enabled("app").is_some()
    }

    /// What an account without a linked app meets at its next sign-in. Not
    /// known when addresses are exempt: nobody here knows the member's.
    pub(crate) fn next_sign_in(&self, account: &AccountId) -> NextSignIn {
        let (entry, meets) = match (self.enabled("app"), self.enabled("sms")) {
            (Some(entry), _) => (entry, NextSignIn::Enrol),
            (None, Some(entry)) => (entry, NextSignIn::Sms),
            (None, None) => return NextSignIn::Nothing,
        };
        let mut mandatory = entry.lists.mandatory_users.iter();
        let is_mandatory = mandatory.any(|id| id.eq_ignore_ascii_case(account.as_str()));
        if entry.lists.trusted_ips.is_empty() || is_mandatory {
            meets
        } else {
            NextSignIn::Unknown
        }
    }

    fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    fn enabled(&self, id: &str) -> Option<&Entry> {
        self.entry(id).filter(|entry| entry.enabled)
    }
}

fn or_empty<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests;
