//! The lines of a journal, numbered and chained.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::unfit;
use crate::account::AccountId;
use crate::error::{Applied, Error, Reason, Status};
use crate::method::TfaMethod;
use crate::numbers::Numbered;

/// The format this library writes and reads.
pub(super) const VERSION: u32 = 2;

/// No line of a journal is longer.
pub(super) const LONGEST_LINE: u64 = 8 * 1024;

pub(super) fn is_too_long(bytes: &[u8]) -> bool {
    u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST_LINE)
}

/// One line: an object whose member `t` tells which. Members that are not known
/// are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub(super) enum Line {
    Run(RunLine),
    Name(NameLine),
    Intent(IntentLine),
    Outcome(OutcomeLine),
    Seen(SeenLine),
    Sessions(SessionsLine),
    Salvaged(SalvagedLine),
}

const KINDS: [&str; 7] = [
    "run", "name", "intent", "outcome", "seen", "sessions", "salvaged",
];

/// A run begins, or goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunLine {
    pub(super) v: u32,
    pub(super) portal: String,
    #[serde(with = "id")]
    pub(super) caller: AccountId,
    #[serde(with = "method")]
    pub(super) method: TfaMethod,
    pub(super) lib: String,
    #[serde(with = "time")]
    pub(super) at: SystemTime,
}

/// Whose e-mail address it is; an empty id is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NameLine {
    pub(super) entry: String,
    #[serde(with = "id_or_none")]
    pub(super) id: Option<AccountId>,
    /// Left out where there is none.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(super) reason: Cow<'static, str>,
}

/// A change is about to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IntentLine {
    #[serde(with = "id")]
    pub(super) id: AccountId,
    pub(super) mark: String,
    #[serde(with = "time")]
    pub(super) at: SystemTime,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OutcomeLine {
    #[serde(with = "id")]
    pub(super) id: AccountId,
    pub(super) outcome: Outcome,
    #[serde(with = "status")]
    pub(super) status: Option<Status>,
    #[serde(with = "AppliedName")]
    pub(super) applied: Applied,
    #[serde(with = "word")]
    pub(super) sessions: Option<bool>,
    #[serde(with = "reason")]
    pub(super) reason: Reason,
    pub(super) http: u16,
    pub(super) attempts: u32,
    pub(super) verified: u8,
    pub(super) again: u8,
    #[serde(with = "time")]
    pub(super) at: SystemTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Applied,
    Refused,
    Unknown,
}

/// The account was looked at after an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SeenLine {
    #[serde(with = "id")]
    pub(super) id: AccountId,
    #[serde(with = "word")]
    pub(super) linked: Option<bool>,
    #[serde(with = "time")]
    pub(super) at: SystemTime,
}

/// The account's sessions were ended, or perhaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SessionsLine {
    #[serde(with = "id")]
    pub(super) id: AccountId,
    #[serde(with = "word")]
    pub(super) ended: Option<bool>,
    #[serde(with = "id")]
    pub(super) caller: AccountId,
    #[serde(with = "time")]
    pub(super) at: SystemTime,
}

/// The lines before are what was left of a damaged journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SalvagedLine {
    pub(super) lines: u32,
    #[serde(with = "time")]
    pub(super) at: SystemTime,
}

impl Line {
    /// Reads the members; number and digits are the chain's to judge.
    fn read(bytes: &[u8]) -> Result<Self, Unread> {
        // A derive that reads any of them would hold all members back until it
        // knows which; that costs 60 KB.
        #[derive(Deserialize)]
        struct Kind<'a> {
            t: &'a str,
        }
        // A list of the values alone would be read, too.
        if !bytes.starts_with(b"{") {
            return Err(Unread::Damaged);
        }
        match read::<Kind<'_>>(bytes)?.t {
            "run" => match version(bytes) {
                Some(VERSION) => read(bytes).map(Line::Run),
                _ => Err(Unread::Unknown),
            },
            "name" => read(bytes).map(Line::Name),
            "intent" => read(bytes).map(Line::Intent),
            "outcome" => read(bytes).map(Line::Outcome),
            "seen" => read(bytes).map(Line::Seen),
            "sessions" => read(bytes).map(Line::Sessions),
            "salvaged" => read(bytes).map(Line::Salvaged),
            _ => Err(Unread::Unknown),
        }
    }
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unread> {
    serde_json::from_slice(bytes).map_err(|_| Unread::Damaged)
}

/// The format of a run line, whatever version wrote it.
fn version(bytes: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct AnyRun<'a> {
        t: &'a str,
        v: u32,
    }
    let run = read::<AnyRun<'_>>(bytes).ok()?;
    (run.t == "run").then_some(run.v)
}

/// Whether a file that is cut off there may have held a line of a journal: no
/// object is complete in it, and nothing else begins like that.
pub(super) fn is_beginning(bytes: &[u8]) -> bool {
    let begins = |kind: &&str| {
        let head = format!("{{\"t\":\"{kind}\",");
        bytes.starts_with(head.as_bytes()) || head.as_bytes().starts_with(bytes)
    };
    let parsed: serde_json::Result<serde::de::IgnoredAny> = serde_json::from_slice(bytes);
    !is_too_long(bytes) && KINDS.iter().any(begins) && parsed.is_err_and(|error| error.is_eof())
}

/// Where the lines have got to: each has a number, and digits over itself and
/// the digits of the line before. That finds lines that are damaged, missing,
/// doubled or swapped; it is no guard against a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain {
    pub(super) number: u32,
    digits: [u8; Chain::DIGITS],
}

impl Chain {
    const DIGITS: usize = 8;
    pub(super) const START: Self = Chain {
        number: 0,
        digits: *b"00000000",
    };

    /// Reads the next line, without its end.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<Line, Unread> {
        let (head, stored) = Self::stored(bytes).ok_or(Unread::Damaged)?;
        let number = self.number.checked_add(1).ok_or(Unread::Damaged)?;
        if is_too_long(bytes) || stored.digits != self.digits_of(head) || stored.number != number {
            return Err(Unread::Damaged);
        }
        let line = Line::read(bytes)?;
        *self = stored;
        Ok(line)
    }

    /// The next line, with its end.
    pub(super) fn write(&mut self, line: &Line) -> Vec<u8> {
        self.number = self.number.saturating_add(1);
        // Plain strings and numbers always serialise.
        let mut bytes = serde_json::to_vec(line).unwrap_or_default();
        bytes.pop();
        bytes.extend_from_slice(format!(",\"n\":{}", self.number).as_bytes());
        self.digits = self.digits_of(&bytes);
        bytes.extend_from_slice(b",\"c\":\"");
        bytes.extend_from_slice(&self.digits);
        bytes.extend_from_slice(b"\"}\n");
        bytes
    }

    /// What a line says of itself, and its bytes up to the digits.
    pub(super) fn stored(bytes: &[u8]) -> Option<(&[u8], Self)> {
        #[derive(Deserialize)]
        struct Tail {
            n: u32,
        }
        let rest = bytes.strip_suffix(b"\"}")?;
        let (rest, digits) = rest.split_last_chunk::<{ Self::DIGITS }>()?;
        let head = rest.strip_suffix(b",\"c\":\"")?;
        // Written there; what stands before may be damaged.
        let at = memchr::memmem::rfind(head, b",\"n\":")?;
        let mut tail = b"{".to_vec();
        tail.extend_from_slice(head.get(at + 1..)?);
        tail.push(b'}');
        let number = read::<Tail>(&tail).ok()?.n;
        let digits = *digits;
        Some((head, Chain { number, digits }))
    }

    fn digits_of(&self, head: &[u8]) -> [u8; Self::DIGITS] {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.digits);
        hasher.update(head);
        let digits = format!("{:08x}", hasher.finalize());
        digits.as_bytes().try_into().unwrap_or_default()
    }
}

/// Why a line is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    Damaged,
    /// Of a kind or format that this library does not know.
    Unknown,
    /// A run that does not agree with the first.
    Mixed,
}

impl Unread {
    pub(super) fn at(self, number: u32) -> Error {
        let why = match self {
            Unread::Damaged => "is damaged, or lines are missing before it",
            Unread::Unknown => "is not known to this version",
            Unread::Mixed => "is of another portal, caller or method than the first",
        };
        unfit(format!(
            "journal: line {number} {why}; restore the file, or copy what is sound into a new one \
             with `tfa-admin bulk salvage`"
        ))
    }
}

/// The error for a file whose first line is not one that begins a journal.
pub(super) fn no_journal(first: &[u8]) -> Error {
    unfit(match version(first) {
        Some(1) => "journal: this is a journal of an unreleased version; use a new file",
        Some(v) if v > VERSION => {
            "journal: it was written by a newer version; use that version, or a new file"
        }
        _ => {
            "journal: the file does not begin as a journal does, and was left as it is; give \
             another path, or restore it: without its first line `tfa-admin bulk salvage` cannot \
             help"
        }
    })
}

/// Values that stand in a journal as text: a module for each, because serde's
/// `with` wants one.
macro_rules! texts {
    ($($module:ident: $value:ty, $write:expr, $read:expr;)*) => {$(
        mod $module {
            use super::*;

            pub(super) fn serialize<S: serde::Serializer>(
                value: &$value,
                to: S,
            ) -> Result<S::Ok, S::Error> {
                to.serialize_str(&$write(value))
            }

            pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
                from: D,
            ) -> Result<$value, D::Error> {
                let text = <&str>::deserialize(from)?;
                $read(text).ok_or_else(|| serde::de::Error::custom("no such value"))
            }
        }
    )*};
}

texts! {
    id: AccountId, AccountId::to_string, |text| AccountId::parse(text).ok();
    id_or_none: Option<AccountId>,
        |id: &Option<AccountId>| id.map(|id| id.to_string()).unwrap_or_default(),
        |text: &str| match text {
            "" => Some(None),
            id => AccountId::parse(id).ok().map(Some),
        };
    method: TfaMethod, |method: &TfaMethod| method.name(), method_named;
    time: SystemTime, written_time, |text| humantime::parse_rfc3339(text).ok();
    word: Option<bool>, |word: &Option<bool>| word_of(*word), |text| match text {
        "yes" => Some(Some(true)),
        "no" => Some(Some(false)),
        "unknown" => Some(None),
        _ => None,
    };
    status: Option<Status>,
        |status: &Option<Status>| status.map_or("DSTFA_OK", Numbered::name),
        // Success, or a name of a later version.
        |text| Some(Status::ALL.iter().copied().find(|status| status.name() == text));
    reason: Reason, |reason: &Reason| reason_name(*reason), |text| {
        let mut all = Reason::ALL.iter().copied();
        Some(all.find(|reason| reason_name(*reason) == text).unwrap_or(Reason::Unknown))
    };
}

fn word_of(word: Option<bool>) -> &'static str {
    match word {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

fn method_named(name: &str) -> Option<TfaMethod> {
    let mut all = [TfaMethod::None, TfaMethod::Sms, TfaMethod::App].into_iter();
    all.find(|method| method.name() == name)
}

/// Without what every name begins with; no reason is no name.
pub(super) fn reason_name(reason: Reason) -> &'static str {
    if reason == Reason::None {
        return "";
    }
    let name = reason.name();
    name.strip_prefix("DSTFA_REASON_").unwrap_or(name)
}

/// Times before 1970 are written as its beginning.
fn written_time(time: &SystemTime) -> String {
    humantime::format_rfc3339_millis((*time).max(UNIX_EPOCH)).to_string()
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Applied", rename_all = "lowercase")]
enum AppliedName {
    No,
    Maybe,
    Yes,
}

#[cfg(test)]
mod tests;
