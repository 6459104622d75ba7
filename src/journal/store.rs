//! Appending to the journal, and getting it onto the disk: one sync serves all
//! that wait for one.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::file;
use super::line::{Line, unfit};
use crate::error::Error;

/// Lines are synced after so long although nobody waits for it; whoever calls
/// comes by several times a second.
const LONGEST_UNSYNCED: Duration = Duration::from_millis(500);

/// The file of a journal, shared by the threads of a run.
pub(super) struct Store {
    /// `None`: nothing is written, a dry run's.
    file: Option<File>,
    written: Mutex<Written>,
    synced: Condvar,
}

/// What was written, and what of it is on disk.
#[derive(Default)]
struct Written {
    /// Bytes of whole lines.
    length: u64,
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
    /// `length`: how long the file is up to its last whole line.
    pub(super) fn new(file: Option<File>, length: u64) -> Self {
        Store {
            file,
            written: Mutex::new(Written {
                length,
                ..Written::default()
            }),
            synced: Condvar::new(),
        }
    }

    /// Cuts off a torn end: what a killed run had written of a line.
    pub(super) fn cut(&self) -> Result<(), Error> {
        let Some(file) = &self.file else {
            return Err(unfit("journal: it was opened for a dry run; open it again"));
        };
        let written = self.written();
        let found = file.metadata();
        let found = found.map_err(|error| file::cannot("look at", &error))?;
        if found.len() > written.length {
            let cut = file.set_len(written.length);
            cut.map_err(|error| file::cannot("cut the torn end of", &error))?;
        }
        Ok(())
    }

    pub(super) fn append(&self, line: &Line) -> Result<(), Error> {
        let bytes = line.write();
        let mut written = self.written();
        if let Some(error) = &written.failed {
            return Err(error.clone());
        }
        let Some(mut file) = self.file.as_ref() else {
            return Ok(());
        };
        if let Err(error) = file.write_all(&bytes) {
            // A part of a line may stand there now. Taken away, it cannot
            // become a bad line in the middle; if that fails, too, it is a
            // torn end as long as nothing follows.
            let _ = file.set_len(written.length);
            return Err(written.fail("write", &error));
        }
        written.length += u64::try_from(bytes.len()).unwrap_or_default();
        written.appended += 1;
        written.unsynced.get_or_insert_with(Instant::now);
        Ok(())
    }

    /// Returns once everything appended so far is on disk. Who comes while
    /// another syncs is served together with all others that wait.
    pub(super) fn sync(&self) -> Result<(), Error> {
        let Some(file) = &self.file else {
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

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            file::unlock(file);
        }
    }
}

impl Written {
    fn fail(&mut self, what: &str, error: &io::Error) -> Error {
        let error = file::cannot(what, error);
        self.failed.get_or_insert(error).clone()
    }
}
