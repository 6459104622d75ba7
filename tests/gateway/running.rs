//! A program that runs until its owner is gone, and what it says meanwhile.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for what ought to happen at once.
const PATIENCE: Duration = Duration::from_secs(20);
/// Somebody else may take a port that was free a moment ago.
const PORTS_TO_TRY: usize = 5;

/// Runs a program until the input ends, so that it ends with the test whatever
/// becomes of that.
const UNTIL_INPUT_ENDS: &str = r#""$@" & child=$!; read -r _; kill -TERM $child; wait $child"#;

#[derive(Debug)]
pub struct Running {
    shell: Child,
    /// Its end is the program's.
    input: Option<ChildStdin>,
    said: Receiver<String>,
}

impl Running {
    /// Starts a program and waits until it says `ready`; none if it could not
    /// listen, of which it says `failed` and `bind`.
    pub fn start(program: &Command, ready: &str, failed: &str) -> Option<Self> {
        let mut shell = Command::new("sh")
            .args(["-c", UNTIL_INPUT_ENDS, "sh"])
            .arg(program.get_program())
            .args(program.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = shell.stdin.take();
        let lines = BufReader::new(shell.stderr.take().unwrap()).lines();
        let (say, said) = channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if say.send(line).is_err() {
                    break;
                }
            }
        });
        let running = Self { shell, input, said };
        let line = running.wait_for(&[ready, failed]);
        if line.contains(failed) {
            assert!(line.contains("bind"), "{line}");
            return None;
        }
        Some(running)
    }

    /// The next line with one of these texts.
    pub fn wait_for(&self, texts: &[&str]) -> String {
        let until = Instant::now() + PATIENCE;
        let mut heard = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(line) = self.said.recv_timeout(left) else {
                panic!("none of {texts:?} in {heard:#?}");
            };
            if texts.iter().any(|text| line.contains(text)) {
                return line;
            }
            heard.push(line);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.shell.wait();
    }
}

/// A program on a port that was free.
pub fn on_free_port(start: impl Fn(u16) -> Option<Running>) -> (u16, Running) {
    for _ in 0..PORTS_TO_TRY {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        if let Some(running) = start(port) {
            return (port, running);
        }
    }
    panic!("found no port");
}
