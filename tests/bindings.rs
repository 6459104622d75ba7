//! The library called from other languages: a change, a refusal with its
//! reason, and many accounts without a callback. A language whose tools are not
//! there is left out, and said to be.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message, and tell what they leave out"
)]

mod portal;
mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use portal::{Portal, Spec};
use support::Link;

/// More would not be a short example any more.
const LONGEST: usize = 120;
/// Debian's package of JNA puts it there.
const JNA: &str = "/usr/share/java/jna.jar";

/// The library under the names that loaders look for.
fn libraries(place: &Path) -> PathBuf {
    let folder = place.join("lib");
    fs::create_dir(&folder).unwrap();
    for name in ["libdocspace_tfa.so", "libdocspace_tfa.so.0"] {
        symlink(support::library(Link::Shared), folder.join(name)).unwrap();
    }
    folder
}

fn has(tool: &str) -> bool {
    let there = support::has(tool);
    if !there {
        println!("not run: no {tool}");
    }
    there
}

/// Runs what `program` makes of the library's folder against a portal.
fn try_binding(language: &str, program: impl Fn(&Path, &Path) -> Command) {
    let source = support::project("bindings").join(language);
    for entry in fs::read_dir(&source).unwrap() {
        let path = entry.unwrap().path();
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines < LONGEST, "{}: {lines} lines", path.display());
    }

    let portal = Portal::start();
    let key_file = portal
        .folder()
        .write("owner.key", &portal.key_of(&portal.owner()));
    let place = support::scratch(&format!("binding-{language}"));
    let libraries = libraries(&place);
    let call = |accounts: &[&str], code: i32| -> String {
        let mut command = program(&place, &libraries);
        command
            .env("LD_LIBRARY_PATH", &libraries)
            .arg(portal.url())
            .arg(portal.ca_file())
            .arg(&key_file)
            .args(accounts);
        support::run(&mut command, code)
    };

    let more: Vec<String> = (0..6)
        .map(|_| portal.add_account(Spec::user().linked()).id)
        .collect();
    let member = portal.member().id;
    let unlinked = portal.unlinked().id;
    let mut accounts = vec![member.as_str()];
    accounts.extend(more.iter().map(String::as_str));
    accounts.push(&unlinked);
    let said = call(&accounts, 0);
    assert!(said.starts_with("done: "), "{said}");
    for id in accounts.iter().filter(|id| **id != unlinked) {
        assert!(!portal.is_linked(id), "{id} is still linked:\n{said}");
    }
    // Lines of several words, however the language separates them.
    let answers: Vec<Vec<&str>> = said
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(answers.len(), accounts.len() - 1, "{said}");
    for id in &more {
        let answer = ["applied", "DSTFA_REASON_NONE"];
        assert!(
            answers.contains(&vec![id.as_str(), answer[0], answer[1]]),
            "{said}"
        );
    }
    assert!(
        answers.contains(&vec![
            unlinked.as_str(),
            "refused",
            "DSTFA_REASON_NOT_LINKED"
        ]),
        "{said}"
    );

    let said = call(&[&member], 1);
    assert!(
        said.starts_with("refused: DSTFA_REASON_NOT_LINKED (applied: 1): "),
        "{said}"
    );
}

/// One that is run as it stands.
fn script(language: &str, tool: &str, options: &[&str], file: &str) {
    if !has(tool) {
        return;
    }
    let path = support::project("bindings").join(language).join(file);
    try_binding(language, |_, _| {
        let mut command = Command::new(tool);
        command.args(options).arg(&path);
        command
    });
}

fn source(language: &str, file: &str) -> PathBuf {
    support::project("bindings").join(language).join(file)
}

#[test]
fn python() {
    script("python", "python3", &["-B"], "change.py");
}

#[test]
fn lua() {
    script("lua", "luajit", &[], "change.lua");
}

#[test]
fn perl() {
    if !has("perl") {
        return;
    }
    let platypus = Command::new("perl")
        .args(["-MFFI::Platypus", "-e1"])
        .output()
        .unwrap();
    if platypus.status.success() {
        script("perl", "perl", &[], "change.pl");
    } else {
        println!("not run: no FFI::Platypus");
    }
}

#[test]
fn php() {
    if !has("php") {
        return;
    }
    let modules = support::succeed(Command::new("php").arg("-m"));
    if modules.lines().any(|line| line == "FFI") {
        script("php", "php", &[], "change.php");
    } else {
        println!("not run: PHP without FFI");
    }
}

#[test]
fn pascal() {
    // It has no --version; -iV gives it.
    if !has("fpc") {
        return;
    }
    try_binding("pascal", |place, libraries| {
        let program = place.join("change");
        if !program.exists() {
            support::succeed(
                Command::new("fpc")
                    .arg(format!("-Fl{}", libraries.display()))
                    .arg(format!("-FE{}", place.display()))
                    .arg(source("pascal", "change.pas")),
            );
        }
        Command::new(program)
    });
}

#[test]
fn go() {
    if !has("go") || !has("pkg-config") {
        return;
    }
    try_binding("go", |place, libraries| {
        let program = place.join("change");
        if !program.exists() {
            let pc = format!(
                "Name: docspace-tfa\nDescription: under test\nVersion: 0\n\
                 Cflags: -I{}\nLibs: -L{} -ldocspace_tfa\n",
                support::project("include").display(),
                libraries.display()
            );
            fs::write(place.join("docspace-tfa.pc"), pc).unwrap();
            support::succeed(
                Command::new("go")
                    .current_dir(support::project("bindings/go"))
                    .env("PKG_CONFIG_PATH", place)
                    .env("GOTOOLCHAIN", "local")
                    .env("GOCACHE", place.join("cache"))
                    .env("GOFLAGS", "-mod=mod")
                    .args(["build", "-o"])
                    .arg(&program),
            );
        }
        Command::new(program)
    });
}

#[test]
fn csharp() {
    if !has("mcs") || !has("mono") {
        return;
    }
    try_binding("csharp", |place, _| {
        let program = place.join("Change.exe");
        if !program.exists() {
            support::succeed(
                Command::new("mcs")
                    .arg("-warnaserror")
                    .arg(format!("-out:{}", program.display()))
                    .arg(source("csharp", "Change.cs")),
            );
        }
        let mut command = Command::new("mono");
        command.arg(program);
        command
    });
}

#[test]
fn java() {
    if !has("javac") {
        return;
    }
    if !Path::new(JNA).exists() {
        println!("not run: no {JNA}");
        return;
    }
    try_binding("java", |place, libraries| {
        if !place.join("Change.class").exists() {
            support::succeed(
                Command::new("javac")
                    .args(["-Xlint:all", "-Werror", "-cp", JNA, "-d"])
                    .arg(place)
                    .arg(source("java", "Change.java")),
            );
        }
        let mut command = Command::new("java");
        command
            .arg(format!("-Djna.library.path={}", libraries.display()))
            .arg("-cp")
            .arg(format!("{JNA}:{}", place.display()))
            .arg("Change");
        command
    });
}
