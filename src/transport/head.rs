//! What of an answer's head is looked at before ureq parses it. Cookies are full
//! sessions of the caller, and nobody needs them: they are blanked.

use zeroize::Zeroizing;

const SET_COOKIE: &[u8] = b"set-cookie";
const CONFIRM_KEY: &[u8] = b"asc_confirm_key_TfaActivation=";
/// A portal's key is far shorter.
const LONGEST_KEY: usize = 512;
/// How many heads one answer may have: interim ones, and the final one.
const MOST_HEADS: u32 = 17;
/// What one head may have. ureq holds it to that.
pub(super) const LONGEST_HEAD: usize = 16 * 1024;
/// What every head begins with: the version, and behind it the status.
const VERSION: &[u8] = b"HTTP/1.";
const STATUS: usize = VERSION.len() + 2;

/// Follows the bytes of one answer as they come in, in pieces of any size.
#[derive(Debug)]
pub(super) struct HeadFilter {
    place: Place,
    heads: u32,
    status: [u8; 3],
    /// Lines of this head that say where the body ends.
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
    Lines,
    Body,
}

impl HeadFilter {
    pub(super) fn new(keep: bool) -> Self {
        HeadFilter {
            place: Place::Status,
            heads: 1,
            status: [0; 3],
            lengths: 0,
            odd: false,
            keep,
            key: None,
        }
    }

    /// Blanks cookies in `bytes`. How many of them, at the end, begin a line: they
    /// are given again with its rest, and shown to nobody before. `None` when this
    /// is no head: then nothing may be made of it.
    pub(super) fn pass(&mut self, bytes: &mut [u8]) -> Option<usize> {
        let mut rest = bytes;
        while self.place != Place::Body {
            let Some(end) = memchr::memchr(b'\n', rest) else {
                return self.may_begin_with(rest).then_some(rest.len());
            };
            let (line, behind) = rest.split_at_mut_checked(end + 1)?;
            self.read(line)?;
            rest = behind;
        }
        Some(0)
    }

    /// Whether a line may begin like this. What is not HTTP shows early.
    fn may_begin_with(&self, bytes: &[u8]) -> bool {
        let length = bytes.len().min(VERSION.len());
        self.place == Place::Lines || bytes == b"\r" || bytes.get(..length) == VERSION.get(..length)
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

    fn read(&mut self, line: &mut [u8]) -> Option<()> {
        let text = line.strip_suffix(b"\n")?;
        let length = text.strip_suffix(b"\r").unwrap_or(text).len();
        let text = line.get_mut(..length)?;
        match self.place {
            // Empty lines before a status line are read over by others, too.
            Place::Status if text.is_empty() => {}
            Place::Status => {
                let begins = text.starts_with(VERSION);
                let status = text.get_mut(STATUS..)?.first_chunk_mut()?;
                self.status = *status;
                // ureq takes no 100 that has fields; one of its like may have any.
                if self.status == *b"100" {
                    *status = *b"102";
                }
                self.place = Place::Lines;
                return begins.then_some(());
            }
            Place::Lines if text.is_empty() => self.end_head()?,
            _ => self.read_field(text),
        }
        Some(())
    }

    fn end_head(&mut self) -> Option<()> {
        if !self.status.starts_with(b"1") {
            self.place = Place::Body;
            return Some(());
        }
        // Another one follows.
        (self.place, self.lengths, self.odd) = (Place::Status, 0, false);
        self.heads += 1;
        (self.heads <= MOST_HEADS).then_some(())
    }

    fn read_field(&mut self, field: &mut [u8]) {
        let Some(colon) = memchr::memchr(b':', field) else {
            return;
        };
        let Some((name, [_, value @ ..])) = field.split_at_mut_checked(colon) else {
            return;
        };
        if name.eq_ignore_ascii_case(SET_COOKIE) {
            if self.keep {
                self.look_for_key(value);
            }
            value.fill(b' ');
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let digits = value.trim_ascii();
            let is_plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
            self.note_length(is_plain);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            let is_plain = value.trim_ascii().eq_ignore_ascii_case(b"chunked");
            self.note_length(is_plain);
        }
    }

    fn note_length(&mut self, is_plain: bool) {
        self.lengths += 1;
        self.odd |= !is_plain;
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

#[cfg(test)]
mod tests;
