//! Sessions: those that a change left alive, and ending them by a command.

use crate::portal::{Failure, Fault, Portal, Reply, Spec, Step};
use crate::tool::{self, Tool, signal};
use crate::{LOG_OUT, UNLINK};

/// The portal unlinks the app and fails before it ends the sessions.
pub(crate) fn half_way() -> Fault {
    let failure = Failure::thrown("System.TimeoutException");
    Fault::UnlinkStopsAfter(Step::LinkWiped, failure)
}

fn end_of(id: &str) -> String {
    format!("{LOG_OUT}{id}")
}

#[test]
fn a_change_that_stopped_half_way_is_repaired() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    let old = portal.session_of(&member);
    portal.set_fault(half_way());
    tool.run(&["change", "--yes", &member.id])
        .with(0)
        .says("unlinked: ")
        .says("sessions ended: ")
        .says("and its old codes no longer work. You were signed out everywhere.");
    assert!(!portal.session_is_alive(&old));
    assert_eq!(portal.count("PUT", &end_of(&member.id)), 1);

    let object = tool
        .run(&["change", "--yes", "--json", &portal.member2().id])
        .with(0)
        .object();
    assert_eq!(object["outcome"], "applied");
    assert_eq!(
        (&object["applied"], &object["verified"]),
        (&"maybe".into(), &true.into())
    );
    assert_eq!(object["sessions_ended"], "yes");
    assert_eq!(object["sessions_error"], serde_json::Value::Null);
}

#[test]
fn the_repair_is_offered_on_a_terminal() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    portal.set_fault(half_way());
    for (member, answer) in [(portal.member(), "n\n"), (portal.member2(), "y\n")] {
        let is_wanted = answer == "y\n";
        let old = portal.session_of(&member);
        let mut terminal = tool.on_terminal(&["change", &member.id]);
        terminal
            .expect("API\r\nkeys and OAuth tokens of the account stay good")
            .expect("Go on? [y/N] ")
            .types("y\n")
            .expect("unlinked")
            .expect("End them now?")
            .expect("[y/N] ")
            .types(answer);
        let ended = terminal.end().with(if is_wanted { 0 } else { 4 });
        let advice = format!(
            "end the sessions with: tfa-admin sessions end {}",
            member.id
        );
        assert_eq!(ended.out.contains(&advice), !is_wanted, "{ended:?}");
        assert_eq!(
            ended.out.contains("signed out everywhere"),
            is_wanted,
            "{ended:?}"
        );
        assert_eq!(portal.session_is_alive(&old), !is_wanted);
    }
}

#[test]
fn unlinked_with_sessions_not_known_to_be_ended_is_4() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    portal.set_fault(half_way());
    portal.add_fault(Fault::Html(403).on(&end_of(&member.id)));
    let ended = tool.run(&["change", "--yes", &member.id]).with(4);
    assert!(!ended.out.contains("signed out everywhere"), "{ended:?}");
    ended
        .says("unlinked: ")
        .says("sessions: ")
        .complains(&format!("sessions end {}", member.id));

    // A portal whose success does not say that it ends sessions.
    let member = portal.member2();
    let bare = Reply::typed(
        200,
        "application/json",
        r#"{"response":"","status":0,"statusCode":200}"#,
    );
    portal.set_fault(Fault::AnswerAfterAction(bare).on(UNLINK));
    portal.add_fault(Fault::Html(403).on(&end_of(&member.id)));
    let object = tool.run(&["change", "--yes", "--json", &member.id]).with(4);
    let object = object.object();
    assert_eq!(
        (&object["applied"], &object["sessions_ended"]),
        (&"yes".into(), &"unknown".into())
    );
    assert_ne!(object["sessions_error"]["status"], "OK");
    let text = object["member_text"].as_str().unwrap();
    assert!(
        text.contains("sign in again") && !text.contains("signed out"),
        "{text}"
    );
}

#[test]
fn whoever_stops_the_tool_is_not_asked_more() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    portal.set_fault(Fault::HangAfterAction.on(UNLINK));
    let child = tool.start(&["change", "-y", &member.id]);
    portal.wait_until("it is done", || portal.times_unlinked(&member.id) == 1);
    signal(&child.id().to_string(), "INT");
    let advice = format!("tfa-admin sessions end {}", member.id);
    tool::wait(child).with(3).complains(&advice);
    assert_eq!(portal.count("PUT", &end_of(&member.id)), 0);
}

#[test]
fn sessions_end_by_command() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    for who in [&member.id, &member.email, &member.user_name] {
        let old = portal.session_of(&member);
        let ended = tool.run(&["sessions", "end", "--yes", who]).with(0);
        ended.says("sessions ended: The portal says");
        assert!(!portal.session_is_alive(&old));
    }
    assert!(portal.is_linked(&member.id), "none of its business");
    let words = ["sessions", "end", "-y", "--json", &member.email];
    let object = tool.run(&words).with(0).object();
    assert_eq!(
        (&object["outcome"], &object["sessions_ended"]),
        (&"ended".into(), &"yes".into())
    );
    assert_eq!(
        (&object["account_id"], &object["status"]),
        (&member.id.into(), &"OK".into())
    );

    tool.run(&["sessions", "end"]).with(2);
    tool.run(&["sessions", "list", &portal.member().id])
        .with(2)
        .complains("sessions: end");
}

#[test]
fn ending_sessions_asks_first() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    let old = portal.session_of(&member);
    tool.run(&["sessions", "end", &member.id])
        .with(2)
        .complains("--yes");
    for answer in ["n\n", "y\n"] {
        let mut terminal = tool.on_terminal(&["sessions", "end", &member.id]);
        terminal
            .expect("Max Member <user.4@portal.example>")
            .expect("API keys and OAuth tokens stay as they are")
            .expect("Go on? [y/N] ")
            .types(answer);
        let is_wanted = answer == "y\n";
        let ended = terminal.end().with(if is_wanted { 0 } else { 2 });
        assert!(!ended.out.contains("YOUR OWN"), "{ended:?}");
        assert_eq!(portal.session_is_alive(&old), !is_wanted);
    }
    let mut terminal = tool.on_terminal(&["sessions", "end", "@self"]);
    terminal
        .expect("YOUR OWN ACCOUNT")
        .expect("[y/N] ")
        .types("n\n");
    terminal.end().with(2);
}

#[test]
fn ending_sessions_has_the_codes_of_a_change() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    let run = |who: &str| tool.run(&["sessions", "end", "-y", "--json", who]);
    let object = run("nobody@portal.example").with(1).object();
    assert_eq!(object["reason"], "NO_SUCH_ACCOUNT");
    portal.set_fault(Fault::CloseAfterAction.on(&end_of(&member.id)));
    let object = run(&member.id).with(3).object();
    assert_eq!(
        (&object["outcome"], &object["sessions_ended"]),
        (&"unknown".into(), &"unknown".into())
    );
    portal.set_fault(Fault::Unpaid);
    run(&member.id).with(6);
    portal.clear_faults();

    // Shown to each other, and neither an administrator.
    let caller = portal.add_account(Spec::room_admin());
    let other = Tool::new(&portal).with_key(&portal.key_of(&caller));
    let ended = other.run(&["sessions", "end", "-y", &member.id]).with(1);
    assert!((ended.out + &ended.err).contains("NOT_ADMIN"));
    other.run(&["sessions", "end", "-y", "@self"]).with(0);
}

#[test]
fn bulk_tells_whose_sessions_may_be_alive() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(3);
    let list: String = accounts.iter().map(|it| format!("{}\n", it.id)).collect();
    tool.list(&list);
    // Of one the app is unlinked, and the answer a refusal.
    portal.set_fault(Fault::SentTwice.on(UNLINK).after(1).times(1));
    let words = ["bulk", "-y", "--no-journal", "--parallel", "1", "list"];
    let ended = tool.run(&words).with(4);
    let line = format!("applied\t{}\tSESSIONS_UNKNOWN\t", accounts[1].id);
    let ended = ended.says(&line).says("end them.");
    assert!(!ended.out.contains("signed out everywhere"), "{ended:?}");
    let ended = ended.says("3 applied, 0 refused, 0 unknown, sessions of 1 not known");
    ended.complains("tfa-admin sessions end ACCOUNT");
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
        portal.enrol(&account.id);
    }

    portal.set_fault(half_way());
    let json = [&words[..], &["--json"]].concat();
    let objects = tool.run(&json).with(4).objects();
    for object in &objects[..3] {
        assert_eq!(object["outcome"], "applied");
        assert_eq!(
            (&object["applied"], &object["sessions_ended"]),
            (&"maybe".into(), &"unknown".into())
        );
    }
    let summary = &objects[3];
    assert_eq!(
        (&summary["applied"], &summary["sessions_unknown"]),
        (&3.into(), &3.into())
    );

    portal.clear_faults();
    for account in &accounts {
        portal.enrol(&account.id);
    }
    let objects = tool.run(&json).with(0).objects();
    assert_eq!(objects[0]["sessions_ended"], "yes");
    let text = objects[3]["member_text"].as_str().unwrap();
    assert!(text.contains("signed out everywhere"), "{text}");
}
