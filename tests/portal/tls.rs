//! A certificate authority of its own and the certificates a test may ask for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::crypto::cipher::OutboundPlainMessage;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    ConnectionTrafficSecrets, ContentType, ProtocolVersion, RootCertStore, ServerConfig,
    ServerConnection, SupportedCipherSuite, SupportedProtocolVersion,
};

/// What the server shows. All but `SelfSigned` and `UntrustedIssuer` are issued
/// by the authority whose certificate the test is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certificate {
    #[default]
    Good,
    Expired,
    NotYetValid,
    WrongHost,
    /// No names at all beside the subject.
    NoNames,
    /// Issued for clients, shown by a server.
    WrongUsage,
    SelfSigned,
    UntrustedIssuer,
}

/// How the server does TLS.
#[derive(Clone, Copy, Debug, Default)]
pub struct TlsConfig {
    pub certificate: Certificate,
    /// The client must show a certificate of the same authority.
    pub demands_client_certificate: bool,
    /// The client is asked for one, and may go without.
    pub asks_for_client_certificate: bool,
    pub only_tls12: bool,
}

/// An issuer with its key.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
#[derive(Clone, Debug)]
pub struct ClientIdentity {
    pub certificate_pem: String,
    pub key_pem: String,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority")
    }
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "Stand-in Authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = date_time_ymd(2015, 1, 1);
        params.not_after = date_time_ymd(2095, 1, 1);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub fn server(&self, config: TlsConfig) -> Arc<ServerConfig> {
        let (certificate, key) = self.issue(config.certificate);
        let provider = Arc::new(ring::default_provider());
        let versions: &[&SupportedProtocolVersion] = if config.only_tls12 {
            &[&rustls::version::TLS12]
        } else {
            rustls::ALL_VERSIONS
        };
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .unwrap();
        let asks = config.asks_for_client_certificate;
        let builder = if asks || config.demands_client_certificate {
            builder.with_client_cert_verifier(self.client_verifier(provider, asks))
        } else {
            builder.with_no_client_auth()
        };
        let mut server = builder.with_single_cert(vec![certificate], key).unwrap();
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        // For alerts that this server would not send by itself.
        server.enable_secret_extraction = true;
        Arc::new(server)
    }

    fn client_verifier(
        &self,
        provider: Arc<CryptoProvider>,
        may_go_without: bool,
    ) -> Arc<dyn rustls::server::danger::ClientCertVerifier> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let roots = Arc::new(roots);
        let builder = WebPkiClientVerifier::builder_with_provider(roots, provider);
        let builder = if may_go_without {
            builder.allow_unauthenticated()
        } else {
            builder
        };
        builder.build().unwrap()
    }

    fn issue(&self, kind: Certificate) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let params = leaf(kind);
        let certificate = match kind {
            Certificate::SelfSigned => params.self_signed(&key),
            Certificate::UntrustedIssuer => params.signed_by(&key, &Self::new().0),
            _ => params.signed_by(&key, &self.0),
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        (certificate.unwrap().der().clone(), key)
    }

    /// A certificate that a client may show.
    pub fn client(&self) -> ClientIdentity {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf(Certificate::WrongUsage)
            .signed_by(&key, &self.0)
            .unwrap();
        ClientIdentity {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        }
    }
}

fn leaf(kind: Certificate) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.subject_alt_names = match kind {
        Certificate::NoNames => Vec::new(),
        Certificate::WrongHost => vec![SanType::DnsName("elsewhere.example".try_into().unwrap())],
        _ => vec![
            SanType::DnsName("localhost".try_into().unwrap()),
            SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        ],
    };
    params.extended_key_usages = vec![match kind {
        Certificate::WrongUsage => ExtendedKeyUsagePurpose::ClientAuth,
        _ => ExtendedKeyUsagePurpose::ServerAuth,
    }];
    let (first, last) = match kind {
        Certificate::Expired => (2020, 2021),
        Certificate::NotYetValid => (2089, 2090),
        _ => (2020, 2090),
    };
    params.not_before = date_time_ymd(first, 1, 1);
    params.not_after = date_time_ymd(last, 1, 1);
    params
}

/// The record of a fatal alert, as the next one of this connection.
pub fn fatal_alert(connection: ServerConnection, alert: u8) -> Vec<u8> {
    let suite = connection.negotiated_cipher_suite().unwrap();
    let (number, secrets) = connection.dangerous_extract_secrets().unwrap().tx;
    let (ConnectionTrafficSecrets::Aes128Gcm { key, iv }
    | ConnectionTrafficSecrets::Aes256Gcm { key, iv }
    | ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv }) = secrets
    else {
        panic!("a cipher suite nobody offered");
    };
    let mut encrypter = match suite {
        SupportedCipherSuite::Tls13(suite) => suite.aead_alg.encrypter(key, iv),
        SupportedCipherSuite::Tls12(suite) => {
            let fixed = suite.aead_alg.key_block_shape().fixed_iv_len;
            let (iv, explicit) = iv.as_ref().split_at(fixed);
            suite.aead_alg.encrypter(key, iv, explicit)
        }
    };
    // Two, for fatal.
    let content = [2, alert];
    let plain = OutboundPlainMessage {
        typ: ContentType::Alert,
        version: ProtocolVersion::TLSv1_2,
        payload: content.as_slice().into(),
    };
    encrypter.encrypt(plain, number).unwrap().encode()
}

/// A directory that nobody else may read and that goes with its owner.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("stand-in-portal-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file only its owner may read.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).unwrap();
        std::io::Write::write_all(&mut file, content.as_bytes()).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing can be done about a directory that will not go.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
