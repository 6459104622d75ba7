//! The portal-wide method. This file is the only home of its path: a call that
//! is meant for one account must never reach it.

mod address;
mod apply;
mod matching;
mod rule;

use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::change::NextSignIn;
use crate::change::outcome::Asked;
use crate::error::Error;
use crate::id::GroupId;
use crate::method::TfaMethod;
use crate::portal::people::Person;
use crate::portal::{Object, Portal, ReadFault};
use crate::reading::Reading;
use crate::sending::{self, Sent};
use crate::shared::Shared;
use crate::text::{self, clean};
use crate::transport::Call;

pub(crate) use apply::apply;

use rule::Callers;

const PATH: &str = "settings/tfaapp";

/// The portal's setting: read it, change the copy, apply it.
///
/// Each method has lists of its own, and **a portal forgets a method's lists when
/// that method is switched off or replaced**: to have them again, keep them. The
/// lists here are those of the method that is on, and go with the policy when
/// another one is set.
///
/// Two methods can be on: setting the app or none leaves text messages on where
/// the portal hides their settings, has no provider for them (any more) or a plan
/// without them. Text messages are asked for first then, if the plan has them
/// after all, which a portal does not show. While both are on, `method` and the
/// lists are those of text messages.
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
#[serde(try_from = "Object<Shown>")]
struct Entry {
    id: String,
    enabled: bool,
    available: Option<bool>,
    /// `available` is misspelt, as up to 3.6.1.
    misspelt: bool,
    /// Portals show lists of methods that are switched on, of others none.
    has_lists: bool,
    lists: Lists,
}

/// The same in the portal's words.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    #[serde(default)]
    enabled: bool,
    available: Option<bool>,
    avaliable: Option<bool>,
    trusted_ips: Option<Vec<String>>,
    mandatory_users: Option<Vec<String>>,
    mandatory_groups: Option<Vec<String>>,
}

impl TryFrom<Object<Shown>> for Entry {
    type Error = &'static str;

    fn try_from(Object(shown): Object<Shown>) -> Result<Self, Self::Error> {
        if shown.available.is_some() && shown.avaliable.is_some() {
            return Err("both spellings of \"available\"");
        }
        let lists = [
            &shown.trusted_ips,
            &shown.mandatory_users,
            &shown.mandatory_groups,
        ];
        Ok(Entry {
            id: shown.id,
            enabled: shown.enabled,
            available: shown.available.or(shown.avaliable),
            misspelt: shown.avaliable.is_some(),
            has_lists: lists.iter().any(|list| list.is_some()),
            lists: Lists {
                trusted_ips: cleaned(shown.trusted_ips),
                mandatory_users: cleaned(shown.mandatory_users),
                mandatory_groups: cleaned(shown.mandatory_groups),
            },
        })
    }
}

impl Entry {
    /// Text messages stay switched on without their provider, and are not shown
    /// as on: only the lists tell.
    fn is_left_on(&self) -> bool {
        !self.enabled && self.available == Some(false) && self.has_lists
    }
}

/// Null is an empty list. What an administrator of the portal typed is cleaned
/// like every text: no rule or id holds what that replaces.
fn cleaned(list: Option<Vec<String>>) -> Vec<String> {
    let list = list.unwrap_or_default();
    list.iter().map(|one| clean(one, text::SENTENCE)).collect()
}

/// Who is exempt, and who is not. What is left out when sending is lost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Lists {
    trusted_ips: Vec<String>,
    mandatory_users: Vec<String>,
    mandatory_groups: Vec<String>,
}

/// What is sent.
#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    /// The caller's own: portals refuse to touch an owner that is mandatory in
    /// any other name.
    id: &'a str,
    #[serde(flatten)]
    lists: &'a Lists,
}

fn body(method: TfaMethod, id: &str, lists: &Lists) -> Vec<u8> {
    let body = Body {
        r#type: method.name(),
        id,
        lists,
    };
    // Plain texts always serialise.
    serde_json::to_vec(&body).unwrap_or_default()
}

/// Reads the portal's setting within a call.
pub(crate) fn read(portal: &Portal, call: &Call) -> Result<Policy, ReadFault> {
    portal.read(call, PATH, PATH).map(Policy::of)
}

/// The setting as an answer holds it.
#[cfg(fuzzing)]
pub(crate) fn of_body(body: &[u8]) -> Option<Policy> {
    Some(Policy::of(
        crate::portal::envelope::response(body)?.response,
    ))
}

pub(crate) fn get(shared: &Shared, call: Call) -> Result<Policy, Error> {
    let reading = Reading::within(shared, call);
    reading.read(&|| read(&shared.portal, reading.call()))
}

/// Sends a policy: nothing else asks for this.
fn write(shared: &Shared, call: &Call, caller: &Person, method: TfaMethod, lists: &Lists) -> Sent {
    let body = body(method, caller.id.as_str(), lists);
    sending::send(
        shared,
        call,
        Asked::Write,
        &|call| shared.portal.write(call, PATH, PATH, &body),
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

    /// The lists of the method that is asked for where it is on, else of the one
    /// that is.
    fn lists_read(&self) -> Lists {
        let asked = match self.wanted {
            Some(TfaMethod::Sms) => Some("sms"),
            Some(TfaMethod::App) => Some("app"),
            _ => None,
        };
        let entry = asked
            .and_then(|id| self.enabled(id))
            .or(self.sms_on())
            .or(self.enabled("app"));
        entry.map(|entry| entry.lists.clone()).unwrap_or_default()
    }

    /// The method: the one that was set on this object, else the one read: text
    /// messages where both are on, and where they are switched on without a
    /// provider. `None` where the portal shows no method at all.
    pub fn method(&self) -> Option<TfaMethod> {
        if self.wanted.is_some() {
            return self.wanted;
        }
        if self.entries.is_empty() {
            return None;
        }
        Some(if self.sms_on().is_some() {
            TfaMethod::Sms
        } else if self.enabled("app").is_some() {
            TfaMethod::App
        } else {
            TfaMethod::None
        })
    }

    /// Whether the portal shows what is asked for here, and nothing beside it.
    fn is_met_by(&self, seen: &Policy) -> bool {
        let shown = |id, method| match (seen.enabled(id), self.wanted == Some(method)) {
            (Some(entry), true) => entry.lists == self.lists,
            (None, false) => true,
            _ => false,
        };
        !seen.entries.is_empty()
            && !seen.sms_is_left_on()
            && shown("sms", TfaMethod::Sms)
            && shown("app", TfaMethod::App)
    }

    /// Text messages are switched on and cannot be sent.
    fn sms_is_left_on(&self) -> bool {
        self.entry("sms").is_some_and(Entry::is_left_on)
    }

    /// Switched on, with a provider or without one.
    fn sms_on(&self) -> Option<&Entry> {
        let is_on = |entry: &&Entry| entry.enabled || entry.is_left_on();
        self.entry("sms").filter(is_on)
    }

    fn callers(&self) -> Callers {
        if self.entries.iter().any(|entry| entry.misspelt) {
            Callers::ToColon
        } else {
            Callers::Whole
        }
    }

    /// Whether the portal has a provider for text messages, if it says. Nothing
    /// tells whether its plan has them: on one without, it refuses the method, and
    /// asks nobody for such a code even while the method is on.
    pub fn sms_available(&self) -> Option<bool> {
        self.entry("sms").and_then(|entry| entry.available)
    }

    /// Whether authenticator apps can be used: yes wherever the portal shows
    /// them.
    pub fn app_available(&self) -> Option<bool> {
        self.entry("app").and_then(|entry| entry.available)
    }

    /// Rules of addresses that need no second factor. What a portal matches can
    /// be something else than it looks: see [`Policy::trusted_ip_meaning`].
    pub fn trusted_ips(&self) -> &[String] {
        &self.lists.trusted_ips
    }

    /// What the portal matches by the rule at this index: an address, a range or
    /// a network, "nothing" or "an error", and why. `None` where that is what the
    /// rule says, and past the end.
    ///
    /// Only rules that were read can differ: those that are added are judged. A
    /// rule that is an error makes sign-ins fail, of everybody who is neither
    /// mandatory nor trusted by an earlier rule.
    pub fn trusted_ip_meaning(&self, index: usize) -> Option<String> {
        rule::meaning(self.lists.trusted_ips.get(index)?, self.callers())
    }

    /// Accounts that need one from everywhere.
    pub fn mandatory_users(&self) -> &[String] {
        &self.lists.mandatory_users
    }

    /// Groups that need one from everywhere.
    pub fn mandatory_groups(&self) -> &[String] {
        &self.lists.mandatory_groups
    }

    /// Sets the method, in this object only. The portal forgets the lists of a
    /// method that is switched off or replaced.
    ///
    /// Lists that were not touched here are those of this method where it is on,
    /// else those of the one that is, and are sent with this one. With
    /// [`TfaMethod::None`] nothing is kept, whatever is sent.
    pub fn set_method(&mut self, method: TfaMethod) {
        let untouched = self.lists == self.lists_read();
        self.wanted = Some(method);
        if untouched {
            self.lists = self.lists_read();
        }
    }

    /// Adds an address, a range (`a-b`) or a network (`a/n`) of trusted
    /// addresses.
    ///
    /// Portals accept every text and then match something else by it, or fail:
    /// of IPv6 networks only the first 32 bits count, single addresses are
    /// compared as text. A rule that would not mean what it says is refused, and
    /// the message names the form that does.
    ///
    /// Portals older than 3.7 read the address of a caller to its first colon
    /// only: rules for IPv6 are refused there, but for single addresses that begin
    /// with one, and a range or network of IPv4 makes sign-ins from some IPv6
    /// addresses fail.
    pub fn add_trusted_ip(&mut self, rule: &str) -> Result<(), Error> {
        let rule = rule::accept(rule, self.callers())?;
        self.lists.trusted_ips.push(rule);
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

    /// Adds a mandatory group.
    pub fn add_mandatory_group(&mut self, group: &GroupId) {
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

    /// The portal is one of those up to 3.6.1.
    pub(crate) fn is_up_to_3_6(&self) -> bool {
        self.entries.iter().any(|entry| entry.misspelt)
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
        let (entry, meets) = match (self.enabled("sms"), self.enabled("app")) {
            (None, None) if !self.sms_is_left_on() => return NextSignIn::Nothing,
            _ if is_sso == Some(true) => return NextSignIn::Sso,
            _ if is_sso.is_none() => return NextSignIn::Unknown,
            // Text messages come first, if the plan has them. That is not shown.
            (Some(_), Some(_)) => return NextSignIn::Unknown,
            _ if self.sms_is_left_on() => return NextSignIn::Unknown,
            (Some(entry), None) => (entry, NextSignIn::Sms),
            (None, Some(entry)) => (entry, with_app),
            (None, None) => return NextSignIn::Unknown,
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
