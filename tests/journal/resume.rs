//! The table of a resumed run, row by row.

use docspace_tfa::{Applied, Change, ItemOutcome as O, Reason, Status, TfaMethod};

use crate::portal::state::action;
use crate::portal::{Account, AuditEvent, Fault, Life, Method, Portal};
use crate::{builder, bulk, intent, lines, outcome, place, run, written};

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
fn what_was_applied_is_skipped_and_what_was_refused_is_sent_only_when_asked_to() {
    let portal = Portal::start();
    let applied = outcome("ID", "applied", "DSTFA_OK", "yes", "", 0);
    let settled = outcome("ID", "applied", "DSTFA_OK", "maybe", "", 0);
    let refused = |status, reason| outcome("ID", "refused", status, "no", reason, 0);
    let gone = refused("DSTFA_E_NOT_FOUND", "NO_SUCH_ACCOUNT");
    let ended = refused("DSTFA_E_REJECTED", "ACCOUNT_TERMINATED");
    let bare = refused("DSTFA_E_REJECTED", "NOT_LINKED");
    let table = [
        (applied, None),
        (settled, None),
        (gone, Some((Status::NotFound, Reason::NoSuchAccount))),
        (ended, Some((Status::Rejected, Reason::AccountTerminated))),
        (bare, Some((Status::Rejected, Reason::NotLinked))),
    ];
    for (line, told) in table {
        for retry in [false, true] {
            let account = &portal.add_many(1)[0];
            let log = [intent(&account.id, 40), line.replace("ID", &account.id)];
            let asked = portal.request_count();
            // Linked now, again or still: it makes no difference.
            let (item, changed) = resumed("skip", &portal, account, &log, retry);
            if retry && told.is_some() {
                assert_eq!((item.outcome(), changed), (O::Applied, 1), "{line}");
                continue;
            }
            assert_eq!(
                (item.outcome(), item.from_journal(), changed),
                (O::Skipped, true, 0)
            );
            let count = portal.request_count();
            assert_eq!(count, asked + 1, "only the caller was read");
            let error = item.error().map(|error| (error.status(), error.reason()));
            assert_eq!(error, told, "{line}");
        }
    }
}

#[test]
fn what_was_refused_without_being_sent_comes_after_all_others() {
    let portal = Portal::start();
    let accounts = portal.add_many(9);
    let again = |account: &Account| {
        let refused = ["refused", "DSTFA_E_CONNECT", "no", ""];
        let [kind, status, applied, reason] = refused;
        outcome(&account.id, kind, status, applied, reason, 1)
    };
    let path = place("last");
    let log: Vec<String> = accounts[..3].iter().map(again).collect();
    written(&path, &portal, &log);
    let mut bulk = bulk(&portal);
    bulk.set_parallel(1).unwrap();
    bulk.set_journal(&path).unwrap();
    for account in &accounts {
        bulk.add(&account.id).unwrap();
    }
    let mut order = Vec::new();
    bulk.run(None, |_, item| {
        assert_eq!(item.outcome(), O::Applied);
        order.push(item.index());
    })
    .unwrap();
    order[..6].sort_unstable();
    order[6..].sort_unstable();
    assert_eq!(order, [3, 4, 5, 6, 7, 8, 0, 1, 2]);
}

/// An event of the trail about this account, from this page.
fn event(portal: &Portal, account: &Account, page: &str) -> AuditEvent {
    AuditEvent {
        action: action::UNLINKED,
        initiator: portal.owner().id,
        target: account.id.clone(),
        page: format!("{}/{page}", portal.url()),
    }
}

#[test]
fn an_open_change_is_proven_by_its_own_mark_in_the_trail_and_by_nothing_else() {
    let mark = "0123456789abcdef".repeat(2);
    let (own, other) = (format!("?{mark}"), format!("?{}", "f".repeat(32)));
    let unknown = (O::Unknown, None);
    let (yes, maybe) = (Some((Applied::Yes, true)), Some((Applied::Maybe, true)));
    let linked = Some((Applied::Yes, false));
    let (app, off) = (Method::App, Method::Off);
    // The trail's page, the method that shows links, the link, whether the trail
    // is asked: the outcome, how sure and whether seen.
    let table = [
        (&own, app, true, true, (O::Applied, linked)),
        (&own, app, false, true, (O::Applied, yes)),
        (&own, off, true, true, (O::Applied, linked)),
        (&other, app, true, true, unknown),
        (&other, app, false, true, (O::Applied, maybe)),
        (&other, off, true, true, unknown),
        (&own, app, true, false, unknown),
        (&own, app, false, false, (O::Applied, maybe)),
    ];
    for (page, method, is_linked, audit, expected) in table {
        for told in [false, true] {
            let portal = Portal::builder().method(method).start();
            let account = &portal.add_many(1)[0];
            portal.add_audit(event(&portal, account, page));
            if !is_linked {
                portal.unlink_quietly(&account.id);
            }
            let mut log = vec![intent(&account.id, 40)];
            if told {
                let (id, status) = (&account.id, "DSTFA_E_TIMEOUT");
                log.push(outcome(id, "unknown", status, "maybe", "", 0));
            }
            let path = place("trail");
            written(&path, &portal, &log);
            let resume = |retry| {
                let client = builder(&portal).audit(audit).build().unwrap();
                let mut bulk = client.bulk(TfaMethod::None);
                bulk.set_retry_unknown(retry).unwrap();
                bulk.set_journal(&path).unwrap();
                run(&mut bulk, &[&account.id]).unwrap().pop().unwrap()
            };
            let item = resume(false);
            let change = item.change();
            let said = change.map(|it| (it.applied(), it.verified()));
            let what = format!("{page} {method:?} {is_linked} {audit} {told}");
            assert_eq!((item.outcome(), said), expected, "{what}");
            assert!(item.from_journal(), "{what}");
            assert_eq!(change.and_then(Change::sessions_ended), None, "{what}");
            assert_eq!(portal.count("PUT", ""), 0, "{what}");
            // Settled is settled: nothing is ever sent for it again.
            portal.enrol(&account.id);
            let item = resume(true);
            let sent = usize::from(expected.0 == O::Unknown);
            assert_eq!(portal.times_unlinked(&account.id), sent, "{what}");
            assert_eq!(item.from_journal(), sent == 0, "{what}");
        }
    }
}

#[test]
fn an_open_change_of_one_who_is_terminated_stays_unknown() {
    let portal = Portal::start();
    let account = &portal.add_many(1)[0];
    portal.set_life(&account.id, Life::Terminated);
    for retry in [false, true] {
        let log = [intent(&account.id, 40)];
        let (item, _) = resumed("ended", &portal, account, &log, retry);
        assert_eq!(
            (item.outcome(), item.from_journal()),
            (O::Unknown, true),
            "{retry}"
        );
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

/// A member's address passes on to another one. What was asked for stands for the
/// member; nobody who has the address now is changed for it.
#[test]
fn an_address_that_passed_on_changes_nobody_else() {
    let refused = outcome("ID", "refused", "DSTFA_E_REJECTED", "no", "NOT_LINKED", 0);
    let unknown = outcome("ID", "unknown", "DSTFA_E_TIMEOUT", "maybe", "", 0);
    let table = [
        (vec![], O::Unknown),
        (vec![unknown], O::Unknown),
        (vec![refused], O::Skipped),
    ];
    for (told, expected) in table {
        for retry in [false, true] {
            let portal = Portal::start();
            let (member, other) = (portal.member(), portal.member2());
            let path = place("passed");
            let (email, id) = (&member.email, &member.id);
            let mut log = vec![
                format!(r#"{{"t":"name","entry":"{email}","id":"{id}"}}"#),
                intent(id, 40),
            ];
            log.extend(told.iter().map(|line| line.replace("ID", id)));
            written(&path, &portal, &log);
            pass_on(&portal, &member, &other);
            let mut bulk = bulk(&portal);
            bulk.set_retry_unknown(retry).unwrap();
            bulk.set_journal(&path).unwrap();
            // The other one is in the list, too, and others: they come by pages.
            let more = portal.add_many(3);
            let list: Vec<&str> = more.iter().map(|it| it.id.as_str()).collect();
            let items = run(
                &mut bulk,
                &[&[email.as_str(), &other.id], &list[..]].concat(),
            );
            let items = items.unwrap();
            assert_eq!(
                (items[0].outcome(), items[0].from_journal()),
                (expected, true)
            );
            assert_eq!(items[0].account_id().unwrap().as_str(), id);
            assert_eq!(portal.times_unlinked(id), 0, "{told:?} {retry}");
            assert_eq!(items[1].outcome(), O::Applied);
            assert_eq!(portal.times_unlinked(&other.id), 1, "{told:?} {retry}");
        }
    }
}

#[test]
fn an_address_that_passed_on_to_the_caller_changes_nobody() {
    let portal = Portal::start();
    let (member, owner) = (portal.member(), portal.owner());
    portal.enrol(&owner.id);
    let path = place("callers");
    let name = format!(
        r#"{{"t":"name","entry":"{}","id":"{}"}}"#,
        member.email, member.id
    );
    written(&path, &portal, &[name, intent(&member.id, 40)]);
    pass_on(&portal, &member, &owner);
    let mut bulk = bulk(&portal);
    bulk.set_include_self(true).unwrap();
    bulk.set_retry_unknown(true).unwrap();
    bulk.set_journal(&path).unwrap();
    let items = run(&mut bulk, &[&member.email]).unwrap();
    assert_eq!(items[0].outcome(), O::Unknown);
    assert_eq!(items[0].account_id().unwrap().as_str(), member.id);
    assert_eq!(portal.count("PUT", ""), 0);
}

/// The run was stopped between a real name line and its request.
#[test]
fn an_address_that_passed_on_before_anything_was_asked_is_looked_up_anew() {
    let portal = Portal::start();
    let (member, other) = (portal.member(), portal.member2());
    let path = place("renamed");
    portal.set_fault(Fault::CloseBeforeAction.for_method("PUT"));
    let mut first = bulk(&portal);
    first.set_journal(&path).unwrap();
    run(&mut first, &[&member.email]).unwrap();
    drop(first);
    portal.clear_faults();
    let kinds: Vec<String> = lines(&path).iter().map(|it| it["t"].to_string()).collect();
    assert_eq!(kinds[1..3], ["\"name\"", "\"intent\""]);
    // Without the intent nothing was sent.
    let text = std::fs::read_to_string(&path).unwrap();
    let kept: Vec<&str> = text.split_inclusive('\n').take(2).collect();
    std::fs::write(&path, kept.concat()).unwrap();

    pass_on(&portal, &member, &other);
    let mut second = bulk(&portal);
    second.set_journal(&path).unwrap();
    let items = run(&mut second, &[&member.email]).unwrap();
    assert_eq!(items[0].account_id().unwrap().as_str(), other.id);
    assert_eq!(portal.times_unlinked(&member.id), 0);
    assert_eq!(portal.times_unlinked(&other.id), 1);
}

/// The address of `from` is another account's now.
fn pass_on(portal: &Portal, from: &Account, to: &Account) {
    portal.change_account(&from.id, |account| {
        account.email = "new@portal.example".into()
    });
    portal.change_account(&to.id, |account| account.email.clone_from(&from.email));
}
