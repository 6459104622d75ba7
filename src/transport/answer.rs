//! Reading an answer: what its head says of the body, and the body itself.

use std::io::Read;

use ureq::http::{HeaderMap, header};
use zeroize::Zeroize;

use super::BodyEnd;
use super::exchange::Exchange;
use super::fault::Cause;
use crate::wipe::Wiped;

/// The first room for a body whose length is not told; most answers fit.
const BODY_ROOM: usize = 512;

/// Reads until the body ends, breaks, or passes `most`.
pub(super) fn read_body(
    mut reader: impl Read,
    told: Option<usize>,
    most: usize,
    framed: bool,
    exchange: &Exchange,
) -> (Wiped<Vec<u8>>, BodyEnd) {
    let ended = if framed {
        BodyEnd::Whole
    } else {
        BodyEnd::Closed
    };
    // One byte more than was told, or the end would not be seen without growing.
    let room = told.map_or(BODY_ROOM, |length| length.saturating_add(1));
    let mut body = Wiped::new(vec![0; room.clamp(1, most)]);
    let mut filled = 0;
    loop {
        if filled == body.len() {
            if filled == most {
                // One more byte tells whether that was all.
                let end = match reader.read(&mut [0]) {
                    Ok(0) => ended,
                    Ok(_) => BodyEnd::OverCap,
                    Err(_) => broken_end(exchange),
                };
                return (body, end);
            }
            grow(&mut body, most);
        }
        let room = body.get_mut(filled..).unwrap_or_default();
        let end = match reader.read(room) {
            Ok(0) => ended,
            Ok(amount) => {
                filled += amount;
                continue;
            }
            Err(_) => broken_end(exchange),
        };
        body.truncate(filled);
        return (body, end);
    }
}

/// A body that broke off, unless it was the call that ended.
fn broken_end(exchange: &Exchange) -> BodyEnd {
    match exchange.cause.get() {
        Some(cause @ (Cause::Deadline | Cause::Cancelled)) => BodyEnd::Stopped(cause),
        _ => BodyEnd::Cut,
    }
}

/// Doubles the room by hand: a growing vector would leave an unwiped copy.
fn grow(body: &mut Wiped<Vec<u8>>, most: usize) {
    let mut larger = vec![0; (body.len() * 2).min(most)];
    if let Some(front) = larger.get_mut(..body.len()) {
        front.copy_from_slice(body);
    }
    body.zeroize();
    **body = larger;
}

/// What an answer's head says of its body.
#[derive(Default)]
pub(super) struct Traits {
    /// Something says where it ends.
    pub(super) framed: bool,
    pub(super) encoded: bool,
    pub(super) plain_text: bool,
}

impl Traits {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut traits = Traits::default();
        for (name, value) in headers {
            if name == header::CONTENT_LENGTH || name == header::TRANSFER_ENCODING {
                traits.framed = true;
            } else if name == header::CONTENT_ENCODING {
                traits.encoded = true;
            } else if name == header::CONTENT_TYPE {
                traits.plain_text |= value.as_bytes().starts_with(b"text/plain");
            }
        }
        traits
    }
}
