//! nginx in front of the stand-in: configuration and files of its own, nothing
//! of the machine's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::portal::Portal;
use crate::running::{Running, on_free_port};
use crate::support;

/// What differs from test to test.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Lines of `upstream`; `PORTAL` is where the stand-in listens.
    pub upstream: &'static str,
    /// Lines of `server`.
    pub server: &'static str,
    /// Lines of the `location` that forwards.
    pub location: &'static str,
}

/// One address, over connections that are kept, and nothing is sent twice.
pub const PLAIN: Setup = Setup {
    upstream: "server PORTAL; keepalive 4;",
    server: "",
    location: "proxy_next_upstream off;",
};

#[derive(Debug)]
pub struct Nginx {
    program: &'static str,
    port: u16,
    folder: PathBuf,
    running: Option<Running>,
}

/// Where nginx is; where it is not, that is said once.
pub fn find() -> Option<&'static str> {
    static SAID: Once = Once::new();
    // Debian does not put it where everybody looks.
    let found = ["nginx", "/usr/sbin/nginx"]
        .into_iter()
        .find(|path| support::has(path));
    if found.is_none() {
        SAID.call_once(|| support::not_run("a portal behind nginx (no nginx)"));
    }
    found
}

impl Nginx {
    /// None where there is no nginx.
    pub fn before(portal: &Portal, setup: &Setup) -> Option<Self> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let program = find()?;
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = portal.folder().path().join(format!("nginx-{number}"));
        fs::create_dir(&folder).unwrap();
        fs::write(
            folder.join("late.html"),
            "<!DOCTYPE html><p>Come back later.",
        )
        .unwrap();
        let (port, running) = on_free_port(|port| {
            let text = configuration(&folder, port, portal.port(), setup);
            fs::write(folder.join("nginx.conf"), text).unwrap();
            start(program, &folder)
        });
        Some(Self {
            program,
            port,
            folder,
            running: Some(running),
        })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// At once: what is under way is cut.
    pub fn stop(&mut self) {
        self.running = None;
    }

    pub fn start_again(&mut self) {
        self.running = start(self.program, &self.folder);
        assert!(self.running.is_some(), "somebody else took the port");
    }

    /// New workers take over; the old ones end what they have begun, and close
    /// what is idle.
    pub fn reload(&self) {
        let mut order = at(self.program, &self.folder);
        support::succeed(order.args(["-s", "reload"]));
        self.wait_for("gracefully shutting down");
    }

    /// Waits until the workers of before a reload are gone.
    pub fn wait_for_the_old_workers(&self) {
        self.wait_for("exited with code 0");
    }

    fn wait_for(&self, text: &str) {
        self.running.as_ref().unwrap().wait_for(&[text]);
    }
}

/// None if it could not listen.
fn start(program: &str, folder: &Path) -> Option<Running> {
    Running::start(&at(program, folder), "start worker process ", "[emerg]")
}

fn at(program: &str, folder: &Path) -> Command {
    let mut nginx = Command::new(program);
    nginx
        .arg("-p")
        .arg(folder)
        .arg("-c")
        .arg(folder.join("nginx.conf"))
        .args(["-e", "stderr"]);
    nginx
}

fn configuration(folder: &Path, port: u16, portal: u16, setup: &Setup) -> String {
    let Setup {
        upstream,
        server,
        location,
    } = setup;
    let place = folder.display();
    let upstream = upstream.replace("PORTAL", &format!("127.0.0.1:{portal}"));
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {place}/{kind};"))
        .join(" ");
    let user = user();
    format!(
        r#"{user}
daemon off;
worker_processes 1;
pid {place}/pid;
error_log stderr notice;
events {{ worker_connections 256; }}
http {{
    access_log off;
    {temporary}
    upstream portal {{ {upstream} }}
    server {{
        listen 127.0.0.1:{port};
        root {place};
        {server}
        location / {{
            proxy_pass http://portal;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            {location}
        }}
    }}
}}
"#
    )
}

/// Whoever starts it as root gets workers who may not read this folder.
fn user() -> String {
    let name = |option| support::succeed(Command::new("id").arg(option));
    let (user, group) = (name("-un"), name("-gn"));
    match user.trim() {
        "root" => format!("user root {};", group.trim()),
        _ => String::new(),
    }
}
