//! What a member is asked for when it signs in.

use std::net::IpAddr;

use super::Portal;
use super::account::{Account, Origin};
use super::auth::{Caller, Credential};
use super::state::Method;

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
        if account.origin == Origin::Sso || !state.requires_factor(&caller, address) {
            return Asks::Nothing;
        }
        match state.policy.method {
            Method::Off => Asks::Nothing,
            Method::Sms => Asks::Sms,
            Method::App if account.is_linked() => Asks::App,
            Method::App => Asks::Enrol,
        }
    }
}
