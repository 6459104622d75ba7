//! What of an answer's head is let through to ureq: the fields that somebody
//! reads. Cookies are among the others: they are full sessions of the caller, and
//! nobody needs them.

use zeroize::Zeroizing;

const CONFIRM_KEY: &[u8] = b"asc_confirm_key_TfaActivation=";
/// A portal's key is far shorter.
const LONGEST_KEY: usize = 512;
/// How many heads one answer may have: interim ones, and the final one.
const MOST_HEADS: u32 = 17;
/// What one head may have, as ureq allows it.
const MOST_LINES: u32 = 128;
pub(super) const LONGEST_HEAD: usize = 16 * 1024;
/// What every head begins with: the version, and behind it the status.
const VERSION: &[u8] = b"HTTP/1.";
const STATUS: usize = VERSION.len() + 2;

/// Follows the bytes of one answer as they come in, in pieces of any size.
#[derive(Debug)]
pub(super) struct HeadFilter {
    place: Place,
    heads: u32,
    lines: u32,
    length: usize,
    status: [u8; 3],
    /// Fields of this head that say where the body ends.
    lengths: u32,
    /// One of them is neither a plain number nor "chunked".
    odd: bool,
    keep: bool,
    /// The confirm cookie's value, when it is wanted.
    key: Option<Zeroizing<Vec<u8>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Status,
    Fields,
    Body,
}

/// What became of the bytes given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passed {
    /// So many were taken out: those at the end are not used any more.
    pub(super) dropped: usize,
    /// So many, the last of the others, begin a line: they are given again with
    /// its rest, and shown to nobody before.
    pub(super) held: usize,
}

impl HeadFilter {
    pub(super) fn new(keep: bool) -> Self {
        HeadFilter {
            place: Place::Status,
            heads: 1,
            lines: 0,
            length: 0,
            status: [0; 3],
            lengths: 0,
            odd: false,
            keep,
            key: None,
        }
    }

    /// Takes lines out of `bytes`, which begin with those that were held the last
    /// time. `None` when this is no head: then nothing may be made of it.
    pub(super) fn pass(&mut self, bytes: &mut [u8]) -> Option<Passed> {
        let (mut from, mut to, mut held) = (0, 0, 0);
        while self.place != Place::Body {
            let rest = bytes.get(from..)?;
            let Some(end) = memchr::memchr(b'\n', rest) else {
                held = rest.len();
                self.may_begin_with(rest).then_some(())?;
                break;
            };
            let line = from..from + end + 1;
            from = line.end;
            if self.reads(bytes.get(line.clone())?)? {
                bytes.copy_within(line.clone(), to);
                to += line.len();
            }
        }
        bytes.copy_within(from.., to);
        let dropped = from - to;
        Some(Passed { dropped, held })
    }

    /// Whether a line may begin like this. What is not HTTP shows early.
    fn may_begin_with(&self, bytes: &[u8]) -> bool {
        let length = bytes.len().min(VERSION.len());
        let is_http = bytes.get(..length) == VERSION.get(..length) || bytes == b"\r";
        (is_http || self.place == Place::Fields) && self.length + bytes.len() <= LONGEST_HEAD
    }

    /// The confirm cookie's value, if it was wanted and the head is complete.
    pub(super) fn take_key_if_whole(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        self.key.take_if(|_| self.place == Place::Body)
    }

    /// Whether somebody else may see this answer end elsewhere. What follows on
    /// the connection could then be taken for the next answer.
    pub(super) fn is_doubtful(&self) -> bool {
        let has_no_body = matches!(&self.status, b"204" | b"304");
        self.odd || self.lengths > u32::from(!has_no_body)
    }

    fn is_of_class(&self, digit: u8) -> bool {
        self.status.first() == Some(&digit)
    }

    /// Whether somebody reads this line. `None` when it is not one.
    fn reads(&mut self, line: &[u8]) -> Option<bool> {
        self.length += line.len();
        if self.length > LONGEST_HEAD {
            return None;
        }
        let text = line.strip_suffix(b"\n")?;
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        match self.place {
            // Empty lines before a head are read over by others, too.
            Place::Status if text.is_empty() => Some(true),
            Place::Status => {
                self.status = *text.get(STATUS..)?.first_chunk()?;
                self.place = Place::Fields;
                text.starts_with(VERSION).then_some(true)
            }
            _ if text.is_empty() => self.end_head(),
            _ => self.reads_field(text),
        }
    }

    fn end_head(&mut self) -> Option<bool> {
        if !self.is_of_class(b'1') {
            self.place = Place::Body;
            return Some(true);
        }
        // Another one follows.
        *self = HeadFilter {
            heads: self.heads + 1,
            key: self.key.take(),
            ..HeadFilter::new(self.keep)
        };
        (self.heads <= MOST_HEADS).then_some(true)
    }

    fn reads_field(&mut self, field: &[u8]) -> Option<bool> {
        self.lines += 1;
        let is_of_name = |byte: &u8| byte.is_ascii_graphic() && *byte != b':';
        let colon = field.iter().position(|byte| !is_of_name(byte))?;
        let (name, value) = field.split_at_checked(colon)?;
        let value = value.strip_prefix(b":")?;
        // Nobody else sees those that are left out.
        let is_odd = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
        if name.is_empty() || value.iter().any(is_odd) || self.lines > MOST_LINES {
            return None;
        }
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        let value = value.trim_ascii();
        if is("set-cookie") {
            self.look_for_key(value);
            return Some(false);
        }
        // ureq takes no 100 that has any.
        if self.is_of_class(b'1') {
            return Some(false);
        }
        if is("content-length") {
            self.note_length(!value.is_empty() && value.iter().all(u8::is_ascii_digit));
            return Some(true);
        }
        if is("transfer-encoding") {
            self.note_length(value.eq_ignore_ascii_case(b"chunked"));
            return Some(true);
        }
        // Most answers say what is taken for granted anyway, and every field costs
        // more in ureq than in here.
        if is("connection") {
            return Some(!value.eq_ignore_ascii_case(b"keep-alive"));
        }
        if is("content-type") {
            return Some(value.starts_with(b"text/plain"));
        }
        let tells_of_refusal = ["date", "location", "retry-after", "x-ratelimit-reset"];
        let is_refusal = !self.is_of_class(b'2');
        Some(is("content-encoding") || is_refusal && tells_of_refusal.into_iter().any(is))
    }

    fn note_length(&mut self, is_plain: bool) {
        self.lengths += 1;
        self.odd |= !is_plain;
    }

    fn look_for_key(&mut self, cookie: &[u8]) {
        let Some(value) = cookie.strip_prefix(CONFIRM_KEY).filter(|_| self.keep) else {
            return;
        };
        let end = memchr::memchr(b';', value).unwrap_or(value.len());
        if let Some(value) = value.get(..end.min(LONGEST_KEY)) {
            self.key = Some(Zeroizing::new(value.to_vec()));
        }
    }
}

#[cfg(test)]
mod tests;
