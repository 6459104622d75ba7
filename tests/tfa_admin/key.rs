//! Where the key comes from, and that it stays there.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};

use crate::portal::{Fault, Portal};
use crate::support;
use crate::tool::{self, Tool, signal};

#[test]
fn a_key_file_others_can_read_is_refused() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    for mode in [0o640, 0o604, 0o620, 0o666] {
        tool.write("key", &tool.key, mode);
        let ended = tool.run(&["whoami"]).with(2).complains("chmod 600");
        assert!(!ended.err.contains(&tool.key));
    }
    assert_eq!(portal.connections(), 0);
    for mode in [0o600, 0o400] {
        fs::remove_file(tool.folder.join("key")).unwrap();
        tool.write("key", format!("{}\r\n", tool.key), mode);
        tool.run(&["whoami"]).with(0);
    }
}

#[test]
fn a_key_file_of_another_user_is_refused() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let own = fs::metadata(&tool.folder).unwrap().uid();
    let file = tool.write("key", &tool.key, 0o600);
    // Only root can give a file away; others find one of root's.
    let path = if own == 0 {
        chown(&file, Some(65534), None).unwrap();
        file
    } else {
        "/etc/passwd".into()
    };
    let arguments = ["whoami", "--ca-file", tool.ca_file(), "--key-file"];
    let ended = tool::finish(tool.bare(0, &arguments).arg(path), b"").with(2);
    ended.complains("belongs to another user");
    assert_eq!(portal.connections(), 0);
}

/// Not even the end of whoever would write into it is waited for.
#[test]
fn what_is_no_file_is_refused_at_once() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let pipe = tool.folder.join("pipe");
    support::succeed(support::need("mkfifo").args(["-m", "600"]).arg(&pipe));
    let folder = tool.folder.clone();
    let wrong = [
        (pipe, "not a regular file"),
        ("/dev/null".into(), "not a regular file"),
        (folder, "is a directory"),
    ];
    for (path, text) in wrong {
        let arguments = ["whoami", "--ca-file", tool.ca_file(), "--key-file"];
        let ended = tool::finish(tool.bare(0, &arguments).arg(path), b"").with(2);
        ended.complains(text);
    }
    assert_eq!(portal.connections(), 0);
}

#[test]
fn a_file_that_holds_no_key_is_refused() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let wrong: [(&[u8], &str); 4] = [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"sk-\0x", "not a text file"),
        (&[b'k'; 5000], "too long"),
    ];
    for (content, text) in wrong {
        tool.write("key", content, 0o600);
        tool.run(&["whoami"]).with(2).complains(text);
    }
    fs::remove_file(tool.folder.join("key")).unwrap();
    tool.run(&["whoami"]).with(2).complains("key: ");
    tool.write("key", "two\nlines", 0o600);
    tool.run(&["whoami"]).with(2).complains("ARGUMENT");
    assert_eq!(portal.connections(), 0);
}

#[test]
fn the_environment_has_a_key_and_nothing_else_does() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let bare = || tool.bare(0, &["whoami", "--ca-file", tool.ca_file()]);
    tool::finish(bare().env("DOCSPACE_API_KEY", &tool.key), b"").with(0);
    // Not from standard input, and there is no terminal.
    tool::finish(&mut bare(), tool.key.as_bytes())
        .with(2)
        .complains("DOCSPACE_API_KEY");
    tool::finish(bare().args(["--api-key", &tool.key]), b"").with(2);
}

#[test]
fn no_core_is_dumped_while_the_key_is_held() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    portal.set_fault(Fault::HangBeforeAction);
    let mut command = tool.bare(0, &["whoami", "--ca-file", tool.ca_file()]);
    let child = command.env("DOCSPACE_API_KEY", &tool.key).spawn().unwrap();
    portal.wait_for_requests(1);
    let id = child.id().to_string();
    // Only root can look now; that others cannot is the purpose.
    if let Ok(limits) = fs::read_to_string(format!("/proc/{id}/limits")) {
        let core = limits.lines().find(|line| line.starts_with("Max core"));
        let words: Vec<&str> = core.unwrap().split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"]);
    }
    if let Ok(environment) = fs::read(format!("/proc/{id}/environ")) {
        let text = String::from_utf8_lossy(&environment);
        assert!(!text.contains(&tool.key), "the variable was wiped");
    }
    signal(&id, "TERM");
    tool::wait(child).with(143);
}
