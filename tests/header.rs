//! The committed headers are what the source says, and compile everywhere.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod support;

use std::fs;
use std::path::Path;

use support::{C_STANDARDS, CPP_STANDARDS, Link, STRICT};

#[cfg(feature = "header")]
#[test]
fn the_committed_header_is_what_the_source_says() {
    let rendered = include_str!(concat!(env!("OUT_DIR"), "/docspace_tfa.h"));
    let committed = support::read("include/docspace_tfa.h");
    assert!(
        rendered == committed,
        "include/docspace_tfa.h is stale:\n{}\nbring it up to date with\n    \
         DSTFA_UPDATE_HEADER=1 cargo build",
        difference(&committed, rendered)
    );
}

/// The lines between the first and the last that differ.
#[cfg(feature = "header")]
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(&new).take_while(same).count();
    let rest = old.len().min(new.len()) - head;
    let backwards = old.iter().rev().zip(new.iter().rev());
    let tail = backwards.take(rest).take_while(same).count();
    let part = |lines: &[&str], sign: &str| -> String {
        let part = &lines[head..lines.len() - tail];
        part.iter().map(|line| format!("{sign}{line}\n")).collect()
    };
    format!(
        "@@ line {} @@\n{}{}",
        head + 1,
        part(&old, "-"),
        part(&new, "+")
    )
}

/// Compiles a text without linking it. Tests run side by side: each text has a
/// name of its own.
fn check(compiler: &str, standard: &str, name: &str, text: &str, more: &[&str]) {
    let folder = support::scratch(&format!("header-{compiler}-{standard}-{name}"));
    let source = folder.join(name);
    fs::write(&source, text).unwrap();
    support::succeed(
        support::need(compiler)
            .arg(format!("-std={standard}"))
            .args(STRICT)
            .args(more)
            .arg("-I")
            .arg(support::project("include"))
            .arg("-c")
            .arg(&source)
            .arg("-o")
            .arg(folder.join("object")),
    );
}

fn compilers(needed: &'static str, other: &'static str) -> Vec<&'static str> {
    support::need(needed);
    let other = support::has(other).then_some(other);
    [needed].into_iter().chain(other).collect()
}

#[test]
fn the_header_compiles_alone_and_twice_in_every_standard() {
    let once = "#include \"docspace_tfa.h\"\n";
    let twice = once.repeat(2);
    for compiler in compilers("gcc", "clang") {
        for standard in support::standards(compiler, &C_STANDARDS) {
            let more = ["-Wstrict-prototypes"];
            check(compiler, standard, "once.c", once, &more);
            check(compiler, standard, "twice.c", &twice, &more);
        }
    }
    for compiler in compilers("g++", "clang++") {
        for standard in support::standards(compiler, &CPP_STANDARDS) {
            check(compiler, standard, "once.cpp", once, &[]);
            check(compiler, standard, "twice.cpp", &twice, &[]);
        }
    }
}

#[test]
fn the_wrapper_compiles_alone_and_twice_from_cpp11_on() {
    let once = "#include \"docspace_tfa.hpp\"\n";
    let example = support::example_in("include/docspace_tfa.hpp");
    for compiler in compilers("g++", "clang++") {
        for standard in support::standards(compiler, &CPP_STANDARDS[2..]) {
            let more = ["-Wshadow", "-Wold-style-cast"];
            check(compiler, standard, "wrapper_once.cpp", once, &more);
            check(
                compiler,
                standard,
                "wrapper_twice.cpp",
                &once.repeat(2),
                &more,
            );
            check(compiler, standard, "wrapper_example.cpp", &example, &more);
        }
    }
}

#[test]
fn the_program_in_the_header_compiles_and_runs() {
    let program = support::example_in("include/docspace_tfa.h");
    for standard in support::standards("gcc", &C_STANDARDS) {
        check("gcc", standard, "program.c", &program, &[]);
    }

    let folder = support::scratch("header-program");
    let source = folder.join("program.c");
    fs::write(&source, program).unwrap();
    let compile = || support::compile(&source, "gcc", "c89", Link::Shared);
    let said = support::run(&mut compile(), 2);
    assert!(said.starts_with("usage:"), "{said}");

    let key = folder.join("key");
    fs::write(&key, "not a key\n").unwrap();
    let account = "11111111-2222-3333-4444-555555555555";
    let run = |key: &Path, code| {
        let mut program = compile();
        program
            .arg("https://portal.example.com")
            .arg(key)
            .arg(account);
        support::run(&mut program, code)
    };
    let said = run(&key, 1);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("API key:"), "{said}");
    run(&folder.join("no such file"), 2);
}

#[test]
fn the_header_is_plain() {
    let header = support::read("include/docspace_tfa.h");
    assert!(header.is_ascii(), "a byte outside ASCII");
    assert!(!header.contains('\t') && !header.contains('\r'));
    let longest = header.lines().map(str::len).max();
    assert!(longest <= Some(90), "{longest:?}");
    for (place, _) in header.match_indices("free(") {
        assert!(
            header[..place].ends_with('_'),
            "only dstfa_..._free() frees what the library gave"
        );
    }
    let conditionals: Vec<&str> = header
        .lines()
        .filter(|line| line.starts_with("#if") || line.starts_with("#el"))
        .collect();
    let expected = [
        "#ifndef DOCSPACE_TFA_H",
        "#ifdef __cplusplus",
        "#ifdef __cplusplus",
    ];
    assert_eq!(conditionals, expected);
    let macros = header
        .lines()
        .filter_map(|line| line.strip_prefix("#define "));
    for name in macros.filter_map(|line| line.split([' ', '(']).next()) {
        assert!(
            name.starts_with("DSTFA_") || name == "DOCSPACE_TFA_H",
            "{name}"
        );
    }
}
