//! What a client is made with.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use crate::address::PortalAddress;
use crate::credential::Credential;
use crate::error::Error;
use crate::log::Log;
use crate::portal::Portal;
use crate::shared::{Manners, Shared};
use crate::transport::{self, ClientIdentity, Proxy, ProxyChoice, Roots};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_ATTEMPTS: u32 = 3;

/// The settings of a client. A setter judges its value before it stores it, so
/// that a fault leaves the former one; what cannot be at fault is set directly.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    portal: Option<PortalAddress>,
    pub(crate) credential: Option<Credential>,
    pub(crate) manners: Manners,
    connect_timeout: Duration,
    proxy: ProxyChoice,
    pub(crate) roots: Roots,
    identity: Option<ClientIdentity>,
    user_agent: String,
    pub(crate) allow_plain_http: bool,
    pub(crate) log: Log,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            portal: None,
            credential: None,
            manners: Manners {
                timeout: DEFAULT_TIMEOUT,
                max_attempts: DEFAULT_ATTEMPTS,
                explain: true,
                verify: false,
                enrolment_url: false,
                audit: false,
            },
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            proxy: ProxyChoice::None,
            roots: Roots::default(),
            identity: None,
            user_agent: concat!("docspace-tfa/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow_plain_http: false,
            log: Log::off(),
        }
    }
}

impl Settings {
    pub(crate) fn set_portal_url(&mut self, url: &str) -> Result<(), Error> {
        self.portal = Some(PortalAddress::parse(url)?);
        Ok(())
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) -> Result<(), Error> {
        self.manners.timeout = not_zero("timeout", timeout)?;
        Ok(())
    }

    pub(crate) fn set_connect_timeout(&mut self, timeout: Duration) -> Result<(), Error> {
        self.connect_timeout = not_zero("connect timeout", timeout)?;
        Ok(())
    }

    pub(crate) fn set_max_attempts(&mut self, attempts: u32) -> Result<(), Error> {
        if attempts == 0 {
            return Err(Error::argument(
                "max attempts: 0 would never try; give 1 or more",
            ));
        }
        self.manners.max_attempts = attempts;
        Ok(())
    }

    pub(crate) fn set_proxy(&mut self, url: &str) -> Result<(), Error> {
        self.proxy = ProxyChoice::Fixed(Proxy::parse(url)?);
        Ok(())
    }

    /// False takes back only what true set.
    pub(crate) fn set_proxy_from_env(&mut self, enabled: bool) {
        if enabled {
            self.proxy = ProxyChoice::Environment;
        } else if matches!(self.proxy, ProxyChoice::Environment) {
            self.proxy = ProxyChoice::None;
        }
    }

    pub(crate) fn add_ca_file(&mut self, path: &Path) -> Result<(), Error> {
        self.roots.add(transport::read_ca_file(path)?);
        Ok(())
    }

    pub(crate) fn add_ca_pem(&mut self, pem: &str) -> Result<(), Error> {
        self.roots.add(transport::read_ca_pem(pem.as_bytes())?);
        Ok(())
    }

    pub(crate) fn set_client_certificate(&mut self, cert: &Path, key: &Path) -> Result<(), Error> {
        self.identity = Some(ClientIdentity::read(cert, key)?);
        Ok(())
    }

    pub(crate) fn set_user_agent(&mut self, value: &str) -> Result<(), Error> {
        let fits = !value.trim().is_empty()
            && value.len() <= 256
            && value
                .bytes()
                .all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if !fits {
            return Err(Error::argument(
                "user agent: empty, over-long or not visible ASCII; give something like \
                 \"my-tool/1.0\"",
            ));
        }
        value.clone_into(&mut self.user_agent);
        Ok(())
    }

    /// Judges what concerns several settings, and makes the client.
    pub(crate) fn build(self) -> Result<Client, Error> {
        let address = self.portal.ok_or_else(|| {
            Error::argument("portal URL: not set; give for example https://portal.example.com")
        })?;
        let credential = self.credential.ok_or_else(|| {
            Error::argument("credential: not set; give an API key, a session token or a password")
        })?;
        let origin = address.origin();
        if !origin.secure && !origin.is_loopback() && !self.allow_plain_http {
            return Err(Error::argument(
                "portal URL: http would send the credential in clear; use https://, or allow \
                 plain http on purpose",
            ));
        }
        let transport = transport::Settings {
            connect_timeout: self.connect_timeout,
            proxy: self.proxy.settle(origin)?,
            roots: self.roots,
            identity: self.identity,
            user_agent: self.user_agent,
            loopback_only: !origin.secure && !self.allow_plain_http,
            log: self.log,
        };
        let portal = Portal::new(address, credential, transport)?;
        Ok(Client {
            shared: Arc::new(Shared {
                portal,
                manners: self.manners,
            }),
            cancel: None,
        })
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
