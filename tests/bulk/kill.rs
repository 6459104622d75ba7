//! Killed at any moment and run again.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::child::{Order, said};
use crate::portal::{Fault, Portal};
use crate::{is_full, place};

/// Numbers without a pattern, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % below
    }
}

/// The outcome of each entry, in the order of the list.
fn outcomes(lines: &[String]) -> Vec<&str> {
    let over = lines.iter().filter(|line| *line == "over");
    assert_eq!(over.count(), 1, "{lines:?}");
    let mut items: Vec<(usize, &str)> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("item ")?.split_once(' '))
        .map(|(index, item)| (index.parse().unwrap(), item))
        .collect();
    items.sort_unstable();
    items.into_iter().map(|(_, item)| item).collect()
}

#[test]
fn killed_and_resumed_nobody_is_changed_twice() {
    let (kills, count) = if is_full() { (50, 2000) } else { (12, 500) };
    let portal = Portal::start();
    let accounts = portal.add_many(count);
    // By address every third time: names are resumed, too.
    let list: String = accounts
        .iter()
        .enumerate()
        .map(|(at, account)| match at % 3 {
            0 => format!("{}\n", account.email),
            _ => format!("{}\n", account.id),
        })
        .collect();
    let (list_file, journal) = (place("kill-list"), place("kill-journal"));
    fs::write(&list_file, list).unwrap();
    portal.set_fault(Fault::Delay(Duration::from_millis(10)).for_method("PUT"));
    let key = portal.key_of(&portal.owner());
    let order = Order {
        portal: &portal,
        key: &key,
        list: &list_file,
        journal: &journal,
        shell: "",
    };

    let begun = Instant::now();
    let mut dice = Dice(7);
    for _ in 0..kills {
        let seen = portal.request_count();
        let mut child = order.command().spawn().unwrap();
        // Counted from its first request: before it, nothing can go wrong.
        while portal.request_count() == seen && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(dice.roll(120_000)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let killed_at = accounts
        .iter()
        .filter(|account| portal.times_unlinked(&account.id) > 0)
        .count();
    let lines = order.lines();
    println!(
        "kill: {kills} kills, {killed_at} of {count} accounts changed by then, all in {:.1} s",
        begun.elapsed().as_secs_f64()
    );

    let items = outcomes(&lines);
    assert_eq!(items.len(), count, "the report is complete");
    for (account, item) in accounts.iter().zip(items) {
        let changed = portal.times_unlinked(&account.id);
        match item {
            "Skipped true false" | "Applied true false" | "Applied false false" => {
                assert_eq!(changed, 1, "{item}");
            }
            // Under way when it was killed, and linked still: never sent again
            // by itself.
            "Unknown true true" => assert!(changed <= 1, "{item}"),
            _ => panic!("{item}"),
        }
    }

    // What is unknown is sent again when that is asked for.
    let lines = said(order.command().env("DSTFA_BULK_RETRY", "1"));
    let is_done = |item: &&str| item.ends_with(" false");
    assert_eq!(
        outcomes(&lines).iter().filter(|item| is_done(item)).count(),
        count
    );
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1, "{}", account.id);
    }

    // Everybody links an app again; one more run leaves them alone.
    for account in &accounts {
        portal.enrol(&account.id);
    }
    let puts = portal.count("PUT", "");
    let lines = order.lines();
    let items = outcomes(&lines);
    assert_eq!(items, vec!["Skipped true false"; count]);
    assert_eq!(portal.count("PUT", ""), puts);
}
