//! The settings of a client.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use crate::address::PortalAddress;
use crate::credential::Credential;
use crate::error::Error;
use crate::log::{Log, LogLevel, Sink};
use crate::portal::Portal;
use crate::shared::{Manners, Shared};
use crate::transport::{self, ClientIdentity, Proxy, ProxyChoice, Roots, Trust};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_ATTEMPTS: u32 = 3;

/// The settings of a [`Client`].
///
/// Every setter judges its own value at once; the first fault is reported by
/// [`build`](ClientBuilder::build), so setters chain and their order never
/// matters.
#[derive(Clone)]
pub struct ClientBuilder(Box<Settings>);

/// Boxed there: every setter takes them and gives them back.
#[derive(Clone)]
struct Settings {
    portal: Option<PortalAddress>,
    credential: Option<Credential>,
    manners: Manners,
    connect_timeout: Duration,
    proxy: ProxyChoice,
    roots: Roots,
    identity: Option<ClientIdentity>,
    user_agent: String,
    allow_plain_http: bool,
    log: Log,
    fault: Option<Error>,
}

impl ClientBuilder {
    pub(crate) fn empty() -> Self {
        ClientBuilder(Box::new(Settings {
            portal: None,
            credential: None,
            manners: Manners {
                timeout: DEFAULT_TIMEOUT,
                max_attempts: DEFAULT_ATTEMPTS,
                explain: true,
                verify: false,
                enrolment_url: false,
            },
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            proxy: ProxyChoice::None,
            roots: Roots::default(),
            identity: None,
            user_agent: concat!("docspace-tfa/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow_plain_http: false,
            log: Log::off(),
            fault: None,
        }))
    }

    /// The portal: https, with an optional port and path prefix.
    pub fn portal_url(self, url: &str) -> Self {
        self.set(PortalAddress::parse(url), |to, portal| {
            to.portal = Some(portal)
        })
    }

    /// What to sign in with; replaces a former one.
    pub fn credential(mut self, credential: Credential) -> Self {
        self.0.credential = Some(credential);
        self
    }

    /// The one deadline of a call, over everything it does (default 60 s).
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(not_zero("timeout", timeout), |to, timeout| {
            to.manners.timeout = timeout
        })
    }

    /// How long a connection may take: name, connect, proxy and TLS together
    /// (default 10 s).
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        let checked = not_zero("connect timeout", timeout);
        self.set(checked, |to, timeout| to.connect_timeout = timeout)
    }

    /// How often a change may be tried when nothing of it left this machine,
    /// or when the portal asked to wait (default 3).
    pub fn max_attempts(self, attempts: u32) -> Self {
        let checked = if attempts == 0 {
            Err(Error::argument(
                "max attempts: 0 would never try; give 1 or more",
            ))
        } else {
            Ok(attempts)
        };
        self.set(checked, |to, attempts| to.manners.max_attempts = attempts)
    }

    /// An `http://` proxy that opens tunnels (CONNECT).
    pub fn proxy(self, url: &str) -> Self {
        self.set(Proxy::parse(url), |to, proxy| {
            to.proxy = ProxyChoice::Fixed(proxy)
        })
    }

    /// Takes the proxy from `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` when the
    /// client is built (default: the environment is not read). The names count
    /// in small letters too. A proxy is `http://[user:password@]host[:port]`,
    /// and `http://` may be left out. `NO_PROXY` holds entries between commas or
    /// blanks: `*`, a host, a domain above it (`example.com`, `.example.com`,
    /// `*.example.com`), an address, each with `:port` if it is meant for that
    /// port alone, or a network (`10.0.0.0/8`, `fd00::/8`).
    pub fn proxy_from_env(mut self, enabled: bool) -> Self {
        self.0.proxy = match (enabled, self.0.proxy) {
            (true, _) => ProxyChoice::Environment,
            (false, ProxyChoice::Environment) => ProxyChoice::None,
            (false, other) => other,
        };
        self
    }

    /// Which certificate authorities are trusted (default: the system's).
    pub fn trust(mut self, trust: Trust) -> Self {
        self.0.roots.set_trust(trust);
        self
    }

    /// Trusts the certificate authorities of a PEM file too. It is read now. A
    /// portal's own, self-signed certificate may stand in it: that very
    /// certificate is then trusted as it is, within its dates and for its
    /// names.
    pub fn add_ca_file(self, path: impl AsRef<Path>) -> Self {
        let read = transport::read_ca_file(path.as_ref());
        self.set(read, |to, certificates| to.roots.add(certificates))
    }

    /// Trusts the certificate authorities of a PEM text too, as
    /// [`add_ca_file`](Self::add_ca_file) does.
    pub fn add_ca_pem(self, pem: &str) -> Self {
        let read = transport::read_ca_pem(pem.as_bytes());
        self.set(read, |to, certificates| to.roots.add(certificates))
    }

    /// A client certificate and its key, PEM files. They are read now.
    pub fn client_certificate(self, cert: impl AsRef<Path>, key: impl AsRef<Path>) -> Self {
        let read = ClientIdentity::read(cert.as_ref(), key.as_ref());
        self.set(read, |to, identity| to.identity = Some(identity))
    }

    /// The `User-Agent` header (default `docspace-tfa/<version>`).
    pub fn user_agent(self, value: &str) -> Self {
        let fits = !value.trim().is_empty()
            && value.len() <= 256
            && value
                .bytes()
                .all(|byte| byte == b' ' || byte.is_ascii_graphic());
        let checked = if fits {
            Ok(value.to_owned())
        } else {
            Err(Error::argument(
                "user agent: empty, over-long or not visible ASCII; give something like \
                 \"my-tool/1.0\"",
            ))
        };
        self.set(checked, |to, value| to.user_agent = value)
    }

    /// Allows `http://` beyond this machine. The credential then crosses the
    /// network in clear.
    pub fn allow_plain_http(mut self, enabled: bool) -> Self {
        self.0.allow_plain_http = enabled;
        self
    }

    /// Looks for the reason of a refusal with at most four reads (default on).
    pub fn explain(mut self, enabled: bool) -> Self {
        self.0.manners.explain = enabled;
        self
    }

    /// Reads back after a success, with at most two reads (default off).
    pub fn verify(mut self, enabled: bool) -> Self {
        self.0.manners.verify = enabled;
        self
    }

    /// Hands out the enrolment URL after a change of the caller's own account
    /// (default off): a one-hour credential.
    pub fn enrolment_url(mut self, enabled: bool) -> Self {
        self.0.manners.enrolment_url = enabled;
        self
    }

    /// Lines about what is done go to `sink`, on the thread of the call.
    pub fn log(mut self, level: LogLevel, sink: Arc<Sink>) -> Self {
        self.0.log = Log::new(level, sink);
        self
    }

    /// Makes the client, or tells the first fault.
    pub fn build(self) -> Result<Client, Error> {
        let settings = *self.0;
        if let Some(fault) = settings.fault {
            return Err(fault);
        }
        let address = settings.portal.ok_or_else(|| {
            Error::argument("portal URL: not set; give for example https://portal.example.com")
        })?;
        let credential = settings.credential.ok_or_else(|| {
            Error::argument("credential: not set; give an API key, a session token or a password")
        })?;
        let origin = address.origin();
        if !origin.secure && !origin.is_loopback() && !settings.allow_plain_http {
            return Err(Error::argument(
                "portal URL: http would send the credential in clear; use https://, or allow \
                 plain http on purpose",
            ));
        }
        let transport = transport::Settings {
            connect_timeout: settings.connect_timeout,
            proxy: settings.proxy.settle(origin)?,
            roots: settings.roots,
            identity: settings.identity,
            user_agent: settings.user_agent,
            loopback_only: !origin.secure && !settings.allow_plain_http,
            log: settings.log,
        };
        let portal = Portal::new(address, credential, transport)?;
        Ok(Client {
            shared: Arc::new(Shared {
                portal,
                manners: settings.manners,
            }),
            cancel: None,
        })
    }

    /// The fault of the last setter, if its value was refused; the former
    /// value is still in place.
    #[cfg(feature = "ffi")]
    pub(crate) fn take_fault(&mut self) -> Option<Error> {
        self.0.fault.take()
    }

    fn set<T>(mut self, checked: Result<T, Error>, store: impl FnOnce(&mut Settings, T)) -> Self {
        match checked {
            Ok(value) => store(&mut self.0, value),
            Err(error) => self.0.fault = self.0.fault.or(Some(error)),
        }
        self
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("portal", &self.0.portal)
            .field("credential", &self.0.credential)
            .field("manners", &self.0.manners)
            .field("fault", &self.0.fault)
            .finish_non_exhaustive()
    }
}

fn not_zero(name: &str, timeout: Duration) -> Result<Duration, Error> {
    if timeout.is_zero() {
        return Err(Error::argument(format!(
            "{name}: 0 would end every call at once; give more"
        )));
    }
    Ok(timeout)
}
