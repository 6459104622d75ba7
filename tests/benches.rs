//! The benches name the tools they lack in one line, and run the rest.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message, and tell what they leave out"
)]

mod support;

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use support::Link;

/// What the scripts are made of, and what a C compiler calls.
const TOOLS: [&str; 13] = [
    "as", "awk", "bash", "cat", "cp", "cut", "date", "dirname", "ld", "mktemp", "rm", "sed", "stat",
];

/// A C compiler that finds the headers of no library.
const COMPILER: &str = "#!/bin/sh
case \" $* \" in *' -fsyntax-only '*) exit 1 ;; esac
exec CC \"$@\"
";

/// Where a tool is.
fn place(tool: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(tool))
        .find(|path| path.is_file())
}

/// A folder with the bare tools and no others.
fn bare(folder: &Path) {
    for tool in TOOLS {
        let path = place(tool).unwrap_or_else(|| panic!("`{tool}` is missing"));
        symlink(path, folder.join(tool)).unwrap();
    }
    let cc = place("cc").expect("`cc` is missing");
    let compiler = folder.join("cc");
    fs::write(&compiler, COMPILER.replace("CC", cc.to_str().unwrap())).unwrap();
    fs::set_permissions(&compiler, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn what_is_missing_is_named_in_one_line_and_the_rest_is_run() {
    if !support::has("bash") {
        println!("not run: no bash");
        return;
    }
    let folder = support::scratch("benches");
    let (tools, temporary) = (folder.join("tools"), folder.join("temporary"));
    fs::create_dir(&tools).unwrap();
    fs::create_dir(&temporary).unwrap();
    bare(&tools);
    let output = Command::new(tools.join("bash"))
        .arg(support::project("benches/check"))
        .env("PATH", &tools)
        .env("TMPDIR", &temporary)
        .env("BENCH_LIBRARY", support::library(Link::Shared))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{said}");
    let (first, rest) = said.split_once('\n').expect("lines");
    assert!(first.starts_with("missing, and left out: "), "{said}");
    // Where Debian has nginx it is found without PATH.
    for package in [
        "libcurl4-openssl-dev",
        "libcjson-dev",
        "libssl-dev",
        "openssl",
        "valgrind",
        "strace",
        "binutils",
    ] {
        assert!(first.split(' ').any(|word| word == package), "{said}");
    }
    // How large it is, is asked of the library that is shipped.
    let rest: Vec<&str> = rest
        .lines()
        .filter(|line| !line.contains("shared library, bytes"))
        .collect();
    assert_eq!(rest.len(), 4, "{said}");
    for line in rest {
        let is_known = ["ok: connections opened by ", "ok: growth of "];
        assert!(is_known.iter().any(|it| line.starts_with(it)), "{said}");
    }
    let left: Vec<_> = fs::read_dir(&temporary).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
