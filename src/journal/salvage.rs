//! What is sound of a damaged journal becomes a new one.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::SystemTime;

use super::file::{self, next_line};
use super::history::History;
use super::line::{Chain, Line, SalvagedLine, no_journal};
use crate::error::Error;

/// Copies the sound lines of the journal `old` to `new`, which must not exist,
/// and tells how many.
pub(crate) fn salvage(old: &Path, new: &Path) -> Result<u32, Error> {
    if new.symlink_metadata().is_ok() {
        return Err(Error::argument(
            "journal: there is something at the new path already; give another",
        ));
    }
    // Locked, for a run that goes on would be missing in the copy.
    let Some(from) = file::open(old)? else {
        return Err(file::cannot("open", &std::io::ErrorKind::NotFound.into()));
    };
    let found = sound(BufReader::new(&*from))?;
    let lines = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let at = SystemTime::now();
    let end = Line::Salvaged(SalvagedLine { lines, at });
    file::create(new, &mut None, |file| {
        let mut file = BufWriter::new(file);
        let mut chain = Chain::START;
        for line in found.iter().chain([&end]) {
            file.write_all(&chain.write(line))?;
        }
        file.flush()
    })?;
    Ok(lines)
}

/// The lines that follow, by digits and number, the line that stands before
/// them, be that sound or not.
fn sound(mut from: impl BufRead) -> Result<Vec<Line>, Error> {
    let (mut found, mut history) = (Vec::new(), History::default());
    let mut before = Some(Chain::START);
    let mut bytes = Vec::new();
    while next_line(&mut from, &mut bytes)? || !bytes.is_empty() {
        let line = before.and_then(|mut before| before.read(&bytes).ok());
        let line = line.filter(|line| {
            let taken = history.take(line.clone(), 0, SystemTime::UNIX_EPOCH);
            taken.is_ok()
        });
        if line.is_none() && found.is_empty() {
            break;
        }
        found.extend(line);
        before = Chain::stored(&bytes).map(|(_, stored)| stored);
    }
    match found.len() {
        0 => Err(no_journal(&bytes)),
        _ => Ok(found),
    }
}
