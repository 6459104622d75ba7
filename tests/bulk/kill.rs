//! Killed at any moment and run again, while members link their apps anew and the
//! clock is set.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::child::Order;
use crate::portal::state::action;
use crate::portal::{Account, AuditEvent, Fault, Portal};
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

/// A list, its portal and its journal.
struct Killed {
    portal: Portal,
    key: String,
    accounts: Vec<Account>,
    list: PathBuf,
    journal: PathBuf,
    clock: Option<PathBuf>,
    is_audited: bool,
}

/// What a run said of the entries.
#[derive(Default)]
struct Said {
    /// By the entry's place in the list: the outcome, from the journal, an error.
    items: HashMap<usize, (String, bool, bool)>,
    /// Those that a former run had asked for: how sure it is.
    settled: HashMap<usize, String>,
    is_over: bool,
}

impl Said {
    fn of(lines: &[String]) -> Self {
        let mut said = Said::default();
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            let index = || words[1].parse::<usize>().unwrap();
            match words[..] {
                ["item", _, outcome, from_journal, has_error] => {
                    let item = (outcome.into(), from_journal == "true", has_error == "true");
                    assert!(said.items.insert(index(), item).is_none(), "{line}: twice");
                }
                ["settled", _, applied] => {
                    said.settled.insert(index(), applied.into());
                }
                ["over"] => said.is_over = true,
                // Cut off by the kill.
                _ => {}
            }
        }
        said
    }

    /// Those that it counts as done.
    fn done(&self) -> impl Iterator<Item = usize> + '_ {
        let items = self.items.iter();
        items.filter_map(|(index, (outcome, _, has_error))| {
            let is_done = matches!(&outcome[..], "Applied" | "Skipped") && !has_error;
            is_done.then_some(*index)
        })
    }

    fn unknown(&self) -> Vec<usize> {
        let items = self.items.iter();
        let unknown = items.filter(|(_, (outcome, ..))| outcome == "Unknown");
        unknown.map(|(index, _)| *index).collect()
    }
}

impl Killed {
    fn new(name: &str, count: usize, is_audited: bool) -> Self {
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
        let list_file = place(&format!("{name}-list"));
        fs::write(&list_file, list).unwrap();
        Killed {
            key: portal.key_of(&portal.owner()),
            portal,
            accounts,
            list: list_file,
            journal: place(&format!("{name}-journal")),
            clock: clock(name),
            is_audited,
        }
    }

    fn order<'a>(&'a self, shell: &'a str) -> Order<'a> {
        Order {
            portal: &self.portal,
            key: &self.key,
            list: &self.list,
            journal: &self.journal,
            shell,
        }
    }

    /// What the shell does first: sets the clock so many seconds ahead.
    fn shell(&self, moved: i64, retry: bool) -> String {
        let mut shell = String::new();
        if self.is_audited {
            shell += "export DSTFA_BULK_AUDIT=1; ";
        }
        if retry {
            shell += "export DSTFA_BULK_RETRY=1; ";
        }
        if let Some(clock) = self.clock.as_ref().filter(|_| moved != 0) {
            let clock = clock.display();
            shell += &format!("export CLOCK_MOVED={moved} LD_PRELOAD='{clock}';");
        }
        shell
    }

    /// Runs it to its end.
    fn run(&self, retry: bool) -> Said {
        let said = Said::of(&self.order(&self.shell(0, retry)).lines());
        assert!(said.is_over, "it came to its end");
        assert_eq!(said.items.len(), self.accounts.len(), "all are told");
        self.check(&said);
        said
    }

    /// Runs it and kills it so long after so many requests; gives how many it
    /// settled by then.
    fn kill(&self, moved: i64, requests: usize, after: Duration) -> usize {
        let out = self.journal.with_extension("out");
        let seen = self.portal.request_count();
        let shell = self.shell(moved, false);
        let mut command = self.order(&shell).command();
        let mut child = command.stdout(File::create(&out).unwrap()).spawn().unwrap();
        // Slow machines come as far as others; the last entries may be too few.
        let begun = Instant::now();
        let is_due = || {
            self.portal.request_count() > seen + requests
                || begun.elapsed() > Duration::from_secs(10)
        };
        while !is_due() && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
        let text = fs::read_to_string(&out).unwrap();
        let lines = text.split_inclusive('\n').filter(|it| it.ends_with('\n'));
        let said = lines.filter_map(|line| Some(line.trim_end().split_once("@ ")?.1.to_owned()));
        let said = Said::of(&said.collect::<Vec<_>>());
        self.check(&said);
        said.settled.len()
    }

    fn times(&self, index: usize) -> usize {
        self.portal.times_unlinked(&self.accounts[index].id)
    }

    /// Nothing is counted as done that was never done, and nothing proven but by
    /// its own mark.
    fn check(&self, said: &Said) {
        for index in said.done() {
            assert!(self.times(index) > 0, "{index}: {:?}", said.items[&index]);
        }
        let (marks, trail) = (self.asked().0, self.portal.audit());
        for (index, applied) in &said.settled {
            let is_proven = self.is_audited && is_in(&trail, &marks[index]);
            assert_eq!(applied == "Yes", is_proven, "{index}");
        }
    }

    /// Members who have no app any more link one again.
    fn link_again(&self) {
        for account in &self.accounts {
            if !self.portal.is_linked(&account.id) {
                self.portal.enrol(&account.id);
            }
        }
    }

    /// The marks of all that were asked for, and of those that are open.
    fn asked(&self) -> (HashMap<usize, String>, HashMap<usize, String>) {
        let text = fs::read_to_string(&self.journal).unwrap_or_default();
        let (mut all, mut open) = (HashMap::new(), HashMap::new());
        let accounts = self.accounts.iter().zip(0..);
        let places: HashMap<_, _> = accounts.map(|(it, at)| (it.id.as_str(), at)).collect();
        // The last line may be torn.
        let lines = text
            .lines()
            .map_while(|line| serde_json::from_str(line).ok());
        for line in lines.collect::<Vec<Value>>() {
            let index = || places[line["id"].as_str().unwrap()];
            if line["t"] == "intent" {
                let mark = line["mark"].as_str().unwrap();
                all.insert(index(), mark.to_owned());
                open.insert(index(), mark.to_owned());
            } else if line["t"] == "outcome" && line["outcome"] != "unknown" {
                open.remove(&index());
            }
        }
        (all, open)
    }

    /// Somebody else has unlinked those of whom nothing is known, too.
    fn add_events_of_others(&self) {
        for (index, mark) in self.asked().1 {
            let (url, other) = (self.portal.url(), mark.chars().rev().collect::<String>());
            for page in [url.clone(), format!("{url}/?{other}")] {
                self.portal.add_audit(AuditEvent {
                    action: action::UNLINKED,
                    initiator: self.portal.owner().id,
                    target: self.accounts[index].id.clone(),
                    page,
                });
            }
        }
    }
}

/// Whether the trail has the event of the request that carried `mark`.
fn is_in(trail: &[AuditEvent], mark: &str) -> bool {
    trail.iter().any(|event| event.page.contains(mark))
}

/// The library that sets a program's clock; there is a way for Linux only.
fn clock(name: &str) -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/bulk/clock.c");
    let library = place(&format!("{name}-clock.so"));
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]);
    compiler.arg(&library).arg(source).arg("-ldl");
    assert!(compiler.status().expect("cc").success());
    Some(library)
}

fn killed_and_resumed(name: &str, is_audited: bool) {
    let (kills, count) = if is_full() { (100, 4500) } else { (24, 1200) };
    let it = Killed::new(name, count, is_audited);
    let begun = Instant::now();
    let mut dice = Dice(7);
    let mut settled = 0;
    for round in 0..kills {
        let moved = [0, 86_400, 0, -86_400][round % 4];
        it.portal
            .set_fault(Fault::Delay(Duration::from_millis(10)).for_method("PUT"));
        let mut requests = dice.roll(60);
        if round % 4 == 3 {
            // One at least is done, and nobody is told.
            let hang = Fault::HangAfterAction.on("settings/tfaappnewapp");
            it.portal.add_fault(hang.after(4).times(1));
            requests = 40 + requests / 3;
        }
        let after = Duration::from_micros(dice.roll(20_000));
        settled += it.kill(moved, requests as usize, after);
        for index in 0..count {
            assert!(it.times(index) <= 1, "round {round}: {index}");
        }
        if round / 2 % 2 == 0 {
            it.link_again();
        }
        if is_audited && round % 3 == 0 {
            it.add_events_of_others();
        }
    }
    // What the last one had sent is done by now, or never.
    it.portal.close_connections();
    it.portal.clear_faults();
    it.link_again();
    let changed = (0..count).filter(|index| it.times(*index) == 1).count();
    let open = it.asked().1;
    let trail = it.portal.audit();
    println!(
        "{name}: {kills} kills, {changed} of {count} changed by then, {} open, {settled} settled, in {:.1} s",
        open.len(),
        begun.elapsed().as_secs_f64()
    );
    assert!(changed > 0 && !open.is_empty(), "kills that hit something");
    assert!(settled > 0, "some were settled");
    it.clock_was_set();

    let said = it.run(false);
    for index in 0..count {
        let times = it.times(index);
        let (outcome, from_journal, has_error) = &said.items[&index];
        let mark = open.get(&index);
        let is_proven = is_audited && mark.is_some_and(|mark| is_in(&trail, mark));
        let expected = match mark {
            Some(_) if is_proven => ("Applied", true, false),
            // Its app is linked, again or still: nobody knows.
            Some(_) => ("Unknown", true, true),
            None if *from_journal => ("Skipped", true, false),
            None => ("Applied", false, false),
        };
        assert_eq!(
            (&outcome[..], *from_journal, *has_error),
            expected,
            "{index}"
        );
        let settled = said.settled.get(&index).map(String::as_str);
        assert_eq!(settled, is_proven.then_some("Yes"), "{index}");
        assert!(times <= 1 && (times == 1 || mark.is_some()), "{index}");
    }

    // Only now, when asked to, it asks again for those of whom nothing is known.
    let unknown = said.unknown();
    assert!(is_audited || !unknown.is_empty());
    let before: Vec<usize> = (0..count).map(|index| it.times(index)).collect();
    let linked: Vec<usize> = unknown
        .into_iter()
        .filter(|index| it.portal.is_linked(&it.accounts[*index].id))
        .collect();
    let said = it.run(true);
    assert_eq!(said.done().count(), count, "{:?}", said.unknown());
    for (index, before) in before.into_iter().enumerate() {
        let more = usize::from(linked.contains(&index));
        assert_eq!(it.times(index), before + more, "{index}");
    }

    // Everybody links an app again; one more run leaves them alone.
    it.link_again();
    let puts = it.portal.count("PUT", "");
    let said = it.run(false);
    let is_skipped = |item: &(String, bool, bool)| *item == ("Skipped".to_owned(), true, false);
    assert!(said.items.values().all(is_skipped));
    assert_eq!(it.portal.count("PUT", ""), puts);
}

impl Killed {
    /// The journal's times are a day apart where the clock was set.
    fn clock_was_set(&self) {
        let text = fs::read_to_string(&self.journal).unwrap();
        let runs = text.lines().filter(|line| line.contains("\"t\":\"run\""));
        let day = |line: &str| {
            let (_, at) = line.split_once("\"at\":\"").unwrap();
            at[..10].to_owned()
        };
        let days: std::collections::HashSet<String> = runs.map(day).collect();
        assert!(self.clock.is_none() || days.len() >= 3, "{days:?}");
    }
}

#[test]
fn killed_and_resumed_nobody_is_changed_twice_and_nobody_counted_who_was_not() {
    killed_and_resumed("kill", false);
}

#[test]
fn killed_and_resumed_what_the_trail_shows_is_settled_by_its_mark_alone() {
    killed_and_resumed("kill-audit", true);
}
