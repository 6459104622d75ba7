//! Programs in C and C++ against the library as it is shipped, shared and
//! static. What they need of the world they get as arguments.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod support;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use socket2::{Domain, Socket, Type};
use support::Link;

/// Compiles a program in every way that makes a difference, and runs it after
/// `prepare` gave it its arguments.
fn try_program(name: &str, prepare: impl Fn(&mut Command)) {
    let ways: &[(&str, &str, Link)] = match Path::new(name).extension().and_then(|it| it.to_str()) {
        Some("c") => &[
            ("gcc", "c89", Link::Shared),
            ("gcc", "c99", Link::Static),
            ("gcc", "c17", Link::Shared),
        ],
        Some("cpp") if name == "cxx98.cpp" => &[
            ("g++", "c++98", Link::Shared),
            ("g++", "c++98", Link::Static),
        ],
        _ => &[
            ("g++", "c++11", Link::Shared),
            ("g++", "c++11", Link::Static),
            ("g++", "c++20", Link::Shared),
        ],
    };
    let source = support::project("tests/c").join(name);
    for (compiler, standard, link) in ways {
        let mut program = support::compile(&source, compiler, standard, *link);
        prepare(&mut program);
        let said = support::run(&mut program, 0);
        assert_eq!(said, "", "the library prints nothing");
    }
}

/// An https address at which nothing listens, as long as the socket lives: the
/// port is taken, so that nobody else can get it.
fn refusing_url() -> (Socket, String) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket
        .bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())
        .unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    (socket, format!("https://{address}"))
}

/// The PEM files a program may ask for.
struct Pem {
    ca: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
    other_key: PathBuf,
}

fn pem(test: &str) -> Pem {
    let folder = support::scratch(&format!("pem-{test}"));
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = vec!["client.example.com".to_owned()];
    let certificate = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    Pem {
        ca: write("ca.pem", issuer.pem()),
        certificate: write("certificate.pem", certificate.pem()),
        key: write("key.pem", key.serialize_pem()),
        other_key: write("other.pem", KeyPair::generate().unwrap().serialize_pem()),
    }
}

#[test]
fn null_and_wrong_values_are_refused() {
    try_program("null_and_wrong.c", |_| ());
}

#[test]
fn versions_and_words_agree_with_the_header() {
    try_program("version.c", |_| ());
}

#[test]
fn options_are_judged_at_once() {
    let pem = pem("options");
    try_program("options.c", |program| {
        program.args([&pem.ca, &pem.certificate, &pem.key, &pem.other_key]);
        // Not to be looked at unless the program asks for it.
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            program.env(name, "socks5://127.0.0.1:1");
        }
        for name in ["NO_PROXY", "no_proxy"] {
            program.env_remove(name);
        }
    });
}

#[test]
fn a_refused_connection_changes_nothing() {
    let (_taken, url) = refusing_url();
    let pem = pem("refused");
    try_program("refused.c", |program| {
        program.arg(&url).arg(&pem.ca);
    });
}

#[test]
fn nothing_is_printed_and_nothing_raised() {
    let (_taken, url) = refusing_url();
    for how in ["closed", "pipe"] {
        try_program("closed_stdio.c", |program| {
            program.args([how, &url]);
        });
    }
}

#[test]
fn a_call_is_cancelled_from_a_signal_handler() {
    // Connections wait in its queue for ever.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let (_taken, url) = refusing_url();
    try_program("cancel.c", |program| {
        program.args([&address, &url]);
    });
}

#[test]
fn threads_share_a_client_on_small_stacks() {
    let (_taken, url) = refusing_url();
    try_program("threads.c", |program| {
        program.arg(&url);
    });
}

#[test]
fn the_library_stays_when_it_is_unloaded() {
    try_program("unload.c", |program| {
        program.arg(support::library(Link::Shared));
    });
}

#[test]
fn cpp98_can_call() {
    try_program("cxx98.cpp", |_| ());
}

#[test]
fn the_wrapper_throws_moves_and_frees() {
    let (_taken, url) = refusing_url();
    let pem = pem("wrapper");
    try_program("wrapper.cpp", |program| {
        program.arg(&url).arg(&pem.ca);
    });
}
