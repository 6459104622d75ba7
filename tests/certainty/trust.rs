//! Portals whose certificate is their own authority.

use docspace_tfa::{Applied, Reason};

use crate::portal::Certificate;
use crate::portal::crude::{Crude, Script, Transport};
use crate::portal::tls::TlsConfig;
use crate::support::{ENVELOPE, ID, change_id, of_url};

#[test]
fn a_self_signed_portal_is_trusted_by_the_certificate_it_shows() {
    let length = ENVELOPE.len();
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{ENVELOPE}");
    for certificate in [Certificate::SelfSigned, Certificate::SelfSignedAuthority] {
        for only_tls12 in [false, true] {
            let start = || {
                let tls = TlsConfig {
                    certificate,
                    only_tls12,
                    ..TlsConfig::default()
                };
                Crude::start(
                    Transport::Tls(tls),
                    Script::answering(answer.clone().into_bytes()),
                )
            };
            let (portal, other) = (start(), start());
            let given = |pem: &str| change_id(of_url(&portal.url()).add_ca_pem(pem).unwrap(), ID);
            let change = given(portal.own_pem()).unwrap();
            assert_eq!(change.applied(), Applied::Yes, "{certificate:?}");
            // The same names under another key.
            let error = given(other.own_pem()).unwrap_err();
            assert_eq!(
                (error.reason(), error.applied()),
                (Reason::CertUntrusted, Applied::No),
                "{certificate:?}"
            );
            assert!(error.message().contains("self-signed"), "{error}");
            assert_eq!(portal.complete_requests(), 1, "{certificate:?}");
        }
    }
}
