//! What a journal remembers of former runs.

use std::collections::HashMap;
use std::io::{self, BufRead};
use std::time::{Duration, SystemTime};

use super::line::{AppliedWord, Line, Outcome, Run, Unread, Word};
use super::resume::{self, Open, Past};
use super::{Identity, names, time};
use crate::account::AccountId;
use crate::error::{Applied, Error, Status};

/// No line of a journal is longer.
const LONGEST_LINE: usize = 8 * 1024;
/// Writes are counted over so long.
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// Former runs, read once.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The first run line: later ones must agree with it.
    pub(super) first: Option<Run>,
    pub(super) names: HashMap<Box<str>, Option<AccountId>>,
    pub(super) accounts: HashMap<AccountId, Past>,
    /// Intents of the last day, in the order of the file.
    pub(super) recent: Vec<SystemTime>,
    /// How long the file is up to its last whole line.
    pub(super) whole: u64,
}

impl Memory {
    /// Reads to the end. What follows the last line end is torn and left out.
    pub(super) fn read(from: impl BufRead, to: &Identity, now: SystemTime) -> Result<Self, Error> {
        let mut memory = Memory::default();
        let mut lines = Lines { from, number: 0 };
        let mut line = Vec::new();
        loop {
            let length = lines
                .next(&mut line)
                .map_err(|error| super::file::cannot("read", &error))?;
            let Some(length) = length else {
                return Ok(memory);
            };
            let taken = match line.len() {
                0..=LONGEST_LINE => Line::read(&line),
                _ => Err(Unread::Bad),
            };
            let taken = taken.and_then(|line| memory.take(line, to, now));
            taken.map_err(|unread| unread.at(lines.number))?;
            memory.whole += length;
        }
    }

    fn take(&mut self, line: Line, to: &Identity, now: SystemTime) -> Result<(), Unread> {
        if self.first.is_none() && !matches!(line, Line::Run(_)) {
            return Err(Unread::Bad);
        }
        match line {
            Line::Run(run) => self.run(run, to)?,
            Line::Name(name) => {
                let id = match name.id.as_str() {
                    "" => None,
                    id => Some(account(id)?),
                };
                self.names.insert(key(&name.entry), id);
            }
            Line::Intent(intent) => {
                let id = account(&intent.id)?;
                let at = time::parse(&intent.at).ok_or(Unread::Bad)?;
                if now.duration_since(at).is_ok_and(|age| age < DAY) {
                    self.recent.push(at);
                }
                let open = Open {
                    linked: intent.linked.seen(),
                    at,
                    status: None,
                };
                self.accounts.insert(id, Past::Open(open));
            }
            Line::Outcome(outcome) => self.outcome(&outcome)?,
        }
        Ok(())
    }

    fn run(&mut self, run: Run, to: &Identity) -> Result<(), Unread> {
        let first = self.first.get_or_insert_with(|| run.clone());
        if first.portal != run.portal || first.caller != run.caller || first.method != run.method {
            return Err(Unread::Mixed);
        }
        if run.portal != to.portal {
            return Err(Unread::OtherPortal);
        }
        if run.method != to.method.name() {
            return Err(Unread::OtherMethod);
        }
        Ok(())
    }

    fn outcome(&mut self, outcome: &Outcome) -> Result<(), Unread> {
        let id = account(&outcome.id)?;
        let at = time::parse(&outcome.at).ok_or(Unread::Bad)?;
        let status = names::status(&outcome.status);
        let reason = names::reason(&outcome.reason);
        let past = match outcome.outcome {
            Word::Applied => Past::Applied,
            // Never believed against its own word.
            Word::Refused if outcome.applied != AppliedWord::No => return Err(Unread::Bad),
            Word::Refused if resume::lasts(reason) => {
                Past::Refused(status.unwrap_or(Status::Rejected), reason)
            }
            Word::Refused => Past::Failed,
            Word::Unknown => match self.accounts.get(&id) {
                Some(Past::Open(open)) => Past::Open(Open { status, ..*open }),
                _ => Past::Open(Open {
                    linked: None,
                    at,
                    status,
                }),
            },
        };
        self.accounts.insert(id, past);
        Ok(())
    }
}

/// Addresses are the same whatever their case.
pub(super) fn key(entry: &str) -> Box<str> {
    entry.trim().to_lowercase().into_boxed_str()
}

fn account(id: &str) -> Result<AccountId, Unread> {
    AccountId::parse(id).map_err(|_| Unread::Bad)
}

/// Lines, without keeping more of an over-long one than tells that it is.
struct Lines<R> {
    from: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    /// The next line and how long it is in the file; `None` at the end, or
    /// where the last line has no end.
    fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<u64>> {
        line.clear();
        self.number += 1;
        let mut length = 0;
        loop {
            let seen = self.from.fill_buf()?;
            if seen.is_empty() {
                return Ok(None);
            }
            let end = seen.iter().position(|byte| *byte == b'\n');
            let here = seen.get(..end.unwrap_or(seen.len())).unwrap_or_default();
            let room = (LONGEST_LINE + 1).saturating_sub(line.len());
            line.extend(here.iter().take(room));
            let used = here.len() + usize::from(end.is_some());
            self.from.consume(used);
            length += u64::try_from(used).unwrap_or_default();
            if end.is_some() {
                return Ok(Some(length));
            }
        }
    }
}

impl Unread {
    fn at(self, number: usize) -> Error {
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
        error(text)
    }
}

/// The journal does not fit this run.
pub(super) fn error(text: impl Into<String>) -> Error {
    Error::new(Status::Journal, Applied::No, text)
}
