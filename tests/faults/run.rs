//! Plays a row and says what came of it.

use std::sync::{Arc, Mutex, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use docspace_tfa::{
    AccountId, Applied, Change, Client, Credential, Error, LogLevel, Reason, Status, TfaMethod,
    Trust,
};
use socket2::{Domain, Socket, Type};

use crate::answers::COOKIE;
use crate::portal::crude::{Crude, request_length};
use crate::portal::deaf::Deaf;
use crate::row::{Place, Row, Want};

pub const KEY: &str = "sk-7f3c9a51e0b24d68f3c9a51e0b24d687f3c9a51e0b24d68f3c9a51e0b24d687f";
const ACCOUNT: &str = "5b8f2c1a-4d3e-4f60-9a7b-0c1d2e3f4a5b";

/// Every text the library produced, whoever asked for it.
#[derive(Clone, Default)]
pub struct Texts(Arc<Mutex<Vec<String>>>);

impl Texts {
    fn add(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// The first text that shows a secret, in clear or in base64.
    pub fn leak(&self) -> Option<String> {
        let mut secrets = vec![KEY[..16].to_owned(), KEY[16..].to_owned()];
        secrets.push(COOKIE.to_owned());
        for text in [KEY.to_owned(), format!(":{KEY}"), format!("Bearer {KEY}")] {
            // Whatever stands around it, this much of it stays the same.
            for skipped in 0..3 {
                let encoded = STANDARD.encode(&text.as_bytes()[skipped..]);
                secrets.push(encoded[..40].to_owned());
            }
        }
        let texts = self.0.lock().unwrap();
        let shows = |text: &&String| secrets.iter().any(|secret| text.contains(secret));
        texts.iter().find(shows).cloned()
    }
}

impl log::Log for Texts {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.add(format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

impl Texts {
    /// The one that hears what ureq logs, too: a process has one logger.
    pub fn listening() -> &'static Self {
        static TEXTS: OnceLock<Texts> = OnceLock::new();
        TEXTS.get_or_init(|| {
            let texts = Texts::default();
            log::set_boxed_logger(Box::new(texts.clone())).unwrap();
            log::set_max_level(log::LevelFilter::Trace);
            texts
        })
    }
}

/// What a row came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    pub status: Option<Status>,
    pub reason: Reason,
    pub applied: Applied,
    pub retry: bool,
    pub http: Option<u16>,
    pub attempts: u32,
    pub requests: usize,
    pub connections: usize,
}

/// The listener, while the row lasts.
enum There {
    Crude(Box<Crude>),
    /// Bound, never listening: nobody else can take the port.
    Refused(Socket),
    Deaf(Deaf),
}

impl There {
    fn start(row: &Row) -> Self {
        match row.place {
            Place::Crude(carrier) => {
                There::Crude(Box::new(Crude::start(carrier, row.script.clone())))
            }
            Place::Deaf => There::Deaf(Deaf::start()),
            Place::Refused => {
                let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
                let any: std::net::SocketAddr = ([127, 0, 0, 1], 0).into();
                socket.bind(&any.into()).unwrap();
                There::Refused(socket)
            }
        }
    }

    fn url(&self) -> String {
        match self {
            There::Crude(crude) => crude.url(),
            There::Deaf(deaf) => format!("http://{}", deaf.host()),
            There::Refused(socket) => {
                let address = socket.local_addr().unwrap().as_socket().unwrap();
                format!("http://{address}")
            }
        }
    }

    fn crude(&self) -> Option<&Crude> {
        match self {
            There::Crude(crude) => Some(crude),
            _ => None,
        }
    }
}

pub fn play(row: &Row, texts: &Texts) -> Came {
    let there = There::start(row);
    let client = client(row, &there, texts);
    let account = AccountId::parse(ACCOUNT).unwrap();
    for _ in 0..row.before {
        let change = client.change_method(&account, TfaMethod::None);
        let change = change.unwrap_or_else(|error| panic!("{}: {error:?}", row.fault));
        assert_eq!(change.applied(), Applied::Yes, "{}", row.fault);
    }
    if let (Some(between), Some(crude)) = (row.between, there.crude()) {
        between(crude);
    }
    let before = there.crude().map_or(0, changes_received);
    let result = client.change_method(&account, TfaMethod::None);
    texts.add(format!("{result:?} {client:?}"));
    if let Some(crude) = there.crude() {
        // What was sent may still be on its way to the listener.
        let least = row.wants.iter().map(|want| *want.requests.start()).min();
        if result.is_err() && least > Some(0) {
            crude.wait_for_requests(least.unwrap_or(0));
        }
        check_requests(row, crude);
    }
    let mut came = of_result(&result, texts);
    came.requests = there.crude().map_or(0, changes_received) - before;
    came.connections = there.crude().map_or(0, Crude::connections);
    came
}

fn client(row: &Row, there: &There, texts: &Texts) -> Client {
    let sink = texts.clone();
    let mut builder = Client::builder(&there.url(), Credential::api_key(KEY).unwrap())
        .unwrap()
        .timeout(row.timeout)
        .unwrap()
        .connect_timeout(row.connect_timeout)
        .unwrap()
        .max_attempts(row.max_attempts)
        .unwrap()
        .trust(Trust::AddedOnly)
        .log(
            LogLevel::Debug,
            Arc::new(move |_, line: &str| sink.add(line.to_owned())),
        );
    if let Some(crude) = there.crude() {
        builder = builder.add_ca_pem(&crude.ca_pem()).unwrap();
    }
    texts.add(format!("{builder:?}"));
    builder.build().unwrap()
}

fn of_result(result: &Result<Change, Error>, texts: &Texts) -> Came {
    match result {
        Ok(change) => {
            texts.add(change.message().to_owned());
            Came {
                status: None,
                reason: Reason::None,
                applied: change.applied(),
                retry: false,
                http: change.http_status(),
                attempts: change.attempts(),
                requests: 0,
                connections: 0,
            }
        }
        Err(error) => {
            texts.add(format!("{error}\n{error:#?}\n{}", error.portal_message()));
            Came {
                status: Some(error.status()),
                reason: error.reason(),
                applied: error.applied(),
                retry: error.is_retryable(),
                http: error.http_status(),
                attempts: error.attempts(),
                requests: 0,
                connections: 0,
            }
        }
    }
}

/// Complete change requests, on all connections.
fn changes_received(crude: &Crude) -> usize {
    requests(crude)
        .iter()
        .filter(|request| request.starts_with(b"PUT "))
        .count()
}

fn requests(crude: &Crude) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for connection in 1..=crude.connections() {
        let received = crude.received(connection);
        let mut rest = &received[..];
        while let Some(length) = request_length(rest) {
            found.push(rest[..length].to_vec());
            rest = &rest[length..];
        }
    }
    found
}

/// Nothing is asked for that nobody could unpack, and the key stands in its
/// one place.
fn check_requests(row: &Row, crude: &Crude) {
    for request in requests(crude) {
        let text = String::from_utf8(request).unwrap().to_ascii_lowercase();
        assert!(!text.contains("accept-encoding"), "{}: {text}", row.fault);
        assert_eq!(text.matches(KEY).count(), 1, "{}: {text}", row.fault);
        assert_eq!(text.matches("authorization: bearer ").count(), 1);
    }
}

impl Came {
    pub fn is(&self, want: &Want) -> bool {
        self.status == want.status
            && self.reason == want.reason
            && self.applied == want.applied
            && self.retry == want.retry
            && self.http == want.http
            && self.attempts == want.attempts
            && want.requests.contains(&self.requests)
    }

    /// What must hold whatever happens.
    pub fn is_truthful(&self) -> bool {
        // "No" without an answer that says so, though the request arrived.
        let hidden = self.applied == Applied::No && self.http.is_none() && self.requests > 0;
        // "Again" where it may have been done.
        let rash = self.retry && self.applied != Applied::No;
        !hidden && !rash
    }
}
