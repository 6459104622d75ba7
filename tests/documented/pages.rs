//! The example of each object's manual page.

use std::process::{Command, Stdio};

use crate::portal::{Fault, Method, Portal, Reply};
use crate::shown::{self, PLAIN, Shown};
use crate::support;

const CHANGE: &str = "/settings/tfaappnewapp";

fn example(page: &str, call: &str) -> Shown {
    example_with(page, PLAIN, call)
}

fn example_with(page: &str, client: &str, call: &str) -> Shown {
    Shown::c(&format!("shown-{page}"), &shown::page(page), client, call)
}

/// Every page that there is has its test below, or in header.rs.
#[test]
fn no_page_is_left_out() {
    let tested = [include_str!("pages.rs"), include_str!("header.rs")].concat();
    for page in support::pages() {
        let name = page.file_stem().unwrap().to_str().unwrap();
        assert!(tested.contains(&format!("\"{name}\"")), "{name}: not run");
    }
}

#[test]
fn account() {
    let shown = example("dstfa_account", "show(client, more[0])");
    let portal = shown::plain_portal();
    let (owner, member) = (portal.owner(), portal.member());
    let expected = format!("Max Member <{}> {}\n", member.email, member.id);
    for who in [&member.email, &member.user_name, &member.id] {
        assert_eq!(shown.run(&portal, &owner, &[who], 0), expected);
    }
    let said = shown.run(&portal, &owner, &["nobody@portal.example"], 0);
    assert!(said.starts_with("There is no such account"), "{said}");
}

#[test]
fn account_list() {
    let call = r#"printf("%d\n", (int)linked(client, &error))"#;
    let shown = example("dstfa_account_list", call);
    let portal = shown::plain_portal();
    // More than a page of them.
    portal.add_many(150);
    let said = shown.run(&portal, &portal.owner(), &[], 0);
    let (mails, status) = said.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(status, "0");
    let mails: Vec<&str> = mails.lines().collect();
    for account in [
        portal.owner(),
        portal.admin(),
        portal.member(),
        portal.guest(),
    ] {
        assert!(mails.contains(&account.email.as_str()), "{mails:?}");
    }
    for account in [portal.unlinked(), portal.terminated_linked()] {
        assert!(!mails.contains(&account.email.as_str()), "{mails:?}");
    }
    assert_eq!(mails.len(), 150 + 6);
}

#[test]
fn bulk() {
    let call = r#"printf("%d\n", (int)unlink_all(client, more, &error))"#;
    let shown = example("dstfa_bulk", call);
    let portal = shown::plain_portal();
    let (owner, member, member2) = (portal.owner(), portal.member(), portal.member2());
    let list = [member.id.as_str(), &member2.email];
    let said = shown.run(&portal, &owner, &list, 0);
    let mut lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.pop(), Some("0"));
    lines.sort_unstable();
    let mut expected = list.map(|entry| format!("{entry}: 1"));
    expected.sort_unstable();
    assert_eq!(lines, expected);
    assert!(shown.folder.join("unlink.journal").exists());
    // Repeated, it goes on where it was: nothing is left.
    portal.enrol(&member.id);
    shown.run(&portal, &owner, &list, 0);
    for account in [member, member2] {
        assert_eq!(portal.times_unlinked(&account.id), 1, "{account:?}");
    }
}

#[test]
fn journal() {
    let portal = shown::plain_portal();
    let (owner, member) = (portal.owner(), portal.member());
    let run = example(
        "dstfa_bulk",
        r#"printf("%d\n", (int)unlink_all(client, more, &error))"#,
    );
    run.run(&portal, &owner, &[&member.id], 0);
    let journal = run.folder.join("unlink.journal");
    let shown = example("dstfa_journal", "print_journal(more[0])");
    let said = shown.run(&portal, &owner, &[journal.to_str().unwrap()], 0);
    assert_eq!(said, format!("{}: applied\n", member.id));
    assert_eq!(shown.run(&portal, &owner, &["/nowhere"], 0), "");
}

#[test]
fn bulk_item() {
    let shown = example(
        "dstfa_bulk_item",
        "dstfa_bulk *bulk = NULL;
    dstfa_bulk_item *item = NULL;
    dstfa_bulk_new(client, DSTFA_METHOD_NONE, &bulk, NULL);
    for (; *more != NULL; more++)
        dstfa_bulk_add(bulk, *more, NULL, NULL);
    while (dstfa_bulk_step(bulk, NULL, &item, NULL) == DSTFA_OK) {
        report(item);
        dstfa_bulk_item_free(item);
    }
    dstfa_bulk_free(bulk)",
    );
    let portal = shown::plain_portal();
    let (owner, member, unlinked) = (portal.owner(), portal.member(), portal.unlinked());
    let said = shown.run(&portal, &owner, &[&member.id, &unlinked.id], 0);
    assert_eq!(said.lines().count(), 2, "{said}");
    let applied = format!("{}: {}", member.id, shown::UNLINKED);
    assert!(said.contains(&applied), "{said}");
    let refused = format!(
        "{}: The account has no linked authenticator app",
        unlinked.id
    );
    assert!(said.contains(&refused), "{said}");
    shown::assert_unlinked_by_one_request(&portal, &member);

    // Where the method is not the app, nobody is shown whether one is linked.
    portal.set_method(Method::Off);
    portal.set_fault(Fault::CloseAfterAction.on(CHANGE));
    let member2 = portal.member2();
    let said = shown.run(&portal, &owner, &[&member2.id], 0);
    assert_eq!(said, format!("{}: look at the account\n", member2.id));
}

#[test]
fn cancel() {
    let shown = example(
        "dstfa_cancel",
        r#"printf("%d\n", (int)change(client, more[0], &error))"#,
    );
    shown::assert_changes_once(&shown, "0\n", "DSTFA_E_REJECTED, applied: 1\n", [0, 0]);

    let portal = shown::plain_portal();
    portal.set_fault(Fault::HangBeforeAction.on(CHANGE));
    let member = portal.member();
    let mut command = shown.command(&portal, &portal.owner(), &[&member.id]);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    portal.wait_for_requests(1);
    let id = child.id().to_string();
    support::succeed(Command::new("kill").args(["-s", "INT", &id]));
    // Its deadline ends it in any case.
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(said.ends_with("DSTFA_E_CANCELLED, applied: 0\n"), "{said}");
    assert_eq!(portal.count("PUT", CHANGE), 1);
}

#[test]
fn change() {
    let shown = example(
        "dstfa_change",
        "dstfa_change *done = NULL;
    if (dstfa_client_change_method(client, more[0], DSTFA_METHOD_NONE, NULL, &done, &error) ==
        DSTFA_OK)
        report(done);
    dstfa_change_free(done)",
    );
    shown::assert_changes_once(&shown, shown::UNLINKED, "applied: 1\n", [0, 0]);
    let portal = shown::plain_portal();
    let owner = portal.owner();
    let said = shown.run(&portal, &owner, &[&owner.id], 0);
    let url = format!("\nSign in again: {}/", portal.url());
    assert!(said.contains(&url), "{said}");
    assert!(!said.contains("somebody else's"), "{said}");

    portal.set_fault(Fault::CloseAfterAction.on(CHANGE));
    let said = shown.run(&portal, &owner, &[&portal.member().id], 0);
    assert!(
        said.ends_with(
            "by this call or by somebody else's.\nEnd the sessions: dstfa_client_end_sessions().\n"
        ),
        "{said}"
    );
}

#[test]
fn check() {
    let shown = example("dstfa_check", "look(client, more[0])");
    let portal = shown::plain_portal();
    let (owner, member) = (portal.owner(), portal.member());
    let said = shown.run(&portal, &owner, &[&member.id], 0);
    assert_eq!(said.lines().count(), 1, "{said}");
    let said = shown.run(&portal, &owner, &[&portal.unlinked().id], 0);
    assert!(
        said.ends_with(
            "\nThe account has no linked authenticator app; there is nothing to unlink.\n"
        ),
        "{said}"
    );
    let said = shown.run(&portal, &owner, &["nobody"], 0);
    assert!(said.starts_with("account id: "), "{said}");
    assert!(portal.is_linked(&member.id));
}

#[test]
fn client() {
    let shown = example(
        "dstfa_client",
        r#"printf("%d\n", unlink_app(client, more[0]))"#,
    );
    shown::assert_changes_once(&shown, shown::UNLINKED, "Nothing was changed.\n0\n", [0, 0]);
}

#[test]
fn codes() {
    let shown = example("dstfa_backup_codes", "show_codes(client)");
    let portal = shown::plain_portal();
    let member = portal.member();
    portal.change_account(&member.id, |account| account.codes[2].used = true);
    let said = shown.run(&portal, &member, &[], 0);
    let codes = portal.account(&member.id).codes;
    let left = codes.into_iter().filter(|code| !code.used);
    let expected: String = left.map(|code| code.code + "\n").collect();
    // No code in the test's own output.
    assert!(said == expected, "{} lines", said.lines().count());
}

#[test]
fn error() {
    let shown = example(
        "dstfa_error",
        "dstfa_client_change_method(client, more[0], DSTFA_METHOD_NONE, NULL, NULL, &error);
    report(error)",
    );
    let portal = shown::plain_portal();
    let (owner, member, unlinked) = (portal.owner(), portal.member(), portal.unlinked());
    let said = shown.run(&portal, &owner, &[&unlinked.id], 0);
    assert!(
        said.contains("DSTFA_REASON_NOT_LINKED: The account has no"),
        "{said}"
    );
    assert!(!said.contains("again"), "{said}");

    let busy = Reply::page(429).with("Retry-After", "3600");
    portal.set_fault(Fault::Answer(busy).on(CHANGE));
    let said = shown.run(&portal, &owner, &[&member.id], 0);
    assert!(said.contains("\nTry again in 3600000 ms.\n"), "{said}");

    portal.set_method(Method::Off);
    portal.set_fault(Fault::CloseAfterAction.on(CHANGE));
    let said = shown.run(&portal, &owner, &[&member.id], 0);
    assert!(
        said.contains("\nLook at the account before you try again.\n"),
        "{said}"
    );
}

/// The one that names an authority: by TLS.
#[test]
fn options() {
    let shown = example_with(
        "dstfa_options",
        "connect_to(url, key, more[1])",
        "dstfa_client_change_method(client, more[0], DSTFA_METHOD_NONE, NULL, NULL, &error)",
    );
    let (portal, other) = (Portal::start(), Portal::start());
    let (owner, member) = (portal.owner(), portal.member());
    let ca_file = |portal: &Portal| portal.ca_file().display().to_string();
    let said = shown.run(&portal, &owner, &[&member.id, &ca_file(&other)], 0);
    assert_eq!(said, "DSTFA_E_TLS, applied: 1\n");
    let said = shown.run(&portal, &owner, &[&member.id, &ca_file(&portal)], 0);
    assert_eq!(said, "");
    shown::assert_unlinked_by_one_request(&portal, &member);
}

#[test]
fn policy() {
    let call = r#"printf("%d\n", (int)demand_app(client, more[0], &error))"#;
    let shown = example("dstfa_policy", call);
    let portal = shown::plain_portal();
    portal.allow_policy_writes();
    portal.set_method(Method::Off);
    let owner = portal.owner();
    let said = shown.run(&portal, &owner, &["another.example.com"], 0);
    assert!(said.contains("DSTFA_E_ARGUMENT, applied: 1"), "{said}");
    assert_eq!(portal.method(), Method::Off);
    let said = shown.run(&portal, &owner, &[&portal.host()], 0);
    assert_eq!(said, "0\n");
    assert_eq!(portal.method(), Method::App);
    assert_eq!(portal.count("PUT", "/settings/tfaapp"), 1);
}
