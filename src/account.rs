//! Accounts: who they are, and how they are found.

mod find;
mod list;
mod pages;

pub(crate) use find::find;
pub use list::{AccountFilter, Accounts};

pub use crate::id::AccountId;
pub use crate::numbers::{AccountStatus, Role};

/// An account as the portal shows it to the caller.
///
/// All texts are cleaned: entities decoded; control, text-direction and
/// invisible characters replaced. They are still chosen by the member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub(crate) id: AccountId,
    pub(crate) email: String,
    pub(crate) user_name: String,
    pub(crate) display_name: String,
    pub(crate) status: AccountStatus,
    pub(crate) role: Role,
    pub(crate) is_owner: bool,
    pub(crate) is_sso: Option<bool>,
    pub(crate) is_ldap: Option<bool>,
    pub(crate) app_link: Option<bool>,
}

impl Account {
    /// The id.
    pub fn id(&self) -> &AccountId {
        &self.id
    }

    /// The e-mail address; empty if the account has none.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The user name.
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// First and last name, as the portal joins them.
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Whether it may be used.
    pub fn status(&self) -> AccountStatus {
        self.status
    }

    /// What it may do.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether it is the portal's owner.
    pub fn is_owner(&self) -> bool {
        self.is_owner
    }

    /// Whether it comes from single sign-on (SSO): signing in that way asks for
    /// no second factor, whatever the portal's method is and whether an app is
    /// linked or not. `None`: the portal did not say.
    pub fn is_sso(&self) -> Option<bool> {
        self.is_sso
    }

    /// Whether it comes from a directory (LDAP); its sign-in is one with a
    /// password and asks for a second factor like any other. `None`: the portal
    /// did not say.
    pub fn is_ldap(&self) -> Option<bool> {
        self.is_ldap
    }

    /// Whether an authenticator app is linked. `None` is "not shown": portals
    /// show it to owner and administrators only, and only while the portal's
    /// method is the app.
    pub fn app_link(&self) -> Option<bool> {
        self.app_link
    }
}
