//! What ends a run before its list does: signals, and a portal in trouble.

use std::time::Duration;

use crate::UNLINK;
use crate::bulk::{emails, once_each, resume_words};
use crate::portal::{Fault, Portal, Reply};
use crate::tool::{self, Tool, signal};

#[test]
fn the_first_signal_lets_what_is_under_way_finish() {
    for name in ["INT", "TERM"] {
        let portal = Portal::start();
        let tool = Tool::new(&portal);
        let accounts = portal.add_many(40);
        tool.list(emails(&accounts));
        portal.set_fault(Fault::Delay(Duration::from_millis(300)).for_method("PUT"));
        let child = tool.start(&["bulk", "-y", "--json", "list"]);
        portal.wait_until("two are done", || portal.count("PUT", UNLINK) >= 5);
        signal(&child.id().to_string(), name);
        let ended = tool::wait(child);
        let summary = ended.objects().pop().unwrap();
        assert_eq!(summary["unknown"], 0, "{ended:?}");
        let applied = summary["applied"].as_u64().unwrap();
        assert_eq!(applied, portal.count("PUT", UNLINK) as u64, "none was cut");
        assert_eq!(summary["remaining"].as_u64().unwrap(), 40 - applied);
        let ended = ended.with(if name == "INT" { 130 } else { 143 });
        // The command that is printed goes on.
        portal.clear_faults();
        let words = resume_words(&ended.err);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        tool::finish(&mut tool.bare(0, &words), b"").with(0);
        once_each(&portal, &accounts);
    }
}

#[test]
fn the_second_signal_cuts_and_the_next_run_settles() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(8);
    tool.list(emails(&accounts));
    portal.set_fault(Fault::HangAfterAction.for_method("PUT").after(3));
    let child = tool.start(&["bulk", "-y", "--parallel", "1", "--json", "list"]);
    portal.wait_until("the fourth is asked for", || {
        portal.count("PUT", UNLINK) == 4
    });
    portal.wait_until("and done", || {
        accounts
            .iter()
            .map(|it| portal.times_unlinked(&it.id))
            .sum::<usize>()
            == 4
    });
    signal(&child.id().to_string(), "INT");
    signal(&child.id().to_string(), "TERM");
    let ended = tool::wait(child).with(3);
    let summary = ended.objects().pop().unwrap();
    assert_eq!(
        (&summary["exit"], &summary["unknown"]),
        (&3.into(), &1.into())
    );
    let resume = summary["resume"].as_str().unwrap();
    assert!(resume.starts_with("tfa-admin --resume bulk"), "{resume}");
    portal.clear_faults();
    // The trail proves it; whether its sessions ended it does not tell.
    tool.run(&["bulk", "-y", "--resume", "list"])
        .with(4)
        .says("8 applied")
        .says("SESSIONS_UNKNOWN");
    once_each(&portal, &accounts);
}

#[test]
fn a_portal_in_trouble_ends_the_run_and_says_when_to_come_back() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(40);
    tool.list(emails(&accounts));
    let away = Reply::page(503).with("Retry-After", "86400");
    portal.set_fault(Fault::Answer(away).for_method("PUT"));
    let ended = tool.run(&["bulk", "-y", "--json", "list"]).with(3);
    let summary = ended.objects().pop().unwrap();
    let unknown = summary["unknown"].as_u64().unwrap();
    assert!((1..=5).contains(&unknown), "{summary}");
    assert_eq!(summary["remaining"].as_u64().unwrap(), 40 - unknown);
    let wait = summary["error"]["retry_after_ms"].as_u64().unwrap();
    assert!((86_000_000..=86_400_000).contains(&wait), "{summary}");
    ended
        .complains("come back after ")
        .complains("go on with: ");
    // Once it is back, the rest is done, and what was not done stays told.
    portal.clear_faults();
    let ended = tool
        .run(&["bulk", "-y", "--resume", "--json", "list"])
        .with(3);
    let summary = ended.objects().pop().unwrap();
    assert_eq!(summary["unknown"], unknown, "{summary}");
    assert_eq!(summary["applied"], 40 - unknown, "{summary}");
    tool.run(&["bulk", "-y", "--resume", "--retry-unknown", "list"])
        .with(0);
    once_each(&portal, &accounts);
}
