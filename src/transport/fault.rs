//! What broke an exchange, in the terms that decide whether the account was
//! changed.

/// Why an exchange brought no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The name does not exist or has no address.
    NameNotFound,
    /// The name server failed for now, or no helper thread could start.
    NameUnavailable,
    /// `localhost` has an address beyond this machine.
    NotLoopback,
    /// Every address refused, reset or is unreachable.
    Unreachable,
    /// No descriptor or buffer left on this machine.
    NoDescriptor,
    /// The connection took longer than the connect timeout.
    ConnectTimeout,
    /// The proxy cannot be reached, cut the line, or says the portal cannot be.
    ProxyUnreachable,
    /// The proxy asks for authentication.
    ProxyAuth,
    /// The proxy answered something else.
    ProxyRefused,
    /// The certificate was refused.
    Certificate(CertificateFault),
    /// Reset or end during the handshake.
    HandshakeCut,
    /// An alert, a server without TLS, or with an old one.
    HandshakeRefused,
    /// The server wants a client certificate.
    ClientCertificateNeeded,
    /// Bytes stood on the connection before anything was asked.
    SpokeFirst,
    /// The connection was closed before anything was asked, or the kernel took
    /// no byte of the request.
    ClosedBefore,
    /// The line broke before the answer's head was complete.
    Cut,
    /// What came is not HTTP/1, or breaks a limit on heads.
    Garbage,
    /// The call's deadline passed.
    Deadline,
    /// The caller cancelled.
    Cancelled,
    /// A defect in this library.
    Defect,
}

/// Why a certificate was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CertificateFault {
    Untrusted,
    Expired,
    NotYetValid,
    WrongHost,
}

/// An exchange without an answer: the cause, and what left before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) cause: Cause,
    /// The kernel took at least one byte of the request.
    pub(crate) sent: bool,
}

impl Broken {
    /// Nothing of the request left.
    pub(crate) fn before(cause: Cause) -> Self {
        Broken { cause, sent: false }
    }
}
