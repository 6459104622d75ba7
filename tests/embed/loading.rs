//! A host that comes and goes: loading, unloading, and ending in the middle.

use crate::portal::crude::{Crude, Step, Transport};
use crate::portal::tls::TlsConfig;
use crate::tools::{World, answering, both, finish, go_on, host, loading_host, run, shim, start};

#[test]
fn unloading_a_hundred_times_hurts_nobody() {
    const ROUNDS: usize = 100;
    let portal = Crude::start(Transport::Tls(TlsConfig::default()), answering(1));
    let mut host = loading_host("unload.c");
    portal.show_to(&mut host);
    run(host.arg(ROUNDS.to_string())).silently();
    assert_eq!(portal.complete_requests(), ROUNDS);
}

#[test]
fn a_host_may_end_during_a_call() {
    for transport in both() {
        let portal = Crude::start(transport, vec![Step::ReadRequest, Step::HoldOpen]);
        let mut host = host("leaving.c");
        portal.show_to(&mut host);
        let mut child = start(host.arg("7"));
        portal.wait_for_requests(1);
        go_on(&mut child);
        assert_eq!(finish(child).with(7), "");
    }
}

#[test]
fn a_host_may_end_during_a_name_look_up() {
    let portal = Crude::start(Transport::Plain, answering(1));
    let mut host = host("leaving.c");
    portal.show_to(&mut host);
    host.env("HOST_URL", format!("http://localhost:{}", portal.port()))
        .env("LD_PRELOAD", shim("slow_names.c"));
    let mut child = start(host.arg("7"));
    go_on(&mut child);
    assert_eq!(finish(child).with(7), "");
    assert_eq!(portal.connections(), 0);
}
