//! The accounts of a portal and how a test describes one.

use super::text::Language;

/// What an account may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    Owner,
    Admin,
    RoomAdmin,
    #[default]
    User,
    Guest,
    /// A system account that answers for anonymous visitors.
    Outside,
}

impl Kind {
    pub fn administers(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// Where an account stands in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    #[default]
    Active,
    Pending,
    Terminated,
    /// Gone: the id resolves to nobody any more.
    Removed,
}

/// Where an account signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Portal,
    Ldap,
    Sso,
}

/// One backup code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub used: bool,
}

/// An account as it is at one moment; tests get copies.
#[derive(Clone, Debug, Default)]
pub struct Account {
    pub id: String,
    pub user_name: String,
    pub first_name: String,
    pub last_name: String,
    /// Empty: the account has none.
    pub email: String,
    pub password: String,
    pub kind: Kind,
    pub life: Life,
    pub origin: Origin,
    pub language: Option<Language>,
    /// Who invited this guest; a room admin may look at own guests only.
    pub inviter: Option<String>,
    /// The link to an authenticator app is nothing but these codes.
    pub codes: Vec<Code>,
    /// The link was stored more than a day ago.
    pub old_link: bool,
    /// How often the app was unlinked through the call.
    pub times_unlinked: usize,
    /// Members of the person object to replace (with raw JSON) or to leave out.
    pub overrides: Vec<(String, Option<String>)>,
}

impl Account {
    pub fn is_linked(&self) -> bool {
        !self.codes.is_empty()
    }

    pub fn may_sign_in(&self) -> bool {
        self.life == Life::Active && self.kind != Kind::Outside
    }

    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }
}

/// A description of an account to add: `Spec::user().linked().named("A", "B")`.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    pub(super) account: Account,
    pub(super) linked: bool,
    pub(super) without_email: bool,
}

impl Spec {
    pub fn of(kind: Kind) -> Self {
        Self {
            account: Account {
                kind,
                ..Account::default()
            },
            ..Self::default()
        }
    }

    pub fn user() -> Self {
        Self::of(Kind::User)
    }

    pub fn admin() -> Self {
        Self::of(Kind::Admin)
    }

    pub fn room_admin() -> Self {
        Self::of(Kind::RoomAdmin)
    }

    pub fn guest() -> Self {
        Self::of(Kind::Guest)
    }

    pub fn linked(mut self) -> Self {
        self.linked = true;
        self
    }

    pub fn life(mut self, life: Life) -> Self {
        self.account.life = life;
        self
    }

    pub fn id(mut self, id: &str) -> Self {
        self.account.id = id.to_owned();
        self
    }

    pub fn named(mut self, first: &str, last: &str) -> Self {
        self.account.first_name = first.to_owned();
        self.account.last_name = last.to_owned();
        self
    }

    pub fn user_name(mut self, name: &str) -> Self {
        self.account.user_name = name.to_owned();
        self
    }

    pub fn email(mut self, email: &str) -> Self {
        self.account.email = email.to_owned();
        self
    }

    pub fn without_email(mut self) -> Self {
        self.without_email = true;
        self
    }

    fn origin(mut self, origin: Origin) -> Self {
        self.account.origin = origin;
        self
    }

    /// Signs in by single sign-on.
    pub fn sso(self) -> Self {
        self.origin(Origin::Sso)
    }

    /// Comes from a directory.
    pub fn ldap(self) -> Self {
        self.origin(Origin::Ldap)
    }

    pub fn speaks(mut self, language: Language) -> Self {
        self.account.language = Some(language);
        self
    }

    pub fn invited_by(mut self, inviter: &Account) -> Self {
        self.account.inviter = Some(inviter.id.clone());
        self
    }

    /// Shows this raw JSON as the member `name` of the person object.
    pub fn member(mut self, name: &str, json: &str) -> Self {
        self.account
            .overrides
            .push((name.to_owned(), Some(json.to_owned())));
        self
    }

    /// Leaves the member `name` out of the person object.
    pub fn without_member(mut self, name: &str) -> Self {
        self.account.overrides.push((name.to_owned(), None));
        self
    }
}
