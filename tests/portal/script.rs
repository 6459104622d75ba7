//! What a crude listener does, step by step.

use std::time::Duration;

use super::tls::TlsConfig;

/// What carries the bytes.
#[derive(Clone, Copy, Debug)]
pub enum Transport {
    Plain,
    Tls(TlsConfig),
}

/// One thing to do on a connection. TLS begins with the first step that needs it.
#[derive(Clone, Debug)]
pub enum Step {
    /// Reads up to and with the empty line.
    ReadHead,
    /// Reads a head and as much body as it announces.
    ReadRequest,
    /// Reads at least so many bytes beyond those consumed before.
    ReadBytes(usize),
    /// Waits for bytes beneath TLS and throws them away.
    ReadRaw,
    /// Sends all of this at once; two answers may come in one piece.
    Send(Vec<u8>),
    /// Sends these at once, each as a TLS record of its own.
    SendRecords(Vec<Vec<u8>>),
    /// Sends byte by byte, with a pause after each.
    SendDrip(Vec<u8>, Duration),
    /// Sends beneath TLS.
    SendRaw(Vec<u8>),
    /// Completes the TLS handshake and nothing more.
    Handshake,
    /// Sends only so many bytes of the first handshake flight.
    HandshakeCut(usize),
    /// Sends this fatal alert within TLS.
    Alert(u8),
    /// Ends TLS in good order; the connection stays.
    CloseNotify,
    /// Says by FIN that nothing more will come, and goes on.
    HalfClose,
    /// Closes; also what happens at the end of every script.
    CloseNow,
    /// Closes by RST.
    Reset,
    /// Silent until the listener is dropped.
    HoldOpen,
    /// Waits for `Crude::release`.
    Await,
    /// Lets `Crude::wait_for_marks` know that the script has come this far.
    Mark,
}

/// Steps for the first connection, the second and so on; the last list serves
/// all that follow.
#[derive(Clone, Debug)]
pub struct Script(Vec<Vec<Step>>);

impl Script {
    pub fn every(steps: Vec<Step>) -> Self {
        Self(vec![steps])
    }

    pub fn in_turn(connections: Vec<Vec<Step>>) -> Self {
        Self(connections)
    }

    /// Reads a request and gives this answer, then closes.
    pub fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::every(vec![Step::ReadRequest, Step::Send(answer.into())])
    }

    pub fn reset_before_handshake() -> Self {
        Self::every(vec![Step::Reset])
    }

    pub fn plaintext_instead_of_tls(text: impl Into<Vec<u8>>) -> Self {
        Self::every(vec![Step::ReadRaw, Step::SendRaw(text.into())])
    }

    pub fn steps(&self, connection: usize) -> &[Step] {
        self.0
            .get(connection)
            .or(self.0.last())
            .map_or(&[], Vec::as_slice)
    }
}

impl From<Vec<Step>> for Script {
    fn from(steps: Vec<Step>) -> Self {
        Self::every(steps)
    }
}
