//! Programs in C and C++ against the library as it is shipped, shared and
//! static. What they need of the world they get as arguments.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;
#[path = "c/stages.rs"]
mod stages;
mod support;

use std::cell::RefCell;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use portal::{Account, Lists, Method, Portal};
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
    try_program("version.c", |program| {
        if support::library_is_newer() {
            program.arg("newer");
        }
    });
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
fn a_thread_may_be_cancelled_where_that_is_switched_off_for_the_call() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", silent.local_addr().unwrap());
    try_program("pthread_cancel.c", |program| {
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

/// Tries the program against portals of its own, and gives them back.
fn try_against_portals(
    name: &str,
    arguments: impl Fn(&mut Command, &Portal),
) -> impl Iterator<Item = Portal> {
    let portals = RefCell::new(Vec::new());
    try_program(name, |program| {
        let portal = stages::crowded_portal();
        arguments(program, &portal);
        portals.borrow_mut().push(portal);
    });
    portals.into_inner().into_iter()
}

#[test]
fn everything_read_and_changed_is_the_portals() {
    let portals = try_against_portals("knowing.c", stages::knowing_c);
    for portal in portals {
        for account in [portal.owner(), portal.member(), portal.member2()] {
            assert_eq!(portal.times_unlinked(&account.id), 1, "{account:?}");
        }
        assert!(portal.is_linked(&portal.admin().id));
        assert_eq!(portal.method(), Method::Off);
        assert_eq!(portal.lists(), Lists::default(), "gone with the method");
        // The one that was refused, and the two that were not.
        assert_eq!(portal.count("PUT", "/settings/tfaapp"), 3);
        assert_eq!(portal.count("PUT", "/settings/tfaappnewcodes"), 2);
    }
}

#[test]
fn the_wrapper_reads_and_changes_the_same() {
    let portals = try_against_portals("knowing.cpp", stages::knowing_cpp);
    for portal in portals {
        assert_eq!(portal.times_unlinked(&portal.member().id), 1);
        assert_eq!(portal.method(), Method::Sms);
        assert_eq!(portal.count("PUT", "/settings/tfaapp"), 1);
    }
}

#[test]
fn many_accounts_are_changed_and_resumed() {
    let portals = try_against_portals("many.c", stages::many_c);
    for portal in portals {
        for account in [portal.member(), portal.member2()] {
            assert_eq!(portal.times_unlinked(&account.id), 1, "{account:?}");
        }
        assert_eq!(portal.count("PUT", "/settings/tfaappnewapp"), 2);
    }
}

/// Compiles an example as C99 and gives a maker of runs with these arguments.
fn example(name: &str) -> impl Fn(&Portal, &Account, &str, i32) -> String {
    let source = support::project("examples-c").join(name);
    let program = support::compile(&source, "gcc", "c99", Link::Shared);
    let program = PathBuf::from(program.get_program());
    move |portal, caller, whom, code| {
        let mut run = Command::new(&program);
        run.arg("--ca-file").arg(portal.ca_file());
        run.arg("--key-file").arg(stages::key_file(portal, caller));
        support::run(run.args([&portal.url(), whom]), code)
    }
}

#[test]
fn the_examples_find_and_look() {
    let portal = stages::crowded_portal();
    let (owner, admin, member) = (portal.owner(), portal.admin(), portal.member());

    let find = example("find_account.c");
    let said = find(&portal, &owner, &member.email, 0);
    let expected = format!(
        "id: {}\nname: Max Member\nuser name: {}\ne-mail: {}\nstatus: active\nrole: user\n\
         authenticator app: linked\n",
        member.id, member.user_name, member.email
    );
    assert_eq!(said, expected);
    let said = find(&portal, &owner, stages::HOSTILE, 0);
    assert!(said.contains("name: Eve\u{FFFD}[31m Evil\n"), "{said}");
    let said = find(&portal, &owner, "nobody@portal.example", 1);
    assert!(said.starts_with("refused: NO_SUCH_ACCOUNT "), "{said}");
    find(&portal, &owner, "", 2);

    let check = example("check.c");
    let said = check(&portal, &owner, &member.id, 0);
    let start = format!("account: Max Member <{}>\nwould be done: ", member.email);
    assert!(said.starts_with(&start), "{said}");
    let said = check(&portal, &owner, &portal.unlinked().id, 1);
    assert!(said.contains("would be refused: NOT_LINKED "), "{said}");
    let said = check(&portal, &admin, &member.id, 1);
    assert!(said.contains("would be refused: NOT_OWNER "), "{said}");
    portal.set_method(Method::Off);
    let said = check(&portal, &owner, &owner.id, 3);
    assert!(said.contains("account: your own\nnot known: "), "{said}");
    check(&portal, &owner, "nobody", 2);
    assert!(portal.is_linked(&member.id));
}
