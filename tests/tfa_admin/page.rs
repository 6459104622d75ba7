//! The examples of the manual page, typed as they stand there.

use crate::UNLINK;
use crate::portal::{Portal, Spec};
use crate::support;
use crate::tool::Tool;

#[test]
fn the_examples_of_the_page_run() {
    let portal = Portal::builder().plain().start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    let mut changed = vec![member.clone(), portal.guest()];
    changed.extend((0..3).map(|_| portal.add_account(Spec::guest().linked())));
    tool.write("owner.key", &tool.key, 0o600);

    let page = support::read("man/tfa-admin.1");
    let lines = support::between_in_page(&page, ".SH EXAMPLES\n.EX\n", ".EE");
    let own = [
        ("https://portal.example.com", portal.url()),
        ("a.b@example.com", member.email),
    ];
    let lines = own.iter().fold(lines, |lines, (theirs, own)| {
        assert!(lines.contains(theirs), "no {theirs} in:\n{lines}");
        lines.replace(theirs, own)
    });
    let mut terminal = tool.script_on_terminal(&lines);
    terminal.expect("Go on? [y/N] ").types("y\n");
    terminal.expect("4 would be applied");
    assert_eq!(portal.count("PUT", UNLINK), 1);
    terminal.expect("to go on: ").types("4\n");
    terminal.expect("4 of 4 entries");
    // The last one goes on with a run that has nothing left, and asks no less.
    terminal.expect("Left:     0").expect("Go on? [y/N] ");
    terminal.types("y\n").expect("4 of 4 entries");
    terminal.end().with(0);
    for account in changed {
        assert_eq!(portal.times_unlinked(&account.id), 1, "{account:?}");
    }
    assert_eq!(portal.count("PUT", UNLINK), 5);
}
