//! Runs the stand-in portal on its own, so that any client can be tried on it.
//!
//! `cargo run --example portal -- [--plain] [--port N] [--ready-file PATH]`
//!
//! Prints one `KEY=VALUE` per line, fit for a shell's `eval`, and runs until its
//! input ends or it is interrupted or terminated.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program whose output is its purpose"
)]

#[path = "mod.rs"]
mod portal;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use portal::{Account, Portal};

/// What the command line asks for.
#[derive(Default)]
struct Options {
    plain: bool,
    port: u16,
    ready_file: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Some(options) = read_options(std::env::args().skip(1)) else {
        eprintln!("usage: portal [--plain] [--port N] [--ready-file PATH]");
        return ExitCode::from(2);
    };
    // Before the first thread starts, so that every thread inherits it.
    let end = signals::End::prepare();
    let builder = Portal::builder().port(options.port);
    let portal = if options.plain {
        builder.plain()
    } else {
        builder
    }
    .start();
    // Whoever calls is not a test of ours.
    portal.allow_policy_writes();
    let lines = describe(&portal);
    print!("{lines}");
    println!("# Calls go to PORTAL_URL with `Authorization: Bearer <key>`; end the input to stop.");
    // Nobody may be listening; the file is what counts then.
    let _ = std::io::stdout().flush();
    if let Some(path) = &options.ready_file {
        if let Err(error) = write_at_once(path, &lines) {
            eprintln!("portal: {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    end.wait();
    drop(portal);
    ExitCode::SUCCESS
}

fn read_options(mut words: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--plain" => options.plain = true,
            "--port" => options.port = words.next()?.parse().ok()?,
            "--ready-file" => options.ready_file = Some(words.next()?.into()),
            _ => return None,
        }
    }
    Some(options)
}

fn describe(portal: &Portal) -> String {
    let key_file = |name: &str, account: &Account| {
        let path = portal.folder().write(name, &portal.key_of(account));
        path.display().to_string()
    };
    let member = portal.member();
    let values = [
        ("PORTAL_URL", portal.url()),
        ("CA_FILE", portal.ca_file().display().to_string()),
        ("OWNER_ID", portal.owner().id),
        ("OWNER_KEY_FILE", key_file("owner.key", &portal.owner())),
        ("ADMIN_ID", portal.admin().id),
        ("ADMIN_KEY_FILE", key_file("admin.key", &portal.admin())),
        ("MEMBER_ID", member.id),
        ("MEMBER_EMAIL", member.email),
        ("MEMBER2_ID", portal.member2().id),
        ("UNLINKED_ID", portal.unlinked().id),
        ("TERMINATED_ID", portal.terminated_linked().id),
    ];
    values
        .map(|(name, value)| format!("{name}='{}'\n", value.replace('\'', "'\\''")))
        .concat()
}

/// A reader finds the whole file or none.
fn write_at_once(path: &Path, content: &str) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, content)?;
    std::fs::rename(&beside, path)
}

/// Reads the input to its end.
fn drain_input() {
    let mut buffer = [0; 512];
    let mut input = std::io::stdin().lock();
    while matches!(input.read(&mut buffer), Ok(count) if count > 0) {}
}

#[cfg(unix)]
mod signals {
    //! Waits for the end of the input or a signal, whichever comes first, so
    //! that the files of the portal go with it in either case.
    #![allow(unsafe_code, reason = "signals can be waited for through libc only")]

    /// The signals that end the program, held back until waited for.
    pub(crate) struct End(libc::sigset_t);

    impl End {
        pub(crate) fn prepare() -> Self {
            let mut set = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
            // SAFETY: `set` is writable; sigemptyset initialises it.
            unsafe { libc::sigemptyset(set.as_mut_ptr()) };
            // SAFETY: sigemptyset has initialised it.
            let mut set = unsafe { set.assume_init() };
            for signal in [libc::SIGINT, libc::SIGTERM] {
                // SAFETY: `set` is initialised and the signal number is valid.
                unsafe { libc::sigaddset(&raw mut set, signal) };
            }
            // SAFETY: `set` is initialised; no old mask is asked for.
            unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut()) };
            Self(set)
        }

        pub(crate) fn wait(self) {
            std::thread::spawn(|| {
                super::drain_input();
                // The end of the input is told as one of the signals waited for.
                // SAFETY: asks for a number and nothing else.
                let this = unsafe { libc::getpid() };
                // SAFETY: raises a signal that is blocked in every thread.
                unsafe { libc::kill(this, libc::SIGTERM) };
            });
            let mut caught = 0;
            // SAFETY: both pointers are to live, initialised values.
            unsafe { libc::sigwait(&raw const self.0, &raw mut caught) };
        }
    }
}

#[cfg(not(unix))]
mod signals {
    //! Elsewhere the end of the input is what ends the program.

    pub(crate) struct End;

    impl End {
        pub(crate) fn prepare() -> Self {
            Self
        }

        pub(crate) fn wait(self) {
            super::drain_input();
        }
    }
}
