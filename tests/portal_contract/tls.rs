//! One look at TLS: the good certificate passes, the others are what they say.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};

use super::*;
use crate::portal::crude::Crude;
use crate::portal::plain_client::{connect, parse};
use crate::portal::{Certificate, ClientIdentity};

fn exchange(
    stream: TcpStream,
    ca_pem: &str,
    host: &str,
    identity: Option<ClientIdentity>,
    call: &Call,
) -> Result<Answer, String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match identity {
        None => config.with_no_client_auth(),
        Some(identity) => {
            let pem = identity.certificate_pem.as_bytes();
            let certificate = CertificateDer::from_pem_slice(pem).unwrap();
            let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).unwrap();
            config
                .with_client_auth_cert(vec![certificate], key)
                .unwrap()
        }
    };
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let mut tls = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = stream;
    let mut stream = Stream::new(&mut tls, &mut stream);
    stream
        .write_all(&call.bytes(host))
        .map_err(|error| error.to_string())?;
    let mut raw = Vec::new();
    let end = stream.read_to_end(&mut raw);
    parse(&raw).ok_or_else(|| format!("no answer: {end:?}"))
}

fn own() -> Call {
    Call::get("people/@self")
}

fn reach(portal: &Portal, host: &str, identity: Option<ClientIdentity>) -> Result<Answer, String> {
    exchange(
        connect(&portal.host()),
        &portal.ca_pem(),
        host,
        identity,
        &own(),
    )
}

/// The same request to a listener that follows a script.
pub(crate) fn over(crude: &Crude) -> Result<Answer, String> {
    exchange(
        connect(&crude.host()),
        &crude.ca_pem(),
        "localhost",
        None,
        &own(),
    )
}

#[test]
fn the_good_certificate_is_good_by_name_and_by_address() {
    let portal = Portal::start();
    assert!(portal.url().starts_with("https://127.0.0.1:"));
    assert_eq!(
        std::fs::read_to_string(portal.ca_file()).unwrap(),
        portal.ca_pem()
    );
    for host in ["localhost", "127.0.0.1", "::1"] {
        assert_eq!(reach(&portal, host, None).unwrap().status, 401);
    }
    assert_eq!(portal.request_count(), 3);
    let file = portal.ca_file().to_owned();
    drop(portal);
    assert!(!file.exists());
}

#[test]
fn the_others_are_not() {
    let table = [
        (Certificate::Expired, "expired"),
        (Certificate::NotYetValid, "not valid yet"),
        (Certificate::WrongHost, "not valid for name"),
        (Certificate::NoNames, "not valid for name"),
        (Certificate::WrongUsage, "extended key usage"),
        (Certificate::SelfSigned, "UnknownIssuer"),
        (Certificate::UntrustedIssuer, "BadSignature"),
    ];
    for (certificate, complaint) in table {
        let portal = Portal::builder().certificate(certificate).start();
        let error = reach(&portal, "localhost", None).unwrap_err();
        assert!(error.contains(complaint), "{certificate:?}: {error}");
        assert_eq!((portal.connections(), portal.request_count()), (1, 0));
    }
}

#[test]
fn a_client_certificate_can_be_demanded() {
    for only_tls12 in [false, true] {
        let builder = Portal::builder().demand_client_certificate();
        let builder = if only_tls12 {
            builder.only_tls12()
        } else {
            builder
        };
        let portal = builder.start();
        assert!(reach(&portal, "localhost", None).is_err());
        let identity = portal.client_identity();
        assert_eq!(
            reach(&portal, "localhost", Some(identity)).unwrap().status,
            401
        );
    }
}

#[test]
fn secure_portals_mark_their_cookies() {
    let portal = Portal::start();
    let user = portal.user();
    let ask = call(
        &portal.key_of(&user),
        &format!("{{\"id\":\"{}\"}}", user.id),
    );
    let stream = connect(&portal.host());
    let answer = exchange(stream, &portal.ca_pem(), "localhost", None, &ask).unwrap();
    assert!(
        answer
            .cookies()
            .iter()
            .all(|cookie| cookie.contains("; secure;")),
        "{answer:?}"
    );
    assert!(
        response(&answer)
            .as_str()
            .unwrap()
            .starts_with("https://localhost/confirm/")
    );

    let open = plain();
    let cookies = unlink_as(&open, &open.user(), &open.user().id)
        .cookies()
        .concat();
    assert!(
        !cookies.contains("secure") && cookies.contains("httponly"),
        "{cookies}"
    );
}
