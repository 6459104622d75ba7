//! `Text`: what string getters give.

use std::ffi::c_char;

use crate::wipe::Wiped;

/// What string getters give where there is nothing to give.
pub(super) const EMPTY: *const c_char = c"".as_ptr();

const REPLACEMENT: &str = "\u{FFFD}";

/// Text as C reads it, wiped when dropped.
pub(super) struct Text(Wiped<Vec<u8>>);

impl Text {
    /// A NUL inside, where C would stop reading, becomes U+FFFD.
    pub(super) fn new(text: &str) -> Self {
        if text.is_empty() {
            return Text(Wiped::default());
        }
        let mut rest = text.as_bytes();
        let mut nul = memchr::memchr(0, rest);
        let longest = nul.map_or(1, |_| REPLACEMENT.len());
        // The whole room at once: growing would leave a copy behind.
        let room = rest.len() * longest + 1;
        let mut bytes = Wiped::new(Vec::with_capacity(room));
        while let Some(at) = nul {
            let (part, behind) = rest.split_at(at);
            bytes.extend_from_slice(part);
            bytes.extend_from_slice(REPLACEMENT.as_bytes());
            rest = behind.get(1..).unwrap_or_default();
            nul = memchr::memchr(0, rest);
        }
        bytes.extend_from_slice(rest);
        bytes.push(0);
        Text(bytes)
    }

    /// Whether it was made of this text; one that held a NUL counts as another.
    pub(super) fn is(&self, text: &str) -> bool {
        self.0.strip_suffix(b"\0").unwrap_or_default() == text.as_bytes()
    }

    /// Valid as long as the text is.
    pub(super) fn as_ptr(&self) -> *const c_char {
        if self.0.is_empty() {
            EMPTY
        } else {
            self.0.as_ptr().cast()
        }
    }
}
