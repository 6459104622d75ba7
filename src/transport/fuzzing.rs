//! Heads of answers, for `fuzz/`.

use std::time::{Duration, SystemTime};

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::retry_after;
use super::scrub::Scrubber;

/// What was left of an answer after scrubbing.
pub(crate) struct Scrubbed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) accepted: bool,
    pub(crate) key: Option<Vec<u8>>,
}

/// Scrubs an answer that comes in pieces of this size.
pub(crate) fn scrub(answer: &[u8], size: usize) -> Scrubbed {
    let mut bytes = answer.to_vec();
    let mut scrubber = Scrubber::new(true);
    let accepted = bytes.chunks_mut(size).all(|piece| scrubber.scrub(piece));
    Scrubbed {
        bytes,
        accepted,
        key: scrubber.take_key_if_whole().map(|key| key.to_vec()),
    }
}

/// The wait that these fields ask for.
pub(crate) fn retry_after(fields: &[httparse::Header<'_>]) -> Option<Duration> {
    let mut headers = HeaderMap::new();
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(field.value)) {
            headers.append(name, value);
        }
    }
    retry_after::read(&headers, || SystemTime::UNIX_EPOCH)
}
