//! Many accounts: results, the journal, stopping and going on.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::UNLINK;
use crate::portal::{Account, Fault, LimiterConfig, Portal};
use crate::tool::{self, Tool};

pub(crate) fn emails(accounts: &[Account]) -> String {
    accounts
        .iter()
        .map(|account| format!("{}\r\n", account.email))
        .collect()
}

#[track_caller]
pub(crate) fn once_each(portal: &Portal, accounts: &[Account]) {
    for account in accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1, "{}", account.email);
    }
}

#[test]
fn all_applied_is_0() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(20);
    tool.list(emails(&accounts));
    tool.run(&["bulk", "--dry-run", "list"])
        .with(0)
        .says("20 would be applied");
    assert_eq!(portal.count("PUT", ""), 0);
    assert!(!tool.folder.join("list.journal").exists());
    let ended = tool.run(&["bulk", "--yes", "list"]).with(0);
    assert_eq!(ended.err, "", "a short run needs no lines of progress");
    let lines = ended.out.lines();
    assert_eq!(
        lines.filter(|line| line.starts_with("applied\t")).count(),
        20
    );
    ended.says("20 of 20 entries").says("For the members:");
    once_each(&portal, &accounts);
}

#[test]
fn a_mixed_list_is_4_and_every_entry_is_told() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let (one, two) = (portal.member(), portal.member2());
    let list = [
        "Name;E-Mail",
        &format!("\"Member; Max\";{}", one.email),
        "Nobody;nobody@portal.example",
        &format!("Mia;\"{}\"", two.email),
        &format!("Max again;{}", one.email.to_uppercase()),
        &format!("Olga;{}", portal.owner().email),
        &format!("Uma;{}", portal.unlinked().email),
    ];
    tool.list(format!("\u{feff}{}\r\n", list.join("\r\n")));
    let ended = tool.run(&["bulk", "--yes", "--json", "list"]).with(4);
    let mut objects = ended.objects();
    let summary = objects.pop().unwrap();
    objects.sort_by_key(|object| object["index"].as_u64());
    let outcomes: Vec<&str> = objects
        .iter()
        .map(|object| object["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(
        outcomes,
        [
            "applied", "refused", "applied", "skipped", "skipped", "refused"
        ]
    );
    assert_eq!(objects[1]["reason"], "NO_SUCH_ACCOUNT");
    assert_eq!(objects[3]["skipped"], "duplicate");
    assert_eq!(objects[4]["skipped"], "self");
    assert_eq!(objects[5]["reason"], "NOT_LINKED");
    for (name, number) in [
        ("exit", 4),
        ("total", 6),
        ("applied", 2),
        ("refused", 2),
        ("unknown", 0),
        ("duplicates", 1),
        ("self_left_out", 1),
        ("remaining", 0),
    ] {
        assert_eq!(summary[name], number, "{name}");
    }
    once_each(&portal, &[one, two]);
    assert!(portal.is_linked(&portal.owner().id));
}

#[test]
fn none_applied_is_1() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    tool.list("nobody@portal.example\n");
    tool.run(&["bulk", "-y", "--no-journal", "list"])
        .with(1)
        .says("NO_SUCH_ACCOUNT");
}

#[test]
fn the_own_account_is_included_when_asked() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let owner = portal.owner();
    tool.list(format!("{}\n", owner.id));
    tool.run(&["bulk", "-y", "--no-journal", "list"])
        .with(1)
        .says("your own left out");
    assert!(portal.is_linked(&owner.id));
    tool.run(&["bulk", "-y", "--no-journal", "--include-self", "list"])
        .with(0);
    assert_eq!(portal.times_unlinked(&owner.id), 1);
}

#[test]
fn a_journal_is_gone_on_with_only_when_asked() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    tool.list(format!("{}\n", member.email));
    tool.run(&["bulk", "-y", "--resume", "list"])
        .with(2)
        .complains("no such journal");
    tool.run(&["bulk", "-y", "list"]).with(0);
    // Enrolled again: neither a slip nor the resumed run may unlink it again.
    portal.enrol(&member.id);
    tool.run(&["bulk", "-y", "list"])
        .with(2)
        .complains("--resume");
    tool.run(&["bulk", "-y", "--resume", "list"])
        .with(0)
        .says("earlier")
        .says("1 settled by the journal");
    assert_eq!(portal.times_unlinked(&member.id), 1);

    tool.run(&["bulk", "-y", "--resume", "--method", "app", "list"])
        .with(2)
        .complains("JOURNAL");
    let input = fs::read(tool.folder.join("list")).unwrap();
    tool.run_with_input(&["bulk", "-y", "-"], &input)
        .with(2)
        .complains("--journal");
    tool.run_with_input(&["bulk", "-y", "-", "--journal", "other"], &input)
        .with(0);
    tool.run(&["bulk", "-y", "--no-journal", "--resume", "list"])
        .with(2);
}

#[test]
fn a_journal_that_is_not_ours_is_2() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    tool.list(format!("{}\n", member.email));
    let resume = ["bulk", "-y", "--resume", "list"];
    let run = |version: u32| {
        let line = format!(
            "{{\"t\":\"run\",\"v\":{version},\"portal\":\"https://other.example\",\"caller\":\
             \"{}\",\"method\":\"None\",\"lib\":\"9\",\"at\":\"2026-11-24T03:00:00.000Z\",\"n\":1",
            portal.owner().id
        );
        let digits = crc32fast::hash(format!("00000000{line}").as_bytes());
        format!("{line},\"c\":\"{digits:08x}\"}}\n")
    };
    for (version, words) in [
        (1, "unreleased"),
        (2, "another portal"),
        (3, "newer version"),
    ] {
        tool.write("list.journal", run(version), 0o600);
        let ended = tool.run(&resume).with(2);
        ended.complains("JOURNAL").complains(words);
    }
    tool.write("list.journal", "no journal at all\n", 0o600);
    tool.run(&resume).with(2).complains("JOURNAL");
    tool.write("list.journal", run(2), 0o644);
    tool.run(&resume).with(2).complains("chmod 600");
    // Told only once the portal has said whose key it is.
    tool.list("nobody@portal.example\n");
    tool.run(&["bulk", "-y", "--journal", "ours", "list"])
        .with(1);
    let other = tool.with_key(&portal.key_of(&portal.admin()));
    let ended = other.run(&["bulk", "-y", "--journal", "ours", "--resume", "list"]);
    let ended = ended.with(2).complains("JOURNAL");
    assert!(!ended.err.contains("go on with"), "{ended:?}");
    assert_eq!(portal.count("PUT", ""), 0);
    assert!(portal.is_linked(&member.id));
}

#[test]
fn a_journal_that_cannot_be_written_is_7() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(40);
    tool.list(emails(&accounts));
    // No file may grow beyond four blocks.
    let limited = tool.command(0, &["bulk", "-y", "list"]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "ulimit -f 4; exec \"$@\"", "sh"])
        .arg(limited.get_program())
        .args(limited.get_args())
        .envs(
            limited
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(&tool.folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let ended = tool::finish(&mut shell, b"").with(7);
    assert_eq!(resume_words(&ended.err)[0], "--resume");
    let done = portal.count("PUT", UNLINK);
    assert!(done > 0 && done < accounts.len(), "{done} were asked for");
    // Going on would wait a minute for each that may have been under way.
    let times = accounts
        .iter()
        .map(|account| portal.times_unlinked(&account.id));
    assert_eq!(times.clone().sum::<usize>(), done);
    assert!(times.max() == Some(1));
}

/// What is printed after "go on with: ", split into words.
#[track_caller]
pub(crate) fn resume_words(err: &str) -> Vec<String> {
    let line = err
        .lines()
        .find_map(|line| line.split_once("go on with: "))
        .unwrap_or_else(|| panic!("no command in {err}"));
    let mut words = line.1.split(' ').map(str::to_owned);
    assert_eq!(words.next().as_deref(), Some("tfa-admin"));
    words.collect()
}

#[test]
fn the_daily_limit_is_7_and_says_how_to_go_on() {
    let limits = LimiterConfig {
        writes_per_day: 3,
        ..LimiterConfig::default()
    };
    let portal = Portal::builder().limiter(limits).start();
    let tool = Tool::new(&portal);
    let accounts = portal.add_many(5);
    tool.list(emails(&accounts));
    let ended = tool.run(&["bulk", "-y", "--parallel", "1", "list"]).with(7);
    let words = resume_words(&ended.err);
    assert_eq!(words[0], "--resume");
    ended.says("3 of 5 entries");
    once_each(&portal, &accounts[..3]);
    assert!(portal.is_linked(&accounts[4].id));
}

#[test]
fn a_portal_that_is_not_there_is_5() {
    let portal = Portal::start();
    let tool = Tool::new(&portal).at("https://127.0.0.1:1");
    tool.list("a@b.example\n");
    tool.run(&["bulk", "-y", "--timeout", "1", "list"]).with(5);
    assert!(!tool.folder.join("list.journal").exists());
}

#[test]
fn a_long_run_has_lines_of_progress() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    tool.list(emails(&portal.add_many(3)));
    portal.set_fault(Fault::Delay(Duration::from_millis(4500)).for_method("PUT"));
    let ended = tool
        .run(&["bulk", "-y", "--no-verify", "--parallel", "1", "list"])
        .with(0);
    let lines: Vec<&str> = ended.err.lines().collect();
    assert_eq!(lines.len(), 2, "{ended:?}");
    assert!(
        lines[0].starts_with("tfa-admin: 2 of 3: 2 applied"),
        "{ended:?}"
    );
    assert!(
        lines[1].starts_with("tfa-admin: 3 of 3: 3 applied"),
        "{ended:?}"
    );
}
