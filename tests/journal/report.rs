//! Reading a journal, and salvaging a damaged one.

use std::fs;

use docspace_tfa::{Applied, Item, ItemOutcome as O, JournalReader, Reason, Status};

use crate::portal::Portal;
use crate::{bulk, intent, name, outcome, place, run, written};

fn items(path: &std::path::Path) -> (Vec<Item>, u32) {
    let reader = JournalReader::open(path).unwrap();
    let damage = reader.damage_line();
    (reader.collect(), damage)
}

#[test]
fn each_entry_that_was_begun_has_one_item_in_the_order_of_the_journal() {
    let portal = Portal::start();
    let path = place("report");
    let accounts = portal.add_many(5);
    let id = |at: usize| &accounts[at].id;
    let lines = [
        name(&accounts[3].email, id(3)),
        intent(id(3), 40),
        intent(id(0), 40),
        name("Nobody@portal.example", ""),
        outcome(id(3), "applied", "DSTFA_OK", "yes", "", 0)
            .replace(r#""sessions":"unknown""#, r#""sessions":"yes""#),
        intent(id(1), 40),
        outcome(id(1), "refused", "DSTFA_E_REJECTED", "no", "NOT_LINKED", 0),
        outcome(id(2), "refused", "DSTFA_E_REJECTED", "no", "NOT_OWNER", 1),
        intent(id(4), 40),
        outcome(id(4), "unknown", "DSTFA_E_TIMEOUT", "maybe", "", 0),
    ];
    written(&path, &portal, &lines);
    let (items, damage) = items(&path);
    assert_eq!(damage, 0);
    let told: Vec<_> = items
        .iter()
        .map(|item| {
            (
                item.index(),
                item.entry(),
                item.outcome(),
                item.sessions_ended(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (0, accounts[3].email.as_str(), O::Applied, Some(true)),
            (1, id(0).as_str(), O::Unknown, None),
            (2, "Nobody@portal.example", O::Refused, None),
            (3, id(1).as_str(), O::Refused, None),
            (4, id(2).as_str(), O::Refused, None),
            (5, id(4).as_str(), O::Unknown, None),
        ]
    );
    assert!(items.iter().all(Item::from_journal));
    assert_eq!(items[0].change().unwrap().applied(), Applied::Yes);
    let error = |at: usize| items[at].error().unwrap();
    // An open intent may be under way at this moment.
    assert!(error(1).message().contains("under way, or cut off"));
    assert_eq!(error(1).applied(), Applied::Maybe);
    assert_eq!(error(2).reason(), Reason::NoSuchAccount);
    assert_eq!(error(3).reason(), Reason::NotLinked);
    assert!(!error(3).is_retryable() && error(4).is_retryable());
    assert!(error(4).message().contains("anew"));
    assert_eq!(error(5).status(), Status::Timeout);
    assert!(error(5).message().contains("resume"));
}

#[test]
fn what_was_seen_later_is_told() {
    let portal = Portal::start();
    let path = place("report-seen");
    let accounts = portal.add_many(2);
    let seen = |id: &str, linked: &str| {
        format!(
            r#"{{"t":"seen","id":"{id}","linked":"{linked}","at":"{}"}}"#,
            crate::ago(5)
        )
    };
    let lines = [
        intent(&accounts[0].id, 40),
        seen(&accounts[0].id, "no"),
        intent(&accounts[1].id, 40),
        outcome(&accounts[1].id, "applied", "DSTFA_OK", "yes", "", 0),
        seen(&accounts[1].id, "yes"),
    ];
    written(&path, &portal, &lines);
    let (items, _) = items(&path);
    assert_eq!(items[0].outcome(), O::Applied);
    let change = items[0].change().unwrap();
    assert_eq!(
        (change.applied(), change.verified()),
        (Applied::Maybe, true)
    );
    // A look never takes an outcome back.
    assert_eq!(items[1].outcome(), O::Applied);
    assert!(
        items[1]
            .change()
            .unwrap()
            .message()
            .contains("linked again")
    );
}

#[test]
fn a_damaged_journal_is_read_up_to_the_damage_and_salvaged_for_a_run_that_sends_nothing_by_itself()
{
    let portal = Portal::start();
    let (path, new) = (place("report-damaged"), place("report-salvaged"));
    let accounts = portal.add_many(4);
    let applied = |at: usize| {
        let id = &accounts[at].id;
        [
            intent(id, 40),
            outcome(id, "applied", "DSTFA_OK", "yes", "", 0),
        ]
    };
    let lines: Vec<String> = (0..3).flat_map(applied).collect();
    written(&path, &portal, &lines);
    // One bit in the intent of the second account: line 4, with the run line.
    let mut bytes = fs::read(&path).unwrap();
    let starts: Vec<usize> = bytes
        .iter()
        .enumerate()
        .filter_map(|(at, byte)| (*byte == b'\n').then_some(at + 1))
        .collect();
    bytes[starts[2] + 20] ^= 1;
    fs::write(&path, &bytes).unwrap();

    let (told, damage) = items(&path);
    assert_eq!((told.len(), damage), (1, 4));
    let error = bulk(&portal).set_journal(&path).unwrap_err();
    assert_eq!(error.status(), Status::Journal);
    assert!(error.message().contains("bulk salvage"), "{error}");

    assert_eq!(JournalReader::salvage(&path, &new).unwrap(), 6);
    assert_eq!(fs::read(&path).unwrap(), bytes, "the old one stays");
    let error = JournalReader::salvage(&path, &new).unwrap_err();
    assert_eq!(error.status(), Status::Argument, "nothing is overwritten");
    assert_eq!(items(&new).1, 0);

    // The damaged line was the second's intent, its outcome is sound; the fourth
    // was never begun, as far as anybody knows.
    let mut second = bulk(&portal);
    second.set_journal(&new).unwrap();
    let entries: Vec<&str> = accounts.iter().map(|account| account.id.as_str()).collect();
    let outcomes: Vec<_> = run(&mut second, &entries)
        .unwrap()
        .iter()
        .map(Item::outcome)
        .collect();
    assert_eq!(outcomes, [O::Skipped, O::Skipped, O::Skipped, O::Unknown]);
    let unlinked: usize = entries.iter().map(|id| portal.times_unlinked(id)).sum();
    assert_eq!(unlinked, 0);
}

#[test]
fn what_is_no_journal_is_not_read() {
    let path = place("report-none");
    assert_eq!(JournalReader::open(&path).unwrap_err().status(), Status::Io);
    for bytes in [&b""[..], b"sk-secret\n"] {
        fs::write(&path, bytes).unwrap();
        let error = JournalReader::open(&path).unwrap_err();
        assert_eq!(error.status(), Status::Journal);
        let error = JournalReader::salvage(&path, &place("report-no-salvage")).unwrap_err();
        assert_ne!(error.status(), Status::Internal);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}
