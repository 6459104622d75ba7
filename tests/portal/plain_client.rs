//! The smallest HTTP client that will do: one request, one connection, no
//! opinion. The stand-in is tested with it so that no error is made twice.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::Portal;

/// An answer, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// All bytes as they came.
    pub raw: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn cookies(&self) -> Vec<&str> {
        let named = self
            .headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case("Set-Cookie"));
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }
}

/// A request under construction.
#[derive(Clone, Debug)]
pub struct Call {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Call {
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    pub fn get(path: &str) -> Self {
        Self::new("GET", &format!("/api/2.0/{path}"))
    }

    pub fn put(path: &str, body: &str) -> Self {
        let call = Self::new("PUT", &format!("/api/2.0/{path}"));
        Self {
            body: body.to_owned(),
            ..call
        }
        .header("Content-Type", "application/json")
    }

    /// Sends it to another target.
    pub fn to(mut self, target: &str) -> Self {
        self.target = target.to_owned();
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// The request in bytes.
    pub fn bytes(&self, host: &str) -> Vec<u8> {
        let mut text = format!(
            "{} {} HTTP/1.1\r\nHost: {host}\r\n",
            self.method, self.target
        );
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.method != "GET" {
            text.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        format!("{text}Connection: close\r\n\r\n{}", self.body).into_bytes()
    }

    /// Sends it by plain http; the connection must end with an answer.
    pub fn send(&self, portal: &Portal) -> Answer {
        self.try_send(portal).expect("an answer")
    }

    /// Nothing, if the connection ended without an answer.
    pub fn try_send(&self, portal: &Portal) -> Option<Answer> {
        let host = portal.host();
        let mut stream = connect(&host);
        stream.write_all(&self.bytes(&host)).unwrap();
        let mut raw = Vec::new();
        // A reset after the answer does not take the answer back.
        let _ = stream.read_to_end(&mut raw);
        parse(&raw)
    }
}

/// A connection that does not wait for ever.
pub fn connect(host: &str) -> TcpStream {
    let stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream
}

/// Takes an answer apart that ended with its connection.
pub fn parse(raw: &[u8]) -> Option<Answer> {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut fields);
    let Ok(httparse::Status::Complete(length)) = head.parse(raw) else {
        return None;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut answer = Answer {
        status: head.code?,
        headers: head
            .headers
            .iter()
            .map(|h| (h.name.to_owned(), text(h.value)))
            .collect(),
        body: String::new(),
        raw: raw.to_vec(),
    };
    let body = &raw[length..];
    let chunked = answer.header("Transfer-Encoding") == Some("chunked");
    answer.body = if chunked {
        text(&join_chunks(body))
    } else {
        text(body)
    };
    Some(answer)
}

fn join_chunks(mut rest: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    while let Ok(httparse::Status::Complete((digits, size))) = httparse::parse_chunk_size(rest) {
        let end = digits + usize::try_from(size).unwrap();
        if size == 0 {
            break;
        }
        joined.extend_from_slice(&rest[digits..end]);
        rest = &rest[end + 2..];
    }
    joined
}
