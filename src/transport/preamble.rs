//! What every request says beside its own: the credential and who is asking.
//! It is put into a request as it leaves. ureq never sees it, so no copy of
//! the credential is left in memory that is not ours to wipe, and the same
//! lines are not made anew for every request.

use std::fmt;

use crate::credential::Credential;
use crate::wipe::Wiped;

const JSON_BODY: &[u8] = b"content-type: application/json\r\n";

/// Lines of a head, each with its end.
pub(super) struct Preamble {
    /// Those of a request with a body; the last of them is left out elsewhere.
    lines: Wiped<Vec<u8>>,
}

impl Preamble {
    /// `user_agent` can stand in a header.
    pub(super) fn new(credential: &Credential, user_agent: &str) -> Self {
        let parts = [
            b"authorization: ",
            credential.header(),
            b"\r\nuser-agent: ",
            user_agent.as_bytes(),
            b"\r\naccept: application/json\r\n",
            JSON_BODY,
        ];
        // The exact capacity: growing would leave a copy behind.
        let length = parts.iter().map(|part| part.len()).sum();
        let mut lines = Wiped::new(Vec::with_capacity(length));
        for part in parts {
            lines.extend_from_slice(part);
        }
        Preamble { lines }
    }

    pub(super) fn length(&self) -> usize {
        self.lines.len()
    }

    /// What belongs into this request.
    pub(super) fn of(&self, request: &[u8]) -> &[u8] {
        if request.starts_with(b"PUT ") {
            &self.lines
        } else {
            let shorter = self.lines.len().saturating_sub(JSON_BODY.len());
            self.lines.get(..shorter).unwrap_or_default()
        }
    }
}

impl fmt::Debug for Preamble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preamble").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_body_has_a_type() {
        let credential = Credential::api_key("sk-0123").unwrap();
        let preamble = Preamble::new(&credential, "us/1");
        let lines = "authorization: Bearer sk-0123\r\nuser-agent: us/1\r\n\
                     accept: application/json\r\n";
        assert_eq!(preamble.of(b"GET / HTTP/1.1\r\n"), lines.as_bytes());
        let lines = format!("{lines}content-type: application/json\r\n");
        assert_eq!(preamble.of(b"PUT / HTTP/1.1\r\n"), lines.as_bytes());
        assert_eq!(preamble.lines.capacity(), preamble.lines.len());
        assert_eq!(format!("{preamble:?}"), "Preamble { .. }");
    }
}
