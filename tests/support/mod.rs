//! Finds what `cargo test` has built, and the compilers to try it with.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "support code of tests: every test uses a part of it, and a slip in it should stop the test at once"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;
use std::{env, fs};

/// Every C standard gcc may know.
pub const C_STANDARDS: [&str; 5] = ["c89", "c99", "c11", "c17", "c2x"];
/// Every C++ standard g++ may know.
pub const CPP_STANDARDS: [&str; 7] = [
    "c++98", "c++03", "c++11", "c++14", "c++17", "c++20", "c++23",
];
/// How strictly C and C++ are read.
pub const STRICT: [&str; 4] = ["-pedantic-errors", "-Wall", "-Wextra", "-Werror"];

/// What a static link needs besides the archive.
const SYSTEM_LIBRARIES: [&str; 7] = [
    "-lgcc_s",
    "-lutil",
    "-lrt",
    "-lpthread",
    "-lm",
    "-ldl",
    "-lc",
];
/// No program of the tests should take longer.
const LONGEST_RUN: Duration = Duration::from_secs(60);

/// A path inside the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file of the project, as text.
pub fn read(path: &str) -> String {
    fs::read_to_string(project(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The header without its comments.
pub fn bare_header() -> String {
    let header = read("include/docspace_tfa.h");
    let mut bare = String::new();
    let mut rest = header.as_str();
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").expect("a comment without end").1;
    }
    bare + rest
}

/// The names of the functions a header text declares, sorted.
pub fn functions(bare_header: &str) -> Vec<String> {
    let mut names: Vec<String> = bare_header
        .split(';')
        .filter(|declaration| !declaration.contains("typedef"))
        .filter_map(|declaration| {
            let (before, _) = declaration.split_once('(')?;
            let name = before.rsplit([' ', '*', '\n']).next()?;
            name.starts_with("dstfa_").then(|| name.to_owned())
        })
        .collect();
    names.sort();
    names
}

/// The manual pages that are made from the header.
pub fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = fs::read_dir(project("man"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "3"))
        .collect();
    pages.sort();
    pages
}

/// What stands in a text between two others, which have to be there.
pub fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    let (part, _) = rest.split_once(to).unwrap_or_else(|| panic!("no {to}"));
    part
}

/// What a reader sees of a manual page between two lines of its source.
pub fn between_in_page(page: &str, from: &str, to: &str) -> String {
    between(page, from, to)
        .replace("\n\\&", "\n")
        .replace("\\-", "-")
        .replace("\\(aq", "'")
        .replace("\\e", "\\")
}

/// The example that stands indented in the first comment of a file, from the
/// first `#include` on.
pub fn example_in(path: &str) -> String {
    let text = read(path);
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with(" *     #include"))
        .take_while(|line| line.starts_with(" *     ") || *line == " *")
        .map(|line| line.strip_prefix(" *     ").unwrap_or(""))
        .collect();
    assert!(!lines.is_empty(), "{path}: no example");
    lines.join("\n") + "\n"
}

/// An empty folder for the files of one test.
pub fn scratch(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// How a program is joined to the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Shared,
    Static,
}

/// The folder with a library of a later version, where abi/previous runs the
/// tests of this one against it.
const NEWER: &str = "DSTFA_NEWER_LIBRARY";

pub fn library_is_newer() -> bool {
    env::var_os(NEWER).is_some()
}

/// `libdocspace_tfa.so` or `.a`: cargo puts both beside the running test, one
/// folder higher too after `cargo build`.
pub fn library(link: Link) -> PathBuf {
    let name = match link {
        Link::Shared => "libdocspace_tfa.so",
        Link::Static => "libdocspace_tfa.a",
    };
    let folder = env::var_os(NEWER).map_or_else(
        || env::current_exe().unwrap().parent().unwrap().to_owned(),
        PathBuf::from,
    );
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is missing; cargo test builds it with the crate types of Cargo.toml",
        path.display()
    );
    path
}

/// Whether a tool is there at all.
pub fn has(tool: &str) -> bool {
    let asked = Command::new(tool)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok()
}

/// Tells what is left out for want of a tool. Not by `println!`: of tests that
/// pass, the harness keeps that to itself.
pub fn not_run(what: &str) {
    let line = format!("not run: {what}\n");
    let _ = std::io::stdout().write_all(line.as_bytes());
}

/// A tool that the tests cannot do without.
pub fn need(tool: &str) -> Command {
    assert!(
        has(tool),
        "`{tool}` is missing; install it to run this test"
    );
    Command::new(tool)
}

/// The standards out of `all` that the compiler knows.
pub fn standards(compiler: &str, all: &[&'static str]) -> Vec<&'static str> {
    let language = if compiler.ends_with("++") { "c++" } else { "c" };
    let known = |standard: &&&str| {
        need(compiler)
            .args(["-fsyntax-only", "-x", language, "/dev/null"])
            .arg(format!("-std={standard}"))
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    };
    let known: Vec<&str> = all.iter().filter(known).copied().collect();
    assert!(!known.is_empty(), "{compiler} knows none of {all:?}");
    known
}

/// Runs a command to its end and gives what it said; fails with all of that if
/// the command failed.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = said(&output);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{said}",
        output.status
    );
    said
}

/// Runs a program of the tests: it has to end with `code`, and in time.
pub fn run(program: &mut Command, code: i32) -> String {
    let child = program
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = output_in(LONGEST_RUN, child);
    let said = said(&output);
    assert_eq!(
        output.status.code(),
        Some(code),
        "{program:?}: {}\n{said}",
        output.status
    );
    said
}

/// What a program printed, to its end; one that takes longer is killed.
pub fn output_in(at_most: Duration, child: Child) -> Output {
    let id = child.id().to_string();
    let (ended, end) = mpsc::channel();
    let waiter = thread::spawn(move || {
        let output = child.wait_with_output().unwrap();
        let _ = ended.send(());
        output
    });
    if end.recv_timeout(at_most) == Err(RecvTimeoutError::Timeout) {
        succeed(Command::new("kill").args(["-s", "KILL", &id]));
    }
    waiter.join().unwrap()
}

/// What it printed, with its complaints at the end.
pub fn said(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Compiles a program from one source file and joins it to the library.
/// `compiler` is gcc or g++.
pub fn compile(source: &Path, compiler: &str, standard: &str, link: Link) -> Command {
    let folder = source.parent().unwrap();
    let stem = source.file_stem().unwrap().to_str().unwrap();
    let place = scratch(&format!("program-{stem}-{standard}-{link:?}"));
    let program = place.join(stem);

    let mut command = need(compiler);
    command
        .arg(format!("-std={standard}"))
        .args(STRICT)
        // Programs that load the library themselves are not joined to it.
        .args(["-pthread", "-Wl,--as-needed"])
        .arg("-I")
        .arg(project("include"))
        .arg("-I")
        .arg(folder)
        .arg(source)
        .arg("-o")
        .arg(&program);
    match link {
        Link::Shared => {
            // Programs look for the SONAME, which is not the file's name.
            let library = library(link);
            let name = place.join("libdocspace_tfa.so.0");
            std::os::unix::fs::symlink(&library, &name).unwrap();
            command
                .arg(&library)
                .arg(format!("-Wl,-rpath,{}", place.display()));
        }
        Link::Static => {
            command.arg(library(link)).args(SYSTEM_LIBRARIES);
        }
    }
    succeed(&mut command);
    Command::new(program)
}
