//! What of an answer's head is let through: the lines that somebody here
//! reads. All others are taken out before anything parses them. Cookies are
//! among those: they are full sessions of the caller, and nobody needs them.

use zeroize::Zeroizing;

/// The lines that say how to read the body, or what the answer means.
const READ: [(&[u8], When); 9] = [
    (b"connection", When::IsNot(b"keep-alive")),
    (b"content-encoding", When::Always),
    (b"content-length", When::Always),
    (b"content-type", When::BeginsNot(b"application/json")),
    (b"date", When::Refused),
    (b"location", When::Refused),
    (b"retry-after", When::Refused),
    (b"transfer-encoding", When::Always),
    (b"x-ratelimit-reset", When::Refused),
];

/// When a line is read: most answers say what is taken for granted anyway. What
/// HTTP/1.0 does not take for granted is lost: such a connection serves once.
#[derive(Clone, Copy)]
enum When {
    Always,
    Refused,
    IsNot(&'static [u8]),
    BeginsNot(&'static [u8]),
}

const SET_COOKIE: &[u8] = b"set-cookie";
const CONFIRM_KEY: &[u8] = b"asc_confirm_key_TfaActivation=";
/// A portal's key is far shorter.
const LONGEST_KEY: usize = 512;
/// How many heads one answer may have: interim ones, and the final one.
const MOST_HEADS: u32 = 17;
/// What one head may have, as ureq allows it.
const MOST_LINES: u32 = 128;
pub(super) const LONGEST_HEAD: usize = 16 * 1024;
/// "HTTP/1.1 200": where the status stands.
const STATUS: usize = 9;

/// Follows the bytes of one answer as they come in, in pieces of any size.
#[derive(Debug)]
pub(super) struct HeadFilter {
    place: Place,
    heads: u32,
    lines: u32,
    length: usize,
    /// The digits of the status. If the first is a 1, another head follows.
    status: [u8; 3],
    told: Told,
    keep: bool,
    /// The confirm cookie's value, when it is wanted.
    key: Option<Zeroizing<Vec<u8>>>,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// So far into the status line.
    Status(usize),
    Lines,
    Body,
}

/// What became of the bytes given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passed {
    /// So many, at the front, go on to whoever reads the answer.
    pub(super) through: usize,
    /// So many behind them begin a line: they are given again with its rest.
    pub(super) held: usize,
}

impl HeadFilter {
    pub(super) fn new(keep: bool) -> Self {
        HeadFilter {
            place: Place::Status(0),
            heads: 1,
            lines: 0,
            length: 0,
            status: [0; 3],
            told: Told::default(),
            keep,
            key: None,
        }
    }

    /// Takes lines out of `bytes`, which begin with the `held` ones of the last
    /// time. `None` when this is no head: then nothing may be made of it.
    pub(super) fn pass(&mut self, bytes: &mut [u8], held: usize) -> Option<Passed> {
        let mut line = Line {
            from: 0,
            run: 0,
            to: 0,
            searched: held,
        };
        loop {
            match self.place {
                Place::Body => {
                    line.keep(bytes.len());
                    return Some(line.passed(bytes, 0));
                }
                Place::Status(at) => {
                    let rest = bytes.get(line.from..)?;
                    if rest.is_empty() {
                        return Some(line.passed(bytes, 0));
                    }
                    // Empty lines before a status line are read over by others
                    // too.
                    if at == 0 && matches!(rest.first(), Some(b'\r' | b'\n')) {
                        self.count(1)?;
                        line.keep(line.from + 1);
                        continue;
                    }
                    let end = memchr::memchr(b'\n', rest).map(|end| end + 1);
                    let length = end.unwrap_or(rest.len());
                    for (digit, place) in self.status.iter_mut().zip(STATUS..) {
                        let place = place.checked_sub(at).filter(|place| *place < length);
                        if let Some(sent) = place.and_then(|place| rest.get(place)) {
                            *digit = *sent;
                        }
                    }
                    self.count(length)?;
                    line.keep(line.from + length);
                    self.place = match end {
                        Some(_) => Place::Lines,
                        None => Place::Status(at + length),
                    };
                }
                Place::Lines => {
                    let Some(end) = line.end(bytes) else {
                        let held = bytes.len() - line.from;
                        if self.length + held > LONGEST_HEAD {
                            return None;
                        }
                        return Some(line.passed(bytes, held));
                    };
                    self.count(end - line.from)?;
                    if self.reads(bytes.get(line.from..end)?)? {
                        line.keep(end);
                    } else {
                        line.drop(bytes, end);
                    }
                }
            }
        }
    }

    /// The confirm cookie's value, if it was wanted and the head is complete.
    pub(super) fn take_key_if_whole(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        matches!(self.place, Place::Body)
            .then(|| self.key.take())
            .flatten()
    }

    /// Whether somebody else may see this answer end elsewhere. What follows on
    /// the connection could then be taken for the next answer.
    pub(super) fn is_doubtful(&self) -> bool {
        let has_no_body = matches!(&self.status, b"204" | b"304");
        self.told.odd || self.told.lengths > u32::from(!has_no_body)
    }

    fn is_of_class(&self, digit: u8) -> bool {
        self.status.first() == Some(&digit)
    }

    fn count(&mut self, bytes: usize) -> Option<()> {
        self.length += bytes;
        (self.length <= LONGEST_HEAD).then_some(())
    }

    /// Whether somebody reads this line. `None` when it is not one.
    fn reads(&mut self, line: &[u8]) -> Option<bool> {
        let text = line.strip_suffix(b"\n")?;
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            self.end_head()?;
            return Some(true);
        }
        self.lines += 1;
        if self.lines > MOST_LINES {
            return None;
        }
        let colon = text.iter().position(|byte| !is_of(*byte, NAME))?;
        let (name, value) = text.split_at_checked(colon)?;
        let value = value.strip_prefix(b":")?;
        let mut known = READ.iter();
        let known = known.find(|(its, _)| is_named(name, its));
        let is_read = known.is_some_and(|(_, when)| match when {
            When::Always => true,
            When::Refused => !self.is_of_class(b'2'),
            When::IsNot(usual) => !value.trim_ascii().eq_ignore_ascii_case(usual),
            When::BeginsNot(usual) => !value.trim_ascii_start().starts_with(usual),
        });
        if is_read {
            self.told.note(name, value);
            return Some(true);
        }
        // The others are judged here: nobody else sees them.
        if name.is_empty() || !value.iter().all(|byte| is_of(*byte, VALUE)) {
            return None;
        }
        if self.keep && is_named(name, SET_COOKIE) {
            self.look_for_key(value);
        }
        Some(false)
    }

    fn end_head(&mut self) -> Option<()> {
        if !self.is_of_class(b'1') {
            self.place = Place::Body;
            return Some(());
        }
        self.place = Place::Status(0);
        self.told = Told::default();
        self.heads += 1;
        (self.lines, self.length) = (0, 0);
        (self.heads <= MOST_HEADS).then_some(())
    }

    fn look_for_key(&mut self, cookie: &[u8]) {
        let Some(value) = cookie.trim_ascii_start().strip_prefix(CONFIRM_KEY) else {
            return;
        };
        let end = memchr::memchr(b';', value).unwrap_or(value.len());
        if let Some(value) = value.get(..end.min(LONGEST_KEY)) {
            self.key = Some(Zeroizing::new(value.to_vec()));
        }
    }
}

/// What a head says of where its body ends.
#[derive(Debug, Default)]
struct Told {
    /// Statements on it.
    lengths: u32,
    /// One of them is neither a plain number nor "chunked".
    odd: bool,
}

impl Told {
    fn note(&mut self, name: &[u8], value: &[u8]) {
        let value = value.trim_ascii();
        let plain = if is_named(name, b"content-length") {
            !value.is_empty() && value.iter().all(u8::is_ascii_digit)
        } else if is_named(name, b"transfer-encoding") {
            value.eq_ignore_ascii_case(b"chunked")
        } else {
            return;
        };
        self.lengths += 1;
        self.odd |= !plain;
    }
}

/// The line that is looked at, and where the kept ones end.
struct Line {
    from: usize,
    /// Kept lines from here on are still to be moved to `to`: neighbours go
    /// together.
    run: usize,
    to: usize,
    /// In front of this there is no end of a line.
    searched: usize,
}

impl Line {
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let start = self.from.max(self.searched);
        Some(start + memchr::memchr(b'\n', bytes.get(start..)?)? + 1)
    }

    fn keep(&mut self, end: usize) {
        self.from = end;
    }

    fn drop(&mut self, bytes: &mut [u8], end: usize) {
        self.settle(bytes);
        (self.from, self.run) = (end, end);
    }

    fn settle(&mut self, bytes: &mut [u8]) {
        if self.to < self.run {
            bytes.copy_within(self.run..self.from, self.to);
        }
        self.to += self.from - self.run;
        self.run = self.from;
    }

    /// All that was kept goes through, and `held` bytes behind it do not yet.
    fn passed(mut self, bytes: &mut [u8], held: usize) -> Passed {
        self.settle(bytes);
        if held > 0 {
            bytes.copy_within(self.from.., self.to);
        }
        Passed {
            through: self.to,
            held,
        }
    }
}

/// `name` is made of bytes of a name and `its` has no capitals: one bit more
/// makes the letters alike and nothing else that is in `its`.
fn is_named(name: &[u8], its: &[u8]) -> bool {
    name.len() == its.len() && name.iter().zip(its).all(|(byte, its)| byte | 0x20 == *its)
}

/// What a byte may stand in.
const NAME: u8 = 1;
const VALUE: u8 = 2;

fn is_of(byte: u8, part: u8) -> bool {
    #[allow(clippy::indexing_slicing, reason = "out of bounds would not compile")]
    const PARTS: [u8; 256] = {
        let (mut parts, mut byte) = ([0; 256], 0);
        while byte < parts.len() {
            parts[byte] = match byte as u8 {
                // RFC 9110, "token".
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => NAME | VALUE,
                b'-' | b'_' | b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' => NAME | VALUE,
                b'*' | b'+' | b'.' | b'^' | b'`' | b'|' | b'~' => NAME | VALUE,
                b'\t' => VALUE,
                byte if byte.is_ascii_control() => 0,
                _ => VALUE,
            };
            byte += 1;
        }
        parts
    };
    PARTS
        .get(usize::from(byte))
        .is_some_and(|parts| parts & part != 0)
}

#[cfg(test)]
mod tests;
