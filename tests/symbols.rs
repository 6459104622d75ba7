//! What the shared library exports, what the header declares, and what abi/
//! promises are the same.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod support;

use support::Link;

/// The first column of abi/symbols.txt.
fn promised() -> Vec<String> {
    columns("abi/symbols.txt").map(|(name, _)| name).collect()
}

fn columns(path: &str) -> impl Iterator<Item = (String, String)> {
    let lines: Vec<String> = support::read(path).lines().map(str::to_owned).collect();
    lines
        .into_iter()
        .filter(|line| !line.starts_with('#'))
        .map(move |line| {
            let (name, rest) = line.split_once(' ').expect("two columns");
            (name.to_owned(), rest.trim().to_owned())
        })
}

#[test]
fn the_library_exports_what_is_promised_and_nothing_else() {
    let symbols = support::succeed(
        support::need("nm")
            .args(["-D", "--defined-only"])
            .arg(support::library(Link::Shared)),
    );
    let mut exported: Vec<String> = symbols
        .lines()
        .map(|line| line.rsplit(' ').next().unwrap().to_owned())
        .collect();
    exported.sort();
    assert_eq!(
        exported,
        promised(),
        "left: the library; right: abi/symbols.txt"
    );
}

#[test]
fn the_header_declares_what_is_promised_and_nothing_else() {
    let declared = support::functions(&support::bare_header());
    assert_eq!(
        declared,
        promised(),
        "left: the header; right: abi/symbols.txt"
    );
}

#[test]
fn every_promise_has_a_version_that_exists() {
    let version = |text: &str| -> Vec<u32> {
        text.split('.')
            .map(|part| part.parse().expect("a version"))
            .collect()
    };
    let newest = version(env!("CARGO_PKG_VERSION"));
    for (name, since) in columns("abi/symbols.txt") {
        assert!(version(&since) <= newest, "{name}: since {since}");
        assert_eq!(version(&since).len(), 3, "{name}: since {since}");
    }
}

#[test]
fn the_constants_are_what_is_promised() {
    let mut defined: Vec<(String, String)> = support::bare_header()
        .lines()
        .filter_map(|line| line.strip_prefix("#define ")?.split_once(' '))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    defined.sort();
    let mut promised: Vec<(String, String)> = columns("abi/constants.txt").collect();
    promised.sort();
    assert_eq!(
        defined, promised,
        "left: the header; right: abi/constants.txt"
    );
}

#[test]
fn the_library_has_its_name_and_stays_loaded() {
    let dynamic = support::succeed(
        support::need("readelf")
            .args(["-d", "-W"])
            .arg(support::library(Link::Shared)),
    );
    assert!(
        dynamic.contains("soname: [libdocspace_tfa.so.0]"),
        "{dynamic}"
    );
    assert!(dynamic.contains("NODELETE"), "{dynamic}");
}

/// Every export but those for signal handlers is guarded, and the unit tests of the
/// C layer make each of them panic.
#[test]
fn every_export_is_tried_with_a_panic() {
    let tests = support::read("src/ffi/tests/panics.rs");
    for name in promised() {
        let tried = tests.contains(&format!("{name}("));
        let is_for_handlers = ["dstfa_cancel_request", "dstfa_bulk_stop"].contains(&name.as_str());
        assert_eq!(tried, !is_for_handlers, "{name}");
    }
}
