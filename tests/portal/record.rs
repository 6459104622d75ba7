//! Keeps every byte that arrived and every request made of them.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// A request as it arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Connections are counted from 1, TLS handshakes that failed included.
    pub connection: usize,
    pub method: String,
    /// Still percent-encoded, without the query.
    pub path: String,
    pub query: String,
    /// In the order and the spelling of the sender.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The head byte for byte, up to and with the empty line.
    pub head: Vec<u8>,
    /// The whole body arrived.
    pub complete: bool,
}

impl Recorded {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The bytes of one connection, after TLS.
#[derive(Debug, Default)]
pub struct Tape {
    bytes: Vec<u8>,
    /// Where the next request begins.
    next: usize,
}

pub type SharedTape = Arc<Mutex<Tape>>;

impl Tape {
    pub fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// The head that begins here, as the sender wrote it.
    pub fn take_head(&mut self) -> Recorded {
        let mut fields = [httparse::EMPTY_HEADER; 128];
        let mut head = httparse::Request::new(&mut fields);
        let bytes = &self.bytes[self.next..];
        let Ok(httparse::Status::Complete(length)) = head.parse(bytes) else {
            return Recorded::default();
        };
        let target = head.path.unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let recorded = Recorded {
            method: head.method.unwrap_or_default().to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: head
                .headers
                .iter()
                .map(|h| (h.name.to_owned(), text(h.value)))
                .collect(),
            head: bytes[..length].to_vec(),
            ..Recorded::default()
        };
        self.next += length;
        recorded
    }

    /// Steps over the body of the request whose head was taken last.
    pub fn skip_body(&mut self, request: &Recorded) {
        let chunked = request
            .header("Transfer-Encoding")
            .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        let rest = &self.bytes[self.next..];
        self.next += if chunked {
            chunked_length(rest)
        } else {
            request.body.len()
        };
        self.next = self.next.min(self.bytes.len());
    }
}

/// How many bytes a chunked body takes on the wire. Trailers are not expected.
fn chunked_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Ok(httparse::Status::Complete((digits, size))) =
        httparse::parse_chunk_size(bytes.get(at..).unwrap_or_default())
    {
        at += digits + usize::try_from(size).unwrap_or(usize::MAX - at - digits) + 2;
        if size == 0 {
            break;
        }
    }
    at
}

/// A call of the library under test that concerns every account.
fn portal_wide(request: &Recorded) -> Option<String> {
    let agent = request.header("User-Agent").unwrap_or_default();
    let path = request.path.to_ascii_lowercase();
    let path = path.trim_end_matches('/');
    let is_wide = path.ends_with("settings/tfaappwithlink") || path.ends_with("settings/tfaapp");
    (agent.starts_with("docspace-tfa/") && request.method != "GET" && is_wide)
        .then(|| format!("{} {path}", request.method))
}

/// The requests of all connections, in the order of arrival.
#[derive(Debug, Default)]
pub struct Log {
    entries: Mutex<Entries>,
    /// How much has happened: requests that came, and those that were acted on.
    events: Mutex<u64>,
    happened: Condvar,
}

#[derive(Debug, Default)]
struct Entries {
    requests: Vec<Recorded>,
    tapes: Vec<SharedTape>,
    /// Requests of the library for what concerns the whole portal, not
    /// forgotten with the others.
    portal_wide: Vec<String>,
}

impl Log {
    /// Counts a new connection and gives it a tape.
    pub fn connect(&self) -> (usize, SharedTape) {
        let tape = SharedTape::default();
        let mut entries = self.entries.lock().unwrap();
        entries.tapes.push(Arc::clone(&tape));
        (entries.tapes.len(), tape)
    }

    pub fn add(&self, request: Recorded) {
        let mut entries = self.entries.lock().unwrap();
        if let Some(call) = portal_wide(&request) {
            entries.portal_wide.push(call);
        }
        entries.requests.push(request);
        drop(entries);
        self.tell();
    }

    /// Something has happened that a test may wait for.
    pub fn tell(&self) {
        *self.events.lock().unwrap() += 1;
        self.happened.notify_all();
    }

    pub fn requests(&self) -> Vec<Recorded> {
        self.entries.lock().unwrap().requests.clone()
    }

    pub fn portal_wide(&self) -> Vec<String> {
        self.entries.lock().unwrap().portal_wide.clone()
    }

    pub fn forget(&self) {
        self.entries.lock().unwrap().requests.clear();
    }

    pub fn count(&self, matches: impl Fn(&Recorded) -> bool) -> usize {
        let entries = self.entries.lock().unwrap();
        entries
            .requests
            .iter()
            .filter(|request| matches(request))
            .count()
    }

    pub fn connections(&self) -> usize {
        self.entries.lock().unwrap().tapes.len()
    }

    /// All bytes received on a connection; connections are counted from 1.
    pub fn received(&self, connection: usize) -> Vec<u8> {
        let entries = self.entries.lock().unwrap();
        let tape = connection
            .checked_sub(1)
            .and_then(|at| entries.tapes.get(at));
        tape.map_or_else(Vec::new, |tape| tape.lock().unwrap().bytes())
    }

    /// Waits until something is so that only events make so; false if it does not
    /// become so in time.
    pub fn wait_until(&self, at_most: Duration, is_so: impl Fn() -> bool) -> bool {
        let until = Instant::now() + at_most;
        loop {
            // Read first: what happens while `is_so` looks is not missed.
            let before = *self.events.lock().unwrap();
            if is_so() {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let events = self.events.lock().unwrap();
            let nothing = |events: &mut u64| *events == before;
            drop(self.happened.wait_timeout_while(events, left, nothing));
        }
    }
}
