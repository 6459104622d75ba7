//! Reading the list, without a portal.

use std::fs::OpenOptions;
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use crate::portal::Portal;
use crate::tool::{Ended, Tool};

fn tool() -> (Portal, Tool) {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    (portal, tool)
}

fn check(tool: &Tool, content: impl AsRef<[u8]>) -> Ended {
    tool.run_with_input(&["bulk", "--check-list", "--json", "-"], content)
}

#[track_caller]
fn counts(tool: &Tool, content: &str, entries: u32, distinct: u32) {
    let object = check(tool, content).with(0).object();
    assert_eq!(object["entries"], entries, "{content:?}");
    assert_eq!(object["distinct"], distinct, "{content:?}");
}

#[test]
fn every_form_of_a_list_is_read() {
    let (portal, tool) = tool();
    let id = portal.member().id;
    counts(&tool, "a@b.example", 1, 1);
    counts(&tool, &format!("{id}\n{}\n", id.to_uppercase()), 2, 1);
    counts(&tool, "\u{feff}a@b.example\r\nc@d.example\r\n", 2, 2);
    counts(&tool, "a@b.example\rc@d.example\r", 2, 2);
    counts(&tool, "# all of them\n\n  a@b.example  \n\t\n", 1, 1);
    counts(&tool, "e-mail\na@b.example\nA@B.example\n", 2, 1);
    counts(&tool, "Name,Email\n\"Member, Max\",a@b.example\n", 1, 1);
    counts(
        &tool,
        "Name;EMAIL;x\r\nMax;\"a@b.example\";\"\"\"\"\r\n",
        1,
        1,
    );
    counts(&tool, "Name\tmail\nMax\ta@b.example\n", 1, 1);
    counts(&tool, "\"name\nof two lines\",email\nMax,a@b.example", 1, 1);
    counts(&tool, "Max,a@b.example\nMia,c@d.example\n", 2, 2);
    counts(&tool, "ä@b.example", 1, 1);
    // The id before the address, the address where there is no id.
    counts(
        &tool,
        &format!("email,id\na@b.example,{id}\nc@d.example,\n{id}@x,{id}"),
        3,
        2,
    );
    assert_eq!(portal.connections(), 0);
}

#[test]
fn a_column_can_be_chosen() {
    let (_portal, tool) = tool();
    let content = "old,new\na@b.example,c@d.example\n";
    let run = |column: &str| {
        let words = ["bulk", "--check-list", "--column", column, "-"];
        tool.run_with_input(&words, content)
    };
    run("NEW").with(0).says("1 entries");
    run("2")
        .with(0)
        .says("1 entries")
        .complains("a heading: new");
    run("other").with(2).complains("no column \"other\"");
    let words = ["bulk", "--check-list", "--column", "2", "-"];
    tool.run_with_input(&words, "x,a@b.example\ny,c@d.example\n")
        .with(0)
        .says("2 entries");
    // Half an address is a mistake and no heading.
    tool.run_with_input(&words, "x,a@\ny,c@d.example\n")
        .with(2)
        .complains("line 1: neither");
}

#[test]
fn what_is_no_list_is_2_and_nothing_is_sent() {
    let (portal, tool) = tool();
    let wrong: &[(&[u8], &str)] = &[
        (b"", "the list is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "the list is empty"),
        (b"e-mail\n", "the list is empty"),
        (b"a@b.example\nMax Member\n", "line 2: neither"),
        (b"name,email\nMax,a@b.example\nMia,\n", "line 3: neither"),
        (
            b"id\n00000000-0000-0000-0000-000000000000\n",
            "line 2: neither",
        ),
        (b"a@b.example\nMax <c@d.example>\n", "line 2: neither"),
        (b"a@b.example\n\"c@d.example\n", "line 2: a quotation mark"),
        (b"a@b.example\nx\xff@d.example\n", "line 2: not UTF-8"),
        (b"a@b.example\n\0", "not a text file"),
        (b"\xff\xfea\0@\0b\0", "UTF-16"),
        (b"\x7fELF\x02\x01\x01\x00", "line 1"),
        (b"<html>\n<body>\n</html>\n", "line 1: neither"),
        (b"\x1b[31mred\n", "?[31mred"),
    ];
    for (content, text) in wrong {
        check(&tool, content).with(2).complains(text);
        tool.list(content);
        tool.run(&["bulk", "--yes", "list"]).with(2).complains(text);
    }
    let garbage = "word\n".repeat(1000);
    check(&tool, garbage)
        .with(2)
        .complains("and 990 more lines");
    tool.run(&["bulk", "--yes", "missing"])
        .with(2)
        .complains("missing: ");
    tool.run(&["bulk", "--yes", "."]).with(2);
    assert_eq!(portal.connections(), 0);
}

#[test]
fn a_hundred_thousand_lines_are_read_at_once() {
    let (_portal, tool) = tool();
    let mut content = String::from("email;name\r\n");
    for number in 0..100_000 {
        content.push_str(&format!(
            "user.{number}@portal.example;\"Member; {number}\"\r\n"
        ));
    }
    let begun = Instant::now();
    counts(&tool, &content, 100_000, 100_000);
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_list_that_changes_while_it_is_read_is_refused() {
    let (_portal, tool) = tool();
    tool.list("a@b.example\n".repeat(100_000));
    let path = tool.folder.join("list");
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    let refused = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            (0..50).any(|_| {
                let ended = tool.run(&["bulk", "--check-list", "list"]);
                ended.code == 2 && ended.err.contains("changed while it was read")
            })
        });
        while !reader.is_finished() {
            file.write_all(b"c@d.example\n").unwrap();
            file.set_len(length).unwrap();
        }
        reader.join().unwrap()
    });
    assert!(refused);
}
