//! A stand-in for a DocSpace portal: it keeps accounts, links, sessions, keys
//! and a method, answers as a portal would, and remembers every byte it got.
//!
//! ```text
//! let portal = Portal::builder().start();
//! let key = portal.key_of(&portal.owner());
//! // … call portal.url() with that key …
//! assert!(!portal.is_linked(&portal.member().id));
//! ```
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "support code of tests: every test uses a part of it, and a slip in it should stop the test at once"
)]

pub mod account;
mod auth;
mod builder;
mod dialect;
mod envelope;
mod fault;
mod filter;
mod gates;
mod json;
mod limiter;
mod order;
mod people;
pub mod plain_client;
mod record;
mod request;
mod route;
mod settings;
pub mod state;
mod text;
pub mod tls;
mod unlink;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

pub use account::{Account, Kind, Life, Origin, Spec};
pub use builder::Builder;
pub use dialect::Dialect;
pub use envelope::Reply;
pub use fault::{Fault, Rule};
pub use limiter::LimiterConfig;
pub use record::Recorded;
pub use state::{AuditEvent, Method};
pub use text::{Language, Text};
pub use tls::{Certificate, ClientIdentity};

use state::{ApiKey, Policy, State};
use wire::Shared;

/// How long a test waits for something that ought to happen at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running portal. It ends when dropped.
#[derive(Debug)]
pub struct Portal {
    shared: Arc<Shared>,
    runtime: Option<tokio::runtime::Runtime>,
    port: u16,
    authority: tls::Authority,
    folder: tls::Folder,
    ca_file: PathBuf,
}

impl Drop for Portal {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }
}

/// Where it is.
impl Portal {
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub fn start() -> Self {
        Self::builder().start()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// `127.0.0.1:PORT`
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address of the portal, path prefix included.
    pub fn url(&self) -> String {
        format!(
            "{}://{}{}",
            self.shared.scheme,
            self.host(),
            self.shared.prefix
        )
    }

    pub fn url_by_name(&self) -> String {
        format!(
            "{}://localhost:{}{}",
            self.shared.scheme, self.port, self.shared.prefix
        )
    }

    pub fn ca_pem(&self) -> String {
        self.authority.pem()
    }

    /// A file with the authority's certificate; gone when the portal is.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// A private directory that goes with the portal.
    pub fn folder(&self) -> &tls::Folder {
        &self.folder
    }

    /// What a client must show where the portal demands a certificate.
    pub fn client_identity(&self) -> ClientIdentity {
        self.authority.client()
    }
}

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

/// Looking into the portal and changing it behind the client's back.
impl Portal {
    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap()
    }

    /// The account as it is now.
    pub fn account(&self, id: &str) -> Account {
        let state = self.state();
        let account = state.accounts.iter().find(|account| account.id == id);
        account.expect("an account of this portal").clone()
    }

    pub fn change_account(&self, id: &str, change: impl FnOnce(&mut Account)) {
        let mut state = self.state();
        let account = state.accounts.iter_mut().find(|account| account.id == id);
        change(account.expect("an account of this portal"));
    }

    pub fn is_linked(&self, id: &str) -> bool {
        self.account(id).is_linked()
    }

    pub fn times_unlinked(&self, id: &str) -> usize {
        self.account(id).times_unlinked
    }

    /// Links an app to the account, as its holder would.
    pub fn enrol(&self, id: &str) {
        let codes = self.state().fresh_codes();
        self.change_account(id, |account| account.codes = codes);
    }

    /// Ends the account's link without a call.
    pub fn unlink_quietly(&self, id: &str) {
        self.change_account(id, |account| account.codes.clear());
    }

    pub fn set_life(&self, id: &str, life: Life) {
        self.change_account(id, |account| account.life = life);
    }

    pub fn method(&self) -> Method {
        self.state().policy.method
    }

    pub fn policy(&self) -> Policy {
        self.state().policy.clone()
    }

    pub fn set_method(&self, method: Method) {
        self.state().policy.method = method;
    }

    pub fn set_language(&self, language: Language) {
        self.state().language = language;
    }

    /// The installation hides the page with the settings of the app.
    pub fn set_app_hidden(&self, hidden: bool) {
        self.state().app_hidden = hidden;
    }

    pub fn set_sms_provider(&self, present: bool) {
        self.state().sms_provider = present;
    }

    pub fn audit(&self) -> Vec<AuditEvent> {
        self.state().audit.clone()
    }

    /// Ids of those who were told by mail that their second factor was reset.
    pub fn mails(&self) -> Vec<String> {
        self.state().mails.clone()
    }
}

/// Faults.
impl Portal {
    /// From now on only this goes wrong.
    pub fn set_fault(&self, rule: impl Into<Rule>) {
        *self.shared.rules.lock().unwrap() = vec![rule.into()];
    }

    /// This goes wrong too.
    pub fn add_fault(&self, rule: impl Into<Rule>) {
        self.shared.rules.lock().unwrap().push(rule.into());
    }

    pub fn clear_faults(&self) {
        self.shared.rules.lock().unwrap().clear();
    }

    /// Cuts all connections, busy or idle, and waits until they are gone.
    pub fn close_connections(&self) {
        let tasks = std::mem::take(&mut *self.shared.tasks.lock().unwrap());
        let Some(runtime) = &self.runtime else { return };
        runtime.block_on(async {
            for task in tasks {
                task.abort();
                let _ = task.await;
            }
        });
    }
}

/// What it was asked.
impl Portal {
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.log.requests()
    }

    pub fn forget_requests(&self) {
        self.shared.log.forget();
    }

    pub fn request_count(&self) -> usize {
        self.shared.log.count(|_| true)
    }

    /// How often a path that ends so was asked for.
    pub fn count(&self, method: &str, path_end: &str) -> usize {
        self.shared
            .log
            .count(|request| request.method == method && request.path.ends_with(path_end))
    }

    pub fn connections(&self) -> usize {
        self.shared.log.connections()
    }

    /// Every byte of a connection after TLS, half a request included.
    pub fn received(&self, connection: usize) -> Vec<u8> {
        self.shared.log.received(connection)
    }

    /// Waits until so many requests have arrived since the start, or since they
    /// were last forgotten.
    pub fn wait_for_requests(&self, count: usize) {
        assert!(
            self.shared.log.wait_for(count, PATIENCE),
            "{count} requests did not arrive"
        );
    }
}
