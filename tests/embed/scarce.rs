//! What a call needs of the system and does not get: descriptors, threads, names
//! in time.

use crate::portal::crude::{Crude, Transport};
use crate::portal::tls::TlsConfig;
use crate::tools::{World, answering, both, host, run, shim};

const SIGABRT: i32 = 6;

fn by_name(portal: &Crude) -> String {
    portal.url().replace("127.0.0.1", "localhost")
}

#[test]
fn without_descriptors_nothing_is_changed() {
    for transport in both() {
        let portal = Crude::start(transport, answering(2));
        let mut host = host("scarce_descriptors.c");
        portal.show_to(&mut host);
        run(host.arg(by_name(&portal))).silently();
        assert_eq!(portal.complete_requests(), 2);
    }
}

/// There is no answer without memory to make it in: the process ends at once, as
/// the header says, and nothing is half done in silence.
#[test]
fn without_memory_the_host_ends() {
    let said = run(&mut host("scarce_memory.c")).by_signal(SIGABRT);
    assert!(said.contains("memory allocation"), "{said}");
}

#[test]
fn without_threads_nothing_is_changed() {
    let portal = Crude::start(Transport::Tls(TlsConfig::default()), answering(1));
    let mut host = host("scarce_threads.c");
    portal.show_to(&mut host);
    host.env("HOST_URL", by_name(&portal))
        .env("LD_PRELOAD", shim("no_thread.c"));
    run(&mut host).silently();
    assert_eq!(portal.complete_requests(), 1);
}

#[test]
fn names_that_take_too_long_are_left_behind() {
    for (how, requests) in [("wait", 1), ("leave", 0)] {
        let portal = Crude::start(Transport::Tls(TlsConfig::default()), answering(1));
        let mut host = host("names.c");
        portal.show_to(&mut host);
        host.env("HOST_URL", by_name(&portal))
            .env("LD_PRELOAD", shim("slow_names.c"));
        run(host.arg(how)).silently();
        assert_eq!(portal.complete_requests(), requests);
    }
}
