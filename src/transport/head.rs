//! What of an answer's head is let through: the lines that somebody here
//! reads. All others are taken out before anything parses them. Cookies are
//! among those: they are full sessions of the caller, and nobody needs them.

use zeroize::Zeroizing;

/// The lines that say how to read the body, or what the answer means.
const READ: [&[u8]; 5] = [
    b"connection",
    b"content-encoding",
    b"content-length",
    b"content-type",
    b"transfer-encoding",
];
/// And those that matter where it is no success.
const READ_OF_REFUSALS: [&[u8]; 3] = [b"date", b"location", b"retry-after"];
const SET_COOKIE: &[u8] = b"set-cookie";
const CONFIRM_KEY: &[u8] = b"asc_confirm_key_TfaActivation=";
/// A portal's key is far shorter.
const LONGEST_KEY: usize = 512;
/// How many heads one answer may have: interim ones, and the final one.
const MOST_HEADS: u32 = 17;
/// What one head may have, as ureq allows it.
const MOST_LINES: u32 = 128;
pub(super) const LONGEST_HEAD: usize = 16 * 1024;
/// "HTTP/1.1 200": where the class of the status stands.
const CLASS: usize = 9;

/// Follows the bytes of one answer as they come in, in pieces of any size.
#[derive(Debug)]
pub(super) struct HeadFilter {
    place: Place,
    heads: u32,
    lines: u32,
    length: usize,
    /// First digit of the status: 1 means that another head follows.
    class: u8,
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
            class: 0,
            keep,
            key: None,
        }
    }

    /// Takes lines out of `bytes`, which begin with the `held` ones of the last
    /// time. `None` when this is no head: then nothing may be made of it.
    pub(super) fn pass(&mut self, bytes: &mut [u8], held: usize) -> Option<Passed> {
        let mut line = Line {
            from: 0,
            to: 0,
            searched: held,
        };
        loop {
            match self.place {
                Place::Body => {
                    line.keep(bytes, bytes.len());
                    return Some(line.passed(0));
                }
                Place::Status(at) => {
                    let rest = bytes.get(line.from..)?;
                    if rest.is_empty() {
                        return Some(line.passed(0));
                    }
                    // Empty lines before a status line are read over by others
                    // too.
                    if at == 0 && matches!(rest.first(), Some(b'\r' | b'\n')) {
                        self.count(1)?;
                        line.keep(bytes, line.from + 1);
                        continue;
                    }
                    let end = memchr::memchr(b'\n', rest).map(|end| end + 1);
                    let length = end.unwrap_or(rest.len());
                    let class = CLASS.checked_sub(at).filter(|class| *class < length);
                    if let Some(class) = class.and_then(|class| rest.get(class)) {
                        self.class = *class;
                    }
                    self.count(length)?;
                    line.keep(bytes, line.from + length);
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
                        bytes.copy_within(line.from.., line.to);
                        return Some(line.passed(held));
                    };
                    self.count(end - line.from)?;
                    if self.reads(bytes.get(line.from..end)?)? {
                        line.keep(bytes, end);
                    } else {
                        line.drop(end);
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
        let (name, value) = text.split_at_checked(memchr::memchr(b':', text)?)?;
        let is_one_of = |names: &[&[u8]]| names.iter().any(|it| name.eq_ignore_ascii_case(it));
        if is_one_of(&READ) || self.class != b'2' && is_one_of(&READ_OF_REFUSALS) {
            return Some(true);
        }
        // The others are judged here: nobody else sees them.
        if name.is_empty()
            || !name.iter().copied().all(is_of_a_name)
            || !value.iter().copied().all(is_of_a_value)
        {
            return None;
        }
        if self.keep && name.eq_ignore_ascii_case(SET_COOKIE) {
            self.look_for_key(value.get(1..).unwrap_or_default());
        }
        Some(false)
    }

    fn end_head(&mut self) -> Option<()> {
        if self.class != b'1' {
            self.place = Place::Body;
            return Some(());
        }
        self.place = Place::Status(0);
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

/// The line that is looked at, and where the kept ones end.
struct Line {
    from: usize,
    to: usize,
    /// In front of this there is no end of a line.
    searched: usize,
}

impl Line {
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let start = self.from.max(self.searched);
        Some(start + memchr::memchr(b'\n', bytes.get(start..)?)? + 1)
    }

    /// What lies up to `end` is moved to the others that are kept.
    fn keep(&mut self, bytes: &mut [u8], end: usize) {
        if self.to < self.from {
            bytes.copy_within(self.from..end, self.to);
        }
        self.to += end - self.from;
        self.from = end;
    }

    fn drop(&mut self, end: usize) {
        self.from = end;
    }

    fn passed(&self, held: usize) -> Passed {
        Passed {
            through: self.to,
            held,
        }
    }
}

/// RFC 9110, "token".
fn is_of_a_name(byte: u8) -> bool {
    matches!(byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'!' | b'#' | b'$' | b'%' | b'&'
        | b'\'' | b'*' | b'+' | b'.' | b'^' | b'`' | b'|' | b'~')
}

fn is_of_a_value(byte: u8) -> bool {
    !byte.is_ascii_control() || byte == b'\t'
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "HTTP/1.1 103 Early\r\nSet-Cookie: early=1\r\n\r\nHTTP/1.1 200 OK\r\n\
        Set-Cookie: asc_auth_key=SECRET; path=/\r\nX-Set-Cookie: plain\r\n\
        SET-COOKIE:asc_confirm_key_TfaActivation=123.ABC; httponly\r\n\
        content-LENGTH: 29\r\nDate: now\r\n\r\nset-cookie: in the body stays";
    const THROUGH: &str = "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n\
        content-LENGTH: 29\r\n\r\nset-cookie: in the body stays";

    /// The answer as it is let through when it comes in pieces of this size.
    fn filter(filter: &mut HeadFilter, answer: &str, size: usize) -> Option<String> {
        let (mut bytes, mut held) = (Vec::new(), 0);
        for piece in answer.as_bytes().chunks(size) {
            let begin = bytes.len() - held;
            bytes.extend_from_slice(piece);
            let passed = filter.pass(&mut bytes[begin..], held)?;
            held = passed.held;
            bytes.truncate(begin + passed.through + held);
        }
        bytes.truncate(bytes.len() - held);
        Some(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn only_what_is_read_comes_through_in_pieces_of_any_size() {
        for size in [1, 2, 3, 7, 64, 4096] {
            let mut it = HeadFilter::new(true);
            assert_eq!(filter(&mut it, ANSWER, size).as_deref(), Some(THROUGH));
            assert_eq!(it.take_key_if_whole().unwrap().as_slice(), b"123.ABC");
        }
    }

    #[test]
    fn the_key_is_kept_only_when_wanted() {
        let mut it = HeadFilter::new(false);
        assert!(filter(&mut it, ANSWER, 4096).is_some());
        assert!(it.take_key_if_whole().is_none());
    }

    #[test]
    fn empty_lines_before_a_head_hide_no_cookie() {
        for before in ["\n", "\r\n", "\r\n\n\r\n"] {
            let answer = ANSWER.replace("HTTP/1.1", &format!("{before}HTTP/1.1"));
            let through = THROUGH.replace("HTTP/1.1", &format!("{before}HTTP/1.1"));
            let mut it = HeadFilter::new(false);
            assert_eq!(filter(&mut it, &answer, 5), Some(through));
        }
    }

    #[test]
    fn a_refusal_tells_more() {
        let lines = "Date: now\r\nRetry-After: 1\r\nLocation: /\r\n";
        for (status, through) in [(200, ""), (429, lines), (302, lines)] {
            let answer = format!("HTTP/1.1 {status} X\r\n{lines}Server: x\r\n\r\n");
            let through = format!("HTTP/1.1 {status} X\r\n{through}\r\n");
            let mut it = HeadFilter::new(false);
            assert_eq!(filter(&mut it, &answer, 4096), Some(through));
        }
    }

    #[test]
    fn a_line_that_has_no_end_yet_is_held() {
        let mut it = HeadFilter::new(false);
        let begun = "HTTP/1.1 200 OK\r\nSet-Cookie: SECRET";
        assert_eq!(
            filter(&mut it, begun, 4096).as_deref(),
            Some("HTTP/1.1 200 OK\r\n")
        );
        // But not of the first line: whether this is HTTP shows early.
        let mut it = HeadFilter::new(false);
        assert_eq!(filter(&mut it, "<html>", 1).as_deref(), Some("<html>"));
    }

    #[test]
    fn what_is_no_head_is_refused() {
        let endless = format!("Server: {}", "x".repeat(LONGEST_HEAD));
        let lines = "X: y\r\n".repeat(129);
        let table = [
            "no colon\r\n",
            ": no name\r\n",
            "Set-Cookie : blank before the colon\r\n",
            " folded: line\r\n",
            "Server: a\rContent-Length: 1\r\n",
            "Server: \0\r\n",
            "Server: \u{7f}\r\n",
            "S\u{e9}rver: x\r\n",
            &endless,
            &lines,
        ];
        for text in table {
            for size in [1, 4096] {
                let answer = format!("HTTP/1.1 200 OK\r\n{text}");
                let through = filter(&mut HeadFilter::new(false), &answer, size);
                assert_eq!(through, None, "{text}");
            }
        }
    }

    #[test]
    fn interim_heads_are_counted() {
        let many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(16);
        assert!(filter(&mut HeadFilter::new(false), &many, 4096).is_some());
        let more = "HTTP/1.1 100 Continue\r\n\r\n".repeat(17);
        assert!(filter(&mut HeadFilter::new(false), &more, 4096).is_none());
    }
}
