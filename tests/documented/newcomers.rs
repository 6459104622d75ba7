//! docs/coming-from.md: what it shows from before, and the same with this
//! library. The requests written by hand change the account too.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::portal::{Account, Portal};
use crate::shown::{self, NO_CLIENT, Shown};
use crate::support;

fn block(language: &str) -> String {
    shown::block(&support::read("docs/coming-from.md"), language)
}

#[test]
fn c() {
    let call = r#"printf("%d\n", unlink_app(url, key, more[0]))"#;
    let shown = Shown::c("shown-newcomers-c", &block("c"), NO_CLIENT, call);
    shown::assert_changes_once(
        &shown,
        "\n1\n",
        "nothing to unlink. Nothing was changed.\n0\n",
        [0, 0],
    );
    let portal = shown::plain_portal();
    let owner = portal.owner();
    let said = shown.run(&portal, &owner, &[&owner.id], 0);
    assert!(said.starts_with(&portal.url()), "{said}");
}

#[test]
fn cpp() {
    let call = r#"try {
        std::puts(unlink_app(url, key, more[0]).c_str());
    } catch (const dstfa::Error &refusal) {
        std::puts(refusal.what());
    }"#;
    let Some(shown) = Shown::cpp("shown-newcomers-cpp", &block("cpp"), call) else {
        return;
    };
    shown::assert_changes_once(&shown, "\n", "nothing to unlink", [0, 0]);
    let portal = shown::plain_portal();
    let owner = portal.owner();
    let said = shown.run(&portal, &owner, &[&owner.id], 0);
    assert!(said.starts_with(&portal.url()), "{said}");
}

/// Runs a request written by hand for the key's own account, then for another's
/// and for that once more. Gives what it said.
fn by_hand(
    name: &str,
    program: impl Fn(&Path, &Portal, &str, &Account) -> Command,
) -> (Portal, [String; 3]) {
    let portal = shown::plain_portal();
    let (owner, member) = (portal.owner(), portal.member());
    let folder = support::scratch(&format!("documented-{name}"));
    let key = portal.key_of(&owner);
    let said = [&owner, &member, &member].map(|account| {
        let mut command = program(&folder, &portal, &key, account);
        // The portal is on this machine, whatever proxy the system has.
        command.envs([("NO_PROXY", "*"), ("no_proxy", "*")]);
        support::run(command.current_dir(&folder), 0)
    });
    for account in [&owner, &member] {
        assert_eq!(portal.times_unlinked(&account.id), 1, "{said:?}");
    }
    assert_eq!(portal.count("PUT", "/settings/tfaappnewapp"), 3);
    (portal, said)
}

/// As the page says of these: an empty URL for another's account, and `null`
/// where the portal refused.
fn assert_tells_the_login_url(portal: &Portal, said: &[String; 3], null: &str) {
    assert!(said[0].starts_with(&portal.url()), "{said:?}");
    assert_eq!(said[1], "\n");
    assert_eq!(said[2], null);
}

/// A script with the names that the shown piece takes for granted.
fn script(folder: &Path, name: &str, before: &str, piece: &str, after: &str) {
    fs::write(folder.join(name), format!("{before}{piece}{after}")).unwrap();
}

#[test]
fn python() {
    let requests = Command::new("python3")
        .args(["-c", "import requests"])
        .output();
    if !requests.is_ok_and(|it| it.status.success()) {
        support::not_run("the request in Python (no python3 with requests)");
        return;
    }
    let (portal, said) = by_hand("shown-newcomers-python", |folder, portal, key, account| {
        let before = format!(
            "import requests\nportal, account_id = '{}', '{}'\nkey = open('key').read()\n",
            portal.url(),
            account.id
        );
        fs::write(folder.join("key"), key).unwrap();
        script(
            folder,
            "it.py",
            &before,
            &block("python"),
            "print(login_url)\n",
        );
        let mut command = Command::new("python3");
        command.args(["-B", "it.py"]);
        command
    });
    assert_tells_the_login_url(&portal, &said, "None\n");
}

#[test]
fn node() {
    let fetch = Command::new("node").args(["-e", "fetch"]).output();
    if !fetch.is_ok_and(|it| it.status.success()) {
        support::not_run("the request in Node.js (no node with fetch)");
        return;
    }
    let (portal, said) = by_hand("shown-newcomers-js", |folder, portal, key, account| {
        let before = format!(
            "import {{ readFileSync }} from 'node:fs';\nconst portal = '{}', id = '{}';\n\
             const key = readFileSync('key', 'utf8');\n",
            portal.url(),
            account.id
        );
        fs::write(folder.join("key"), key).unwrap();
        script(
            folder,
            "it.mjs",
            &before,
            &block("js"),
            "console.log(loginUrl);\n",
        );
        let mut command = Command::new("node");
        command.arg("it.mjs");
        command
    });
    assert_tells_the_login_url(&portal, &said, "null\n");
}

#[test]
fn curl() {
    if !support::has("curl") {
        support::not_run("the request with curl (no curl)");
        return;
    }
    let (portal, said) = by_hand("shown-newcomers-curl", |folder, portal, key, account| {
        fs::write(
            folder.join("key-header.txt"),
            format!("Authorization: Bearer {key}\n"),
        )
        .unwrap();
        let command = shown::with_own(
            block("console").trim_start_matches("$ "),
            &[
                (shown::THEIR_PORTAL, &portal.url()),
                ("aae1e103-bca5-9fa1-ba8c-42058b4abf28", &account.id),
            ],
        );
        let mut shell = Command::new("sh");
        // Without the progress it shows where its output is no terminal.
        shell.args(["-c", &command.replace("curl", "curl -s")]);
        shell
    });
    assert!(said[0].contains(&portal.url()), "{said:?}");
    assert!(said[1].contains("\"status\":0"), "{said:?}");
    assert!(said[2].contains("403"), "{said:?}");
}
