//! The blocks of a PEM text, decoded into memory that is wiped: one of them may
//! be a private key.

use base64::Engine;
use base64::decoded_len_estimate;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;

use crate::wipe::Wiped;

/// What stands between `-----BEGIN label-----` and `-----END label-----`.
pub(super) struct Block<'a> {
    pub(super) label: &'a [u8],
    body: &'a [u8],
}

impl Block<'_> {
    /// The bytes; `None` if it is not base64.
    pub(super) fn decode(&self) -> Option<Wiped<Vec<u8>>> {
        // Room for all of it at once: growing would leave copies behind.
        let mut text = Wiped::new(Vec::with_capacity(self.body.len()));
        text.extend(self.body.iter().filter(|byte| !byte.is_ascii_whitespace()));
        let mut der = Wiped::new(vec![0; decoded_len_estimate(text.len())]);
        let length = STANDARD.decode_slice(&*text, &mut der).ok()?;
        der.truncate(length);
        Some(der)
    }

    /// Old programs encrypt without changing the label.
    pub(super) fn is_encrypted(&self) -> bool {
        self.label == b"ENCRYPTED PRIVATE KEY" || self.body.starts_with(b"Proc-Type:")
    }
}

/// The blocks of a text, one after another, whatever stands around them;
/// [`Broken`] in place of one that does not begin or end as it should.
pub(super) struct Blocks<'a>(&'a [u8]);

#[derive(Debug)]
pub(super) struct Broken;

pub(super) fn blocks(text: &[u8]) -> Blocks<'_> {
    Blocks(text)
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<Block<'a>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        let label = loop {
            if let Some(begins) = self.line()?.strip_prefix(b"-----BEGIN ") {
                break begins.strip_suffix(b"-----");
            }
        };
        let body = self.0;
        loop {
            let behind = self.0;
            let Some(line) = self.line() else {
                return Some(Err(Broken));
            };
            let Some(line) = line.strip_prefix(b"-----") else {
                continue;
            };
            let ends = line
                .strip_prefix(b"END ")
                .and_then(|end| end.strip_suffix(b"-----"));
            let Some(label) = label.filter(|label| ends == Some(label)) else {
                // It may be the beginning of the next.
                self.0 = behind;
                return Some(Err(Broken));
            };
            let body = body.get(..body.len() - behind.len()).unwrap_or_default();
            let body = body.trim_ascii_start();
            return Some(Ok(Block { label, body }));
        }
    }
}

impl<'a> Blocks<'a> {
    /// The next line, without what ends it.
    fn line(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let mut parts = self.0.splitn(2, |byte| matches!(byte, b'\n' | b'\r'));
        let line = parts.next()?;
        self.0 = parts.next().unwrap_or_default();
        Some(line.trim_ascii_end())
    }
}

/// The certificates in a text, and whether all that look so can be read.
pub(super) fn certificates(text: &[u8]) -> (Vec<CertificateDer<'static>>, bool) {
    let mut found = Vec::new();
    let mut all_sound = true;
    for block in blocks(text) {
        match block {
            Ok(block) if block.label != b"CERTIFICATE" => {}
            Ok(block) => match block.decode() {
                Some(der) => found.push(der.to_vec().into()),
                None => all_sound = false,
            },
            Err(Broken) => all_sound = false,
        }
    }
    (found, all_sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found: label and bytes, nothing for one that is not base64, a
    /// word for one that is broken.
    fn read(text: &str) -> Vec<String> {
        let told = |block: Result<Block<'_>, Broken>| match block {
            Err(Broken) => "broken".to_owned(),
            Ok(block) => {
                let label = String::from_utf8_lossy(block.label);
                match block.decode() {
                    Some(der) => format!("{label}: {}", String::from_utf8_lossy(&der)),
                    None => format!("{label}?"),
                }
            }
        };
        blocks(text.as_bytes()).map(told).collect()
    }

    #[test]
    fn blocks_are_found_whatever_is_around_them() {
        let plain = "-----BEGIN A B-----\naGVs\nbG8=\n-----END A B-----\n";
        let table = [
            (String::new(), vec![]),
            ("hello\n".to_owned(), vec![]),
            (plain.to_owned(), vec!["A B: hello"]),
            (plain.trim_end().to_owned(), vec!["A B: hello"]),
            (plain.replace('\n', "\r\n"), vec!["A B: hello"]),
            (plain.replace('\n', "\r"), vec!["A B: hello"]),
            (plain.replace('\n', " \t\n\n"), vec!["A B: hello"]),
            (
                format!("subject=CN x\n{plain}\nBag Attributes\n    a: b\n{plain}end\n"),
                vec!["A B: hello", "A B: hello"],
            ),
            (plain.replace("bG8=", "bG8"), vec!["A B?"]),
            (plain.replace("bG8=", "b:8="), vec!["A B?"]),
            (plain.replace("aGVs\nbG8=\n", ""), vec!["A B: "]),
        ];
        for (text, found) in table {
            assert_eq!(read(&text), found, "{text:?}");
        }
    }

    #[test]
    fn a_broken_block_hides_no_other() {
        let whole = "-----BEGIN C-----\naGk=\n-----END C-----\n";
        for broken in [
            "-----BEGIN A----\naGk=\n-----END A-----\n",
            "-----BEGIN A-----\naGk=\n-----END B-----\n",
            "-----BEGIN A-----\naGk=\n",
            "-----BEGIN A-----\n",
        ] {
            assert_eq!(read(broken), ["broken"], "{broken:?}");
            assert_eq!(read(&format!("{broken}{whole}")), ["broken", "C: hi"]);
        }
    }

    #[test]
    fn no_cut_or_changed_byte_is_more_than_refused() {
        let text = "-----BEGIN A-----\naGVsbG8=\n-----END A-----\nx";
        for at in 0..text.len() {
            let _ = read(&text[..at]);
            for byte in ["-", "\r", "\n", " ", "="] {
                let _ = read(&format!("{}{byte}{}", &text[..at], &text[at + 1..]));
            }
        }
    }
}
