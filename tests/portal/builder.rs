//! Puts a portal together and starts it.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::Portal;
use super::account::{Kind, Life, Spec};
use super::cache::Cache;
use super::dialect::Dialect;
use super::limiter::{Limiter, LimiterConfig};
use super::record::Log;
use super::state::{Method, State};
use super::text::Language;
use super::tls::{Authority, Certificate, Folder, TlsConfig};
use super::wire::{Shared, accept};

/// Places of the seeded accounts.
pub const OWNER: usize = 0;
pub const ADMIN: usize = 1;
pub const ROOM_ADMIN: usize = 2;
pub const MEMBER: usize = 3;
pub const MEMBER2: usize = 4;
pub const GUEST: usize = 5;
pub const UNLINKED: usize = 6;
pub const PENDING: usize = 7;
pub const TERMINATED_LINKED: usize = 8;
pub const TERMINATED_UNLINKED: usize = 9;
pub const OUTSIDE: usize = 10;
pub const REMOVED: usize = 11;

/// How a portal is to be. Without a word it is one of 3.7, in English, by TLS,
/// with the app as its method and no rate limiter.
#[derive(Clone, Debug)]
pub struct Builder {
    dialect: Dialect,
    language: Language,
    method: Method,
    plain: bool,
    tls: TlsConfig,
    limiter: Option<LimiterConfig>,
    prefix: String,
    chunked: bool,
    keep_alive: bool,
    port: u16,
    shared_cache: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            dialect: Dialect::default(),
            language: Language::default(),
            method: Method::default(),
            plain: false,
            tls: TlsConfig::default(),
            limiter: None,
            prefix: String::new(),
            chunked: true,
            keep_alive: true,
            port: 0,
            shared_cache: true,
        }
    }
}

impl Builder {
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Plain http instead of TLS.
    pub fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    pub fn certificate(mut self, certificate: Certificate) -> Self {
        self.tls.certificate = certificate;
        self
    }

    pub fn demand_client_certificate(mut self) -> Self {
        self.tls.demands_client_certificate = true;
        self
    }

    pub fn only_tls12(mut self) -> Self {
        self.tls.only_tls12 = true;
        self
    }

    pub fn limiter(mut self, config: LimiterConfig) -> Self {
        self.limiter = Some(config);
        self
    }

    /// Serves the portal below this path, as some proxies do.
    pub fn path_prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.trim_end_matches('/').to_owned();
        self
    }

    /// Answers with `Content-Length` rather than in chunks.
    pub fn content_length(mut self) -> Self {
        self.chunked = false;
        self
    }

    /// Closes every connection after one answer.
    pub fn close_after_answer(mut self) -> Self {
        self.keep_alive = false;
        self
    }

    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Two services that do not tell each other what they changed: who looks at
    /// a person may see the link of up to five minutes ago.
    pub fn without_shared_cache(mut self) -> Self {
        self.shared_cache = false;
        self
    }

    pub fn start(self) -> Portal {
        let authority = Authority::new();
        let folder = Folder::new();
        let ca_file = folder.write("ca.pem", &authority.pem());
        let tls = (!self.plain).then(|| TlsAcceptor::from(authority.server(self.tls)));

        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("portal")
            .enable_all()
            .build()
            .unwrap();
        let address = ("127.0.0.1", self.port);
        let listener = runtime.block_on(TcpListener::bind(address)).unwrap();
        let port = listener.local_addr().unwrap().port();

        let mut state = State::new(self.dialect, self.language, !self.plain);
        state.policy.method = self.method;
        state.cache = (!self.shared_cache).then(Cache::default);
        seed(&mut state);
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            rules: Mutex::default(),
            log: Log::default(),
            limiter: self.limiter.map(|config| Arc::new(Limiter::new(config))),
            prefix: self.prefix,
            chunked: self.chunked,
            keep_alive: self.keep_alive,
            scheme: if self.plain { "http" } else { "https" },
            tasks: Mutex::default(),
        });
        runtime.spawn(accept(Arc::clone(&shared), listener, tls));
        Portal {
            shared,
            runtime: Some(runtime),
            port,
            authority,
            folder,
            ca_file,
            policy_writes: AtomicBool::new(false),
        }
    }
}

/// One account of each sort, in the order of the places above.
fn seed(state: &mut State) {
    let owner = state.add(Spec::of(Kind::Owner).linked().named("Olga", "Owner"));
    let specs = [
        Spec::admin().linked().named("Anna", "Admin"),
        Spec::room_admin().linked().named("Rosa", "Rooms"),
        Spec::user().linked().named("Max", "Member"),
        Spec::user().linked().named("Mia", "Member"),
        Spec::guest()
            .linked()
            .named("Gus", "Guest")
            .invited_by(&owner),
        Spec::user().named("Uma", "Unlinked"),
        Spec::user().named("Pia", "Pending").life(Life::Pending),
        Spec::user()
            .linked()
            .named("Tom", "Terminated")
            .life(Life::Terminated),
        Spec::user()
            .named("Tim", "Terminated")
            .life(Life::Terminated),
        Spec::of(Kind::Outside).named("Anonymous", "Visitor"),
        Spec::user()
            .linked()
            .named("Rex", "Removed")
            .life(Life::Removed),
    ];
    for spec in specs {
        state.add(spec);
    }
}
