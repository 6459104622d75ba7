//! A listener that follows a script of bytes, for faults that no server library
//! will produce: half answers, resets, silence, two answers at once.
//!
//! It knows HTTP just enough to tell where a request ends.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use super::PATIENCE;
use super::player::Player;
pub use super::script::{Script, Step, Transport};
use super::tls::{Authority, Folder, TlsConfig};

/// No test needs more; the listener stops here.
const MOST_CONNECTIONS: usize = 10_000;

#[derive(Debug, Default)]
pub struct Seen {
    /// What each connection received, after TLS.
    pub received: Vec<Vec<u8>>,
    pub ended: usize,
    pub released: usize,
    pub marks: usize,
    pub stopped: bool,
    sockets: Vec<Weak<TcpStream>>,
}

#[derive(Debug, Default)]
pub struct Shared {
    pub seen: Mutex<Seen>,
    changed: Condvar,
}

impl Shared {
    pub fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap());
        self.changed.notify_all();
    }

    /// Waits until it is so; false when it is not in time.
    pub fn wait(&self, at_most: Duration, mut is_so: impl FnMut(&mut Seen) -> bool) -> bool {
        let until = Instant::now() + at_most;
        let mut seen = self.seen.lock().unwrap();
        while !is_so(&mut seen) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            seen = self.changed.wait_timeout(seen, left).unwrap().0;
        }
        true
    }
}

/// A running listener. It ends when dropped.
#[derive(Debug)]
pub struct Crude {
    shared: Arc<Shared>,
    port: u16,
    scheme: &'static str,
    authority: Authority,
    own_pem: String,
    _folder: Folder,
    ca_file: PathBuf,
    listening: Option<JoinHandle<()>>,
}

impl Crude {
    pub fn start(transport: Transport, script: impl Into<Script>) -> Self {
        let authority = Authority::new();
        let folder = Folder::new();
        let ca_file = folder.write("ca.pem", &authority.pem());
        let (scheme, tls, own_pem) = match transport {
            Transport::Plain => ("http", None, String::new()),
            Transport::Tls(config) => {
                let (server, pem) = authority.server_and_pem(config);
                ("https", Some(server), pem)
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let (script, theirs) = (script.into(), Arc::clone(&shared));
        let listening = std::thread::spawn(move || listen(&listener, &script, tls, &theirs));
        let listening = Some(listening);
        Self {
            shared,
            port,
            scheme,
            authority,
            own_pem,
            _folder: folder,
            ca_file,
            listening,
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.host())
    }

    pub fn ca_pem(&self) -> String {
        self.authority.pem()
    }

    /// The certificate that the listener itself shows.
    pub fn own_pem(&self) -> &str {
        &self.own_pem
    }

    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    pub fn connections(&self) -> usize {
        self.shared.seen.lock().unwrap().received.len()
    }

    /// Requests that arrived whole, on all connections.
    pub fn complete_requests(&self) -> usize {
        count_requests(&self.shared.seen.lock().unwrap())
    }

    /// What a connection received after TLS; connections are counted from 1.
    pub fn received(&self, connection: usize) -> Vec<u8> {
        let seen = self.shared.seen.lock().unwrap();
        connection
            .checked_sub(1)
            .and_then(|at| seen.received.get(at))
            .cloned()
            .unwrap_or_default()
    }

    pub fn bytes_received(&self, connection: usize) -> usize {
        self.received(connection).len()
    }

    /// Lets one connection pass its next `Await`.
    pub fn release(&self) {
        self.shared.change(|seen| seen.released += 1);
    }

    pub fn wait_for_connections(&self, count: usize) {
        let arrived = self
            .shared
            .wait(PATIENCE, |seen| seen.received.len() >= count);
        assert!(arrived, "{count} connections did not arrive");
    }

    pub fn wait_for_requests(&self, count: usize) {
        let arrived = self
            .shared
            .wait(PATIENCE, |seen| count_requests(seen) >= count);
        assert!(arrived, "{count} requests did not arrive");
    }

    /// Waits until scripts have passed so many marks.
    pub fn wait_for_marks(&self, count: usize) {
        let marked = self.shared.wait(PATIENCE, |seen| seen.marks >= count);
        assert!(marked, "{count} marks were not passed");
    }

    /// Waits until so many connections have come to the end of their script.
    pub fn wait_for_ended(&self, count: usize) {
        let ended = self.shared.wait(PATIENCE, |seen| seen.ended >= count);
        assert!(ended, "{count} connections did not end");
    }
}

impl Drop for Crude {
    fn drop(&mut self) {
        self.shared.change(|seen| {
            seen.stopped = true;
            for socket in seen.sockets.iter().filter_map(Weak::upgrade) {
                // A blocked read or write returns.
                let _ = socket.shutdown(Shutdown::Both);
            }
        });
        // One last connection, to wake the listener.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

fn listen(
    listener: &TcpListener,
    script: &Script,
    tls: Option<Arc<ServerConfig>>,
    shared: &Arc<Shared>,
) {
    let mut running = Vec::new();
    for number in 0..MOST_CONNECTIONS {
        let Ok((socket, _)) = listener.accept() else {
            break;
        };
        let socket = Arc::new(socket);
        {
            let mut seen = shared.seen.lock().unwrap();
            if seen.stopped {
                break;
            }
            seen.received.push(Vec::new());
            seen.sockets.push(Arc::downgrade(&socket));
        }
        shared.changed.notify_all();
        let _ = socket.set_nodelay(true);
        let _ = socket.set_read_timeout(Some(PATIENCE * 6));
        let _ = socket.set_write_timeout(Some(PATIENCE * 6));
        let player = Player::new(socket, tls.clone(), Arc::clone(shared), number);
        let steps = script.steps(number).to_vec();
        running.push(std::thread::spawn(move || player.play(&steps)));
    }
    for thread in running {
        let _ = thread.join();
    }
}

/// Lengths of a head and of the body it announces.
pub fn head_length(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut fields = [httparse::EMPTY_HEADER; 128];
    let mut head = httparse::Request::new(&mut fields);
    let Ok(httparse::Status::Complete(length)) = head.parse(bytes) else {
        return None;
    };
    let mut named = head
        .headers
        .iter()
        .filter(|h| h.name.eq_ignore_ascii_case("Content-Length"));
    let body = named
        .next()
        .and_then(|h| std::str::from_utf8(h.value).ok()?.parse().ok());
    Some((length, body.unwrap_or(0)))
}

pub fn request_length(bytes: &[u8]) -> Option<usize> {
    let (head, body) = head_length(bytes)?;
    (bytes.len() >= head + body).then_some(head + body)
}

fn count_requests(seen: &Seen) -> usize {
    let count = |mut rest: &[u8]| {
        let mut found = 0;
        while let Some(length) = request_length(rest) {
            found += 1;
            rest = &rest[length..];
        }
        found
    };
    seen.received.iter().map(|bytes| count(bytes)).sum()
}
