//! What a member is asked for when it signs in.

use std::net::IpAddr;

use super::Portal;
use super::account::{Account, Origin};
use super::auth::{Caller, Credential};

/// The second factor of one sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    Nothing,
    /// An app must be linked first.
    Enrol,
    App,
    Sms,
}

impl Portal {
    /// What the account meets when it signs in, in its own way, from `address`.
    /// SSO opens the session itself and never looks at the portal's method;
    /// LDAP goes the way of passwords.
    pub fn sign_in(&self, account: &Account, address: IpAddr) -> Asks {
        let state = self.state();
        let account = state
            .account(&account.id)
            .expect("an account of this portal");
        let caller = Caller {
            id: account.id.clone(),
            credential: Credential::Password,
        };
        if account.origin == Origin::Sso {
            return Asks::Nothing;
        }
        let address = address.to_string();
        let requires = |switch| {
            let required = state.requires(switch, &caller, &address);
            required.expect("trusted addresses that can be read")
        };
        // Text messages come first, where the plan has them.
        if !state.sms_hidden && state.sms_in_plan && requires(&state.policy.sms) {
            return Asks::Sms;
        }
        match requires(&state.policy.app) {
            false => Asks::Nothing,
            true if account.is_linked() => Asks::App,
            true => Asks::Enrol,
        }
    }
}
