//! The journal's file: opened so that nobody else reads it, follows a link to
//! it, or writes it at the same time; and its lines as they stand there.

use std::fs::File;
use std::io::{self, BufRead};
use std::path::Path;

use crate::error::{Applied, Error, Status};

/// No line of a journal is longer.
pub(super) const LONGEST_LINE: usize = 8 * 1024;

/// Opens and locks the file. `create` makes it when it is missing; without,
/// a missing file is `None`.
#[cfg(unix)]
pub(super) fn open(path: &Path, create: bool) -> Result<Option<File>, Error> {
    use std::fs::{OpenOptions, symlink_metadata};
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};

    use rustix::fs::{FlockOperation, OFlags, flock};
    use rustix::io::Errno;

    // Without blocking: opening a pipe must not wait for its other end. On a
    // regular file it has no effect.
    let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    options
        .read(true)
        .append(true)
        .custom_flags(flags)
        .mode(0o600);
    let (file, made) = match options.open(path) {
        Ok(file) => (file, false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if !create {
                return Ok(None);
            }
            // Somebody else may make it in this moment: then the lock decides.
            let file = options.create(true).open(path);
            (file.map_err(|error| cannot("open", &error))?, true)
        }
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            return Err(unfit("is a symbolic link; give the file itself"));
        }
        Err(error) => return Err(cannot("open", &error)),
    };
    let found = file.metadata().map_err(|error| cannot("look at", &error))?;
    if !found.is_file() {
        return Err(unfit("is not a regular file; give another path"));
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(unfit("belongs to another user; give another path"));
    }
    if found.mode() & 0o077 != 0 {
        return Err(unfit(
            "may be read or written by others; take their rights away (chmod 600)",
        ));
    }
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => return Err(busy()),
        Err(error) => return Err(cannot("lock", &error.into())),
    }
    // Whoever held it before may have put another file in its place.
    match symlink_metadata(path) {
        Ok(now) if now.dev() == found.dev() && now.ino() == found.ino() => {}
        _ => return Err(busy()),
    }
    // An empty one may be left by a run that was killed in between.
    if made || found.len() == 0 {
        sync_folder(path).map_err(|error| cannot("store the name of", &error))?;
    }
    Ok(Some(file))
}

/// Closing would do, but for a child that is being made in this moment: until
/// it has begun its own program it holds the file open, too.
#[cfg(unix)]
pub(super) fn unlock(file: &File) {
    // Closing does it otherwise.
    let _ = rustix::fs::flock(file, rustix::fs::FlockOperation::Unlock);
}

#[cfg(not(unix))]
pub(super) fn unlock(_: &File) {}

#[cfg(not(unix))]
pub(super) fn open(_: &Path, _: bool) -> Result<Option<File>, Error> {
    Err(Error::unsupported(
        "journal: this platform has no way to lock it and keep others out; run without one",
    ))
}

/// Without it the name of a new file may be lost with the power.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Lines, without keeping more of an over-long one than tells that it is.
pub(super) struct Lines<R> {
    from: R,
    /// How many lines were begun.
    pub(super) number: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn of(from: R) -> Self {
        Lines { from, number: 0 }
    }

    /// The next line and how long it is in the file; `None` at the end, or
    /// where the last line has no end.
    pub(super) fn next(&mut self, line: &mut Vec<u8>) -> Result<Option<u64>, Error> {
        line.clear();
        self.number += 1;
        let mut length = 0;
        loop {
            let buffer = self.from.fill_buf();
            let buffer = buffer.map_err(|error| cannot("read", &error))?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let here = end.map_or(Some(buffer), |end| buffer.get(..end));
            let here = here.unwrap_or_default();
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

/// What the system said; the path is the caller's and not repeated.
pub(super) fn cannot(what: &str, error: &io::Error) -> Error {
    Error::new(
        Status::Io,
        Applied::No,
        format!("journal: cannot {what} the file ({error}); free space or check its permissions"),
    )
}

#[cfg(unix)]
fn unfit(why: &str) -> Error {
    Error::argument(format!("journal: the file {why}"))
}

#[cfg(unix)]
fn busy() -> Error {
    Error::new(
        Status::Busy,
        Applied::No,
        "journal: another run uses it; wait for that to end",
    )
}
