//! Names that attack a terminal, and persons the portal shows by halves.

use docspace_tfa::{AccountFilter, AccountStatus, Reason, Role, Status};

use crate::portal::{Portal, Spec};
use crate::{assert_refused, owner};

#[test]
fn names_are_decoded_and_then_made_harmless() {
    let portal = Portal::start();
    let client = owner(&portal);
    let table = [
        // As typed by the member; the portal encodes it for pages.
        ("A & B <i>\"'", "A & B <i>\"'"),
        ("Ärmel", "Ärmel"),
        ("王 Ольга", "王 Ольга"),
        ("\u{1b}]0;owned\u{7}", "\u{FFFD}]0;owned\u{FFFD}"),
        ("\u{9b}31m", "\u{FFFD}31m"),
        (
            "a\r\nb\u{2028}c\u{7f}",
            "a\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}",
        ),
        ("\u{202E}nimda", "\u{FFFD}nimda"),
        ("a\u{2066}b\u{200F}c", "a\u{FFFD}b\u{FFFD}c"),
        (
            "Ad\u{200B}min\u{AD}\u{FEFF}",
            "Ad\u{FFFD}min\u{FFFD}\u{FFFD}",
        ),
        ("x\u{E0061}\u{2060}", "x\u{FFFD}\u{FFFD}"),
        // An entity typed by hand is text, however often it is read.
        ("&#27;[2J &lt;b&gt;", "&#27;[2J &lt;b&gt;"),
    ];
    for (typed, shown) in table {
        let account = portal.add_account(Spec::user().named(typed, "X"));
        let found = client.find_account(&account.id).unwrap();
        assert_eq!(found.display_name(), format!("{shown} X"), "{typed:?}");
    }
    // Entities of hostile characters, as another portal might send them.
    let sent = [
        (r#""&#x202e;gpj""#, "\u{FFFD}gpj"),
        (r#""&#133;x&#x9b;31m""#, "\u{FFFD}x\u{FFFD}31m"),
        (r#""a&#10;b&NewLine;""#, ""),
    ];
    for (json, shown) in sent {
        let account = portal.add_account(Spec::user().member("displayName", json));
        let found = client.find_account(&account.id).unwrap();
        let name = found.display_name();
        assert!(!name.chars().any(char::is_control), "{json}: {name:?}");
        assert!(shown.is_empty() || name == shown, "{json}: {name:?}");
    }
}

#[test]
fn other_texts_are_made_harmless_and_capped() {
    let portal = Portal::start();
    let long = format!("\"{}\"", "я".repeat(4000));
    let account = portal.add_account(
        Spec::user()
            .member("email", r#""a\u001b[1m@x.example""#)
            .member("userName", r#""u\u202eser&amp;""#)
            .member("displayName", &long),
    );
    let found = owner(&portal).find_account(&account.id).unwrap();
    assert_eq!(found.email(), "a\u{FFFD}[1m@x.example");
    // This one is not encoded for pages.
    assert_eq!(found.user_name(), "u\u{FFFD}ser&amp;");
    assert_eq!(found.display_name(), "я".repeat(256));
}

#[test]
fn a_name_of_nothing_but_ampersands_is_cut_before_it_is_decoded() {
    let portal = Portal::start();
    let client = owner(&portal);
    for (name, shown) in [("&", "&".repeat(512)), ("&amp;", "&".repeat(512))] {
        let json = format!("\"{}\"", name.repeat(256 * 1024 / name.len()));
        let account = portal.add_account(Spec::user().member("displayName", &json));
        let found = client.find_account(&account.id).unwrap();
        assert_eq!(found.display_name(), shown);
    }
}

#[test]
fn what_is_missing_or_of_the_wrong_kind_is_unknown() {
    let portal = Portal::start();
    let members = [
        "email",
        "userName",
        "displayName",
        "status",
        "isOwner",
        "isAdmin",
        "isRoomAdmin",
        "isCollaborator",
        "isVisitor",
        "isSSO",
        "isLDAP",
        "tfaAppEnabled",
    ];
    let wrong = ["null", "{}", "[1]", "\"x\"", "1.5", "99999999999999999999"];
    let specs = std::iter::once(
        members
            .iter()
            .fold(Spec::user(), |spec, name| spec.without_member(name)),
    );
    let specs = specs.chain(wrong.into_iter().map(|json| {
        members.iter().fold(Spec::user(), |spec, name| {
            // A text is right for these.
            let is_text = ["email", "userName", "displayName"].contains(name);
            let json = if is_text && json == "\"x\"" {
                "true"
            } else {
                json
            };
            spec.member(name, json)
        })
    }));
    let client = owner(&portal);
    for spec in specs {
        let account = portal.add_account(spec.linked());
        let found = client.find_account(&account.id).unwrap();
        assert_eq!(found.id().as_str(), account.id);
        assert_eq!(
            (found.email(), found.user_name(), found.display_name()),
            ("", "", "")
        );
        assert_eq!(found.status(), AccountStatus::Unknown);
        assert_eq!((found.role(), found.is_owner()), (Role::Unknown, false));
        assert_eq!(found.app_link(), None, "absent is not no");
        assert_eq!((found.is_sso(), found.is_ldap()), (None, None));
    }
}

#[test]
fn a_person_that_cannot_be_confirmed_is_no_answer() {
    let portal = Portal::start();
    let client = owner(&portal);
    // Found by a name that the answer does not show.
    let nameless = portal.add_account(Spec::user().without_member("userName"));
    let error = client.find_account(&nameless.user_name).unwrap_err();
    assert_refused(&error, Status::Protocol, Reason::Unknown);
    let mailless = portal.add_account(Spec::user().without_member("email"));
    let error = client.find_account(&mailless.email).unwrap_err();
    assert_refused(&error, Status::Protocol, Reason::Unknown);
    // Found by an address, and another one is shown.
    let other = portal.add_account(Spec::user().member("email", r#""other@x.example""#));
    let error = client.find_account(&other.email).unwrap_err();
    assert_refused(&error, Status::NotFound, Reason::NoSuchAccount);
}

#[test]
fn a_person_without_an_id_is_none() {
    let portal = Portal::start();
    let client = owner(&portal);
    for json in [None, Some("5"), Some("null"), Some(r#""x""#)] {
        let spec = match json {
            None => Spec::user().without_member("id"),
            Some(json) => Spec::user().member("id", json),
        };
        let account = portal.add_account(spec);
        for who in [&account.id, &account.email] {
            let error = client.find_account(who).unwrap_err();
            assert_refused(&error, Status::Protocol, Reason::NotAPortal);
        }
    }
}

#[test]
fn one_account_that_cannot_be_read_hides_no_other() {
    let portal = Portal::start();
    let broken = portal.add_account(Spec::user().named("Broken", "Here").without_member("id"));
    let null = portal.add_account(Spec::user().named("Wrong", "Here").member("id", "[]"));
    let good = portal.add_account(Spec::user().named("Zoe", "Here"));
    let filter = AccountFilter::all().text("here");
    let all: Vec<_> = owner(&portal).accounts(filter).unwrap().collect();
    assert_eq!(all.len(), 3, "{broken:?} {null:?}");
    assert_refused(
        all[0].as_ref().unwrap_err(),
        Status::Protocol,
        Reason::Unknown,
    );
    assert_refused(
        all[1].as_ref().unwrap_err(),
        Status::Protocol,
        Reason::Unknown,
    );
    assert_eq!(all[2].as_ref().unwrap().id().as_str(), good.id);
    assert_eq!(portal.request_count(), 1);
}

#[test]
fn two_pages_join_at_an_account_that_cannot_be_read() {
    let portal = Portal::start();
    for number in 0..150 {
        let spec = Spec::user().email(&format!("aa{number:03}@portal.example"));
        // The last of the first page.
        portal.add_account(match number {
            99 => spec.without_member("id"),
            _ => spec,
        });
    }
    let mut accounts = owner(&portal).accounts(AccountFilter::all()).unwrap();
    let (good, bad): (Vec<_>, Vec<_>) = accounts.by_ref().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (159, 1));
    assert_eq!((accounts.changed(), portal.request_count()), (false, 2));
}
