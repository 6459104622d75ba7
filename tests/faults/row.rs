//! A row of the matrix: a fault, and what the library must say of it.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use docspace_tfa::{Applied, Reason, Status};

use crate::answers;
use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::tls::TlsConfig;

/// Who is there when the library calls.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    Crude(Transport),
    /// A port that refuses.
    Refused,
    /// A port that neither takes nor refuses.
    Deaf,
}

/// The two ways every fault is played over.
pub const CARRIERS: [Transport; 2] = [
    Transport::Plain,
    Transport::Tls(TlsConfig {
        certificate: crate::portal::Certificate::Good,
        demands_client_certificate: false,
        asks_for_client_certificate: false,
        only_tls12: false,
    }),
];

pub fn is_tls(carrier: Transport) -> bool {
    matches!(carrier, Transport::Tls(_))
}

/// What one call must come to.
#[derive(Clone, Debug)]
pub struct Want {
    /// `None`: the change went through.
    pub status: Option<Status>,
    pub reason: Reason,
    pub applied: Applied,
    pub retry: bool,
    pub http: Option<u16>,
    /// Complete change requests that reach the listener for this one call.
    pub requests: RangeInclusive<usize>,
    pub attempts: u32,
}

/// It went through.
pub fn done() -> Want {
    Want {
        status: None,
        reason: Reason::None,
        applied: Applied::Yes,
        retry: false,
        http: Some(200),
        requests: 1..=1,
        attempts: 1,
    }
}

/// Nothing was changed; one request was answered.
pub fn no(status: Status, reason: Reason) -> Want {
    Want {
        status: Some(status),
        reason,
        applied: Applied::No,
        http: None,
        ..done()
    }
}

/// It cannot be told; one request was sent.
pub fn maybe(status: Status, reason: Reason) -> Want {
    Want {
        applied: Applied::Maybe,
        ..no(status, reason)
    }
}

/// The line broke after the request and before an answer.
pub fn cut() -> Want {
    maybe(Status::Transport, Reason::None)
}

/// What answered is no portal; the request was sent.
pub fn garbage() -> Want {
    maybe(Status::Protocol, Reason::NotAPortal)
}

impl Want {
    pub fn http(self, status: u16) -> Self {
        Self {
            http: Some(status),
            ..self
        }
    }

    pub fn retry(self) -> Self {
        Self {
            retry: true,
            ..self
        }
    }

    /// No request, or only a part of one, arrives.
    pub fn unsent(self) -> Self {
        self.requests(0..=0)
    }

    /// The listener stops reading somewhere: it may have the whole by then.
    pub fn half_read(self) -> Self {
        self.requests(0..=1)
    }

    pub fn requests(self, requests: RangeInclusive<usize>) -> Self {
        Self { requests, ..self }
    }

    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }
}

#[derive(Debug)]
pub struct Row {
    pub fault: String,
    /// Which of the many ways to play it.
    pub case: String,
    pub place: Place,
    pub script: Script,
    /// Changes that go through before the one that is judged.
    pub before: usize,
    /// Waits for the listener between those changes and that one.
    pub between: Option<fn(&Crude)>,
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub max_attempts: u32,
    /// One of these; more than one where the kernel decides who is first.
    pub wants: Vec<Want>,
    /// Exactly so many connections reach the listener.
    pub connections: Option<usize>,
    /// Nobody calls on these.
    pub untouched: Vec<Arc<Crude>>,
}

/// Nothing in a row takes so long unless the machine is very busy.
const AMPLE: Duration = Duration::from_secs(30);

impl Row {
    pub fn new(fault: &str, place: Place, script: Script, want: Want) -> Self {
        Self {
            fault: fault.to_owned(),
            case: String::new(),
            place,
            script,
            before: 0,
            between: None,
            timeout: AMPLE,
            connect_timeout: AMPLE,
            max_attempts: 3,
            wants: vec![want],
            connections: None,
            untouched: Vec::new(),
        }
    }

    /// The first connection follows `steps`; whoever reads back is refused.
    pub fn steps(fault: &str, carrier: Transport, steps: Vec<Step>, want: Want) -> Self {
        let script = Script::in_turn(vec![steps, refuse()]);
        Self::new(fault, Place::Crude(carrier), script, want)
    }

    /// The request is read and answered so; then the connection is closed.
    pub fn answer(fault: &str, carrier: Transport, answer: impl Into<Vec<u8>>, want: Want) -> Self {
        let steps = vec![Step::ReadRequest, Step::Send(answer.into())];
        Self::steps(fault, carrier, steps, want)
    }

    /// Every connection follows `steps`.
    pub fn always(fault: &str, carrier: Transport, steps: Vec<Step>, want: Want) -> Self {
        let script = Script::every(steps);
        Self::new(fault, Place::Crude(carrier), script, want)
    }

    pub fn case(mut self, case: impl ToString) -> Self {
        self.case = case.to_string();
        self
    }

    pub fn or(mut self, want: Want) -> Self {
        self.wants.push(want);
        self
    }

    pub fn connections(mut self, count: usize) -> Self {
        self.connections = Some(count);
        self
    }

    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    pub fn timeout(mut self, milliseconds: u64) -> Self {
        self.timeout = Duration::from_millis(milliseconds);
        self
    }

    pub fn connect_timeout(mut self, milliseconds: u64) -> Self {
        self.connect_timeout = Duration::from_millis(milliseconds);
        self
    }

    pub fn untouched(mut self, others: &[Arc<Crude>]) -> Self {
        self.untouched = others.to_vec();
        self
    }

    /// A change goes through before, on the first connection of the script.
    pub fn after_a_change(mut self, between: fn(&Crude)) -> Self {
        self.before = 1;
        self.between = Some(between);
        self
    }
}

/// Reads a request and refuses it in a way that no read repeats.
pub fn refuse() -> Vec<Step> {
    vec![Step::ReadRequest, Step::Send(answers::empty(403))]
}
