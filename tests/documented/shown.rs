//! A piece of shown code as a program, and its runs against a portal.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::portal::{Account, Portal};
use crate::support::{self, Link};

/// The address that stands in for the reader's own portal.
pub(crate) const THEIR_PORTAL: &str = "https://portal.example.com";
/// The client that most pieces are called with.
pub(crate) const PLAIN: &str = "client_of(url, key)";
/// For those that make one themselves.
pub(crate) const NO_CLIENT: &str = "NULL";

/// How a message begins that tells of a change made.
pub(crate) const UNLINKED: &str =
    "The portal unlinked the account's authenticator app, ended its sessions";

/// Pieces that name no authority's certificate meet a portal on this machine
/// without TLS, which the library admits.
pub(crate) fn plain_portal() -> Portal {
    Portal::builder().plain().start()
}

/// What a reader does first: their own values for those of the example.
pub(crate) fn with_own(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (theirs, own)| {
        assert!(text.contains(theirs), "no {theirs} in:\n{text}");
        text.replace(theirs, own)
    })
}

/// A program that can be run several times.
pub(crate) struct Shown {
    /// Empty at first; every run starts there.
    pub(crate) folder: PathBuf,
    program: Command,
}

impl Shown {
    /// A complete program in C.
    pub(crate) fn program(name: &str, text: &str) -> Self {
        Self::compile(name, "c", "gcc", "c99", text)
    }

    /// A function in C, called as `call` says by a `main` around it.
    pub(crate) fn c(name: &str, text: &str, client: &str, call: &str) -> Self {
        Self::program(name, &surround(text, client, call))
    }

    /// The same in C++; nothing where it cannot be compiled.
    pub(crate) fn cpp(name: &str, text: &str, call: &str) -> Option<Self> {
        if !support::has("g++") {
            support::not_run(&format!("{name}, in C++ (no g++)"));
            return None;
        }
        let text = surround(text, NO_CLIENT, call);
        Some(Self::compile(name, "cpp", "g++", "c++11", &text))
    }

    fn compile(name: &str, ending: &str, compiler: &str, standard: &str, text: &str) -> Self {
        let folder = support::scratch(&format!("documented-{name}"));
        let source = folder.join(format!("{name}.{ending}"));
        fs::write(&source, text).unwrap();
        let program = support::compile(&source, compiler, standard, Link::Shared);
        fs::remove_file(source).unwrap();
        Self { folder, program }
    }

    /// A run with this account's key, which has to end with `code`.
    pub(crate) fn run(&self, portal: &Portal, who: &Account, more: &[&str], code: i32) -> String {
        support::run(&mut self.command(portal, who, more), code)
    }

    pub(crate) fn command(&self, portal: &Portal, who: &Account, more: &[&str]) -> Command {
        let mut command = Command::new(self.program.get_program());
        command
            .current_dir(&self.folder)
            .arg(portal.url())
            .arg(key_file(portal, who))
            .args(more);
        command
    }
}

fn surround(text: &str, client: &str, call: &str) -> String {
    let main = include_str!("main.c")
        .replace("CLIENT;", &format!("{client};"))
        .replace("CALL;", &format!("{call};"));
    format!("{text}\n{main}")
}

fn key_file(portal: &Portal, who: &Account) -> PathBuf {
    let name = format!("{}.key", who.id);
    portal.folder().write(&name, &portal.key_of(who))
}

/// The account's app was unlinked once, by the only request of that kind.
pub(crate) fn assert_unlinked_by_one_request(portal: &Portal, account: &Account) {
    assert_eq!(portal.times_unlinked(&account.id), 1, "{account:?}");
    assert!(!portal.is_linked(&account.id));
    assert_eq!(portal.count("PUT", "/settings/tfaappnewapp"), 1);
}

/// The example of a manual page.
pub(crate) fn page(name: &str) -> String {
    let page = support::read(&format!("man/{name}.3"));
    support::between_in_page(&page, ".SH EXAMPLES\n.EX\n", "\n.EE") + "\n"
}

/// The only block of a language in a text.
pub(crate) fn block(text: &str, language: &str) -> String {
    support::between(text, &format!("```{language}\n"), "```").to_owned()
}

/// Run twice: the change is made once and said to be, then it is refused.
pub(crate) fn assert_changes_once(shown: &Shown, changed: &str, refused: &str, codes: [i32; 2]) {
    let portal = plain_portal();
    let (owner, member) = (portal.owner(), portal.member());
    let said = shown.run(&portal, &owner, &[&member.id], codes[0]);
    assert!(said.starts_with(changed), "{said}");
    assert_unlinked_by_one_request(&portal, &member);
    let said = shown.run(&portal, &owner, &[&member.id], codes[1]);
    assert!(said.contains(refused), "{said}");
    assert_eq!(portal.times_unlinked(&member.id), 1);
}
