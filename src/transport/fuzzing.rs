//! Heads of answers, for `fuzz/`.

use std::time::{Duration, SystemTime};

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::head::HeadFilter;
use super::retry_after;

/// What is let through of an answer.
pub(crate) struct Filtered {
    pub(crate) bytes: Vec<u8>,
    pub(crate) accepted: bool,
    pub(crate) key: Option<Vec<u8>>,
}

/// Filters an answer that comes in pieces of this size.
pub(crate) fn filter(answer: &[u8], size: usize) -> Filtered {
    let mut filter = HeadFilter::new(true);
    let (mut bytes, mut held) = (Vec::new(), 0);
    let accepted = answer.chunks(size).all(|piece| {
        let begin = bytes.len() - held;
        bytes.extend_from_slice(piece);
        let passed = bytes.get_mut(begin..).and_then(|new| filter.pass(new));
        if let Some(passed) = passed {
            held = passed.held;
            bytes.truncate(bytes.len() - passed.dropped);
        }
        passed.is_some()
    });
    bytes.truncate(bytes.len() - held);
    Filtered {
        bytes,
        accepted,
        key: filter.take_key_if_whole().map(|key| key.to_vec()),
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
