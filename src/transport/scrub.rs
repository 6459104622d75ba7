//! Blanks cookies in an answer's head before anything else reads it: they are
//! full sessions of the owner, and nobody here needs them.

use std::mem;

use zeroize::Zeroizing;

const SET_COOKIE: &[u8] = b"set-cookie:";
const CONFIRM_KEY: &[u8] = b"asc_confirm_key_TfaActivation=";
/// A portal's key is far shorter.
const LONGEST_KEY: usize = 512;
/// How many heads one answer may have: interim ones, and the final one.
const MOST_HEADS: u32 = 17;

/// Follows the bytes of an answer as they come in, in pieces of any size.
#[derive(Debug)]
pub(super) struct Scrubber {
    state: State,
    heads: u32,
    /// First digit of the status: 1 means that another head follows.
    class: u8,
    keep: bool,
    /// The confirm cookie's value, when it is wanted.
    key: Option<Zeroizing<Vec<u8>>>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// In the status line; `0` counts the bytes.
    Status(usize),
    /// At `matched` bytes of the name `set-cookie:`.
    Name { matched: usize },
    /// In a line whose rest is of no interest.
    Other,
    /// In a cookie: at `matched` bytes of the wanted cookie's name, or past it.
    Cookie {
        matched: Option<usize>,
        wanted: bool,
    },
    /// In the body.
    Body,
}

impl Scrubber {
    pub(super) fn new(keep: bool) -> Self {
        Scrubber {
            state: State::Status(0),
            heads: 1,
            class: 0,
            keep,
            key: None,
        }
    }

    /// Blanks cookie values in `bytes`. False when there are more heads than
    /// any server sends.
    pub(super) fn scrub(&mut self, bytes: &mut [u8]) -> bool {
        let mut rest = bytes;
        while let Some((byte, behind)) = mem::take(&mut rest).split_first_mut() {
            rest = behind;
            self.state = match self.state {
                State::Body => return true,
                // Empty lines before a status line are read over by others too.
                State::Status(0) if matches!(*byte, b'\r' | b'\n') => State::Status(0),
                State::Status(at) => {
                    // "HTTP/1.1 200": the class stands at the tenth place.
                    if at == 9 {
                        self.class = *byte;
                    }
                    if *byte == b'\n' {
                        State::Name { matched: 0 }
                    } else if at == 9 {
                        State::Other
                    } else {
                        State::Status(at + 1)
                    }
                }
                State::Name { matched: 0 } if *byte == b'\r' => State::Name { matched: 0 },
                State::Name { matched: 0 } if *byte == b'\n' => {
                    if self.class == b'1' {
                        self.heads += 1;
                        if self.heads > MOST_HEADS {
                            return false;
                        }
                        State::Status(0)
                    } else {
                        State::Body
                    }
                }
                State::Name { matched } => {
                    if SET_COOKIE.get(matched) == Some(&byte.to_ascii_lowercase()) {
                        if matched + 1 == SET_COOKIE.len() {
                            State::Cookie {
                                matched: Some(0),
                                wanted: false,
                            }
                        } else {
                            State::Name {
                                matched: matched + 1,
                            }
                        }
                    } else if *byte == b'\n' {
                        State::Name { matched: 0 }
                    } else {
                        State::Other
                    }
                }
                State::Other if *byte == b'\n' => State::Name { matched: 0 },
                State::Other => State::Other,
                State::Cookie { .. } if *byte == b'\n' => State::Name { matched: 0 },
                State::Cookie { matched, wanted } => self.cookie(byte, matched, wanted),
            };
            if let State::Other = self.state {
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                rest = rest.get_mut(end..).unwrap_or_default();
            }
        }
        true
    }

    /// The confirm cookie's value, if it was wanted and the head is complete.
    pub(super) fn take_key_if_whole(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        matches!(self.state, State::Body)
            .then(|| self.key.take())
            .flatten()
    }

    fn cookie(&mut self, byte: &mut u8, matched: Option<usize>, wanted: bool) -> State {
        let (mut matched, mut wanted) = (matched, wanted);
        if wanted {
            if matches!(*byte, b';' | b'\r') {
                wanted = false;
            } else if let Some(key) = &mut self.key {
                if key.len() < LONGEST_KEY {
                    key.push(*byte);
                }
            }
        } else if let Some(at) = matched {
            if at == 0 && *byte == b' ' {
                // Blanks before the cookie's name.
            } else if CONFIRM_KEY.get(at) == Some(byte) {
                matched = Some(at + 1);
                if at + 1 == CONFIRM_KEY.len() {
                    matched = None;
                    wanted = self.keep;
                    if wanted {
                        self.key = Some(Zeroizing::new(Vec::with_capacity(LONGEST_KEY)));
                    }
                }
            } else {
                matched = None;
            }
        }
        if *byte != b'\r' {
            *byte = b'x';
        }
        State::Cookie { matched, wanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "HTTP/1.1 103 Early\r\nSet-Cookie: early=1\r\n\r\nHTTP/1.1 200 OK\r\n\
        Set-Cookie: asc_auth_key=SECRET; path=/\r\nX-Set-Cookie: plain\r\n\
        SET-COOKIE:asc_confirm_key_TfaActivation=123.ABC; httponly\r\nDate: now\r\n\r\n\
        set-cookie: in the body stays";

    #[test]
    fn cookies_are_blanked_in_pieces_of_any_size() {
        for size in [1, 2, 3, 7, 64, 4096] {
            let mut bytes = ANSWER.as_bytes().to_vec();
            let mut scrubber = Scrubber::new(true);
            for piece in bytes.chunks_mut(size) {
                assert!(scrubber.scrub(piece));
            }
            let text = String::from_utf8(bytes).unwrap();
            for secret in ["early", "SECRET", "asc_auth_key", "123.ABC", "httponly"] {
                assert!(!text.contains(secret), "{size}: {text}");
            }
            assert!(text.contains("X-Set-Cookie: plain\r\n"));
            assert!(text.contains("Date: now\r\n\r\nset-cookie: in the body stays"));
            assert_eq!(text.len(), ANSWER.len());
            assert_eq!(scrubber.take_key_if_whole().unwrap().as_slice(), b"123.ABC");
        }
    }

    #[test]
    fn the_key_is_kept_only_when_wanted() {
        let mut bytes = ANSWER.as_bytes().to_vec();
        let mut scrubber = Scrubber::new(false);
        scrubber.scrub(&mut bytes);
        assert!(scrubber.take_key_if_whole().is_none());
        assert!(!String::from_utf8(bytes).unwrap().contains("123.ABC"));
    }

    #[test]
    fn empty_lines_before_a_head_hide_no_cookie() {
        for before in ["\n", "\r\n", "\r\n\n\r\n"] {
            let mut bytes = ANSWER
                .replace("HTTP/1.1", &format!("{before}HTTP/1.1"))
                .into_bytes();
            assert!(Scrubber::new(false).scrub(&mut bytes));
            let text = String::from_utf8(bytes).unwrap();
            for secret in ["early", "SECRET", "123.ABC"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }

    #[test]
    fn interim_heads_are_counted() {
        let mut many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(16).into_bytes();
        assert!(Scrubber::new(false).scrub(&mut many));
        let mut more = "HTTP/1.1 100 Continue\r\n\r\n".repeat(17).into_bytes();
        assert!(!Scrubber::new(false).scrub(&mut more));
    }
}
