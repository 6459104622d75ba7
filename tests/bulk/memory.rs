//! Long lists.

use std::fs;
use std::time::Instant;

use crate::child::Order;
use crate::portal::Portal;
use crate::{is_full, place};

#[test]
fn memory_stays_small() {
    let count = if is_full() { 10_000 } else { 1_000 };
    let portal = Portal::builder().plain().start();
    let list: String = portal
        .add_many(count)
        .iter()
        .map(|account| account.id.clone() + "\n")
        .collect();
    let (list_file, journal) = (place("memory-list"), place("memory-journal"));
    fs::write(&list_file, list).unwrap();
    let key = portal.key_of(&portal.owner());
    let order = Order {
        portal: &portal,
        key: &key,
        list: &list_file,
        journal: &journal,
        shell: "",
    };
    let lines = order.lines();
    assert!(lines.contains(&"over".to_owned()), "{:?}", lines.last());
    let peak = lines.iter().find_map(|line| line.strip_prefix("peak "));
    let peak: u64 = peak.unwrap().parse().unwrap();
    println!("memory: {count} accounts, {peak} KiB above idle");
    assert!(peak < 32 * 1024, "{peak} KiB");
}

#[test]
fn a_hundred_thousand_entries_are_added_at_once() {
    let portal = Portal::builder().plain().start();
    let mut bulk = crate::bulk(&portal);
    let begun = Instant::now();
    for number in 0..50_000 {
        bulk.add(&format!("c0ffee00-d0c5-4ace-8bad-{number:012x}"))
            .unwrap();
        bulk.add(&format!("user.{number}@portal.example")).unwrap();
    }
    let took = begun.elapsed();
    println!("add: 100 000 entries in {} ms", took.as_millis());
    assert_eq!(bulk.progress().total(), 100_000);
    assert!(took.as_secs() < 5, "{took:?}");
}
