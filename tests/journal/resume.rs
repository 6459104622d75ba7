//! The table of a resumed run, row by row.

use docspace_tfa::{Applied, ItemOutcome as O, Reason, Status};

use crate::portal::{Account, Method, Portal};
use crate::{bulk, intent, lines, outcome, place, run, written};

/// Runs one account after these lines: the item, and how often it was changed.
fn resumed(
    name: &str,
    portal: &Portal,
    account: &Account,
    lines: &[String],
    retry_unknown: bool,
) -> (docspace_tfa::Item, usize) {
    let path = place(name);
    written(&path, portal, lines);
    let mut bulk = bulk(portal);
    bulk.set_retry_unknown(retry_unknown).unwrap();
    bulk.set_journal(&path).unwrap();
    let mut items = run(&mut bulk, &[&account.id]).unwrap();
    (items.pop().unwrap(), portal.times_unlinked(&account.id))
}

#[test]
fn what_was_applied_or_refused_for_good_is_skipped() {
    let portal = Portal::start();
    let applied = outcome("ID", "applied", "DSTFA_OK", "yes", "", 0);
    let settled = outcome("ID", "applied", "DSTFA_OK", "maybe", "", 0);
    let gone = outcome(
        "ID",
        "refused",
        "DSTFA_E_NOT_FOUND",
        "no",
        "NO_SUCH_ACCOUNT",
        0,
    );
    let ended = outcome(
        "ID",
        "refused",
        "DSTFA_E_REJECTED",
        "no",
        "ACCOUNT_TERMINATED",
        0,
    );
    let bare = outcome("ID", "refused", "DSTFA_E_REJECTED", "no", "NOT_LINKED", 0);
    let table = [
        (applied, None),
        (settled, None),
        (gone, Some((Status::NotFound, Reason::NoSuchAccount))),
        (ended, Some((Status::Rejected, Reason::AccountTerminated))),
        (bare, Some((Status::Rejected, Reason::NotLinked))),
    ];
    for (line, told) in table {
        let account = &portal.add_many(1)[0];
        let log = [intent(&account.id, 40), line.replace("ID", &account.id)];
        let asked = portal.request_count();
        // Linked now, again or still: it makes no difference.
        let (item, changed) = resumed("skip", &portal, account, &log, true);
        assert_eq!(
            (item.outcome(), item.from_journal(), changed),
            (O::Skipped, true, 0)
        );
        assert_eq!(
            portal.request_count(),
            asked + 1,
            "only the caller was read"
        );
        let error = item.error().map(|error| (error.status(), error.reason()));
        assert_eq!(error, told, "{line}");
    }
}

#[test]
fn what_was_refused_without_being_sent_is_judged_anew() {
    let portal = Portal::start();
    let table = [
        ("DSTFA_E_RATE_LIMITED", "RATE_LIMITED"),
        ("DSTFA_E_RATE_LIMITED", "DAILY_LIMIT"),
        ("DSTFA_E_UNAVAILABLE", "MAINTENANCE"),
        ("DSTFA_E_CONNECT", ""),
        ("DSTFA_E_CANCELLED", ""),
        ("DSTFA_E_FROM_LATER", "FROM_LATER"),
        ("DSTFA_E_REJECTED", "ACCOUNT_TERMINATED"),
    ];
    for (status, reason) in table {
        let account = &portal.add_many(1)[0];
        let failed = outcome(&account.id, "refused", status, "no", reason, 1);
        let log = [intent(&account.id, 2), failed];
        let (item, changed) = resumed("send", &portal, account, &log, false);
        assert_eq!(
            (item.outcome(), item.from_journal(), changed),
            (O::Applied, false, 1)
        );
    }
}

#[test]
fn an_open_change_that_is_seen_made_is_settled() {
    let portal = Portal::start();
    for age in [0, 5000] {
        let account = &portal.add_many(1)[0];
        portal.unlink_quietly(&account.id);
        let log = [
            intent(&account.id, age),
            outcome(&account.id, "unknown", "DSTFA_E_TIMEOUT", "maybe", "", 0),
        ];
        for log in [&log[..1], &log[..]] {
            let (item, changed) = resumed("settle", &portal, account, log, false);
            assert_eq!(
                (item.outcome(), item.from_journal(), changed),
                (O::Applied, true, 0)
            );
            let change = item.change().unwrap();
            assert_eq!(change.applied(), Applied::Maybe);
            assert_eq!(change.http_status(), None);
            let last = lines(&place_of("settle")).pop().unwrap();
            assert_eq!(last["outcome"], "applied");
            assert_eq!(last["applied"], "maybe");
            assert_eq!(last["sessions"], "unknown");
        }
    }
}

fn place_of(name: &str) -> std::path::PathBuf {
    std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("journal-{name}"))
}

#[test]
fn an_open_change_of_one_who_is_linked_stays_unknown_whatever_the_clock_says() {
    let portal = Portal::start();
    let account = &portal.add_many(1)[0];
    let log = [
        intent(&account.id, 700),
        outcome(&account.id, "unknown", "DSTFA_E_TIMEOUT", "maybe", "", 0),
    ];
    let fresh = [intent(&account.id, 0)];
    let ahead = [fresh[0].replace("\"at\":\"2", "\"at\":\"3")];
    for (log, status) in [
        (&log[..1], Status::Transport),
        (&log[..], Status::Timeout),
        (&fresh, Status::Transport),
        (&ahead, Status::Transport),
    ] {
        let (item, changed) = resumed("old", &portal, account, log, false);
        assert_eq!(
            (item.outcome(), item.from_journal(), changed),
            (O::Unknown, true, 0)
        );
        let error = item.error().unwrap();
        assert_eq!((error.status(), error.applied()), (status, Applied::Maybe));
        assert_eq!(error.app_link(), Some(true));
    }
    let (item, changed) = resumed("old", &portal, account, &log, true);
    assert_eq!(
        (item.outcome(), item.from_journal(), changed),
        (O::Applied, false, 1)
    );
}

#[test]
fn an_open_change_without_sight_stays_unknown() {
    let portal = Portal::builder().method(Method::Off).start();
    let account = &portal.add_many(1)[0];
    for age in [0, 700] {
        let log = [intent(&account.id, age)];
        let (item, changed) = resumed("unseen", &portal, account, &log, false);
        assert_eq!(
            (item.outcome(), item.from_journal(), changed),
            (O::Unknown, true, 0)
        );
        assert_eq!(item.error().unwrap().app_link(), None);
    }
    let log = [intent(&account.id, 700)];
    let (item, changed) = resumed("unseen", &portal, account, &log, true);
    assert_eq!((item.outcome(), changed), (O::Applied, 1));
}

#[test]
fn addresses_are_remembered_with_their_accounts() {
    let portal = Portal::start();
    let path = place("names");
    let (member, other) = (portal.member(), portal.member2());
    let name = |entry: &str, id: &str| format!(r#"{{"t":"name","entry":"{entry}","id":"{id}"}}"#);
    let log = [
        name(&member.email, &member.id),
        intent(&member.id, 30),
        outcome(&member.id, "applied", "DSTFA_OK", "yes", "", 0),
        name("nobody@portal.example", ""),
    ];
    written(&path, &portal, &log);
    // The address has passed on to somebody else meanwhile.
    portal.change_account(&member.id, |account| {
        account.email = "new@portal.example".into()
    });
    portal.change_account(&other.id, |account| account.email.clone_from(&member.email));
    let mut bulk = bulk(&portal);
    bulk.set_journal(&path).unwrap();
    let upper = member.email.to_uppercase();
    let items = run(&mut bulk, &[&upper, "Nobody@Portal.example"]).unwrap();
    assert_eq!(
        (items[0].outcome(), items[0].from_journal()),
        (O::Skipped, true)
    );
    // Somebody may have that address by now.
    assert_eq!(
        (items[1].outcome(), items[1].from_journal()),
        (O::Refused, false)
    );
    assert_eq!(items[0].account_id().unwrap().as_str(), member.id);
    assert_eq!(items[1].error().unwrap().reason(), Reason::NoSuchAccount);
    assert_eq!(portal.times_unlinked(&other.id), 0);
}
