//! What the tool does with journals: report, end-sessions, salvage, and going on.

use std::fs;
use std::process::Command;

use crate::portal::{Account, Fault, LimiterConfig, Portal};
use crate::sessions::half_way;
use crate::tool::{self, Tool};
use crate::{LOG_OUT, UNLINK};

fn ids(accounts: &[Account]) -> String {
    accounts.iter().map(|it| format!("{}\n", it.id)).collect()
}

/// A run over five that the daily limit stops after three, with the third's
/// sessions left alive. The journal is list.journal.
fn stopped(portal: &Portal, tool: &Tool) -> Vec<Account> {
    let accounts = portal.add_many(5);
    tool.list(ids(&accounts));
    let ended = tool.run(&[
        "bulk",
        "-y",
        "--parallel",
        "1",
        "--writes-per-day",
        "3",
        "list",
    ]);
    ended.with(7).says("3 applied");
    accounts
}

#[test]
fn a_report_has_a_line_for_each_entry_and_sends_nothing() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = stopped(&portal, &tool);
    portal.forget_requests();
    let run = |words: &[&str]| tool::finish(&mut tool.bare(0, words), b"");
    let ended = run(&["bulk", "report", "list.journal"]);
    let ended = ended.complains("entries never begun are not in a journal");
    let rows: Vec<Vec<&str>> = ended
        .out
        .lines()
        .map(|it| it.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), 3, "{ended:?}");
    for (row, account) in rows.iter().zip(&accounts) {
        assert_eq!(row[..4], ["applied", &account.id, "-", "yes"], "{ended:?}");
        assert_eq!(row.len(), 5);
    }
    ended.with(0);

    let ended = run(&["bulk", "report", "list.journal", "--list", "list", "--json"]).with(4);
    let objects = ended.objects();
    let [.., fourth, fifth, last] = &objects[..] else {
        panic!("{ended:?}")
    };
    assert_eq!(
        (&fourth["outcome"], &fifth["outcome"]),
        (&"not begun".into(), &"not begun".into())
    );
    assert_eq!(fourth["entry"], accounts[3].id);
    assert_eq!(
        (
            &last["total"],
            &last["applied"],
            &last["not_begun"],
            &last["exit"]
        ),
        (&5.into(), &3.into(), &2.into(), &4.into())
    );
    assert_eq!(last["damage_line"], 0);
    // An entry that stands twice in the list is told once.
    tool.list(format!(
        "{}{}",
        ids(&accounts),
        ids(&accounts[3..4]).to_uppercase()
    ));
    let ended = run(&["bulk", "report", "list.journal", "--list", "list"]).with(4);
    assert_eq!(ended.out.matches("not begun").count(), 2, "{ended:?}");
    run(&["bulk", "report", "nothing-here"]).with(2);
    run(&["bulk", "report", "list"])
        .with(2)
        .complains("JOURNAL");
    run(&["bulk", "report"])
        .with(2)
        .complains("JOURNAL is missing");
    run(&["bulk", "report", "--resume", "list.journal"])
        .with(2)
        .complains("no option of bulk report");
    assert_eq!(portal.request_count(), 0);
}

#[test]
fn an_open_intent_is_told_with_what_to_do() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = stopped(&portal, &tool);
    let path = tool.folder.join("list.journal");
    // Cut after the third's intent: its outcome is the last line.
    let text = fs::read_to_string(&path).unwrap();
    let end = text.trim_end().rfind('\n').unwrap() + 1;
    fs::write(&path, &text[..end]).unwrap();
    let ended = tool::finish(&mut tool.bare(0, &["bulk", "report", "list.journal"]), b"");
    let ended = ended
        .with(3)
        .says("under way, or cut off. If no run is at work, resume");
    assert!(
        ended
            .out
            .contains(&format!("unknown\t{}\t", accounts[2].id)),
        "{ended:?}"
    );
}

#[test]
fn a_damaged_journal_is_told_and_salvaged() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = stopped(&portal, &tool);
    let path = tool.folder.join("list.journal");
    let sound = fs::read(&path).unwrap();
    let mut damaged = sound.clone();
    let third = sound
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .nth(2)
        .unwrap()
        .0;
    damaged[third + 30] ^= 1;
    fs::write(&path, &damaged).unwrap();
    let run = |words: &[&str]| tool::finish(&mut tool.bare(0, words), b"");
    run(&["bulk", "report", "list.journal"])
        .with(2)
        .complains("DAMAGED from line 4 on")
        .complains("bulk salvage");
    tool.run(&["bulk", "-y", "--resume", "list"])
        .with(2)
        .complains("bulk salvage");
    tool.run(&["bulk", "end-sessions", "-y", "list.journal"])
        .with(2)
        .complains("bulk salvage");
    run(&["bulk", "salvage", "list.journal"]).with(2);
    run(&["bulk", "salvage", "list.journal", "new"])
        .with(0)
        .says("--retry-unknown");
    assert_eq!(fs::read(&path).unwrap(), damaged);
    run(&["bulk", "salvage", "list.journal", "new"]).with(2);
    run(&["bulk", "salvage", "nothing-here", "other"]).with(2);
    // Whoever is not known to be settled is not asked for.
    let before = portal.count("PUT", UNLINK);
    tool.run(&["bulk", "-y", "--resume", "--journal", "new", "list"])
        .with(3);
    assert_eq!(portal.count("PUT", UNLINK), before);
    assert!(portal.is_linked(&accounts[4].id));
}

#[test]
fn the_sessions_that_a_run_left_are_ended_once() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(3);
    tool.list(ids(&accounts));
    let old: Vec<String> = accounts.iter().map(|it| portal.session_of(it)).collect();
    portal.set_fault(half_way());
    tool.run(&["bulk", "-y", "list"])
        .with(4)
        .complains("tfa-admin bulk end-sessions --portal ");
    portal.clear_faults();
    assert!(old.iter().any(|token| portal.session_is_alive(token)));
    let words = ["bulk", "end-sessions", "list.journal"];
    tool.run(&words).with(2).complains("--yes");
    let mut terminal = tool.on_terminal(&words);
    terminal
        .expect("all sessions of up to 3 accounts")
        .expect("Go on? [y/N] ")
        .types("n\n");
    terminal.end().with(2);
    assert_eq!(portal.count("PUT", UNLINK), 3);

    let end = format!("{LOG_OUT}{}", accounts[1].id);
    portal.set_fault(Fault::Html(500).on(&end));
    let yes = ["bulk", "end-sessions", "-y", "list.journal"];
    let ended = tool.run(&yes).with(4).complains("the same command goes on");
    assert_eq!(ended.out.matches("ended\t").count(), 2, "{ended:?}");
    assert!(
        ended
            .out
            .contains(&format!("unknown\t{}\t", accounts[1].id))
    );
    portal.clear_faults();
    let ended = tool
        .run(&["bulk", "end-sessions", "-y", "--json", "list.journal"])
        .with(0);
    let objects = ended.objects();
    assert_eq!(objects.len(), 2, "{ended:?}");
    assert_eq!(
        (&objects[0]["outcome"], &objects[1]["ended"]),
        (&"ended".into(), &1.into())
    );
    assert_eq!(objects[1]["exit"], 0);
    assert!(!old.iter().any(|token| portal.session_is_alive(token)));
    tool.run(&yes).with(0).complains("sessions of 0 ended");
    tool.run(&["bulk", "end-sessions", "-y", "nothing-here"])
        .with(2);
    assert_eq!(portal.count("PUT", UNLINK), 3);
}

#[test]
fn the_prompt_of_a_resume_says_what_is_settled_and_what_is_left() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    stopped(&portal, &tool);
    let mut terminal = tool.on_terminal(&["bulk", "--resume", "list"]);
    terminal
        .expect("Settled:  3 by the journal")
        .expect("Unknown:  0;")
        .expect("Left:     2")
        .expect("of up to 2 accounts")
        .expect("to go on: ")
        .types("2\n");
    let ended = terminal.end().with(0);
    assert!(ended.out.contains("5 of 5 entries"), "{ended:?}");
    let mut terminal = tool.on_terminal(&["bulk", "--resume", "list"]);
    terminal
        .expect("Left:     0")
        .expect("Go on? [y/N] ")
        .types("y\n");
    terminal.end().with(0);
    assert_eq!(portal.count("PUT", UNLINK), 5);
}

/// The command after "go on with: ", as a shell gets it.
fn resume_command(err: &str) -> &str {
    let line = err.lines().find_map(|line| line.split_once("go on with: "));
    line.unwrap_or_else(|| panic!("no command in {err}")).1
}

#[test]
fn the_printed_command_is_whole_and_has_the_portal_of_the_environment() {
    let limits = LimiterConfig {
        writes_per_day: 1,
        ..LimiterConfig::default()
    };
    let portal = Portal::builder().limiter(limits).start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(2);
    // Longer than two kilobytes, with what a shell would take apart, what no
    // terminal should get to see, and bytes that are no UTF-8.
    let folder = format!("{}/", "x y'z$".repeat(40)).repeat(9);
    fs::create_dir_all(tool.folder.join(&folder)).unwrap();
    let list = format!("{folder}a\u{1b}[2J\nb");
    tool.write(&list, ids(&accounts), 0o644);
    let ended = tool.run(&["bulk", "-y", "--parallel", "1", "--", &list]);
    let code = ended.code;
    // The tool adds its options behind: take them as words of the list.
    assert_eq!(code, 2, "{ended:?}");
    let ended = tool.run(&["bulk", "-y", "--parallel", "1", &list]).with(7);
    let command = resume_command(&ended.err);
    assert!(command.len() > 2100, "{command}");
    assert!(
        command.contains(&format!(" --portal {}", portal.url())),
        "{command}"
    );
    let echo = command.replacen("tfa-admin", "printf '%s\\n'", 1);
    let said = Command::new("/bin/sh")
        .args(["-c", &echo])
        .output()
        .unwrap();
    let words = String::from_utf8(said.stdout).unwrap();
    assert!(words.contains(&format!("\n{list}\n")), "{words:?}");
    assert!(words.starts_with("--resume\nbulk\n-y\n"), "{words:?}");

    // A portal of the command line stands there once, and a key is never in it.
    let plain = tool.write("plain", ids(&accounts), 0o644);
    let mut command = tool.bare(
        0,
        &["bulk", "-y", "--parallel", "1", "--portal", &portal.url()],
    );
    command
        .args(["--ca-file", tool.ca_file(), "--"])
        .arg(plain)
        .env("DOCSPACE_API_KEY", &tool.key);
    let ended = tool::finish(&mut command, b"").complains("DOCSPACE_API_KEY has to be set again");
    let printed = resume_command(&ended.err);
    assert_eq!(printed.matches("--portal").count(), 1, "{printed}");
    assert!(!ended.err.contains(&tool.key));
    let mut command = tool.bare(0, &["bulk", "-y", "--ca-file", tool.ca_file()]);
    command.args(["--key-file", "key", "--journal", "third", "--", "plain"]);
    let ended = tool::finish(&mut command, b"");
    let printed = resume_command(&ended.err);
    let expected = format!(" --portal {} -- plain", portal.url());
    assert!(printed.ends_with(&expected), "{printed}");
}
