//! The journal's file: opened so that nobody else reads it, follows a link to
//! it, or writes it at the same time; and its lines as they stand there.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufRead, ErrorKind, Read};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use super::line::LONGEST_LINE;
use crate::error::{Applied, Error, Status};

/// A file that nobody else writes while this exists.
#[derive(Debug)]
pub(super) struct Locked(File);

impl Deref for Locked {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

/// Opens and locks the file; `None` if there is none.
pub(super) fn open(path: &Path) -> Result<Option<Locked>, Error> {
    let file = match options().open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file,
    };
    let (file, found) = regular(file)?;
    check(&found)?;
    lock(file, &found, path).map(Some)
}

/// To read only: while a run may be writing, and with no lock.
pub(super) fn open_to_read(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    // Opening a pipe must not wait for its other end.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        flags(rustix::fs::OFlags::NONBLOCK),
    );
    regular(options.read(true).open(path)).map(|(file, _)| file)
}

fn regular(file: io::Result<File>) -> Result<(File, Metadata), Error> {
    let file = file.map_err(|error| {
        if is_link(&error) {
            refused("is a symbolic link; give the file itself")
        } else if is_shared(&error) {
            busy()
        } else {
            cannot("open", &error)
        }
    })?;
    let found = file.metadata().map_err(|error| cannot("look at", &error))?;
    if !found.is_file() {
        return Err(refused("is not a regular file; give another path"));
    }
    Ok((file, found))
}

/// Makes the file with what `write` puts there, or not at all: a full disk or
/// a lost power leaves no half of it. What is there already stays, but for a
/// file of no bytes that the caller has locked.
pub(super) fn create(
    path: &Path,
    empty: &mut Option<Locked>,
    write: impl FnOnce(&File) -> io::Result<()>,
) -> Result<(), Error> {
    let made = temporary(path).and_then(|(name, file)| {
        let placed = write(&file)
            .and_then(|()| file.sync_all())
            .and_then(|()| place(&name, path, file, empty));
        // It is gone where it was renamed, and nobody's otherwise.
        let _ = fs::remove_file(&name);
        placed.and_then(|()| sync_folder(path))
    });
    made.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => busy(),
        _ if is_shared(&error) => busy(),
        _ => cannot("make", &error),
    })
}

/// A new file beside `path`.
fn temporary(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut name = OsString::from(path);
    name.push(format!(".{}.new", std::process::id()));
    // Of a process that was killed there.
    let _ = fs::remove_file(&name);
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.write(true).create_new(true).open(&name)?;
    Ok((name.into(), file))
}

/// Gives the file its name, if nothing else has that.
fn place(name: &Path, path: &Path, file: File, empty: &mut Option<Locked>) -> io::Result<()> {
    drop(file);
    if empty.is_none() {
        return fs::hard_link(name, path);
    }
    if cfg!(windows) {
        // No open file is replaced there.
        *empty = None;
    }
    fs::rename(name, path)?;
    *empty = None;
    Ok(())
}

/// Whether a journal could be made there.
pub(super) fn check_folder(path: &Path) -> Result<(), Error> {
    let found = fs::metadata(folder(path));
    found.map(drop).map_err(|error| cannot("make", &error))
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent();
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn flags(flags: rustix::fs::OFlags) -> i32 {
    i32::try_from(flags.bits()).unwrap_or_default()
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;

    let mut options = OpenOptions::new();
    // Without blocking: opening a pipe must not wait for its other end. On a
    // regular file it has no effect.
    let wanted = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    options.read(true).append(true).custom_flags(flags(wanted));
    options
}

#[cfg(unix)]
fn check(found: &Metadata) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;

    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(refused("belongs to another user; give another path"));
    }
    if found.mode() & 0o077 != 0 {
        return Err(refused(
            "may be read or written by others; take their rights away (chmod 600)",
        ));
    }
    Ok(())
}

#[cfg(unix)]
fn lock(file: File, found: &Metadata, path: &Path) -> Result<Locked, Error> {
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;

    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => return Err(busy()),
        Err(error) => return Err(cannot("lock", &error.into())),
    }
    let file = Locked(file);
    // Whoever held it before may have put another file in its place.
    match fs::symlink_metadata(path) {
        Ok(now) if now.dev() == found.dev() && now.ino() == found.ino() => Ok(file),
        _ => Err(busy()),
    }
}

/// Closing would do, but for a child that is being made in this moment: until
/// it has begun its own program it holds the file open, too.
#[cfg(unix)]
impl Drop for Locked {
    fn drop(&mut self) {
        // Closing does it otherwise.
        let _ = rustix::fs::flock(&self.0, rustix::fs::FlockOperation::Unlock);
    }
}

/// Without it the name of a new file may be lost with the power.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}

#[cfg(unix)]
fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(unix)]
fn is_shared(_: &io::Error) -> bool {
    false
}

/// Others may read meanwhile, as a report does, and nobody may write. It is not
/// opened for appending alone, for then its torn end could not be cut off.
#[cfg(windows)]
fn options() -> OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;

    const FILE_SHARE_READ: u32 = 1;
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;

    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .share_mode(FILE_SHARE_READ)
        .custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    options
}

/// Who may read it is as the folder says.
#[cfg(windows)]
fn check(found: &Metadata) -> Result<(), Error> {
    use std::os::windows::fs::MetadataExt;

    const FILE_ATTRIBUTE_REPARSE_POINT: u32 = 0x400;

    if found.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT != 0 {
        return Err(refused("is a link; give the file itself"));
    }
    Ok(())
}

/// Opening it was that already.
#[cfg(windows)]
fn lock(file: File, _: &Metadata, _: &Path) -> Result<Locked, Error> {
    Ok(Locked(file))
}

/// The file system keeps its names safe by itself.
#[cfg(windows)]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(windows)]
fn is_link(_: &io::Error) -> bool {
    false
}

/// Somebody else has it open.
#[cfg(windows)]
fn is_shared(error: &io::Error) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    error.raw_os_error() == Some(ERROR_SHARING_VIOLATION)
}

/// Reads the next line; false if it has no end, as behind the last line, or is
/// longer than lines are: then this is its beginning.
pub(super) fn next_line(from: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, Error> {
    line.clear();
    let read = from.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', line);
    read.map_err(|error| cannot("read", &error))?;
    let is_ended = line.last() == Some(&b'\n');
    if is_ended {
        line.pop();
    }
    Ok(is_ended)
}

/// What the system said; the path is the caller's and not repeated.
pub(super) fn cannot(what: &str, error: &io::Error) -> Error {
    Error::new(
        Status::Io,
        Applied::No,
        format!("journal: cannot {what} the file ({error}); free space or check its permissions"),
    )
}

fn refused(why: &str) -> Error {
    Error::argument(format!("journal: the file {why}"))
}

pub(super) fn busy() -> Error {
    Error::new(
        Status::Busy,
        Applied::No,
        "journal: another run uses it; wait for that to end",
    )
}
