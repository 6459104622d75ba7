//! Long lists.

use std::fs;
use std::time::Instant;

use crate::child::Order;
use crate::portal::Portal;
use crate::{is_full, place};

/// KiB that a run may take above idle: its threads and buffers, and for each entry
/// its share of 64 MiB for 100 000.
fn most(count: usize) -> u64 {
    6 * 1024 + count as u64 * 64 * 1024 / 100_000
}

#[test]
fn memory_stays_small_in_a_run_and_in_its_resume() {
    let count = if is_full() { 10_000 } else { 3_000 };
    let portal = Portal::builder().plain().start();
    let accounts = portal.add_many(count);
    let names = accounts
        .iter()
        .enumerate()
        .map(|(at, account)| match at % 2 {
            0 => account.id.clone() + "\n",
            _ => account.email.clone() + "\n",
        });
    let (list_file, journal) = (place("memory-list"), place("memory-journal"));
    fs::write(&list_file, names.collect::<String>()).unwrap();
    let key = portal.key_of(&portal.owner());
    let order = Order {
        portal: &portal,
        key: &key,
        list: &list_file,
        journal: &journal,
        shell: "",
    };
    for (run, outcome) in [("run", "Applied"), ("resume", "Skipped")] {
        let lines = order.lines();
        assert!(lines.contains(&"over".to_owned()), "{:?}", lines.last());
        let is_it = |line: &&String| line.split(' ').nth(2) == Some(outcome);
        assert_eq!(lines.iter().filter(is_it).count(), count, "{run}");
        let peak = lines.iter().find_map(|line| line.strip_prefix("peak "));
        let peak: u64 = peak.unwrap().parse().unwrap();
        println!("memory: {run} of {count} accounts, {peak} KiB above idle");
        assert!(peak < most(count), "{run}: {peak} KiB");
    }
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
