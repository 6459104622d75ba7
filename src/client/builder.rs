//! The settings of a client, one after another.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Client, Settings};
use crate::credential::Credential;
use crate::error::Error;
use crate::log::{Log, LogLevel, Sink};
use crate::transport::Trust;

/// The settings of a [`Client`].
///
/// Every setter judges its value at once; one whose value can be wrong gives a
/// `Result`. Rules over several settings are judged by
/// [`build`](ClientBuilder::build), so the order of setters never matters.
#[derive(Debug, Clone)]
pub struct ClientBuilder {
    /// Boxed: every setter takes them and gives them back.
    settings: Box<Settings>,
}

impl ClientBuilder {
    pub(super) fn new(portal_url: &str, credential: Credential) -> Result<Self, Error> {
        let settings = Box::default();
        let builder = ClientBuilder { settings }.credential(credential);
        builder.portal_url(portal_url)
    }

    /// The portal: https, with an optional port and path prefix.
    pub fn portal_url(self, url: &str) -> Result<Self, Error> {
        self.judged(|to| to.set_portal_url(url))
    }

    /// What to sign in with; replaces a former one.
    pub fn credential(mut self, credential: Credential) -> Self {
        self.settings.credential = Some(credential);
        self
    }

    /// The one deadline of a call, over everything it does (default 60 s). What
    /// changes something is sent until a quarter of it, five seconds at most, before
    /// the deadline; what remains is kept for finding out what became of it.
    pub fn timeout(self, timeout: Duration) -> Result<Self, Error> {
        self.judged(|to| to.set_timeout(timeout))
    }

    /// How long a connection may take: name, connect, proxy and TLS together
    /// (default 10 s).
    pub fn connect_timeout(self, timeout: Duration) -> Result<Self, Error> {
        self.judged(|to| to.set_connect_timeout(timeout))
    }

    /// How often a change may be tried when nothing of it left this machine,
    /// or when the portal answered 429 (default 3). Calls that only read try each
    /// read as often, where that may help.
    pub fn max_attempts(self, attempts: u32) -> Result<Self, Error> {
        self.judged(|to| to.set_max_attempts(attempts))
    }

    /// An `http://` proxy that opens tunnels (CONNECT).
    pub fn proxy(self, url: &str) -> Result<Self, Error> {
        self.judged(|to| to.set_proxy(url))
    }

    /// Takes the proxy from `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` when the
    /// client is built (default: the environment is not read). The names count
    /// in small letters too. A proxy is `http://[user:password@]host[:port]`,
    /// and `http://` may be left out. `NO_PROXY` holds entries between commas or
    /// blanks: `*`, a host, a domain above it (`example.com`, `.example.com`,
    /// `*.example.com`), an address, each with `:port` if it is meant for that
    /// port alone, or a network (`10.0.0.0/8`, `fd00::/8`).
    pub fn proxy_from_env(mut self, enabled: bool) -> Self {
        self.settings.set_proxy_from_env(enabled);
        self
    }

    /// Which certificate authorities are trusted (default: the system's).
    pub fn trust(mut self, trust: Trust) -> Self {
        self.settings.roots.set_trust(trust);
        self
    }

    /// Trusts the certificate authorities of a PEM file too. It is read now. A
    /// portal's own, self-signed certificate may stand in it: that very
    /// certificate is then trusted as it is, within its dates and for its
    /// names.
    pub fn add_ca_file(self, path: impl AsRef<Path>) -> Result<Self, Error> {
        self.judged(|to| to.add_ca_file(path.as_ref()))
    }

    /// Trusts the certificate authorities of a PEM text too, as
    /// [`add_ca_file`](Self::add_ca_file) does.
    pub fn add_ca_pem(self, pem: &str) -> Result<Self, Error> {
        self.judged(|to| to.add_ca_pem(pem))
    }

    /// A client certificate, with its chain, and its key, PEM files. They are read
    /// now, and what was read is wiped. The key must not be encrypted;
    /// it is in PKCS#8, PKCS#1 or SEC1 form. The numbers it is taken apart into are not wiped.
    pub fn client_certificate(
        self,
        cert: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, Error> {
        self.judged(|to| to.set_client_certificate(cert.as_ref(), key.as_ref()))
    }

    /// The `User-Agent` header (default `docspace-tfa/<version>`).
    pub fn user_agent(self, value: &str) -> Result<Self, Error> {
        self.judged(|to| to.set_user_agent(value))
    }

    /// Allows `http://` beyond this machine. The credential then crosses the
    /// network in clear.
    pub fn allow_plain_http(mut self, enabled: bool) -> Self {
        self.settings.allow_plain_http = enabled;
        self
    }

    /// Looks for the reason of a refusal with at most three reads (default on).
    pub fn explain(mut self, enabled: bool) -> Self {
        self.settings.manners.explain = enabled;
        self
    }

    /// Looks at the account after a success (default off): at once, after one
    /// second and after four, until the app is seen unlinked. Then the portal's
    /// setting is read once. A look never takes the portal's word back.
    pub fn verify(mut self, enabled: bool) -> Self {
        self.settings.manners.verify = enabled;
        self
    }

    /// Hands out the enrolment URL after a change of the caller's own account
    /// (default off): a one-hour credential.
    pub fn enrolment_url(mut self, enabled: bool) -> Self {
        self.settings.manners.enrolment_url = enabled;
        self
    }

    /// Looks for the change in the portal's audit trail where its outcome is open
    /// (default off). The change then carries a mark, 32 random digits behind the
    /// portal's own address, as its `Referer`; administrators see it in the trail.
    /// An event with that mark proves that the portal made this very change:
    /// [`Applied::Yes`](crate::Applied::Yes). No event proves nothing: it may be
    /// written late or never, and a trail that is not offered, refused or failing
    /// counts as one without it. At most three reads, each only after looks at the
    /// account, or after a refusal that may hide a change. Without a mark, and not
    /// asked for, where the portal's address is too long for it (300 characters).
    pub fn audit(mut self, enabled: bool) -> Self {
        self.settings.manners.audit = enabled;
        self
    }

    /// Lines about what is done go to `sink`, on the thread of the call. It goes with
    /// the last client, [`Accounts`](crate::Accounts) or [`Bulk`](crate::Bulk).
    pub fn log(mut self, level: LogLevel, sink: Arc<Sink>) -> Self {
        self.settings.log = Log::new(level, sink);
        self
    }

    /// Judges what concerns several settings, and makes the client.
    pub fn build(self) -> Result<Client, Error> {
        self.settings.build()
    }

    fn judged(
        mut self,
        set: impl FnOnce(&mut Settings) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        set(&mut self.settings)?;
        Ok(self)
    }
}
