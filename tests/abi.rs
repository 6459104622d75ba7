//! The types of the C functions are the promised ones, and whatever changes
//! them is noticed. Needs libabigail (package abigail-tools).
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message, and tell what they leave out"
)]

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A copy of abi/ that a test may change, with a header of its own.
struct Copy {
    folder: PathBuf,
}

impl Copy {
    /// Nothing where the tool is missing.
    fn new(test: &str, change: impl Fn(&str) -> String) -> Option<Self> {
        if !support::has("abidiff") {
            println!("not run: no abidiff");
            return None;
        }
        let folder = support::scratch(&format!("abi-{test}"));
        for name in ["check", "docspace_tfa.abi"] {
            fs::copy(support::project("abi").join(name), folder.join(name)).unwrap();
        }
        fs::write(
            folder.join("header.h"),
            change(&support::read("include/docspace_tfa.h")),
        )
        .unwrap();
        Some(Self { folder })
    }

    fn check(&self, options: &[&str], code: i32) -> String {
        let mut command = Command::new("sh");
        command
            .arg(self.folder.join("check"))
            .arg(format!(
                "--header={}",
                self.folder.join("header.h").display()
            ))
            .args(options);
        support::run(&mut command, code)
    }

    fn promise(&self) -> String {
        fs::read_to_string(self.folder.join("docspace_tfa.abi")).unwrap()
    }
}

/// The header with one text in place of another, which has to be there.
fn with(header: &str, old: &str, new: &str) -> String {
    assert!(header.contains(old), "the header has no {old:?}");
    header.replacen(old, new, 1)
}

#[test]
fn the_header_has_the_promised_types() {
    if let Some(copy) = Copy::new("same", str::to_owned) {
        copy.check(&[], 0);
    }
}

#[test]
fn a_changed_signature_is_noticed() {
    let changes = [
        (
            "parameter",
            "int32_t dstfa_change_applied(const dstfa_change *change",
            "int32_t dstfa_change_applied(dstfa_change *change",
        ),
        (
            "more",
            "int32_t dstfa_change_applied(const dstfa_change *change",
            "int32_t dstfa_change_applied(int32_t more, const dstfa_change *change",
        ),
        (
            "return",
            "int32_t dstfa_change_applied(",
            "int64_t dstfa_change_applied(",
        ),
        (
            "unsigned",
            "uint32_t dstfa_change_attempts(",
            "int32_t dstfa_change_attempts(",
        ),
        (
            "status",
            "typedef int32_t dstfa_status;",
            "typedef int64_t dstfa_status;",
        ),
        (
            "callback",
            "typedef void (*dstfa_log_fn)(void *user_data, int32_t level",
            "typedef void (*dstfa_log_fn)(void *user_data, int64_t level",
        ),
        (
            "renamed",
            "dstfa_change_is_self(",
            "dstfa_change_about_self(",
        ),
    ];
    for (name, old, new) in changes {
        let Some(copy) = Copy::new(name, |header| with(header, old, new)) else {
            return;
        };
        let said = copy.check(&[], 1);
        assert!(said.contains("programs that were built before"), "{said}");
        // Not even on purpose, as long as the library keeps its name.
        let before = copy.promise();
        copy.check(&["--update"], 1);
        assert_eq!(copy.promise(), before);
    }
}

#[test]
fn an_addition_has_to_be_noted_and_can_be() {
    let added = "int32_t dstfa_added(const char *text);\n#ifdef __cplusplus\n}";
    let Some(copy) = Copy::new("added", |header| {
        with(header, "#ifdef __cplusplus\n}", added)
    }) else {
        return;
    };
    let said = copy.check(&[], 1);
    assert!(said.contains("only additions"), "{said}");
    copy.check(&["--update"], 0);
    copy.check(&[], 0);
    assert!(copy.promise().contains("dstfa_added"));
}

/// Whatever the header declares is under the gate.
#[test]
fn every_function_is_in_the_dump() {
    if !support::has("abidiff") {
        println!("not run: no abidiff");
        return;
    }
    let dump = support::read("abi/docspace_tfa.abi");
    for name in support::functions(&support::bare_header()) {
        let variable = format!("<var-decl name='abi_{name}'");
        assert!(dump.contains(&variable), "{name}");
    }
}
