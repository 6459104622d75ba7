//! A private key in PEM form, read without leaving copies of it behind: its
//! bytes stay in memory that is wiped until ring has taken them apart.

use std::sync::Arc;

use rustls::crypto::ring::sign;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer};
use rustls::sign::SigningKey;

use super::pem::{self, Block};
use crate::error::Error;
use crate::wipe::Wiped;

/// The first key of the text.
pub(super) fn read(text: &[u8]) -> Result<Arc<dyn SigningKey>, Error> {
    let none = || {
        Error::argument(
            "client certificate key: holds no private key in PEM form; give an unencrypted \
             PKCS#8, PKCS#1 or SEC1 key",
        )
    };
    let is_key = |block: &Block<'_>| block.label.ends_with(b"PRIVATE KEY");
    let mut blocks = pem::blocks(text).filter(|block| block.as_ref().map_or(true, is_key));
    let block = blocks.next().ok_or_else(none)?.map_err(|_| none())?;
    if block.is_encrypted() {
        return Err(Error::argument(
            "client certificate key: is encrypted, and no passphrase can be given; decrypt it \
             into a file that only you can read",
        ));
    }
    let der = block.decode().ok_or_else(none)?;
    let key = match block.label {
        b"PRIVATE KEY" => {
            sign::any_supported_type(&PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(&**der))).ok()
        }
        b"RSA PRIVATE KEY" => {
            sign::any_supported_type(&PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(&**der))).ok()
        }
        b"EC PRIVATE KEY" => of_sec1(&der),
        _ => return Err(none()),
    };
    key.ok_or_else(|| {
        Error::argument(
            "client certificate key: is damaged or of a kind that cannot be used; give an RSA \
             key of 2048 to 4096 bits, a P-256 or P-384 key, or an Ed25519 key",
        )
    })
}

/// The version and the algorithm of a PKCS#8 key on P-256 and on P-384.
const CURVES: [&[u8]; 2] = [
    b"\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
    b"\x02\x01\x00\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22",
];

/// ring reads PKCS#8 only. rustls would make that of it in memory that it does
/// not wipe.
fn of_sec1(sec1: &[u8]) -> Option<Arc<dyn SigningKey>> {
    let wrapped = element(0x04, &[sec1])?;
    CURVES.iter().find_map(|curve| {
        let der = element(0x30, &[curve, &wrapped])?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(&**der));
        sign::any_ecdsa_type(&key).ok()
    })
}

/// A DER element; `None` if it would be longer than any such key.
fn element(tag: u8, content: &[&[u8]]) -> Option<Wiped<Vec<u8>>> {
    let length = u8::try_from(content.iter().map(|part| part.len()).sum::<usize>()).ok()?;
    let mut der = Wiped::new(Vec::with_capacity(usize::from(length) + 3));
    der.push(tag);
    if length > 127 {
        der.push(0x81);
    }
    der.push(length);
    content.iter().for_each(|part| der.extend_from_slice(part));
    Some(der)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, body: &str) -> String {
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    }

    #[test]
    fn keys_are_found_whatever_is_around_them() {
        let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
        let certificate = block("CERTIFICATE", "AAAA");
        for text in [
            key.clone(),
            key.replace('\n', "\r\n"),
            format!("Bag Attributes\n    friendlyName: x\n{key}{certificate}"),
            format!("{certificate}{key}"),
            format!("{}{key}", block("EC PARAMETERS", "BggqhkjOPQMBBw==")),
        ] {
            assert!(read(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_key_that_cannot_be_used_is_refused_with_the_reason() {
        let long = "A".repeat(1000);
        let table = [
            (String::new(), "holds no private key"),
            (block("CERTIFICATE", "AAAA"), "holds no private key"),
            (block("PRIVATE KEY", "A:"), "holds no private key"),
            (block("OPENSSH PRIVATE KEY", "AAAA"), "holds no private key"),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA".into(),
                "holds no private key",
            ),
            (block("ENCRYPTED PRIVATE KEY", "AAAA"), "is encrypted"),
            (
                block(
                    "RSA PRIVATE KEY",
                    "Proc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nAAAA",
                ),
                "is encrypted",
            ),
            (block("PRIVATE KEY", "AAAA"), "is damaged"),
            (block("RSA PRIVATE KEY", "AAAA"), "is damaged"),
            (block("EC PRIVATE KEY", "AAAA"), "is damaged"),
            (block("EC PRIVATE KEY", &long), "is damaged"),
        ];
        for (text, words) in table {
            let error = read(text.as_bytes()).unwrap_err();
            assert!(error.message().contains(words), "{text}: {error}");
        }
    }
}
