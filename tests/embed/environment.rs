//! Variables that other libraries read, and this one does not unless asked.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::portal::Portal;
use crate::support::scratch;
use crate::tools::{World, host, run};

/// Everything at once.
fn poison(host: &mut Command, proxy: &str, key_log: &Path) {
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        let value = format!("http://{proxy}");
        host.env(name, &value).env(name.to_uppercase(), &value);
    }
    host.env("SSL_CERT_FILE", "/nowhere.pem")
        .env("SSL_CERT_DIR", "/nowhere")
        .env("SSLKEYLOGFILE", key_log)
        .env("RUST_BACKTRACE", "full")
        .env("RUST_LIB_BACKTRACE", "1")
        .env("RUST_LOG", "trace")
        // More than there is: a thread of that size cannot be had.
        .env("RUST_MIN_STACK", usize::MAX.to_string())
        .env("RES_OPTIONS", "timeout:1 attempts:1 ndots:15")
        .env("LD_BIND_NOW", "1")
        .env("TZ", "Mars/Olympus")
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("HOME", "/nowhere")
        .env("NETRC", "/nowhere");
}

/// An address that is taken, and whether anybody came.
struct Bait(TcpListener);

impl Bait {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Bait(listener)
    }

    fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    /// To be asked after the host has ended: its connections are in the queue.
    fn was_taken(&self) -> bool {
        self.0.accept().is_ok()
    }
}

#[test]
fn the_environment_is_not_noticed() {
    let portal = Portal::start();
    let bait = Bait::new();
    let key_log = scratch("embed-key-log").join("keys");
    let accounts = portal.add_many(2);
    // By name too: that starts a thread.
    for (url, account) in [portal.url(), portal.url_by_name()].iter().zip(&accounts) {
        let mut host = host("environment.c");
        portal.show_to(&mut host);
        poison(&mut host, &bait.address(), &key_log);
        host.env("HOST_URL", url);
        run(host.args(["changed", &account.id])).silently();
        assert!(!portal.is_linked(&account.id));
    }
    assert!(!bait.was_taken(), "the proxy was asked");
    assert!(!key_log.exists(), "keys were logged");
}

#[test]
fn the_environment_adds_no_authority() {
    let portal = Portal::start();
    let bait = Bait::new();
    let key_log = scratch("embed-key-log-2").join("keys");
    let mut host = host("environment.c");
    portal.show_to(&mut host);
    poison(&mut host, &bait.address(), &key_log);
    host.env_remove("HOST_CA_FILE")
        .env("SSL_CERT_FILE", portal.ca_file())
        .env("SSL_CERT_DIR", portal.folder().path());
    run(host.args(["distrusted", &portal.member().id])).silently();
    assert_eq!(portal.request_count(), 0);
    assert!(!bait.was_taken());
}

/// The bait of these tests is one: a host that asks for the variables takes it.
#[test]
fn the_environment_is_noticed_when_asked_for() {
    let portal = Portal::start();
    let bait = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = bait.local_addr().unwrap().to_string();
    let mut host = host("environment.c");
    portal.show_to(&mut host);
    poison(&mut host, &address, Path::new("/nowhere/keys"));
    // Takes one connection and closes it.
    let taken = thread::spawn(move || bait.accept().is_ok());
    run(host.args(["proxied", &portal.member().id])).silently();
    assert!(taken.join().unwrap());
    assert_eq!(portal.connections(), 0);
}
