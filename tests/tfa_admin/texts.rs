//! Help, manual page and completion say the same, and every compiler agrees.

use std::process::Command;

use crate::portal::Portal;
use crate::support;
use crate::tool::{self, Ended, Tool};

const COMMANDS: [&str; 9] = [
    "check",
    "change",
    "sessions",
    "find",
    "list",
    "policy",
    "bulk",
    "whoami",
    "completion",
];

fn bare(words: &[&str]) -> Ended {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let ended = tool::finish(&mut tool.bare(0, words), b"");
    assert_eq!(portal.connections(), 0);
    ended
}

#[test]
fn help_and_version_need_nothing() {
    let general = bare(&["--help"]).with(0);
    bare(&["--version"]).with(0).says(env!("CARGO_PKG_VERSION"));
    for command in COMMANDS {
        assert!(
            general.out.contains(&format!("\n  {command} ")),
            "{command}"
        );
        let help = bare(&[command, "--help"]).with(0);
        assert!(help.out.contains("--help"), "{command}");
        assert!(
            help.out.lines().all(|line| line.len() <= 100),
            "{}",
            help.out
        );
    }
}

#[test]
fn the_manual_page_has_every_command_and_option() {
    let page = support::read("man/tfa-admin.1").replace("\\-", "-");
    for command in COMMANDS {
        assert!(page.contains(&format!("tfa-admin {command}")), "{command}");
        let help = bare(&[command, "--help"]).out;
        let options = help
            .split_whitespace()
            .filter(|word| word.starts_with("--"));
        for option in options {
            let option = option.trim_end_matches(['"', ':', ',', ';', '.']);
            assert!(page.contains(option), "{option} of {command}");
        }
    }
}

#[test]
fn the_completion_is_the_one_the_tool_prints() {
    let printed = bare(&["completion", "bash"]).with(0).out;
    assert_eq!(
        printed,
        support::read("examples-c/tfa-admin/completion.bash"),
        "run: make -C examples-c completion"
    );
    bare(&["completion", "fish"]).with(2);
    if !support::has("bash") {
        eprintln!("not run: bash is missing");
        return;
    }
    let script = format!(
        "{printed}\nCOMP_WORDS=(tfa-admin policy set --method ''); COMP_CWORD=4; _tfa_admin\n\
         echo \"${{COMPREPLY[@]}}\"\nCOMP_WORDS=(tfa-admin ch); COMP_CWORD=1; _tfa_admin\n\
         echo \"${{COMPREPLY[@]}}\"\n"
    );
    let said = support::succeed(Command::new("bash").args(["-c", &script]));
    assert_eq!(said, "none sms app\ncheck change\n");
}

#[test]
fn every_compiler_takes_it_without_a_warning() {
    for compiler in ["gcc", "clang"] {
        if compiler == "clang" && !support::has(compiler) {
            continue;
        }
        support::succeed(
            tool::strict(compiler)
                .args(["-D_POSIX_C_SOURCE=200809L", "-fsyntax-only"])
                .args(["-Wshadow", "-Wconversion", "-Wstrict-prototypes"])
                .args(tool::sources()),
        );
    }
}
