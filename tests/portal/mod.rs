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
mod audit;
mod auth;
mod builder;
mod cache;
mod cast;
pub mod crude;
pub mod deaf;
mod dialect;
mod envelope;
mod exception;
mod fault;
mod filter;
mod gates;
mod inside;
mod json;
mod limiter;
mod order;
mod people;
pub mod plain_client;
mod player;
mod record;
mod request;
mod route;
mod script;
mod sessions;
mod settings;
mod sign_in;
pub mod state;
mod text;
pub mod tls;
pub mod trusted;
mod unlink;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

pub use account::{Account, Kind, Life, Origin, Spec};
pub use builder::Builder;
pub use dialect::Dialect;
pub use envelope::{Failure, Reply};
pub use fault::{Fault, Rule};
pub use limiter::LimiterConfig;
pub use record::Recorded;
pub use sign_in::Asks;
pub use state::{AuditEvent, Lists, Method};
pub use text::{Language, Text};
pub use tls::{Certificate, ClientIdentity};
pub use unlink::Step;

use state::State;
use wire::Shared;

/// How long a test waits for something that ought to happen at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running portal. It ends when dropped, and then stops the test if the
/// library set the method of the whole portal and no test had meant it to.
#[derive(Debug)]
pub struct Portal {
    shared: Arc<Shared>,
    runtime: Option<tokio::runtime::Runtime>,
    port: u16,
    authority: tls::Authority,
    folder: tls::Folder,
    ca_file: PathBuf,
    policy_writes: AtomicBool,
}

impl Drop for Portal {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
        if std::thread::panicking() {
            return;
        }
        let allowed = self.policy_writes.load(Ordering::Relaxed);
        for call in self.shared.log.portal_wide() {
            assert!(
                allowed && call.ends_with("settings/tfaapp"),
                "{call}: concerns every account; a test that means it says allow_policy_writes()"
            );
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

impl Portal {
    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap()
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
    /// This test sets the method of the whole portal on purpose.
    pub fn allow_policy_writes(&self) {
        self.policy_writes.store(true, Ordering::Relaxed);
    }

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
        self.wait_until("so many requests", || self.request_count() >= count);
    }

    /// Waits until something is so of what was asked, or of what was done then.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_so: impl Fn() -> bool) {
        let came = self.shared.log.wait_until(PATIENCE * 6, is_so);
        assert!(came, "never: {what}; came: {}", self.request_count());
    }
}
