//! A disk that is full.

use std::collections::HashSet;
use std::fs;

use crate::child::{self, Order};
use crate::portal::Portal;
use crate::{lines, place};

/// The file may not grow beyond a few kilobytes: writing then fails as on a
/// full disk, in the middle of a line.
#[test]
fn nothing_is_sent_that_could_not_be_written_before() {
    let portal = Portal::start();
    let accounts = portal.add_many(100);
    let list: String = accounts
        .iter()
        .map(|account| account.id.clone() + "\n")
        .collect();
    let (list_file, path) = (place("disk-list"), place("disk"));
    fs::write(&list_file, list).unwrap();
    let key = portal.key_of(&portal.owner());
    let order = |shell| Order {
        portal: &portal,
        key: &key,
        list: &list_file,
        journal: &path,
        shell,
    };
    let said = order("trap '' XFSZ; ulimit -f 11;").lines();
    assert!(said.contains(&"error Io".to_owned()), "{said:?}");
    let intents: HashSet<String> = lines(&path)
        .iter()
        .filter(|line| line["t"] == "intent")
        .map(|line| line["id"].as_str().unwrap().to_owned())
        .collect();
    let changed = accounts
        .iter()
        .filter(|account| portal.times_unlinked(&account.id) > 0);
    let changed: HashSet<String> = changed.map(|account| account.id.clone()).collect();
    assert!(
        !changed.is_empty() && changed.len() < 50,
        "{}",
        changed.len()
    );
    assert!(changed.is_subset(&intents));
    // What was in flight was finished and told.
    let told = said.iter().filter(|line| line.contains("Applied"));
    assert_eq!(told.count(), changed.len());

    let said = order("").lines();
    assert!(said.contains(&"over".to_owned()), "{said:?}");
    for account in &accounts {
        // On disk before another's could not be written, and then not sent.
        let is_open = intents.contains(&account.id) && !changed.contains(&account.id);
        let times = portal.times_unlinked(&account.id);
        assert!(times == 1 || times == 0 && is_open, "{times}");
    }
    let said = child::said(order("").command().env("DSTFA_BULK_RETRY", "1"));
    assert!(said.contains(&"over".to_owned()), "{said:?}");
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

#[test]
fn a_full_disk_at_the_start_asks_for_no_change() {
    let portal = Portal::start();
    let (list_file, path) = (place("full-list"), place("full"));
    fs::write(&list_file, portal.member().id).unwrap();
    let key = portal.key_of(&portal.owner());
    let order = Order {
        portal: &portal,
        key: &key,
        list: &list_file,
        journal: &path,
        shell: "trap '' XFSZ; ulimit -f 0;",
    };
    let said = order.lines();
    assert!(said.contains(&"error Io".to_owned()), "{said:?}");
    assert_eq!(portal.count("PUT", ""), 0);
}
