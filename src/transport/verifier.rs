//! Judging the portal's certificate: by the authorities that are trusted, or
//! because it is itself one of the certificates that were given.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::error::Error;

/// Self-signed portals are common, and `openssl req -x509` makes certificates
/// that are marked as authorities: as such they may not stand for a server.
/// Whoever gave that very certificate means this server.
#[derive(Debug)]
pub(super) struct Verifier {
    authorities: Arc<WebPkiServerVerifier>,
    given: Vec<CertificateDer<'static>>,
}

impl Verifier {
    pub(super) fn new(
        roots: RootCertStore,
        given: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|_| Error::argument("trust: no certificate authority to judge by"))?;
        Ok(Verifier { authorities, given })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let judged = self.authorities.verify_server_cert(
            certificate,
            intermediates,
            name,
            ocsp_response,
            now,
        );
        match judged {
            Err(error) if is_of_issuer(&error) && self.given.contains(certificate) => {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// Whether nothing is wrong but who vouches for the certificate, or that it is
/// an authority's own (an error without a name). Dates are judged first: a
/// certificate that is refused for these is within them.
fn is_of_issuer(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::InvalidCertificate(
            CertificateError::UnknownIssuer
                | CertificateError::BadSignature
                | CertificateError::Other(_)
        )
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rcgen::{
        BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa,
        KeyPair, date_time_ymd,
    };

    use super::*;
    use crate::transport::CertificateFault as Fault;
    use crate::transport::tls::certificate_fault;

    /// The first second of a year, near enough.
    fn year(year: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs((year - 1970) * 31_557_600 + 86_400))
    }

    fn params(is_ca: bool) -> CertificateParams {
        let mut params = CertificateParams::new(vec!["portal.example".to_owned()]).unwrap();
        if is_ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2030, 1, 1);
        params
    }

    fn self_signed(params: CertificateParams) -> CertificateDer<'static> {
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().clone()
    }

    /// What is wrong with a certificate, if anything is.
    fn judge(
        certificate: &CertificateDer<'static>,
        given: &[&CertificateDer<'static>],
        host: &str,
        now: UnixTime,
    ) -> Option<Fault> {
        let mut roots = RootCertStore::empty();
        // There is always one; no certificate here is from it.
        roots.add(self_signed(params(true))).unwrap();
        for given in given {
            roots.add((*given).clone()).unwrap();
        }
        let given = given.iter().map(|given| (*given).clone()).collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Verifier::new(roots, given, provider).unwrap();
        let name = ServerName::try_from(host.to_owned()).unwrap();
        match verifier.verify_server_cert(certificate, &[], &name, &[], now) {
            Ok(_) => None,
            Err(rustls::Error::InvalidCertificate(error)) => Some(certificate_fault(&error)),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_given_certificate_is_trusted_as_it_is() {
        let issuer = CertifiedIssuer::self_signed(params(true), KeyPair::generate().unwrap());
        let key = KeyPair::generate().unwrap();
        let issued = params(false).signed_by(&key, &issuer.unwrap()).unwrap();
        let kinds = [
            ("an authority's", self_signed(params(true))),
            ("a server's", self_signed(params(false))),
            ("an issued one", issued.der().clone()),
        ];
        for (kind, own) in &kinds {
            let judge = |host, now| judge(own, &[own], host, now);
            assert_eq!(judge("portal.example", year(2025)), None, "{kind}");
            let fault = judge("other.example", year(2025));
            assert_eq!(fault, Some(Fault::WrongHost), "{kind}");
            let fault = judge("portal.example", year(2031));
            assert_eq!(fault, Some(Fault::Expired), "{kind}");
            let fault = judge("portal.example", year(2019));
            assert_eq!(fault, Some(Fault::NotYetValid), "{kind}");
        }
    }

    #[test]
    fn another_certificate_is_not() {
        let own = self_signed(params(true));
        // The same names, dates and marks; another key.
        let other = self_signed(params(true));
        let now = year(2025);
        assert_eq!(
            judge(&other, &[&own], "portal.example", now),
            Some(Fault::Untrusted)
        );
        assert_eq!(
            judge(&other, &[], "portal.example", now),
            Some(Fault::Untrusted)
        );
        let mut for_clients = params(false);
        for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let for_clients = self_signed(for_clients);
        assert_eq!(
            judge(&for_clients, &[&for_clients], "portal.example", now),
            Some(Fault::Untrusted)
        );
    }
}
