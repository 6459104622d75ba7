//! The tool, built once, and how it is run: without a terminal or on one.

use std::io::{Read, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::portal::Portal;
use crate::support::{self, Link};

/// Nothing here takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

struct Built {
    tool: PathBuf,
    /// With the clock of tests/tfa_admin/clock.c.
    timed: PathBuf,
    pty: PathBuf,
}

/// Where the tool's source is.
const SOURCES: &str = "examples-c/tfa-admin";

fn built() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = support::scratch("tfa-admin");
        let library = support::library(Link::Shared);
        symlink(&library, folder.join("libdocspace_tfa.so.0")).unwrap();
        let build = |name: &str, sources: Vec<PathBuf>| {
            let tool = folder.join(name);
            support::succeed(
                strict("gcc")
                    .args(["-pthread", "-D_POSIX_C_SOURCE=200809L", "-I"])
                    .arg(support::project(SOURCES))
                    .args(sources)
                    .arg("-o")
                    .arg(&tool)
                    .arg(&library)
                    .arg(format!("-Wl,-rpath,{}", folder.display())),
            );
            tool
        };
        let tool = build("tfa-admin", sources());
        let mut timed = sources();
        timed.retain(|path| !path.ends_with("clock.c"));
        timed.push(support::project("tests/tfa_admin/clock.c"));
        let timed = build("tfa-admin-timed", timed);
        let pty = folder.join("pty");
        support::succeed(
            strict("gcc")
                .arg(support::project("tests/tfa_admin/pty.c"))
                .arg("-o")
                .arg(&pty)
                .arg("-lutil"),
        );
        Built { tool, timed, pty }
    })
}

pub(crate) fn sources() -> Vec<PathBuf> {
    let mut sources: Vec<PathBuf> = fs::read_dir(support::project(SOURCES))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "c"))
        .collect();
    sources.sort();
    sources
}

pub(crate) fn strict(compiler: &str) -> Command {
    let mut command = support::need(compiler);
    command
        .arg("-std=c99")
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
        .arg(support::project("include"));
    command
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().expect("it was killed"),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text), "no {text:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(self.err.contains(text), "no {text:?} in {self:#?}");
        self
    }

    /// The objects of `--json`.
    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<serde_json::Value> {
        let lines = self.out.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}")))
            .collect()
    }

    /// The only object, which has to give the exit code of the program.
    #[track_caller]
    pub(crate) fn object(&self) -> serde_json::Value {
        let mut objects = self.objects();
        assert_eq!(objects.len(), 1, "{self:#?}");
        let object = objects.remove(0);
        assert_eq!(object["exit"], self.code, "{self:#?}");
        object
    }
}

/// The tool beside a portal, with a key file and a folder to work in.
pub(crate) struct Tool {
    pub(crate) folder: PathBuf,
    url: String,
    ca_file: PathBuf,
    pub(crate) key: String,
    is_timed: bool,
}

impl Tool {
    /// With the owner's key.
    pub(crate) fn new(portal: &Portal) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let tool = Self {
            folder: support::scratch(&format!("tfa-admin-work-{number}")),
            url: portal.url(),
            ca_file: portal.ca_file().to_owned(),
            key: portal.key_of(&portal.owner()),
            is_timed: false,
        };
        tool.write("key", &tool.key, 0o600);
        tool
    }

    pub(crate) fn at(mut self, url: &str) -> Self {
        url.clone_into(&mut self.url);
        self
    }

    pub(crate) fn with_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.key);
        self.write("key", key, 0o600);
        self
    }

    /// With a clock that the test moves.
    pub(crate) fn timed(mut self) -> Self {
        self.is_timed = true;
        self
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>, mode: u32) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    pub(crate) fn list(&self, content: impl AsRef<[u8]>) {
        self.write("list", content, 0o644);
    }

    /// With the portal and nothing else; 0 columns are no terminal.
    pub(crate) fn bare(&self, columns: usize, words: &[&str]) -> Command {
        let built = built();
        let mut command = Command::new(&built.pty);
        command
            .arg(columns.to_string())
            .arg(if self.is_timed {
                &built.timed
            } else {
                &built.tool
            })
            .args(words)
            .env_clear()
            .env("TERM", "xterm")
            .env("DOCSPACE_PORTAL", &self.url)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn command(&self, columns: usize, words: &[&str]) -> Command {
        let mut command = self.bare(columns, words);
        command
            .arg("--ca-file")
            .arg(&self.ca_file)
            .args(["--key-file", "key"]);
        command
    }

    pub(crate) fn ca_file(&self) -> &str {
        self.ca_file.to_str().unwrap()
    }

    /// Runs it in pipes, without a terminal.
    pub(crate) fn run(&self, words: &[&str]) -> Ended {
        finish(&mut self.command(0, words), b"")
    }

    pub(crate) fn run_with_input(&self, words: &[&str], input: impl AsRef<[u8]>) -> Ended {
        finish(&mut self.command(0, words), input.as_ref())
    }

    /// Starts it in pipes, to be signalled.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        self.command(0, words).spawn().unwrap()
    }

    /// Commands as an administrator types them, with the tool where a shell finds it.
    pub(crate) fn script_on_terminal(&self, lines: &str) -> Terminal {
        let folder = built().tool.parent().unwrap().to_str().unwrap();
        let path = format!("{folder}:{}", env::var("PATH").unwrap());
        let mut command = Command::new(&built().pty);
        command
            .args(["100", "/bin/sh", "-e", "-c", lines])
            .env("PATH", path)
            .current_dir(&self.folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Terminal::start(&mut command)
    }

    pub(crate) fn on_terminal(&self, words: &[&str]) -> Terminal {
        Terminal::start(&mut self.command(100, words))
    }
}

pub(crate) fn finish(command: &mut Command, input: &[u8]) -> Ended {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = thread::spawn(move || {
        // It need not read all of it.
        let _ = pipe.write_all(&input);
    });
    let ended = wait(child);
    writer.join().unwrap();
    ended
}

pub(crate) fn wait(child: Child) -> Ended {
    Ended::of(&support::output_in(PATIENCE, child))
}

pub(crate) fn signal(id: &str, name: &str) {
    support::succeed(Command::new("kill").args(["-s", name, id]));
}

type Screen = Arc<(Mutex<String>, Condvar)>;

/// The tool on a terminal.
pub(crate) struct Terminal {
    child: Child,
    screen: Screen,
    reader: JoinHandle<()>,
    seen: usize,
}

impl Terminal {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut output = child.stdout.take().unwrap();
        let screen = Screen::default();
        let shown = Arc::clone(&screen);
        let reader = thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = output.read(&mut bytes) {
                if count == 0 {
                    break;
                }
                let text = String::from_utf8_lossy(&bytes[..count]);
                shown.0.lock().unwrap().push_str(&text);
                shown.1.notify_all();
            }
        });
        Self {
            child,
            screen,
            reader,
            seen: 0,
        }
    }

    /// Waits until the terminal shows this, after what was waited for before.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) -> &mut Self {
        let until = Instant::now() + PATIENCE;
        let mut screen = self.screen.0.lock().unwrap();
        loop {
            if let Some(at) = screen[self.seen..].find(text) {
                self.seen += at + text.len();
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no {text:?} on the screen: {screen}");
            screen = self.screen.1.wait_timeout(screen, left).unwrap().0;
        }
        drop(screen);
        self
    }

    pub(crate) fn types(&mut self, text: &str) -> &mut Self {
        let keys = self.child.stdin.as_mut().unwrap();
        keys.write_all(text.as_bytes()).unwrap();
        self
    }

    /// What the terminal showed from the beginning to the end. The terminal has
    /// to be as it was.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        let keys = self.child.stdin.take();
        let mut ended = wait(self.child);
        drop(keys);
        self.reader.join().unwrap();
        ended.out = self.screen.0.lock().unwrap().clone();
        assert_eq!(ended.err, "echo on\n", "{ended:#?}");
        ended
    }
}
