//! The README's C and C++ blocks compile as they stand there, and its two
//! commands are the ones it promises. (Its Rust blocks are doctests.)
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops with a plain message"
)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const README: &str = include_str!("../README.md");

/// The fenced blocks of one language, each with the line it begins at.
fn blocks(language: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for (number, line) in README.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(word)) => open = Some((number + 2, word.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => {
                let (start, word, text) = open.take().expect("a block is open");
                if word == language {
                    found.push((start, text));
                }
            }
            (Some((_, _, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "README.md: a code block is not closed");
    found
}

fn compile(compiler: &str, arguments: &[&str], start: usize, text: &str) {
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let mut child = Command::new(compiler)
        .args(arguments)
        .args(["-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-I"])
        .arg(include)
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{compiler} is needed for this test: {error}"));
    let mut input = child.stdin.take().expect("its input is a pipe");
    // Line numbers in messages are then the README's own.
    let source = format!("#line {start} \"README.md\"\n{text}");
    input
        .write_all(source.as_bytes())
        .expect("the compiler reads its input");
    drop(input);
    let output = child.wait_with_output().expect("the compiler ends");
    assert!(
        output.status.success(),
        "{compiler} refuses a block of README.md:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn c_blocks_compile() {
    let blocks = blocks("c");
    assert!(!blocks.is_empty(), "README.md shows no C");
    for (start, text) in blocks {
        compile("cc", &["-x", "c", "-std=c99"], start, &text);
    }
}

#[test]
fn cpp_blocks_compile() {
    let blocks = blocks("cpp");
    assert!(!blocks.is_empty(), "README.md shows no C++");
    for (start, text) in blocks {
        compile("c++", &["-x", "c++", "-std=c++11"], start, &text);
    }
}

#[test]
fn rust_blocks_are_doctests() {
    assert!(
        !blocks("rust,no_run").is_empty(),
        "README.md shows no Rust that can be compiled without a portal"
    );
    assert!(
        blocks("rust").is_empty(),
        "README.md: a Rust block would be run; mark it no_run"
    );
}

#[test]
fn there_are_exactly_two_commands() {
    let blocks = blocks("sh");
    let commands: Vec<&str> = blocks
        .first()
        .map(|(_, text)| text.lines().collect())
        .unwrap_or_default();
    assert_eq!(commands, ["make -C examples-c demo", "cargo test"]);
    assert_eq!(
        blocks.len(),
        1,
        "README.md: another block of shell commands would be a third command"
    );
}
