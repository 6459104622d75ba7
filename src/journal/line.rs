//! The lines of a journal.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::time;
use crate::error::{Applied, Error, Status};

/// The format this library writes, and the newest it reads.
pub(super) const VERSION: u32 = 1;

/// One line: an object whose member `t` tells which. Members that are not known
/// are passed over.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub(super) enum Line {
    Run(RunLine),
    Name(NameLine),
    Intent(IntentLine),
    Outcome(OutcomeLine),
}

/// Which line it is. A derive that reads any of them would hold all members
/// back until it knows; that costs 60 KB.
#[derive(Deserialize)]
struct Kind<'a> {
    t: &'a str,
}

/// Whose e-mail address it is; an empty id is nobody's.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NameLine {
    pub(super) entry: String,
    pub(super) id: String,
    /// Left out where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
}

/// A change is about to be asked for.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IntentLine {
    pub(super) id: String,
    pub(super) linked: Linked,
    #[serde(with = "time")]
    pub(super) at: SystemTime,
}

/// A run begins, or goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunLine {
    pub(super) v: u32,
    pub(super) portal: String,
    pub(super) caller: String,
    pub(super) method: String,
    pub(super) lib: String,
    pub(super) at: String,
}

/// What came of a change.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OutcomeLine {
    pub(super) id: String,
    pub(super) outcome: Outcome,
    pub(super) status: String,
    #[serde(with = "AppliedName")]
    pub(super) applied: Applied,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) http: u16,
    #[serde(default)]
    pub(super) attempts: u32,
    #[serde(default)]
    pub(super) verified: u8,
    #[serde(with = "time")]
    pub(super) at: SystemTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    Applied,
    Refused,
    Unknown,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Applied", rename_all = "lowercase")]
enum AppliedName {
    No,
    Maybe,
    Yes,
}

/// Whether the app was seen linked before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Linked {
    Yes,
    No,
    Unknown,
}

impl From<Option<bool>> for Linked {
    fn from(link: Option<bool>) -> Self {
        match link {
            Some(true) => Linked::Yes,
            Some(false) => Linked::No,
            None => Linked::Unknown,
        }
    }
}

impl From<Linked> for Option<bool> {
    fn from(linked: Linked) -> Self {
        match linked {
            Linked::Yes => Some(true),
            Linked::No => Some(false),
            Linked::Unknown => None,
        }
    }
}

/// What is sure of a run line, whatever version wrote it.
#[derive(Deserialize)]
struct AnyVersion {
    v: u32,
}

impl Line {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unread> {
        // A list of the values alone would be read, too.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(Unread::Bad);
        }
        match read::<Kind<'_>>(bytes)?.t {
            "run" => match read::<AnyVersion>(bytes)?.v {
                0 => Err(Unread::Bad),
                v if v > VERSION => Err(Unread::Newer),
                _ => read(bytes).map(Line::Run),
            },
            "name" => read(bytes).map(Line::Name),
            "intent" => read(bytes).map(Line::Intent),
            "outcome" => read(bytes).map(Line::Outcome),
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

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unread> {
    serde_json::from_slice(bytes).map_err(|_| Unread::Bad)
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

impl Unread {
    /// The error, told of the line of that number.
    pub(super) fn at(self, number: usize) -> Error {
        let text = match self {
            Unread::Newer => format!(
                "journal: line {number} was written by a newer version; use that version, or a \
                 new file"
            ),
            Unread::Bad => format!(
                "journal: line {number} cannot be read; restore the file, or use a new one and \
                 check the accounts of this one first"
            ),
            Unread::Mixed => format!(
                "journal: the run at line {number} is of another portal, caller or method than \
                 the first; use a new file"
            ),
            Unread::OtherPortal => {
                "journal: it is of another portal; use a new file for this one".to_owned()
            }
            Unread::OtherMethod => {
                "journal: it is of another method; use a new file for this one".to_owned()
            }
        };
        unfit(text)
    }
}

/// The journal does not fit this run.
pub(super) fn unfit(text: impl Into<String>) -> Error {
    Error::new(Status::Journal, Applied::No, text)
}

#[cfg(test)]
mod tests;
