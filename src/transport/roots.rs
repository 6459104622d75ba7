//! Which certificate authorities are trusted, and the client's own certificate.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;

use super::{pem, private_key};
use crate::error::Error;
use crate::wipe::Wiped;

pub use crate::numbers::Trust;

/// A file of certificates or a key is never longer.
const LONGEST_FILE: u64 = 4 << 20;

/// Where Linux distributions keep their bundle. The environment has no say.
#[cfg(target_os = "linux")]
const SYSTEM_BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

#[derive(Clone, Default, Debug)]
pub(crate) struct Roots {
    trust: Trust,
    added: Vec<CertificateDer<'static>>,
}

impl Roots {
    pub(crate) fn set_trust(&mut self, trust: Trust) {
        self.trust = trust;
    }

    pub(crate) fn add(&mut self, certificates: Vec<CertificateDer<'static>>) {
        self.added.extend(certificates);
    }

    /// Those that were given one by one.
    pub(super) fn given(&self) -> Vec<CertificateDer<'static>> {
        self.added.clone()
    }

    pub(super) fn store(&self) -> Result<RootCertStore, Error> {
        let mut store = RootCertStore::empty();
        let mut trusted = Vec::new();
        match self.trust {
            Trust::System => trusted = system_certificates(),
            Trust::Bundled => store
                .roots
                .extend_from_slice(webpki_roots::TLS_SERVER_ROOTS),
            Trust::AddedOnly => {}
        }
        trusted.extend_from_slice(&self.added);
        store.add_parsable_certificates(trusted);
        if store.is_empty() {
            return Err(Error::argument(match self.trust {
                Trust::AddedOnly => {
                    "trust: only added certificate authorities are to be trusted, and none was \
                     added; add a CA file or text"
                }
                _ => {
                    "trust: the system has no certificate authorities at the usual places; \
                     install them (ca-certificates), add a CA file, or use the bundled ones"
                }
            }));
        }
        Ok(store)
    }
}

#[cfg(target_os = "linux")]
fn system_certificates() -> Vec<CertificateDer<'static>> {
    for bundle in SYSTEM_BUNDLES {
        if let Ok(pem) = read_capped(Path::new(bundle)) {
            let (found, _) = pem::certificates(&pem);
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

/// Those of the user and of the machine that may vouch for servers.
#[cfg(windows)]
fn system_certificates() -> Vec<CertificateDer<'static>> {
    use schannel::cert_context::{CertContext, ValidUses};
    use schannel::cert_store::CertStore;

    const SERVERS: &str = "1.3.6.1.5.5.7.3.1";
    let serves = |certificate: &CertContext| match certificate.valid_uses() {
        Ok(ValidUses::All) => true,
        Ok(ValidUses::Oids(uses)) => uses.iter().any(|usage| usage == SERVERS),
        Err(_) => false,
    };
    CertStore::open_current_user("ROOT").map_or_else(
        |_| Vec::new(),
        |store| {
            store
                .certs()
                .filter(serves)
                .map(|certificate| certificate.to_der().to_vec().into())
                .collect()
        },
    )
}

#[cfg(not(any(target_os = "linux", windows)))]
fn system_certificates() -> Vec<CertificateDer<'static>> {
    rustls_native_certs::load_native_certs().certs
}

/// The certificates of a PEM file: at least one, and each a usable authority.
pub(crate) fn read_ca_file(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = read_capped(path).map_err(|why| Error::argument(format!("CA file: {why}")))?;
    read_authorities("CA file", &pem)
}

/// The same, from a text.
pub(crate) fn read_ca_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    read_authorities("CA text", pem)
}

fn read_authorities(name: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let unreadable = || {
        Error::argument(format!(
            "{name}: holds something that is not a certificate authority in PEM form; give \
             blocks that begin with -----BEGIN CERTIFICATE-----"
        ))
    };
    let (found, all_sound) = pem::certificates(pem);
    if !all_sound {
        return Err(unreadable());
    }
    if found.is_empty() {
        return Err(Error::argument(format!(
            "{name}: holds no certificate; give a PEM file with at least one authority"
        )));
    }
    match RootCertStore::empty().add_parsable_certificates(found.clone()) {
        (_, 0) => Ok(found),
        _ => Err(unreadable()),
    }
}

/// The client's certificate chain and its key, which are known to fit.
#[derive(Clone)]
pub(crate) struct ClientIdentity(pub(super) Arc<CertifiedKey>);

impl ClientIdentity {
    pub(crate) fn read(certificate: &Path, key: &Path) -> Result<Self, Error> {
        let chain = read_capped(certificate)
            .map_err(|why| Error::argument(format!("client certificate: {why}")))?;
        let (chain, all_sound) = pem::certificates(&chain);
        if chain.is_empty() || !all_sound {
            return Err(Error::argument(
                "client certificate: holds no certificate in PEM form; give the certificate, \
                 followed by its intermediates",
            ));
        }
        let key = read_capped(key)
            .map_err(|why| Error::argument(format!("client certificate key: {why}")))?;
        let identity = CertifiedKey::new(chain, private_key::read(&key)?);
        identity.keys_match().map_err(|_| {
            Error::argument(
                "client certificate key: does not belong to the certificate; check that both \
                 files are of one pair",
            )
        })?;
        Ok(ClientIdentity(Arc::new(identity)))
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientIdentity")
    }
}

/// The whole file, wiped when dropped: it may hold a key.
fn read_capped(path: &Path) -> Result<Wiped<Vec<u8>>, String> {
    let unreadable = |error: std::io::Error| {
        format!(
            "cannot be read ({}); check the path and its permissions",
            error.kind()
        )
    };
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    // What is no file does not say how long it is.
    let length = if about.is_file() {
        about.len().min(LONGEST_FILE)
    } else {
        LONGEST_FILE
    };
    // Room for all of it at once: growing would leave copies behind.
    let room = usize::try_from(length).unwrap_or_default() + 1;
    let mut bytes = Wiped::new(Vec::with_capacity(room));
    file.take(length + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err("longer than 4 MiB; give a file of certificates or a key".to_owned());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_is_refused_with_a_remedy() {
        for (pem, word) in [
            ("", "holds no certificate"),
            ("hello", "holds no certificate"),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "not a certificate",
            ),
            (
                "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
                "not a certificate",
            ),
        ] {
            let error = read_ca_pem(pem.as_bytes()).unwrap_err();
            assert!(error.message().contains(word), "{pem:?}: {error}");
        }
        let error = read_ca_file(Path::new("/nonexistent/ca.pem")).unwrap_err();
        assert!(
            error.message().starts_with("CA file: cannot be read"),
            "{error}"
        );
    }

    #[test]
    fn trusting_only_a_file_needs_one() {
        let mut roots = Roots::default();
        roots.set_trust(Trust::AddedOnly);
        assert!(roots.store().unwrap_err().message().contains("none was"));
        roots.set_trust(Trust::Bundled);
        assert!(roots.store().unwrap().len() > 50);
    }
}
