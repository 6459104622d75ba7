//! After the prompt and after the change: looking again, in time or later.

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

use crate::UNLINK;
use crate::portal::{Account, Fault, Method, Portal};
use crate::support;
use crate::tool::{self, Ended, Terminal, Tool};

const FIVE_MINUTES: Duration = Duration::from_secs(300);

/// How often the account was looked at.
fn looks(portal: &Portal, account: &Account) -> usize {
    portal.count("GET", &format!("people/{}", account.id))
}

/// On a terminal, with a clock by which every look is old.
fn slowly(tool: &Tool, words: &[&str]) -> Terminal {
    Terminal::start(tool.command(100, words).env("TEST_STRIDE_MS", "31000"))
}

#[test]
fn a_look_that_is_old_when_the_prompt_is_answered_is_done_again() {
    let portal = Portal::start();
    let tool = Tool::new(&portal).timed();
    let (one, two) = (portal.member(), portal.member2());
    // One look before and one after the change.
    let mut terminal = tool.on_terminal(&["change", &one.id]);
    terminal.expect("Go on? [y/N] ").types("y\n");
    terminal.end().with(0);
    assert_eq!(looks(&portal, &one), 2);

    let mut terminal = slowly(&tool, &["change", &two.id]);
    terminal.expect("Go on? [y/N] ").types("y\n");
    let ended = terminal.end().with(0);
    assert_eq!(ended.out.matches("Go on?").count(), 1, "{ended:?}");
    assert_eq!(looks(&portal, &two), 3);
    assert_eq!(portal.times_unlinked(&two.id), 1);
}

#[test]
fn what_differs_from_the_first_look_is_asked_about_again() {
    let portal = Portal::start();
    let tool = Tool::new(&portal).timed();
    let (one, two) = (portal.member(), portal.member2());
    for answer in ["n\n", "y\n"] {
        portal.set_method(Method::App);
        let mut terminal = slowly(&tool, &["change", &one.id]);
        terminal.expect("Go on? [y/N] ");
        portal.set_method(Method::Off);
        terminal
            .types("y\n")
            .expect("not as it was when you were asked")
            .expect("Go on? [y/N] ")
            .types(answer);
        terminal.end().with(if answer == "n\n" { 2 } else { 0 });
        assert_eq!(portal.is_linked(&one.id), answer == "n\n");
    }
    portal.set_method(Method::App);

    // Somebody else was faster.
    let mut terminal = slowly(&tool, &["change", &two.id]);
    terminal.expect("Go on? [y/N] ");
    tool.run(&["change", "--yes", &two.id]).with(0);
    terminal.types("y\n").expect("refused");
    terminal.end().with(1).says("NOT_LINKED");
    assert_eq!(portal.count("PUT", UNLINK), 2);
}

#[test]
fn a_gateway_that_sends_twice_makes_no_refusal_of_a_change() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    let old = portal.session_of(&member);
    portal.delay_audit(usize::MAX);
    portal.set_fault(Fault::SentTwice);
    let object = tool.run(&["change", "-y", "--json", &member.id]).with(0);
    let object = object.object();
    assert_eq!(object["outcome"], "applied");
    assert_eq!(object["applied"], "maybe");
    assert_eq!(object["status"], "REJECTED");
    assert_eq!(object["app_link"], "no");
    assert_eq!(object["sessions_ended"], "yes");
    assert!(!portal.session_is_alive(&old));
    assert_eq!(portal.times_unlinked(&member.id), 1);
}

#[test]
fn the_audit_trail_proves_a_single_change() {
    for fault in [Fault::SentTwice, Fault::CloseAfterAction] {
        let portal = Portal::start();
        let tool = Tool::new(&portal);
        portal.set_fault(fault.on(UNLINK));
        let words = ["change", "-y", "--json", &portal.member().id];
        let object = tool.run(&words).with(0).object();
        assert_eq!(object["applied"], "yes");
        assert_eq!(object["status"], "OK");
        assert_eq!(object["verified"], true);
        assert_eq!(object["http_status"], 0);
        assert_eq!(object["sessions_ended"], "yes");
        assert_eq!(portal.count("PUT", UNLINK), 1);
    }
}

const CHANGE: [&str; 2] = ["change", "--yes"];

#[test]
fn what_is_still_shown_as_linked_is_done_and_says_when_to_look() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    portal.set_fault(Fault::SaveIsLost);
    let words = [&CHANGE[..], &[&member.id]].concat();
    let mut command = tool.command(0, &words);
    let ended = tool::finish(command.env("TZ", "Elsewhere-5"), b"").with(0);
    let find = format!("tfa-admin find {}", member.id);
    let ended = ended.says("cannot be verified before ").says(&find);
    let ended = ended.says("For the member, once it is verified:");
    // The library speaks of UTC and the tool of the administrator's clock.
    let clock = |before: &str| {
        let at = ended.out.find(before).unwrap() + before.len();
        let parts = ended.out[at..at + 8].split(':');
        parts.fold(0, |sum, part| sum * 60 + part.parse::<i32>().unwrap())
    };
    let between = clock("look again: after ") - clock("cannot be verified before ");
    let apart = (between - 5 * 3600).rem_euclid(86_400);
    assert!(apart <= 3 || apart >= 86_397, "{apart} s: {ended:?}");

    let json = [&words[..], &["--json"]].concat();
    let object = tool.run(&json).with(0).object();
    assert_eq!(
        (&object["verified"], &object["app_link"]),
        (&false.into(), &"yes".into())
    );
    let left = object["look_again_ms"].as_u64().unwrap();
    assert!(left > 0 && left <= 300_000, "{left}");

    // Nobody has looked: nothing is said of it.
    let none = [&json[..], &["--no-verify"]].concat();
    let before = looks(&portal, &member);
    let object = tool.run(&none).with(0).object();
    assert_eq!(looks(&portal, &member), before + 1);
    assert_eq!(
        (&object["verified"], &object["app_link"]),
        (&false.into(), &"unknown".into())
    );
    assert_eq!(object["look_again_ms"], 0);
}

/// Waits on a terminal until the old picture is gone, and ends well.
fn awaited(portal: &Portal, tool: &Tool, id: &str) -> Ended {
    let gate = tool.folder.join("gate");
    support::succeed(Command::new("mkfifo").arg(&gate));
    // Open on both sides, so that no end waits for the other.
    let mut opener = File::options().read(true).write(true).open(&gate).unwrap();
    let words = [&CHANGE[..], &["--wait", id]].concat();
    let mut terminal = Terminal::start(tool.command(100, &words).env("TEST_GATE", &gate));
    terminal.expect("for one more look; Ctrl-C");
    portal.let_time_pass(FIVE_MINUTES);
    opener.write_all(b"open").unwrap();
    terminal.end().with(0)
}

#[test]
fn waiting_verifies_once_the_old_picture_is_gone() {
    let portal = Portal::builder().without_shared_cache().start();
    let tool = Tool::new(&portal).timed();
    let member = portal.member();
    let ended = awaited(&portal, &tool, &member.id);
    ended
        .says("cannot be verified before ")
        .says("verified")
        .says("The app is unlinked.")
        .says("For the member:");
}

#[test]
fn waiting_settles_a_lost_answer() {
    let portal = Portal::builder().without_shared_cache().start();
    let tool = Tool::new(&portal).timed();
    let member = portal.member();
    let old = portal.session_of(&member);
    portal.delay_audit(usize::MAX);
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    let ended = awaited(&portal, &tool, &member.id);
    ended
        .says("unknown")
        .says("sessions ended")
        .says("The app is unlinked now; whether by this call is not known.")
        .says("You were signed out everywhere.");
    assert!(!portal.session_is_alive(&old));
}

#[test]
fn still_linked_after_the_waiting_is_3() {
    let portal = Portal::start();
    let tool = Tool::new(&portal).timed();
    let member = portal.member();
    let words = [&CHANGE[..], &["--wait", &member.id]].concat();
    let json = [&words[..], &["--json"]].concat();
    portal.set_fault(Fault::SaveIsLost);
    let ended = tool.run(&words).with(3);
    assert!(!ended.out.contains("For the member"), "{ended:?}");
    ended
        .says("unverified: ")
        .says("not saved, or the app was linked again since")
        .complains("waiting 4 min ");
    let object = tool.run(&json).with(3).object();
    assert_eq!(object["status"], "UNVERIFIED");
    assert_eq!(object["outcome"], "unknown");
    assert_eq!(object["applied"], "yes", "a look never takes it back");
    assert_eq!(
        (&object["verified"], &object["look_again_ms"]),
        (&false.into(), &0.into())
    );
    assert_eq!(object["member_text"], "");

    // Never done, and the answer lost.
    portal.set_fault(Fault::CloseBeforeAction.on(UNLINK));
    let object = tool.run(&json).with(3).object();
    assert_eq!(object["outcome"], "unknown");
    assert_eq!(
        (&object["applied"], &object["app_link"]),
        (&"maybe".into(), &"yes".into())
    );
    assert_eq!(object["look_again_ms"], 0);
}

/// The tool as it is shipped: it would wait for five minutes.
#[test]
fn ctrl_c_ends_the_waiting_only() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    let words = [&CHANGE[..], &["--wait", &member.id]].concat();
    for (fault, code) in [
        (Fault::SaveIsLost.into(), 0),
        (Fault::CloseBeforeAction.on(UNLINK), 3),
    ] {
        portal.set_fault(fault);
        let mut terminal = tool.on_terminal(&words);
        terminal
            .expect("look again: after ")
            .expect("waiting 4 min ");
        terminal.types("\x03");
        let ended = terminal.end().with(code);
        assert!(!ended.out.contains("unverified"), "{ended:?}");
    }
}
