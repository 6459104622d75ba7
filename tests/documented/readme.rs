//! The README's three languages, and its commands.

use std::process::Command;
use std::{env, fs};

use crate::shown::{self, NO_CLIENT, Shown};
use crate::support;

const CALL: &str = "unlink_app(url, key, more[0])";
const REFUSED: &str = "there is nothing to unlink. Nothing was changed. (applied: 1)\n";

/// The own account's login URL is told, another's is empty.
fn assert_tells_the_login_url(shown: &Shown) {
    let portal = shown::plain_portal();
    let (owner, member) = (portal.owner(), portal.member());
    let said = shown.run(&portal, &owner, &[&member.id], 0);
    assert!(said.ends_with("\n\n"), "{said}");
    let said = shown.run(&portal, &owner, &[&owner.id], 0);
    let url = said.lines().nth(1).unwrap();
    assert!(url.starts_with(&portal.url()), "{said}");
    for account in [owner, member] {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

#[test]
fn c() {
    let text = shown::block(&support::read("README.md"), "c");
    let shown = Shown::c("shown-readme-c", &text, NO_CLIENT, CALL);
    shown::assert_changes_once(&shown, shown::UNLINKED, REFUSED, [0, 0]);
    assert_tells_the_login_url(&shown);
}

#[test]
fn cpp() {
    let text = shown::block(&support::read("README.md"), "cpp");
    if let Some(shown) = Shown::cpp("shown-readme-cpp", &text, CALL) {
        shown::assert_changes_once(&shown, shown::UNLINKED, REFUSED, [0, 0]);
        assert_tells_the_login_url(&shown);
    }
}

/// Compiled against the library that cargo has put beside this test, as cargo
/// itself would. Its key file is where it is run.
#[test]
fn rust() {
    let portal = shown::plain_portal();
    let (owner, member) = (portal.owner(), portal.member());
    let text = shown::block(&support::read("README.md"), "rust,no_run");
    let text = shown::with_own(
        &text,
        &[
            (shown::THEIR_PORTAL, &portal.url()),
            ("11111111-2222-3333-4444-555555555555", &member.id),
        ],
    );
    let folder = support::scratch("documented-shown-readme-rust");
    fs::write(folder.join("main.rs"), text).unwrap();
    fs::write(folder.join("owner.key"), portal.key_of(&owner) + "\n").unwrap();
    let test = env::current_exe().unwrap();
    let built = test.parent().unwrap();
    let library = built.join("libdocspace_tfa.rlib");
    support::succeed(
        Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(["--edition=2024", "-Dwarnings", "-o"])
            .arg(folder.join("program"))
            .arg(folder.join("main.rs"))
            .arg(format!("--extern=docspace_tfa={}", library.display()))
            .arg(format!("-Ldependency={}", built.display())),
    );
    let run = || {
        let mut program = Command::new(folder.join("program"));
        support::run(program.current_dir(&folder), 0)
    };
    let said = run();
    assert!(said.starts_with(shown::UNLINKED), "{said}");
    shown::assert_unlinked_by_one_request(&portal, &member);
    let said = run();
    assert!(said.contains("(applied: No)"), "{said}");
    assert_eq!(portal.times_unlinked(&member.id), 1);
}

#[test]
fn there_are_exactly_two_commands() {
    let commands = shown::block(&support::read("README.md"), "sh");
    assert_eq!(commands, "make -C examples-c demo\ncargo test\n");
}
