//! A journal is read from its first line to its end, or to where it is damaged.

use std::io::BufRead;
use std::time::SystemTime;

use super::file::next_line;
use super::history::History;
use super::line::{Chain, Unread, is_beginning, no_journal};
use crate::error::Error;

/// What was read.
pub(super) struct Read {
    pub(super) history: History,
    /// Where the next line goes on.
    pub(super) chain: Chain,
    /// How long the file is up to its last whole line.
    pub(super) length: u64,
    pub(super) end: End,
    pub(super) damage: Option<Damage>,
}

/// What stands behind the last line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Nothing,
    /// A line that lacks its end.
    Line,
    /// The beginning of a line: it was never on disk, so nothing was sent for it.
    Torn,
}

/// From this line on nothing is taken.
pub(super) struct Damage {
    pub(super) line: u32,
    pub(super) error: Error,
}

/// An error is one of reading; damage is told in what was read.
pub(super) fn read(mut from: impl BufRead, now: SystemTime) -> Result<Read, Error> {
    let mut read = Read {
        history: History::default(),
        chain: Chain::START,
        length: 0,
        end: End::Nothing,
        damage: None,
    };
    let mut line = Vec::new();
    while next_line(&mut from, &mut line)? {
        if let Err(unread) = read.take(&line, now) {
            read.damaged(&line, unread);
            return Ok(read);
        }
        read.length += length(&line) + 1;
    }
    if line.is_empty() {
        return Ok(read);
    }
    match read.take(&line, now) {
        Ok(()) => {
            read.length += length(&line);
            read.end = End::Line;
        }
        Err(_) if read.chain.number > 0 && is_beginning(&line) => read.end = End::Torn,
        Err(unread) => read.damaged(&line, unread),
    }
    Ok(read)
}

impl Read {
    fn take(&mut self, bytes: &[u8], now: SystemTime) -> Result<(), Unread> {
        let mut chain = self.chain;
        let line = chain.read(bytes)?;
        self.history.take(line, chain.number, now)?;
        self.chain = chain;
        Ok(())
    }

    fn damaged(&mut self, bytes: &[u8], unread: Unread) {
        let line = self.chain.number.saturating_add(1);
        let error = match line {
            1 => no_journal(bytes),
            line => unread.at(line),
        };
        self.damage = Some(Damage { line, error });
    }
}

fn length(line: &[u8]) -> u64 {
    u64::try_from(line.len()).unwrap_or_default()
}
