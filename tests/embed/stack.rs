//! How little stack a calling thread can do with.

use std::process::Command;

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::tools::{World, answering, both, host, is_optimised, report, run};

/// What the header asks for, in KiB: without optimisation frames are several
/// times as large.
const PROMISED: u32 = 256;
/// What the library as it is shipped has to do with.
const WANTED: u32 = 128;
/// Sizes that are tried, in KiB.
const SMALLEST: u32 = 32;
const LARGEST: u32 = 2048;
const STEP: u32 = 4;

const SIGSEGV: i32 = 11;

fn refusal() -> Script {
    let body = r#"{"error":{"message":"No","type":"System.InvalidOperationException","stack":"at A"},"status":1,"statusCode":403}"#;
    Script::every(vec![
        Step::ReadRequest,
        Step::Send(
            format!(
                "HTTP/1.1 403 No\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes(),
        ),
    ])
}

/// A change, and the account as it is seen afterwards.
fn verified() -> Script {
    let person = r#"{"response":{"id":"11111111-2222-3333-4444-555555555555","tfaAppEnabled":false},"count":1,"status":0,"statusCode":200}"#;
    let person = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{person}",
        person.len()
    );
    let look = [Step::ReadRequest, Step::Send(person.into_bytes())];
    Script::every([answering(1), look.to_vec(), answering(1)].concat())
}

/// Whether the host lives with so much.
fn suffices(program: &mut Command, refusing: &str, kib: u32) -> bool {
    let mut host = Command::new(program.get_program());
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            host.env(name, value);
        }
    }
    let ended = run(host.args([&kib.to_string(), refusing]));
    if ended.status.success() {
        assert_eq!(ended.said, "");
        return true;
    }
    // An overflow, not some other failure.
    ended.by_signal(SIGSEGV);
    false
}

/// The smallest size that suffices, in KiB.
fn need(transport: Transport) -> u32 {
    let mut host = host("stack.c");
    let good = Crude::start(transport, verified());
    let bad = Crude::start(transport, refusal());
    good.show_to(&mut host);
    // One authority for both is not to be had: each is trusted by its own file.
    let both = format!("{}{}", good.ca_pem(), bad.ca_pem());
    let file = good.ca_file().with_file_name("both.pem");
    std::fs::write(&file, both).unwrap();
    host.env("HOST_CA_FILE", file);

    let (mut too_small, mut enough) = (SMALLEST / STEP, LARGEST / STEP);
    assert!(suffices(&mut host, &bad.url(), enough * STEP));
    while enough - too_small > 1 {
        let middle = too_small.midpoint(enough);
        if suffices(&mut host, &bad.url(), middle * STEP) {
            enough = middle;
        } else {
            too_small = middle;
        }
    }
    enough * STEP
}

#[test]
fn a_small_stack_suffices() {
    for transport in both() {
        let name = match transport {
            Transport::Plain => "plain",
            Transport::Tls(_) => "TLS",
        };
        let need = need(transport);
        let (how, most) = if is_optimised() {
            ("optimised", WANTED)
        } else {
            ("debug", PROMISED)
        };
        report(&format!("measured: stack, {name}, {how}: {need} KiB"));
        assert!(need <= most, "{name}, {how}: {need} KiB");
    }
}
