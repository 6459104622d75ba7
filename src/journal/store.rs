//! Appending to the journal, and getting it onto the disk: one sync serves all
//! that wait for one.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::file::{self, Locked};
use super::line::{Chain, Line, is_too_long};
use super::reading::End;
use crate::error::{Applied, Error, Status};

/// Lines are synced after so long although nobody waits for it; whoever calls
/// comes by several times a second.
const LONGEST_UNSYNCED: Duration = Duration::from_millis(500);

/// The file of a journal, shared by the threads of a run.
pub(super) struct Store {
    /// Once there is one: a dry run makes none.
    file: OnceLock<Locked>,
    written: Mutex<Written>,
    synced: Condvar,
}

/// What was written, and what of it is on disk.
struct Written {
    /// Where the next line goes on.
    chain: Chain,
    /// Bytes of whole lines.
    length: u64,
    /// What stood behind them; mended before anything is written.
    end: End,
    /// Lines appended, and how many of them are on disk.
    appended: u64,
    on_disk: u64,
    /// Somebody is syncing: the others wait and are served with the next.
    syncing: bool,
    /// Since when a line is not on disk.
    unsynced: Option<Instant>,
    /// Writing failed once: nothing is written any more.
    failed: Option<Error>,
}

impl Store {
    /// As the file was read.
    pub(super) fn new(file: Option<Locked>, chain: Chain, length: u64, end: End) -> Self {
        Store {
            file: file.map(OnceLock::from).unwrap_or_default(),
            written: Mutex::new(Written {
                chain,
                length,
                end,
                appended: 0,
                on_disk: 0,
                syncing: false,
                unsynced: None,
                failed: None,
            }),
            synced: Condvar::new(),
        }
    }

    pub(super) fn is_new(&self) -> bool {
        self.file.get().is_none()
    }

    /// Takes the file that `create` makes of its first line.
    pub(super) fn begin(
        &self,
        create: impl FnOnce(&[u8]) -> Result<Locked, Error>,
        line: &Line,
    ) -> Result<(), Error> {
        let mut written = self.written();
        let mut chain = written.chain;
        let bytes = chain.write(line);
        let file = create(&bytes)?;
        at_end(&file).map_err(|error| file::cannot("read", &error))?;
        written.chain = chain;
        written.length = u64::try_from(bytes.len()).unwrap_or_default();
        self.file.set(file).map_err(|_| not_begun())
    }

    pub(super) fn append(&self, line: &Line) -> Result<(), Error> {
        let mut written = self.written();
        if let Some(error) = &written.failed {
            return Err(error.clone());
        }
        let file = self.file.get().ok_or_else(not_begun)?;
        if let Err(error) = written.mend(file) {
            return Err(written.fail("mend the end of", &error));
        }
        let mut chain = written.chain;
        let bytes = chain.write(line);
        // With its end.
        if is_too_long(&bytes) {
            return Err(Error::argument("journal: an entry is too long for a line"));
        }
        if let Err(error) = (&**file).write_all(&bytes) {
            // A part of a line may stand there now. Taken away, it cannot
            // become a bad line in the middle; if that fails, too, it is a
            // torn end as long as nothing follows.
            let _ = file.set_len(written.length);
            return Err(written.fail("write", &error));
        }
        written.chain = chain;
        written.length += u64::try_from(bytes.len()).unwrap_or_default();
        written.appended += 1;
        written.unsynced.get_or_insert_with(Instant::now);
        Ok(())
    }

    /// Returns once everything appended so far is on disk. Who comes while
    /// another syncs is served together with all others that wait.
    pub(super) fn sync(&self) -> Result<(), Error> {
        let Some(file) = self.file.get() else {
            return Ok(());
        };
        let mut written = self.written();
        let wanted = written.appended;
        while written.on_disk < wanted {
            if let Some(error) = &written.failed {
                return Err(error.clone());
            }
            if written.syncing {
                let woken = self.synced.wait(written);
                written = woken.unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let covered = written.appended;
            written.syncing = true;
            written.unsynced = None;
            drop(written);
            let done = file.sync_data();
            written = self.written();
            written.syncing = false;
            match done {
                Ok(()) => written.on_disk = covered,
                Err(error) => {
                    written.fail("sync", &error);
                }
            }
            self.synced.notify_all();
        }
        Ok(())
    }

    /// Syncs what has waited long enough.
    pub(super) fn sync_if_due(&self) -> Result<(), Error> {
        let since = self.written().unsynced;
        match since {
            Some(since) if since.elapsed() >= LONGEST_UNSYNCED => self.sync(),
            _ => Ok(()),
        }
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Written {
    /// Cuts off what a killed run had written of a line, or ends a whole one.
    fn mend(&mut self, file: &Locked) -> io::Result<()> {
        match self.end {
            End::Nothing => return Ok(()),
            End::Torn => {
                file.set_len(self.length)?;
                at_end(file)?;
            }
            End::Line => {
                (&**file).write_all(b"\n")?;
                self.length += 1;
            }
        }
        self.end = End::Nothing;
        Ok(())
    }

    fn fail(&mut self, what: &str, error: &io::Error) -> Error {
        let error = file::cannot(what, error);
        self.failed.get_or_insert(error).clone()
    }
}

/// Where it is not opened for appending, writing goes on where reading ended.
fn at_end(file: &Locked) -> io::Result<()> {
    (&**file).seek(SeekFrom::End(0)).map(drop)
}

fn not_begun() -> Error {
    let text = "journal: no run has begun with it; begin one";
    Error::new(Status::State, Applied::No, text)
}
