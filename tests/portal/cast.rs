//! Who is there from the beginning, who may be added, and their credentials.

use super::account::{Account, Spec};
use super::state::ApiKey;
use super::{Portal, builder};

/// The accounts every portal begins with.
impl Portal {
    pub fn owner(&self) -> Account {
        self.seeded(builder::OWNER)
    }

    pub fn admin(&self) -> Account {
        self.seeded(builder::ADMIN)
    }

    pub fn room_admin(&self) -> Account {
        self.seeded(builder::ROOM_ADMIN)
    }

    /// A linked, active user.
    pub fn member(&self) -> Account {
        self.seeded(builder::MEMBER)
    }

    pub fn user(&self) -> Account {
        self.member()
    }

    /// Another linked, active user.
    pub fn member2(&self) -> Account {
        self.seeded(builder::MEMBER2)
    }

    pub fn guest(&self) -> Account {
        self.seeded(builder::GUEST)
    }

    /// An active user without an app.
    pub fn unlinked(&self) -> Account {
        self.seeded(builder::UNLINKED)
    }

    pub fn pending(&self) -> Account {
        self.seeded(builder::PENDING)
    }

    pub fn terminated_linked(&self) -> Account {
        self.seeded(builder::TERMINATED_LINKED)
    }

    pub fn terminated_unlinked(&self) -> Account {
        self.seeded(builder::TERMINATED_UNLINKED)
    }

    pub fn outside(&self) -> Account {
        self.seeded(builder::OUTSIDE)
    }

    /// Was linked once and is no account any more.
    pub fn removed(&self) -> Account {
        self.seeded(builder::REMOVED)
    }

    /// An id that never belonged to anybody.
    pub fn stranger_id(&self) -> String {
        "0badf00d-0000-4000-8000-00000000dead".to_owned()
    }

    fn seeded(&self, at: usize) -> Account {
        self.state().accounts[at].clone()
    }

    pub fn add_account(&self, spec: Spec) -> Account {
        self.state().add(spec)
    }

    /// Adds so many linked users.
    pub fn add_many(&self, count: usize) -> Vec<Account> {
        let mut state = self.state();
        (0..count)
            .map(|_| state.add(Spec::user().linked()))
            .collect()
    }
}

/// Credentials.
impl Portal {
    /// A key that may everything its creator may.
    pub fn key_of(&self, account: &Account) -> String {
        self.key_with_scopes(account, &["*"])
    }

    pub fn key_with_scopes(&self, account: &Account, scopes: &[&str]) -> String {
        let mut state = self.state();
        let secret = format!("sk-{}", state.digits(64));
        state.keys.push(ApiKey {
            secret: secret.clone(),
            creator: account.id.clone(),
            permissions: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            active: true,
            expired: false,
        });
        secret
    }

    pub fn expire_key(&self, key: &str) {
        self.change_key(key, |key| key.expired = true);
    }

    pub fn disable_key(&self, key: &str) {
        self.change_key(key, |key| key.active = false);
    }

    fn change_key(&self, secret: &str, change: impl FnOnce(&mut ApiKey)) {
        let mut state = self.state();
        let key = state.keys.iter_mut().find(|key| key.secret == secret);
        change(key.expect("a key of this portal"));
    }

    /// A session token, as signing in would give it.
    pub fn session_of(&self, account: &Account) -> String {
        self.state().open_session(&account.id)
    }

    pub fn session_is_alive(&self, token: &str) -> bool {
        self.state().sessions.contains_key(token)
    }

    /// An access token of the JWT kind. Such tokens never carry global scopes.
    pub fn grant_of(&self, account: &Account, scopes: &[&str]) -> String {
        let mut state = self.state();
        let token = format!(
            "eyJ{}.eyJ{}.{}",
            state.digits(20),
            state.digits(40),
            state.digits(40)
        );
        let scopes = scopes.iter().filter(|scope| !scope.starts_with('*'));
        let scopes = scopes.map(|scope| (*scope).to_owned()).collect();
        state
            .grants
            .insert(token.clone(), (account.id.clone(), scopes));
        token
    }
}
