//! The portal-wide method. This file is the only home of its path: a call that
//! is meant for one account must never reach it.

use serde::Deserialize;

use crate::account::AccountId;
use crate::change::NextSignIn;
use crate::portal::{Portal, ReadFault};
use crate::transport::Call;

const PATH: &str = "settings/tfaapp";

/// The portal's setting, as far as any caller may read it.
#[derive(Debug)]
pub(crate) struct Policy {
    entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    trusted_ips: Option<Vec<String>>,
    #[serde(default)]
    mandatory_users: Option<Vec<String>>,
}

/// Reads the portal's setting.
pub(crate) fn read(portal: &Portal, call: &Call) -> Result<Policy, ReadFault> {
    Ok(Policy {
        entries: portal.read(call, PATH, PATH)?,
    })
}

impl Policy {
    /// The installation does not show the authenticator app at all.
    pub(crate) fn hides_app(&self) -> bool {
        !self.entries.iter().any(|entry| entry.id == "app")
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
        let exempt = entry
            .trusted_ips
            .as_ref()
            .is_some_and(|list| !list.is_empty());
        let mut mandatory = entry.mandatory_users.iter().flatten();
        let is_mandatory = mandatory.any(|id| id.eq_ignore_ascii_case(account.as_str()));
        if exempt && !is_mandatory {
            NextSignIn::Unknown
        } else {
            meets
        }
    }

    fn enabled(&self, id: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.id == id && entry.enabled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(json: &str) -> Policy {
        Policy {
            entries: serde_json::from_str(json).unwrap(),
        }
    }

    #[test]
    fn what_comes_next_follows_the_portal() {
        let account = AccountId::parse("11111111-2222-3333-4444-555555555555").unwrap();
        let table = [
            (
                r#"[{"id":"sms","enabled":false},{"id":"app","enabled":true}]"#,
                NextSignIn::Enrol,
            ),
            (
                r#"[{"id":"sms","enabled":true},{"id":"app","enabled":false}]"#,
                NextSignIn::Sms,
            ),
            (r#"[{"id":"sms"},{"id":"app"}]"#, NextSignIn::Nothing),
            (
                r#"[{"id":"app","enabled":true,"trustedIps":["10.0.0.1"]}]"#,
                NextSignIn::Unknown,
            ),
            (
                r#"[{"id":"app","enabled":true,"trustedIps":["10.0.0.1"],
                    "mandatoryUsers":["11111111-2222-3333-4444-555555555555"]}]"#,
                NextSignIn::Enrol,
            ),
        ];
        for (json, next) in table {
            assert_eq!(policy(json).next_sign_in(&account), next, "{json}");
        }
    }

    #[test]
    fn a_hidden_app_is_an_absent_entry() {
        assert!(policy(r#"[{"id":"sms","enabled":true}]"#).hides_app());
        assert!(!policy(r#"[{"id":"app"}]"#).hides_app());
    }
}
