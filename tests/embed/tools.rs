//! Compiles hosts in C and C++, gives them a world, and runs them.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{env, fs};

use crate::portal::Portal;
use crate::portal::crude::{Crude, Step, Transport};
use crate::portal::tls::TlsConfig;
use crate::support::{self, Link};

/// Hangs are faults too; nothing here takes nearly as long.
const LONGEST_RUN: Duration = Duration::from_secs(180);

/// The library the hosts use: the one of this test run, or the one that
/// `DSTFA_TEST_LIBRARY` names, so that a shipped one can be tried.
pub(crate) fn library() -> PathBuf {
    match env::var_os("DSTFA_TEST_LIBRARY") {
        Some(path) => fs::canonicalize(path).expect("DSTFA_TEST_LIBRARY"),
        None => support::library(Link::Shared),
    }
}

/// Whether it is built as it is shipped, optimised.
pub(crate) fn is_optimised() -> bool {
    env::var_os("DSTFA_TEST_LIBRARY").is_some() || !cfg!(debug_assertions)
}

/// A line for the reader of the test run. Written past the test harness, which
/// would show it only for a test that fails.
pub(crate) fn report(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

pub(crate) fn place(name: &str) -> PathBuf {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    support::scratch(&format!("embed-{name}-{number}"))
}

pub(crate) fn compiler(source: &str) -> Command {
    let (compiler, standard) = match Path::new(source).extension() {
        Some(extension) if extension == "cpp" => ("g++", "-std=c++11"),
        _ => ("gcc", "-std=gnu99"),
    };
    let mut command = support::need(compiler);
    command
        .args([
            standard, "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread",
        ])
        .arg("-I")
        .arg(support::project("include"))
        .arg(support::project("tests/embed").join(source));
    command
}

/// A host that is linked to the library.
pub(crate) fn host(source: &str) -> Command {
    let place = place(source);
    // Programs look for the SONAME, which is not the file's name.
    let library = library();
    std::os::unix::fs::symlink(&library, place.join("libdocspace_tfa.so.0")).unwrap();
    let program = place.join("host");
    support::succeed(
        compiler(source)
            .arg("-o")
            .arg(&program)
            .arg(&library)
            .arg("-ldl")
            .arg(format!("-Wl,-rpath,{}", place.display())),
    );
    clean(program)
}

/// A host that loads the library itself; its path is the first argument.
pub(crate) fn loading_host(source: &str) -> Command {
    let program = place(source).join("host");
    support::succeed(compiler(source).arg("-o").arg(&program).arg("-ldl"));
    let mut host = clean(program);
    host.arg(library());
    host
}

/// A library to be put before all others by `LD_PRELOAD`.
pub(crate) fn shim(source: &str) -> PathBuf {
    let library = place(source).join("shim.so");
    support::succeed(
        compiler(source)
            .args(["-shared", "-fPIC", "-o"])
            .arg(&library)
            .arg("-ldl"),
    );
    library
}

/// Without anything of the developer's environment that a host might notice.
fn clean(program: PathBuf) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    command
}

/// Who the hosts of a test talk to.
pub(crate) trait World {
    fn show_to(&self, host: &mut Command);
}

impl World for Portal {
    fn show_to(&self, host: &mut Command) {
        let key = self.folder().write("host.key", &self.key_of(&self.owner()));
        host.env("HOST_URL", self.url())
            .env("HOST_CA_FILE", self.ca_file())
            .env("HOST_KEY_FILE", key);
    }
}

impl World for Crude {
    fn show_to(&self, host: &mut Command) {
        let key = self.ca_file().with_file_name("host.key");
        fs::write(&key, "sk-0123456789").unwrap();
        host.env("HOST_URL", self.url())
            .env("HOST_CA_FILE", self.ca_file())
            .env("HOST_KEY_FILE", key);
    }
}

/// Without and with TLS.
pub(crate) fn both() -> [Transport; 2] {
    [Transport::Plain, Transport::Tls(TlsConfig::default())]
}

/// A success as portals say it, on a connection that stays.
pub(crate) fn success() -> Vec<u8> {
    let body = r#"{"response":"","count":1,"links":[],"status":0,"statusCode":200,"ok":true}"#;
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The steps of a connection that answers so many changes.
pub(crate) fn answering(changes: usize) -> Vec<Step> {
    let one = [Step::ReadRequest, Step::Send(success())];
    one.into_iter().cycle().take(changes * 2).collect()
}

/// How a host ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) said: String,
}

impl Ended {
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> String {
        assert_eq!(self.status.code(), Some(code), "{self:?}");
        self.said
    }

    /// It ended well, and neither it nor the library wrote a word.
    #[track_caller]
    pub(crate) fn silently(self) {
        assert_eq!(self.with(0), "");
    }

    #[track_caller]
    pub(crate) fn by_signal(self, signal: i32) -> String {
        assert_eq!(self.status.signal(), Some(signal), "{self:?}");
        self.said
    }
}

/// Starts a host; a byte on its standard input tells it to go on.
pub(crate) fn start(host: &mut Command) -> Child {
    host.stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

pub(crate) fn go_on(child: &mut Child) {
    child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
}

/// SIGUSR1.
pub(crate) fn strike(child: &Child) {
    let kill = format!("kill -USR1 {}", child.id());
    support::succeed(Command::new("sh").args(["-c", &kill]));
}

/// Waits for its end.
pub(crate) fn finish(child: Child) -> Ended {
    let output = support::output_in(LONGEST_RUN, child);
    Ended {
        status: output.status,
        said: support::said(&output),
    }
}

pub(crate) fn run(host: &mut Command) -> Ended {
    finish(start(host))
}
