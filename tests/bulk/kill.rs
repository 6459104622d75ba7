//! Killed at any moment and run again.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::child::Order;
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

#[test]
fn killed_and_resumed_every_account_is_changed_once() {
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

    assert_eq!(
        lines.iter().filter(|line| *line == "over").count(),
        1,
        "{lines:?}"
    );
    let items: Vec<&String> = lines
        .iter()
        .filter(|line| line.starts_with("item"))
        .collect();
    assert_eq!(items.len(), count, "the report is complete");
    let settled = |line: &&&String| line.ends_with("Skipped true false");
    let applied = |line: &&&String| line.contains(" Applied ") && line.ends_with("false");
    let sum = items.iter().filter(settled).count() + items.iter().filter(applied).count();
    assert_eq!(sum, count, "{items:?}");
    for account in &accounts {
        assert_eq!(portal.times_unlinked(&account.id), 1, "{}", account.id);
    }

    // Everybody links an app again; one more run leaves them alone.
    for account in &accounts {
        portal.enrol(&account.id);
    }
    let puts = portal.count("PUT", "");
    let lines = order.lines();
    let items = lines.iter().filter(|line| line.starts_with("item"));
    assert!(
        items.clone().count() == count && items.clone().all(|line| line.contains("Skipped true"))
    );
    assert_eq!(portal.count("PUT", ""), puts);
}
