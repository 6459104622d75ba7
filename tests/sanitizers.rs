//! The C programs of the tests under valgrind, with the shared library, and with
//! AddressSanitizer and UndefinedBehaviorSanitizer, with the static one.
//!
//! A machine without valgrind, or whose compiler has no sanitizers, says "not
//! run:" on standard error.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;
#[path = "c/stages.rs"]
mod stages;
mod support;

#[allow(dead_code, reason = "shared with other tests")]
#[path = "embed/tools.rs"]
mod tools;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use portal::crude::{Crude, Step, Transport};
use portal::tls::Folder;
use portal::{Portal, tls};
use tools::{World, finish, report, run, start, strike};

/// How a program is watched.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Watch {
    Valgrind,
    Sanitizers,
}

/// What valgrind ends with when it found something.
const FOUND: &str = "--error-exitcode=99";

impl Watch {
    /// A program of `tests/`, to be run under watch; none if that cannot be had.
    fn over(self, source: &str) -> Option<Command> {
        let place = tools::place(source.rsplit('/').next().unwrap());
        let program = place.join("watched");
        let mut compiler = tools::compiler(&format!("../{source}"));
        compiler.arg("-o").arg(&program);
        match self {
            Watch::Valgrind => {
                if !support::has("valgrind") {
                    report(&format!("not run: {source} under valgrind (no valgrind)"));
                    return None;
                }
                let name = place.join("libdocspace_tfa.so.0");
                std::os::unix::fs::symlink(tools::library(), &name).unwrap();
                compiler
                    .arg(&name)
                    .arg("-ldl")
                    .arg(format!("-Wl,-rpath,{}", place.display()));
                support::succeed(&mut compiler);
                let mut command = Command::new("valgrind");
                command
                    .args([
                        "-q",
                        "--leak-check=full",
                        "--show-leak-kinds=definite,indirect",
                    ])
                    .args(["--errors-for-leak-kinds=definite,indirect", FOUND])
                    .arg(format!(
                        "--suppressions={}",
                        support::project("tests/embed/valgrind.supp").display()
                    ))
                    .arg(program);
                Some(command)
            }
            Watch::Sanitizers => {
                if !has_sanitizers() {
                    report(&format!(
                        "not run: {source} with sanitizers (not in this compiler)"
                    ));
                    return None;
                }
                compiler
                    .args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"])
                    .arg(support::library(support::Link::Static))
                    .args([
                        "-lgcc_s",
                        "-lutil",
                        "-lrt",
                        "-lpthread",
                        "-lm",
                        "-ldl",
                        "-lc",
                    ]);
                support::succeed(&mut compiler);
                let mut command = Command::new(program);
                command.env_clear();
                command.env(
                    "ASAN_OPTIONS",
                    "detect_leaks=1:detect_stack_use_after_return=1",
                );
                Some(command)
            }
        }
    }
}

fn has_sanitizers() -> bool {
    let place = tools::place("sanitizers");
    let source = place.join("empty.c");
    std::fs::write(&source, "int main(void) { return 0; }\n").unwrap();
    let program = place.join("empty");
    let built = Command::new("gcc")
        .args(["-fsanitize=address,undefined", "-o"])
        .args([&program, &source])
        .output();
    built.is_ok_and(|it| it.status.success())
        && Command::new(program)
            .output()
            .is_ok_and(|it| it.status.success())
}

/// Runs a program under both watches: it has to end well and in silence.
fn watch(source: &str, prepare: impl Fn(&mut Command)) {
    for watch in [Watch::Valgrind, Watch::Sanitizers] {
        if let Some(mut program) = watch.over(source) {
            prepare(&mut program);
            run(&mut program).silently();
        }
    }
}

/// A URL at which nothing listens: the port was free a moment ago.
fn refusing_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("https://{}", listener.local_addr().unwrap())
}

/// A certificate authority, a certificate, its key, and the key of another.
fn pem(folder: &Folder) -> [PathBuf; 4] {
    let authority = tls::Authority::new();
    let (one, other) = (authority.client(), authority.client());
    [
        folder.write("ca.pem", &authority.pem()),
        folder.write("certificate.pem", &one.certificate_pem),
        folder.write("key.pem", &one.key_pem),
        folder.write("other.pem", &other.key_pem),
    ]
}

#[test]
fn contract_null_and_wrong() {
    watch("c/null_and_wrong.c", |_| ());
}

#[test]
fn contract_version() {
    watch("c/version.c", |_| ());
}

#[test]
fn contract_cpp98() {
    watch("c/cxx98.cpp", |_| ());
}

#[test]
fn contract_options() {
    let folder = Folder::new();
    let files = pem(&folder);
    watch("c/options.c", |program| {
        program.args(&files);
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            program.env(name, "socks5://127.0.0.1:1");
        }
    });
}

#[test]
fn contract_threads() {
    watch("c/threads.c", |program| {
        program.arg(refusing_url());
    });
}

#[test]
fn contract_pthread_cancel() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    watch("c/pthread_cancel.c", |program| {
        program.arg(format!("https://{}", silent.local_addr().unwrap()));
    });
}

#[test]
fn contract_unload() {
    watch("c/unload.c", |program| {
        program.arg(tools::library());
    });
}

#[test]
fn contract_refused_and_wrapper() {
    let folder = Folder::new();
    let [ca, ..] = pem(&folder);
    for source in ["c/refused.c", "c/wrapper.cpp"] {
        watch(source, |program| {
            program.arg(refusing_url()).arg(&ca);
        });
    }
}

/// A portal of its own for every run: each changes it.
fn watch_against_portals(source: &str, arguments: fn(&mut Command, &Portal)) {
    let portals = std::cell::RefCell::new(Vec::new());
    watch(source, |program| {
        let portal = stages::crowded_portal();
        arguments(program, &portal);
        portals.borrow_mut().push(portal);
    });
}

#[test]
fn contract_knowing() {
    watch_against_portals("c/knowing.c", stages::knowing_c);
}

#[test]
fn contract_knowing_cpp() {
    watch_against_portals("c/knowing.cpp", stages::knowing_cpp);
}

#[test]
fn contract_many() {
    watch_against_portals("c/many.c", stages::many_c);
}

/// In place of `c/cancel.c`, whose timer may strike before a watched program has
/// come to its request.
#[test]
fn cancelling_in_a_handler() {
    for watch in [Watch::Valgrind, Watch::Sanitizers] {
        let portal = Crude::start(Transport::Plain, vec![Step::ReadRequest, Step::HoldOpen]);
        if let Some(mut program) = watch.over("embed/handler.c") {
            portal.show_to(&mut program);
            let child = start(&mut program);
            portal.wait_for_requests(1);
            strike(&child);
            finish(child).silently();
        }
    }
}

#[test]
fn from_beginning_to_end() {
    for builder in [
        Portal::builder().plain(),
        Portal::builder(),
        Portal::builder().only_tls12(),
    ] {
        let portal = builder.start();
        watch("embed/small.c", |program| {
            portal.show_to(program);
            let linked = &portal.add_many(1)[0];
            program.args([&linked.id, &portal.unlinked().id]);
        });
    }
}

/// The watches see what there is to see.
#[test]
fn faults_are_found() {
    for watch in [Watch::Valgrind, Watch::Sanitizers] {
        let faults = match watch {
            Watch::Valgrind => [
                ("leak", "definitely lost"),
                ("read", "Invalid read"),
                ("jump", "Invalid read"),
            ],
            Watch::Sanitizers => [
                ("leak", "detected memory leaks"),
                ("read", "heap-use-after-free"),
                ("jump", "heap-buffer-overflow"),
            ],
        };
        for (fault, named) in faults {
            let Some(mut program) = watch.over("embed/faulty.c") else {
                continue;
            };
            let ended = run(program.arg(fault));
            let said = ended.said;
            assert_ne!(ended.status.code(), Some(0), "{watch:?} {fault}: {said}");
            assert!(said.contains(named), "{watch:?} {fault}: {said}");
        }
    }
}

/// Every program of `tests/c` is watched here, but the one about output, which
/// watches need for themselves, and the one about timing.
#[test]
fn all_contract_programs_are_watched() {
    let this = support::read("tests/sanitizers.rs");
    for entry in std::fs::read_dir(support::project("tests/c")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_program = Path::new(name)
            .extension()
            .is_some_and(|extension| extension == "c" || extension == "cpp");
        if is_program && !["closed_stdio.c", "cancel.c"].contains(&name) {
            assert!(this.contains(&format!("\"c/{name}\"")), "{name}");
        }
    }
}
