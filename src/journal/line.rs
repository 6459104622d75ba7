//! The lines of a journal.

use serde::{Deserialize, Serialize};

/// The format this library writes, and the newest it reads.
pub(super) const VERSION: u32 = 1;

/// One line; members that are not known are passed over.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(tag = "t", rename_all = "lowercase")]
pub(super) enum Line {
    Run(Run),
    Name(Name),
    Intent(Intent),
    Outcome(Outcome),
}

/// A run begins, or goes on.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) v: u32,
    pub(super) portal: String,
    pub(super) caller: String,
    pub(super) method: String,
    pub(super) lib: String,
    pub(super) at: String,
}

/// Whose e-mail address it is; an empty id is nobody's.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) entry: String,
    pub(super) id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
}

/// A change is about to be asked for.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Intent {
    pub(super) id: String,
    pub(super) linked: Linked,
    pub(super) at: String,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) id: String,
    pub(super) outcome: Word,
    pub(super) status: String,
    pub(super) applied: AppliedWord,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) http: u16,
    #[serde(default)]
    pub(super) attempts: u32,
    #[serde(default)]
    pub(super) verified: u8,
    pub(super) at: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Linked {
    Yes,
    No,
    Unknown,
}

impl Linked {
    pub(super) fn of(seen: Option<bool>) -> Self {
        match seen {
            Some(true) => Linked::Yes,
            Some(false) => Linked::No,
            None => Linked::Unknown,
        }
    }

    pub(super) fn seen(self) -> Option<bool> {
        match self {
            Linked::Yes => Some(true),
            Linked::No => Some(false),
            Linked::Unknown => None,
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Word {
    Applied,
    Refused,
    Unknown,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum AppliedWord {
    Yes,
    Maybe,
    No,
}

/// Why a line is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Written by a later version of this library.
    Newer,
    /// Not a line of a journal.
    Bad,
    /// A run that does not agree with the first.
    Mixed,
    OtherPortal,
    OtherMethod,
}

impl Line {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unread> {
        #[derive(Deserialize)]
        struct Mark {
            t: String,
            #[serde(default)]
            v: u32,
        }
        if let Ok(line) = serde_json::from_slice::<Line>(bytes) {
            return match line {
                Line::Run(Run { v, .. }) if v > VERSION => Err(Unread::Newer),
                Line::Run(Run { v: 0, .. }) => Err(Unread::Bad),
                line => Ok(line),
            };
        }
        // A later version's run line may look otherwise.
        match serde_json::from_slice::<Mark>(bytes) {
            Ok(mark) if mark.t == "run" && mark.v > VERSION => Err(Unread::Newer),
            _ => Err(Unread::Bad),
        }
    }

    /// With its end.
    pub(super) fn write(&self) -> Vec<u8> {
        // Plain strings and numbers always serialise.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 5] = [
        r#"{"t":"run","v":1,"portal":"https://portal.example.com","caller":"c","method":"None","lib":"0.1.0","at":"a"}"#,
        r#"{"t":"name","entry":"a.b@example.com","id":"i"}"#,
        r#"{"t":"name","entry":"nobody@example.com","id":"","reason":"NO_SUCH_ACCOUNT"}"#,
        r#"{"t":"intent","id":"i","linked":"unknown","at":"a"}"#,
        r#"{"t":"outcome","id":"i","outcome":"refused","status":"DSTFA_E_REJECTED","applied":"no","reason":"","http":403,"attempts":1,"verified":0,"at":"a"}"#,
    ];

    #[test]
    fn lines_are_written_as_they_are_read() {
        for text in LINES {
            let line = Line::read(text.as_bytes()).unwrap();
            assert_eq!(line.write(), format!("{text}\n").into_bytes());
        }
        let more = r#"{"id":"i","t":"intent","at":"a","linked":"no","mood":{"x":1}}"#;
        assert!(matches!(Line::read(more.as_bytes()), Ok(Line::Intent(_))));
    }

    #[test]
    fn what_is_not_a_line_is_told() {
        let table = [
            ("", Unread::Bad),
            ("{}", Unread::Bad),
            (r#"{"t":"note"}"#, Unread::Bad),
            (r#"{"t":"intent","id":"i","linked":"yes"}"#, Unread::Bad),
            (
                r#"{"t":"intent","id":"i","linked":"perhaps","at":"a"}"#,
                Unread::Bad,
            ),
            (r#"{"t":"run","v":2,"what":"ever"}"#, Unread::Newer),
            (
                r#"{"t":"run","v":0,"portal":"p","caller":"c","method":"m","lib":"l","at":"a"}"#,
                Unread::Bad,
            ),
            (
                r#"{"t":"run","v":9,"portal":"p","caller":"c","method":"m","lib":"l","at":"a"}"#,
                Unread::Newer,
            ),
        ];
        for (text, expected) in table {
            assert_eq!(Line::read(text.as_bytes()), Err(expected), "{text}");
        }
    }
}
