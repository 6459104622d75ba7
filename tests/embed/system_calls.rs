//! What a change costs once there is a connection.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::portal::crude::Crude;
use crate::support::scratch;
use crate::tools::{World, answering, both, host, report, run};

/// Calls of a whole run, by name.
type Calls = BTreeMap<String, u64>;

/// `strace -c`: one line a system call, with its number in the fourth column.
fn read(table: &Path) -> Calls {
    let text = fs::read_to_string(table).unwrap();
    let lines = text.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let name = words.last()?;
        let number = words.get(3)?.parse().ok()?;
        (*name != "total").then(|| ((*name).to_owned(), number))
    });
    let calls: Calls = lines.collect();
    assert!(calls.contains_key("execve"), "{text}");
    calls
}

fn trace(portal: &Crude, changes: u64, anew: bool) -> Calls {
    let plain = host("steady.c");
    let table = scratch(&format!("embed-calls-{changes}-{}", portal.port())).join("table");
    let mut traced = Command::new("strace");
    traced
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .args(["-f", "-c", "-o"])
        .arg(&table)
        .arg(plain.get_program())
        .arg(changes.to_string());
    if anew {
        traced.arg("anew");
    }
    portal.show_to(&mut traced);
    run(&mut traced).silently();
    read(&table)
}

/// How many more calls the second run made, by name.
fn difference(fewer: &Calls, more: &Calls) -> BTreeMap<String, i64> {
    let names = fewer.keys().chain(more.keys());
    let count = |calls: &Calls, name| i64::try_from(calls.get(name).copied().unwrap_or(0)).unwrap();
    names
        .map(|name| (name.clone(), count(more, name) - count(fewer, name)))
        .filter(|(_, difference)| *difference != 0)
        .collect()
}

/// Tracing may be forbidden, in containers above all.
fn can_trace() -> bool {
    let tried = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

#[test]
fn a_change_on_a_kept_connection_takes_five_system_calls_at_most() {
    if !can_trace() {
        report("not run: system calls of a change (no strace, or not allowed)");
        return;
    }
    for transport in both() {
        let portal = Crude::start(transport, answering(400));
        let fewer = trace(&portal, 200, false);
        let more = trace(&portal, 400, false);
        assert_eq!(portal.connections(), 2);
        let difference = difference(&fewer, &more);
        let all: i64 = difference.values().sum();
        report(&format!(
            "measured: {} of 200 more changes on one connection: {difference:?}",
            portal.url().split(':').next().unwrap_or_default(),
        ));
        // One more or less now and then is memory.
        assert!((600..=1010).contains(&all), "{difference:?}");
        for threads in ["clone", "clone3", "fork", "vfork", "socket"] {
            assert!(!difference.contains_key(threads), "{difference:?}");
        }
    }
}

/// The measure of that test measures: a connection anew costs more, and shows.
#[test]
fn new_connections_take_more() {
    if !can_trace() {
        report("not run: system calls of new connections (no strace, or not allowed)");
        return;
    }
    let portal = Crude::start(both()[0], answering(1));
    let difference = difference(&trace(&portal, 2, true), &trace(&portal, 12, true));
    assert!(difference["socket"] == 10, "{difference:?}");
    assert!(difference.values().sum::<i64>() > 50, "{difference:?}");
}
