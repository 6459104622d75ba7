//! TLS over our own buffers: the state is ours, so that what was sent, what
//! was received and what is left over is known for every record.

use std::fmt;
use std::sync::Arc;

use rustls::client::{ResolvesClientCert, UnbufferedClientConnection};
use rustls::pki_types::ServerName;
use rustls::sign::CertifiedKey;
use rustls::unbuffered::{ConnectionState, UnbufferedStatus};
use rustls::{AlertDescription, CertificateError, ClientConfig, ProtocolVersion, SignatureScheme};

use zeroize::Zeroize;

use super::buffer::Buffer;
use super::call::Call;
use super::exchange::{self, Exchange};
use super::fault::{Cause, CertificateFault};
use super::roots::{ClientIdentity, Roots};
use super::socket::{Received, SendFault, Socket};
use super::verifier::Verifier;
use crate::error::Error;

/// The largest record, with its header.
const RECORD: usize = 5 + 16 * 1024 + 2048;
/// A first flight or a request of ours is far smaller.
const OUTGOING: usize = 20 * 1024;
/// How much larger the next size of an allocator's blocks is.
const BLOCK_STEP: usize = 16;

/// Random bytes from the system.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let source = rustls::crypto::ring::default_provider().secure_random;
    source.fill(&mut bytes).ok()?;
    Some(bytes)
}

pub(super) fn config(
    roots: &Roots,
    identity: Option<ClientIdentity>,
) -> Result<Arc<ClientConfig>, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new(roots.store()?, roots.given(), Arc::clone(&provider))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::unsupported("TLS: this build has no protocol version to offer"))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(Arc::new(Identity(identity.map(|identity| identity.0))));
    Ok(Arc::new(config))
}

/// Gives the client certificate, and notes that the server asked for one: a
/// refusal that follows is then understood.
#[derive(Debug)]
struct Identity(Option<Arc<CertifiedKey>>);

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        exchange::note_client_certificate_asked();
        self.0.clone()
    }

    fn has_certs(&self) -> bool {
        // Always "perhaps": without a certificate `resolve` still has to learn
        // that one was asked for.
        true
    }
}

pub(super) struct Tls {
    connection: UnbufferedClientConnection,
    incoming: Buffer,
    outgoing: Buffer,
    closed: bool,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("incoming", &self.incoming)
            .finish_non_exhaustive()
    }
}

/// What a look at the records received so far brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Nothing more can be said without more bytes.
    Quiet,
    /// The peer has closed its side.
    Closed,
}

impl Tls {
    /// Shakes hands on a fresh connection.
    pub(super) fn connect(
        config: &Arc<ClientConfig>,
        host: &str,
        socket: &mut Socket,
        call: &Call,
    ) -> Result<Self, Cause> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Cause::NameNotFound)?;
        let connection =
            UnbufferedClientConnection::new(Arc::clone(config), name).map_err(|_| Cause::Defect)?;
        let mut tls = Tls {
            connection,
            incoming: Buffer::new(RECORD),
            outgoing: Buffer::new(OUTGOING),
            closed: false,
        };
        let mut early = Buffer::new(0);
        loop {
            let step = tls
                .step(socket, call, &mut early)
                .map_err(|fault| match fault {
                    Fault::Tls(error) => handshake_cause(&error),
                    Fault::Bound(cause) => cause,
                    Fault::Broken => Cause::HandshakeCut,
                    Fault::Overflow => Cause::HandshakeRefused,
                })?;
            match step {
                Step::Read | Step::Again => {}
                Step::Ready => return Ok(tls),
                Step::Closed => return Err(Cause::HandshakeCut),
                Step::NeedInput => match socket.receive(tls.incoming.room(), call)? {
                    Received::Bytes(amount) => tls.incoming.add(amount),
                    _ => return Err(Cause::HandshakeCut),
                },
            }
        }
    }

    /// Nothing received is left to be looked at.
    pub(super) fn is_empty(&self) -> bool {
        self.incoming.is_empty()
    }

    /// Whether an alert says that the server wanted a client certificate and
    /// did not listen. A TLS 1.3 server judges the certificate only after the
    /// client has spoken, and before it reads that; and only one that asked for
    /// a certificate, on a connection that was made for this exchange, judges
    /// one at all. From any other server the same alert may come after it has
    /// acted.
    pub(super) fn is_refusal(&self, alert: AlertDescription, exchange: &Exchange) -> bool {
        let is_13 = self.connection.protocol_version() == Some(ProtocolVersion::TLSv1_3);
        let judged = exchange.certificate_asked.get() && !exchange.reused.get();
        is_13 && judged && speaks_of_certificate(alert)
    }

    /// Room for more ciphertext.
    pub(super) fn room(&mut self) -> &mut [u8] {
        self.incoming.room()
    }

    pub(super) fn received(&mut self, amount: usize) {
        self.incoming.add(amount);
    }

    /// Decrypts what has been received into `plain`.
    pub(super) fn open(
        &mut self,
        socket: &Socket,
        call: &Call,
        plain: &mut Buffer,
    ) -> Result<Progress, Fault> {
        loop {
            match self.step(socket, call, plain)? {
                // The usual end: one record, and all of it was read.
                Step::Read if self.incoming.is_empty() => return Ok(Progress::Quiet),
                Step::Read | Step::Again => {}
                Step::Closed => return Ok(Progress::Closed),
                Step::Ready | Step::NeedInput if self.closed => return Ok(Progress::Closed),
                Step::Ready | Step::NeedInput => return Ok(Progress::Quiet),
            }
        }
    }

    /// Encrypts `plain`; [`sealed`](Tls::sealed) then holds the records.
    pub(super) fn seal(&mut self, plain: &[u8]) -> Result<(), Cause> {
        let UnbufferedStatus { discard, state, .. } = self
            .connection
            .process_tls_records(self.incoming.filled_mut());
        let sealed = match state {
            Ok(ConnectionState::WriteTraffic(mut writer)) => writer
                .encrypt(plain, self.outgoing.room())
                .map_err(|_| Cause::Defect),
            _ => Err(Cause::SpokeFirst),
        };
        self.incoming.consume(discard);
        self.outgoing.add(sealed?);
        Ok(())
    }

    pub(super) fn sealed(&self) -> &[u8] {
        self.outgoing.filled()
    }

    pub(super) fn wipe(&mut self) {
        self.outgoing.wipe();
        if self.incoming.is_empty() {
            self.incoming.wipe();
        }
    }

    /// One step of the protocol; what it wants to say is sent at once.
    fn step(&mut self, socket: &Socket, call: &Call, plain: &mut Buffer) -> Result<Step, Fault> {
        let UnbufferedStatus {
            mut discard, state, ..
        } = self
            .connection
            .process_tls_records(self.incoming.filled_mut());
        let step = match state {
            Err(error) => Err(Fault::Tls(error)),
            Ok(ConnectionState::EncodeTlsData(mut data)) => {
                match data.encode(self.outgoing.room()) {
                    Ok(amount) => {
                        self.outgoing.add(amount);
                        Ok(Step::Again)
                    }
                    Err(_) => Err(Fault::Overflow),
                }
            }
            Ok(ConnectionState::TransmitTlsData(data)) => {
                let mut taken = 0;
                let sent = socket.send(self.outgoing.filled(), call, &mut taken);
                self.outgoing.consume(usize::MAX);
                match sent {
                    Ok(()) => {
                        data.done();
                        Ok(Step::Again)
                    }
                    Err(SendFault::Bound(cause)) => Err(Fault::Bound(cause)),
                    Err(SendFault::Broken) => Err(Fault::Broken),
                }
            }
            Ok(ConnectionState::ReadTraffic(mut records)) => {
                let mut fits = true;
                let mut largest = 0;
                while let Some(record) = records.next_record() {
                    match record {
                        Ok(record) => {
                            discard += record.discard;
                            largest = largest.max(record.payload.len());
                            fits &= plain.push(record.payload);
                        }
                        Err(_) => fits = false,
                    }
                }
                drop(records);
                overwrite_freed(largest);
                if fits {
                    Ok(Step::Read)
                } else {
                    Err(Fault::Overflow)
                }
            }
            Ok(ConnectionState::BlockedHandshake) => Ok(Step::NeedInput),
            Ok(ConnectionState::WriteTraffic(_)) => Ok(Step::Ready),
            Ok(ConnectionState::PeerClosed) => {
                self.closed = true;
                Ok(Step::Closed)
            }
            Ok(_) => Ok(Step::Closed),
        };
        self.incoming.consume(discard);
        step
    }
}

/// rustls frees the block it decrypted a record into without wiping it.
/// Allocators give a block of the same size out again first: this overwrites
/// it then. It is a best effort, not a promise; without it `tests/secrets.rs`
/// finds every cookie and login URL that came over TLS.
fn overwrite_freed(size: usize) {
    // glibc gives a block one step larger than asked for where the rest would
    // be too small to keep, and files it under that size afterwards.
    for size in [size, size + BLOCK_STEP] {
        // Not `vec![0; size]`, which would ask for a block that is zero already.
        Vec::<u8>::with_capacity(size)
            .spare_capacity_mut()
            .zeroize();
    }
}

enum Step {
    Again,
    /// A record was decrypted.
    Read,
    NeedInput,
    Ready,
    Closed,
}

/// What ended the protocol.
#[derive(Debug)]
pub(super) enum Fault {
    Tls(rustls::Error),
    /// Cancelled or over.
    Bound(Cause),
    /// The connection is gone.
    Broken,
    /// More than there is room for.
    Overflow,
}

/// Why the handshake failed.
fn handshake_cause(error: &rustls::Error) -> Cause {
    use rustls::Error as Tls;
    match error {
        Tls::InvalidCertificate(fault) => Cause::Certificate(certificate_fault(fault)),
        Tls::NoCertificatesPresented => Cause::Certificate(CertificateFault::Untrusted),
        Tls::AlertReceived(_) if exchange::client_certificate_asked() => {
            Cause::ClientCertificateNeeded
        }
        _ => Cause::HandshakeRefused,
    }
}

pub(super) fn certificate_fault(fault: &CertificateError) -> CertificateFault {
    use CertificateError as Fault;
    match fault {
        Fault::Expired | Fault::ExpiredContext { .. } => CertificateFault::Expired,
        Fault::NotValidYet | Fault::NotValidYetContext { .. } => CertificateFault::NotYetValid,
        Fault::NotValidForName | Fault::NotValidForNameContext { .. } => {
            CertificateFault::WrongHost
        }
        _ => CertificateFault::Untrusted,
    }
}

fn speaks_of_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_certificate_fault_has_its_name() {
        let table = [
            (CertificateError::Expired, CertificateFault::Expired),
            (CertificateError::NotValidYet, CertificateFault::NotYetValid),
            (
                CertificateError::NotValidForName,
                CertificateFault::WrongHost,
            ),
            (CertificateError::UnknownIssuer, CertificateFault::Untrusted),
            (
                CertificateError::InvalidPurpose,
                CertificateFault::Untrusted,
            ),
            (CertificateError::BadSignature, CertificateFault::Untrusted),
        ];
        for (error, fault) in table {
            let error = rustls::Error::InvalidCertificate(error);
            assert_eq!(handshake_cause(&error), Cause::Certificate(fault));
        }
    }
}
