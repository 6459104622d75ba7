//! haproxy, told to send again what may be sent again.

use std::process::Command;

use crate::portal::{Fault, Portal};
use crate::running::{Running, on_free_port};
use crate::{Look, owner, sent_twice, support};

fn find() -> Option<&'static str> {
    let found = ["haproxy", "/usr/sbin/haproxy"]
        .into_iter()
        .find(|path| support::has(path));
    if found.is_none() {
        support::not_run("a portal behind haproxy (no haproxy)");
    }
    found
}

fn configuration(port: u16, portal: u16) -> String {
    format!(
        "defaults
    mode http
    timeout connect 20s
    timeout client 60s
    timeout server 60s
    retries 3
    retry-on all-retryable-errors
frontend gateway
    bind 127.0.0.1:{port}
    default_backend portal
backend portal
    server stand-in 127.0.0.1:{portal}
"
    )
}

fn start(program: &str, portal: &Portal, port: u16) -> Option<Running> {
    let text = configuration(port, portal.port());
    let path = portal.folder().write("haproxy.cfg", &text);
    let mut haproxy = Command::new(program);
    haproxy.arg("-W").arg("-f").arg(path);
    Running::start(&haproxy, "Loading success", "[ALERT]")
}

#[test]
fn what_haproxy_sends_twice_is_no_only_where_nobody_had_looked() {
    let Some(program) = find() else { return };
    for look in Look::BOTH {
        let portal = Portal::builder().plain().start();
        let (port, _running) = on_free_port(|port| start(program, &portal, port));
        let client = owner(&portal, &format!("http://127.0.0.1:{port}"))
            .build()
            .unwrap();
        sent_twice("haproxy", &portal, &client, &Fault::CloseAfterAction, look);
    }
}
