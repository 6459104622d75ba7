//! A request as the portal's application sees it.

use std::net::IpAddr;

use super::envelope::Link;

#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// Still percent-encoded, without the query.
    pub path: String,
    pub query: String,
    /// In the order and the spelling of the sender.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub peer: IpAddr,
    /// Do answers name the request that they answer?
    pub links: bool,
    /// Scheme, host and path prefix under which the sender knows the portal.
    pub base: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn link(&self) -> Link {
        let query = if self.query.is_empty() { "" } else { "?" };
        let origin = self
            .base
            .splitn(4, '/')
            .take(3)
            .collect::<Vec<_>>()
            .join("/");
        Link {
            href: format!("{origin}{}{query}{}", self.path, self.query),
            action: self.method.clone(),
            shown: self.links,
        }
    }

    /// A query parameter, decoded. Names are matched in any case.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(key, _)| decode(key, true).eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| decode(value, true))
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        let line = self.header("Cookie")?;
        let pairs = line
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(key, _)| *key == name);
        values.next().map(|(_, value)| decode(value, false))
    }

    pub fn has_json_body(&self) -> bool {
        let kind = self.header("Content-Type").unwrap_or_default();
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        kind == "application/json"
            || kind == "text/json"
            || (kind.starts_with("application/") && kind.ends_with("+json"))
    }
}

/// Undoes percent-encoding; `plus` says that `+` means a blank.
pub fn decode(text: &str, plus: bool) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        if let Some(byte) = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(if plus && bytes[at] == b'+' {
                b' '
            } else {
                bytes[at]
            });
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Percent-encodes everything but letters, digits and `-._~`.
pub fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
