//! The runs that docs/tfa-admin.md shows, as they are.

use crate::portal::Portal;
use crate::sessions::half_way;
use crate::support;
use crate::tool::Tool;

/// The stand-in portal, where the page shows it.
const THEIR_PORTAL: &str = "https://127.0.0.1:43767";

/// The blocks of the page.
fn blocks() -> Vec<String> {
    let page = support::read("docs/tfa-admin.md");
    let blocks = page.split("```").skip(1).step_by(2);
    blocks
        .map(|block| block.strip_prefix("text\n").unwrap().to_owned())
        .collect()
}

/// What a terminal showed of this portal, without colours.
fn plain(screen: &str, portal: &Portal) -> String {
    let mut parts = screen.split("\x1b[");
    let first = parts.next().unwrap().to_owned();
    let text = parts.fold(first, |text, part| {
        text + part
            .split_once(['m', 'K'])
            .expect("a colour, or a line cleared")
            .1
    });
    text.replace("\r\n", "\n")
        .replace(&portal.url(), THEIR_PORTAL)
}

/// A line without what differs from run to run: numbers and the length of a bar.
fn shape(line: &str) -> String {
    line.replace(|it: char| it.is_ascii_digit() || "#.".contains(it), "")
}

#[test]
fn a_half_way_unlink_looks_like_this() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    let old = portal.session_of(&member);
    portal.set_fault(half_way());
    let mut terminal = tool.on_terminal(&["change", &member.email]);
    terminal.expect("Go on? [y/N] ").types("y\n");
    terminal.expect("sign in again. [y/N] ").types("y\n");
    let screen = plain(&terminal.end().with(0).out, &portal);
    assert!(!portal.session_is_alive(&old));
    let command = format!("$ tfa-admin change {}\n", member.email);
    assert_eq!(blocks()[0], command + &screen);
}

#[test]
fn a_bulk_run_looks_like_this() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let mut list: Vec<String> = portal
        .add_many(600)
        .into_iter()
        .map(|account| account.email)
        .collect();
    list.insert(0, "j.doe@portal.example".to_owned());
    list.extend([portal.unlinked().email, portal.owner().email]);
    tool.list(list.join("\n") + "\n");
    let mut terminal = tool.on_terminal(&["bulk", "list"]);
    terminal.expect("to go on: ").types("603\n");
    let screen = plain(&terminal.end().with(4).out, &portal);

    let blocks = blocks();
    let begin: Vec<&str> = blocks[1].lines().collect();
    let [command, question @ .., refused, bar] = begin.as_slice() else {
        panic!("no bar: {begin:?}");
    };
    assert_eq!(*command, "$ tfa-admin bulk list");
    assert!(screen.starts_with(&question.join("\n")), "{screen}");
    assert!(screen.contains(&format!("{refused}\n")), "{screen}");
    let bar = shape(bar.split_once("  28 s left").expect("the time left").0);
    let drawn = |line: &str| line.starts_with('[') && shape(line).starts_with(&bar);
    assert!(screen.split(['\r', '\n']).any(drawn), "{bar}: {screen}");

    let (refused, end) = blocks[2].split_once('\n').unwrap();
    assert!(screen.contains(&format!("{refused}\n")), "{screen}");
    let at = screen.find("603 of 603 entries").expect("the sum");
    let seconds = support::between(&screen[at..], "entries in ", " s: ");
    let end = end.replace(" in 13 s: ", &format!(" in {seconds} s: "));
    assert_eq!(&screen[at..], end);
}
