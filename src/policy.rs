//! The portal-wide method. This file is the only home of its path: a call that
//! is meant for one account must never reach it.

mod apply;
mod rule;

use crate::account::AccountId;
use crate::cancel::Cancel;
use crate::change::NextSignIn;
use crate::change::outcome::Asked;
use crate::error::Error;
use crate::json::{FromJson, Members, Writer};
use crate::method::TfaMethod;
use crate::portal::people::Person;
use crate::portal::{Portal, ReadFault};
use crate::reading::Reading;
use crate::sending::{self, Sent};
use crate::shared::Shared;
use crate::text::{self, clean};
use crate::transport::Call;

pub(crate) use apply::apply;

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
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    id: String,
    enabled: bool,
    available: Option<bool>,
    lists: Lists,
}

impl FromJson for Entry {
    fn from_json(json: &str) -> Option<Self> {
        let members = Members::of(json)?;
        // Null is an empty list. What an administrator of the portal typed is
        // cleaned like every text: no rule or id holds what that replaces.
        let list = |name| {
            let list = members.get::<Option<Vec<String>>>(name)?;
            let list = list.unwrap_or_default();
            Some(list.iter().map(|one| clean(one, text::SENTENCE)).collect())
        };
        // Up to 3.6.1 portals misspelt it.
        let available = match (members.find("available")?, members.find("avaliable")?) {
            (Some(_), Some(_)) => return None,
            (one, other) => Option::from_json(one.or(other).unwrap_or("null"))?,
        };
        Some(Entry {
            id: members.get("id")?,
            enabled: members.get_or_default("enabled")?,
            available,
            lists: Lists {
                trusted_ips: list("trustedIps")?,
                mandatory_users: list("mandatoryUsers")?,
                mandatory_groups: list("mandatoryGroups")?,
            },
        })
    }
}

/// Who is exempt, and who is not. What is left out when sending is lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Lists {
    trusted_ips: Vec<String>,
    mandatory_users: Vec<String>,
    mandatory_groups: Vec<String>,
}

/// What is sent. `id` is the caller's own: portals refuse to touch an owner
/// that is mandatory in any other name.
fn body(method: TfaMethod, id: &str, lists: &Lists) -> Vec<u8> {
    let mut body = Writer::new();
    body.text("type", method.name());
    body.text("id", id);
    body.texts("trustedIps", &lists.trusted_ips);
    body.texts("mandatoryUsers", &lists.mandatory_users);
    body.texts("mandatoryGroups", &lists.mandatory_groups);
    body.end()
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
    reading.read(&|| read(&shared.portal, reading.call()))
}

/// Sends a policy: nothing else asks for this.
fn write(shared: &Shared, call: &Call, caller: &Person, method: TfaMethod, lists: &Lists) -> Sent {
    let body = body(method, caller.id.as_str(), lists);
    sending::send(
        shared,
        call,
        Asked::Write,
        &|call, attempt| shared.portal.write(call, PATH, PATH, &body, attempt),
        &|| true,
    )
}

impl Policy {
    fn of(entries: Vec<Entry>) -> Self {
        let mut policy = Policy {
            wanted: None,
            lists: Lists::default(),
            entries,
        };
        policy.lists = policy.lists_read();
        policy
    }

    /// Each method has lists of its own: those of the one that is on count,
    /// else those of the one that is asked for.
    fn lists_read(&self) -> Lists {
        let asked = match self.wanted {
            Some(TfaMethod::Sms) => "sms",
            _ => "app",
        };
        let mut entries = self.entries.iter();
        let entry = entries
            .find(|entry| entry.enabled)
            .or_else(|| self.entry(asked))
            .or(self.entries.first());
        entry.map(|entry| entry.lists.clone()).unwrap_or_default()
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

    /// Whether the portal shows what is asked for here. Switched off, it keeps
    /// the lists it has.
    fn is_met_by(&self, seen: &Policy) -> bool {
        seen.method() == self.method()
            && (self.wanted == Some(TfaMethod::None) || seen.lists == self.lists)
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

    /// Sets the method, in this object only. While no method is on, lists that
    /// were not touched become those that the portal keeps for this one. With
    /// `None` portals keep the lists they have, whatever is sent.
    pub fn set_method(&mut self, method: TfaMethod) {
        let untouched = self.lists == self.lists_read();
        self.wanted = Some(method);
        if untouched {
            self.lists = self.lists_read();
        }
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

    /// What an account meets at its next sign-in, with an app linked or not.
    /// Sign-in by SSO never asks, so where it is not known whether the account
    /// has it, nothing is. Nor is it when addresses are exempt: nobody here
    /// knows the member's.
    pub(crate) fn next_sign_in(
        &self,
        account: &AccountId,
        linked: Option<bool>,
        is_sso: Option<bool>,
    ) -> NextSignIn {
        let with_app = match linked {
            Some(true) => NextSignIn::App,
            Some(false) => NextSignIn::Enrol,
            None => NextSignIn::Unknown,
        };
        let (entry, meets) = match (self.enabled("app"), self.enabled("sms")) {
            (None, None) => return NextSignIn::Nothing,
            _ if is_sso == Some(true) => return NextSignIn::Sso,
            _ if is_sso.is_none() => return NextSignIn::Unknown,
            // Which of the two counts, is not shown.
            (Some(_), Some(_)) => return NextSignIn::Unknown,
            (Some(entry), None) => (entry, with_app),
            (None, Some(entry)) => (entry, NextSignIn::Sms),
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

#[cfg(test)]
mod tests;
