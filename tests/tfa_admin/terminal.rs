//! On a terminal: prompts, colours, the bar and Ctrl-C.

use std::time::Duration;

use crate::UNLINK;
use crate::portal::{Account, Fault, Portal};
use crate::tool::{Terminal, Tool};

fn ids(accounts: &[Account]) -> String {
    accounts
        .iter()
        .map(|account| format!("{}\n", account.id))
        .collect()
}

fn without_key_file(tool: &Tool, words: &[&str]) -> Terminal {
    Terminal::start(tool.bare(100, words).args(["--ca-file", tool.ca_file()]))
}

#[test]
fn the_key_is_not_shown_while_it_is_typed() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let mut terminal = without_key_file(&tool, &["whoami"]);
    terminal
        .expect("API key (not shown): ")
        .types(&format!("{}\n", tool.key))
        .expect("Olga Owner");
    let ended = terminal.end().with(0);
    assert!(!ended.out.contains(&tool.key), "{ended:?}");
    assert!(!ended.out.contains("sk-"), "{ended:?}");
}

#[test]
fn ctrl_c_at_the_prompt_restores_the_terminal() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let mut terminal = without_key_file(&tool, &["whoami"]);
    terminal.expect("(not shown): ").types("sk-half\x03");
    terminal.end().with(130);
    let mut terminal = without_key_file(&tool, &["whoami"]);
    // Neither stops it nor dumps it with the echo off.
    terminal.expect("(not shown): ").types("\x1a\x1c\n");
    terminal.end().with(2);
    let mut terminal = without_key_file(&tool, &["whoami"]);
    terminal.expect("(not shown): ").types("\x04");
    terminal.end().with(2);
    assert_eq!(portal.connections(), 0);
}

#[test]
fn a_change_asks_first() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    for answer in ["n\n", "\n", "no\n", "nyes\n", "\x04"] {
        let mut terminal = tool.on_terminal(&["change", &member.email]);
        terminal
            .expect("Max Member <user.4@portal.example>")
            .expect("Go on? [y/N] ")
            .types(answer);
        terminal.end().with(2);
    }
    let mut terminal = tool.on_terminal(&["change", &member.email]);
    terminal.expect("Go on? [y/N] ").types("\x03");
    terminal.end().with(130);
    assert_eq!(portal.count("PUT", ""), 0);

    let mut terminal = tool.on_terminal(&["change", &member.email]);
    terminal.expect("Go on? [y/N] ").types("y\n").expect("done");
    terminal.end().with(0);
    assert_eq!(portal.times_unlinked(&member.id), 1);

    let mut terminal = tool.on_terminal(&["change", "@self"]);
    terminal
        .expect("YOUR OWN ACCOUNT")
        .expect("[y/N] ")
        .types("n\n");
    terminal.end().with(2);
}

#[test]
fn the_whole_portal_is_asked_for_twice() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let words = [
        "policy",
        "set",
        "--method",
        "sms",
        "--confirm-host",
        "127.0.0.1",
    ];
    let mut terminal = tool.on_terminal(&words);
    terminal
        .expect("WARNING")
        .expect("EVERY account and SIGNS EVERYONE OUT")
        .expect("in capitals: ")
        .types("yes\n");
    terminal.end().with(2);
    assert_eq!(portal.count("PUT", ""), 0);
    let mut terminal = tool.on_terminal(&words);
    terminal.expect("in capitals: ").types("YES\n");
    terminal.end().with(0).says("portal method: sms");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let id = portal.member().id;
    let words = ["check", &id];
    tool.on_terminal(&words)
        .end()
        .with(0)
        .says("\x1b[32mwould be done\x1b[0m");
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let ended = Terminal::start(tool.command(100, &words).env(name, value)).end();
        assert!(!ended.out.contains('\x1b'), "{ended:?}");
    }
    let piped = tool.run(&words);
    assert!(!piped.out.contains('\x1b'), "{piped:?}");
}

#[test]
fn bulk_asks_for_the_number_and_draws_a_bar() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(12);
    tool.list(ids(&accounts) + &ids(&accounts[..2]) + "nobody@portal.example\n");
    for wrong in ["12\n", "y\n", "\n"] {
        let mut terminal = tool.on_terminal(&["bulk", "list"]);
        terminal
            .expect("up to 13 accounts")
            .expect("Type the number of accounts to go on: ")
            .types(wrong);
        terminal.end().with(2);
    }
    assert_eq!(portal.count("PUT", ""), 0);
    assert!(!tool.folder.join("list.journal").exists());

    let mut terminal = tool.on_terminal(&["bulk", "list"]);
    terminal
        .expect("to go on: ")
        .types("13\n")
        .expect("] ")
        .expect("refused")
        .expect("15 of 15 entries");
    let ended = terminal.end().with(4);
    assert!(
        ended.out.contains("[########################] 15/15"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("applied\t"), "the bar tells those");
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

#[test]
fn a_narrow_terminal_has_a_narrow_bar() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    tool.list(ids(&portal.add_many(3)));
    let mut command = tool.command(30, &["bulk", "-y", "list"]);
    let ended = Terminal::start(&mut command).end().with(0);
    for drawn in ended.out.split('\r').filter(|part| part.starts_with('[')) {
        let bar = drawn.split('\x1b').next().unwrap();
        assert!(bar.len() < 30, "{bar:?}");
    }
}

#[test]
fn ctrl_c_ends_a_bulk_run_and_prints_how_to_go_on() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(30);
    tool.list(ids(&accounts));
    portal.set_fault(Fault::Delay(Duration::from_millis(30)));
    portal.add_fault(Fault::HangAfterAction.for_method("PUT").after(10));
    let mut terminal = tool.on_terminal(&["bulk", "-y", "--parallel", "1", "list"]);
    portal.wait_until("ten are done", || portal.count("PUT", UNLINK) > 10);
    portal.wait_until("one is under way", || {
        portal.times_unlinked(&accounts[10].id) == 1
    });
    terminal.types("\x03");
    terminal.expect("once more cuts it").types("\x03");
    let ended = terminal.end().with(3);
    ended
        .says("unknown")
        .says("11 of 30 entries")
        .says("tfa-admin: go on with: tfa-admin --resume bulk -y --parallel 1 list");
    portal.clear_faults();
    let mut terminal = tool.on_terminal(&["bulk", "--resume", "list"]);
    terminal
        .expect("Settled:  10 by the journal")
        .expect("Unknown:  1;")
        .expect("to go on: ")
        .types("19\n");
    let ended = terminal.end().with(4).says("30 applied");
    ended.says("sessions of 1 not known to be ended");
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

#[test]
fn the_bar_is_there_while_nothing_comes() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    tool.list(ids(&portal.add_many(2)));
    portal.set_fault(Fault::Delay(Duration::from_secs(3)).for_method("PUT"));
    let words = ["bulk", "-y", "--no-verify", "--parallel", "1", "list"];
    let mut terminal = tool.on_terminal(&words);
    terminal.expect("[........................] 0/2  0 applied");
    terminal.expect("] 1/2  1 applied");
    terminal.end().with(0);
}
