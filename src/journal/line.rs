//! The lines of a journal.

use super::names;
use crate::json::{Members, Writer};

/// The format this library writes, and the newest it reads.
pub(super) const VERSION: u32 = 1;

/// One line: an object whose member `t` tells which. Members that are not known
/// are passed over.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Run(Run),
    Name(Name),
    Intent(Intent),
    Outcome(Outcome),
}

/// A run begins, or goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) v: u32,
    pub(super) portal: String,
    pub(super) caller: String,
    pub(super) method: String,
    pub(super) lib: String,
    pub(super) at: String,
}

impl Run {
    fn read(line: &Members<'_>) -> Option<Self> {
        Some(Run {
            v: line.get("v").filter(|v| *v > 0)?,
            portal: line.get("portal")?,
            caller: line.get("caller")?,
            method: line.get("method")?,
            lib: line.get("lib")?,
            at: line.get("at")?,
        })
    }

    fn write(&self, line: &mut Writer) {
        line.number("v", self.v);
        line.text("portal", &self.portal);
        line.text("caller", &self.caller);
        line.text("method", &self.method);
        line.text("lib", &self.lib);
        line.text("at", &self.at);
    }
}

/// Whose e-mail address it is; an empty id is nobody's.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) entry: String,
    pub(super) id: String,
    /// Left out where there is none.
    pub(super) reason: String,
}

impl Name {
    fn read(line: &Members<'_>) -> Option<Self> {
        Some(Name {
            entry: line.get("entry")?,
            id: line.get("id")?,
            reason: line.get_or_default("reason")?,
        })
    }

    fn write(&self, line: &mut Writer) {
        line.text("entry", &self.entry);
        line.text("id", &self.id);
        if !self.reason.is_empty() {
            line.text("reason", &self.reason);
        }
    }
}

/// A change is about to be asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Intent {
    pub(super) id: String,
    pub(super) linked: Linked,
    pub(super) at: String,
}

impl Intent {
    fn read(line: &Members<'_>) -> Option<Self> {
        Some(Intent {
            id: line.get("id")?,
            linked: word(&LINKED, line, "linked")?,
            at: line.get("at")?,
        })
    }

    fn write(&self, line: &mut Writer) {
        line.text("id", &self.id);
        line.text("linked", names::name(&LINKED, self.linked));
        line.text("at", &self.at);
    }
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) id: String,
    pub(super) outcome: Word,
    pub(super) status: String,
    pub(super) applied: AppliedWord,
    pub(super) reason: String,
    pub(super) http: u16,
    pub(super) attempts: u32,
    pub(super) verified: u8,
    pub(super) at: String,
}

impl Outcome {
    fn read(line: &Members<'_>) -> Option<Self> {
        Some(Outcome {
            id: line.get("id")?,
            outcome: word(&WORDS, line, "outcome")?,
            status: line.get("status")?,
            applied: word(&APPLIED_WORDS, line, "applied")?,
            reason: line.get_or_default("reason")?,
            http: line.get_or_default("http")?,
            attempts: line.get_or_default("attempts")?,
            verified: line.get_or_default("verified")?,
            at: line.get("at")?,
        })
    }

    fn write(&self, line: &mut Writer) {
        line.text("id", &self.id);
        line.text("outcome", names::name(&WORDS, self.outcome));
        line.text("status", &self.status);
        line.text("applied", names::name(&APPLIED_WORDS, self.applied));
        line.text("reason", &self.reason);
        line.number("http", self.http.into());
        line.number("attempts", self.attempts);
        line.number("verified", self.verified.into());
        line.text("at", &self.at);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Linked {
    Yes,
    No,
    Unknown,
}

const LINKED: [(Linked, &str); 3] = [
    (Linked::Yes, "yes"),
    (Linked::No, "no"),
    (Linked::Unknown, "unknown"),
];

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Applied,
    Refused,
    Unknown,
}

const WORDS: [(Word, &str); 3] = [
    (Word::Applied, "applied"),
    (Word::Refused, "refused"),
    (Word::Unknown, "unknown"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AppliedWord {
    Yes,
    Maybe,
    No,
}

const APPLIED_WORDS: [(AppliedWord, &str); 3] = [
    (AppliedWord::Yes, "yes"),
    (AppliedWord::Maybe, "maybe"),
    (AppliedWord::No, "no"),
];

fn word<T: Copy>(table: &[(T, &'static str)], line: &Members<'_>, name: &str) -> Option<T> {
    names::value(table, &line.get::<String>(name)?)
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
        let text = std::str::from_utf8(bytes).map_err(|_| Unread::Bad)?;
        let line = Members::of(text).ok_or(Unread::Bad)?;
        match &*line.get::<String>("t").ok_or(Unread::Bad)? {
            // A later version's run line may look otherwise.
            "run" if line.get("v").is_some_and(|v: u32| v > VERSION) => return Err(Unread::Newer),
            "run" => Run::read(&line).map(Line::Run),
            "name" => Name::read(&line).map(Line::Name),
            "intent" => Intent::read(&line).map(Line::Intent),
            "outcome" => Outcome::read(&line).map(Line::Outcome),
            _ => None,
        }
        .ok_or(Unread::Bad)
    }

    /// With its end.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut line = Writer::new();
        match self {
            Line::Run(run) => run.write(line.text("t", "run")),
            Line::Name(name) => name.write(line.text("t", "name")),
            Line::Intent(intent) => intent.write(line.text("t", "intent")),
            Line::Outcome(outcome) => outcome.write(line.text("t", "outcome")),
        }
        let mut bytes = line.end();
        bytes.push(b'\n');
        bytes
    }
}

#[cfg(test)]
mod tests;
