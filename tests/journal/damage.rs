//! A real journal, damaged in every place: it is not taken, and where bytes are
//! missing at its end, what is left of it holds.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use docspace_tfa::{Client, ItemOutcome as O, Status, TfaMethod};
use serde_json::Value;

use crate::child::Order;
use crate::portal::{Account, Fault, Portal};
use crate::{bulk, client, lines, place, run, store};

const UNLINK: &str = "settings/tfaappnewapp";

/// A portal and the journal of two runs: one was killed, one stopped.
struct Victim {
    portal: Portal,
    client: Client,
    bytes: Vec<u8>,
    /// In the list, and not.
    listed: Vec<Account>,
    outsider: Account,
    list: Vec<String>,
    /// Who had been changed by then.
    done: HashSet<String>,
    /// One run at a time, so that changes can be counted.
    turn: Mutex<()>,
}

/// Made once: the journal is the same for all damage.
fn victim() -> &'static Victim {
    static VICTIM: OnceLock<Victim> = OnceLock::new();
    VICTIM.get_or_init(Victim::new)
}

impl Victim {
    fn new() -> Self {
        let portal = Portal::start();
        let listed = portal.add_many(15);
        let outsider = portal.add_many(1).remove(0);
        // Found unlinked: nothing is sent for it.
        portal.unlink_quietly(&listed[1].id);
        let address = |(at, account): (usize, &Account)| match at % 3 {
            0 => account.email.clone(),
            _ => account.id.clone(),
        };
        let mut list: Vec<String> = listed.iter().enumerate().map(address).collect();
        list.push("nobody@portal.example".into());
        let path = place("damaged");
        killed(&portal, &list, &path);
        for account in &listed[2..] {
            portal.enrol(&account.id);
        }
        // An answer that never comes, and nothing done; then some more.
        portal.set_fault(Fault::CloseBeforeAction.on(UNLINK).after(1).times(1));
        let mut bulk = bulk(&portal);
        bulk.set_parallel(1).unwrap();
        bulk.set_journal(&path).unwrap();
        for entry in &list {
            bulk.add(entry).unwrap();
        }
        let stop = bulk.stop().clone();
        let mut sent = 0;
        let ended = bulk.run(None, |_, item| {
            sent += usize::from(item.outcome() == O::Applied && !item.from_journal());
            if sent == 3 {
                stop.request();
            }
        });
        assert_eq!(ended.unwrap_err().status(), Status::Cancelled);
        portal.clear_faults();
        let changed = listed.iter().filter(|it| portal.times_unlinked(&it.id) > 0);
        let done: HashSet<_> = changed.map(|it| it.id.clone()).collect();
        let victim = Victim {
            client: client(&portal),
            bytes: fs::read(&path).unwrap(),
            done,
            portal,
            listed,
            outsider,
            list,
            turn: Mutex::default(),
        };
        let unsettled = |it: &&String| !victim.settled(&victim.bytes).contains(*it);
        assert!(victim.done.iter().any(|it| unsettled(&it)), "done and open");
        assert!(victim.done.len() < victim.listed.len() - 2, "not all done");
        victim
    }

    fn lines(&self) -> Vec<&[u8]> {
        self.bytes.split_inclusive(|byte| *byte == b'\n').collect()
    }

    /// Whose intent stands in these lines with no word that nothing was sent, and
    /// whose outcome does.
    fn asked(&self, bytes: &[u8]) -> HashSet<String> {
        let mut asked = HashSet::new();
        for line in whole(bytes) {
            let id = line["id"].as_str().unwrap_or_default().to_owned();
            if line["t"] == "intent" {
                asked.insert(id);
            } else if line["again"] == 1 {
                asked.remove(&id);
            }
        }
        asked
    }

    fn settled(&self, bytes: &[u8]) -> HashSet<String> {
        let lines = whole(bytes).into_iter();
        let settled = lines.filter(|line| line["outcome"] == "applied");
        settled
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A run that is killed while an answer hangs that was done.
fn killed(portal: &Portal, list: &[String], path: &Path) {
    let list_file = place("damaged-list");
    fs::write(&list_file, list.join("\n")).unwrap();
    portal.set_fault(Fault::HangAfterAction.on(UNLINK).after(1).times(1));
    portal.add_fault(Fault::HangBeforeAction.on(UNLINK).after(5));
    let key = portal.key_of(&portal.owner());
    let order = Order {
        portal,
        key: &key,
        list: &list_file,
        journal: path,
        shell: "",
    };
    let mut child = order.command().spawn().unwrap();
    portal.wait_until("six changes", || portal.count("PUT", UNLINK) >= 6);
    child.kill().unwrap();
    child.wait().unwrap();
    portal.close_connections();
}

/// The lines that are whole, the last one without its end, too.
fn whole(bytes: &[u8]) -> Vec<Value> {
    let lines = bytes.split(|byte| *byte == b'\n');
    lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

/// A file to put damaged journals in.
struct Spoiled {
    victim: &'static Victim,
    path: PathBuf,
}

impl Spoiled {
    fn new(name: &str) -> Self {
        let path = place(&format!("damaged-{name}"));
        store(&path, b"");
        let victim = victim();
        Spoiled { victim, path }
    }

    /// Not taken, and left as it is; unless bytes are missing at the end.
    fn judge(&self, damaged: &[u8], what: &str) {
        fs::write(&self.path, damaged).unwrap();
        let mut bulk = self.victim.client.bulk(TfaMethod::None);
        let taken = bulk.set_journal(&self.path);
        drop(bulk);
        assert!(fs::read(&self.path).unwrap() == damaged, "{what}: changed");
        let is_missing_end = self.victim.bytes.starts_with(damaged);
        let has_first = damaged.is_empty() || !whole(damaged).is_empty();
        match taken {
            Ok(()) => assert!(is_missing_end && has_first, "{what}: taken"),
            Err(error) => {
                assert_eq!(error.status(), Status::Journal, "{what}: {error}");
                assert!(!is_missing_end || !has_first, "{what}: {error}");
            }
        }
    }

    /// Everybody links an app again, and a run goes on with this; false if it does
    /// not take it.
    fn resume(&self, damaged: &[u8], what: &str) -> bool {
        let Victim {
            portal,
            listed,
            outsider,
            ..
        } = self.victim;
        let _turn = self.victim.turn.lock().unwrap_or_else(|it| it.into_inner());
        for account in listed.iter().chain([outsider]) {
            portal.enrol(&account.id);
        }
        let times = || -> HashMap<&str, usize> {
            let all = listed.iter().chain([outsider]);
            all.map(|it| (it.id.as_str(), portal.times_unlinked(&it.id)))
                .collect()
        };
        fs::write(&self.path, damaged).unwrap();
        let (before, requests) = (times(), portal.request_count());
        let mut bulk = bulk(portal);
        if let Err(error) = bulk.set_journal(&self.path) {
            assert_eq!(error.status(), Status::Journal, "{what}");
            assert_eq!(portal.request_count(), requests, "{what}");
            return false;
        }
        let list: Vec<&str> = self.victim.list.iter().map(String::as_str).collect();
        let items = run(&mut bulk, &list).unwrap();
        let after = times();
        let more = |id: &str| after[id] - before[id];
        let asked = self.victim.asked(damaged);
        for Account { id, .. } in listed {
            let most = usize::from(!asked.contains(id));
            assert!(
                more(id) <= most,
                "{what}: {id} was changed {} times",
                more(id)
            );
        }
        assert_eq!(more(&outsider.id), 0, "{what}: not in the list");
        for item in items {
            let is_done =
                matches!(item.outcome(), O::Applied | O::Skipped) && item.error().is_none();
            let id = item.account_id().map(|id| id.as_str().to_owned());
            match id {
                Some(id) if is_done && item.from_journal() => {
                    assert!(self.victim.done.contains(&id), "{what}: {item:?}");
                }
                Some(id) if is_done => assert_eq!(more(&id), 1, "{what}: {item:?}"),
                Some(id) => assert_eq!(more(&id), 0, "{what}: {item:?}"),
                None => assert!(!is_done, "{what}: {item:?}"),
            }
        }
        // What it wrote is a journal again.
        lines(&self.path);
        true
    }
}

#[test]
fn with_one_wrong_bit() {
    let it = Spoiled::new("bit");
    let mut damaged = it.victim.bytes.clone();
    let is_full = std::env::var_os("DSTFA_BULK_FULL").is_some();
    for at in 0..damaged.len() {
        for bit in (0..8).filter(|bit| is_full || at % 8 == *bit) {
            damaged[at] ^= 1 << bit;
            it.judge(&damaged, &format!("bit {bit} of byte {at}"));
            damaged[at] ^= 1 << bit;
        }
    }
    for at in (0..damaged.len()).step_by(397) {
        damaged[at] ^= 4;
        assert!(!it.resume(&damaged, &format!("bit 2 of byte {at}")));
        damaged[at] ^= 4;
    }
}

#[test]
fn with_bytes_missing() {
    let it = Spoiled::new("missing");
    let bytes = &it.victim.bytes;
    for at in 0..bytes.len() {
        for length in [1, 150] {
            if length > 1 && at % 7 > 0 {
                continue;
            }
            let rest = bytes.get(at + length..).unwrap_or_default();
            let damaged = [&bytes[..at], rest].concat();
            it.judge(&damaged, &format!("{length} bytes missing at {at}"));
            if at % 997 == 0 {
                it.resume(&damaged, &format!("{length} bytes missing at {at}"));
            }
        }
    }
}

#[test]
fn with_nuls() {
    let it = Spoiled::new("nuls");
    let bytes = &it.victim.bytes;
    for at in 0..bytes.len() {
        let nuls = vec![0; [1, 16, 512, 4096][at % 4]];
        let rest = bytes.get(at + nuls.len()..).unwrap_or_default();
        let damaged = [&bytes[..at], &nuls, rest].concat();
        it.judge(&damaged, &format!("{} NULs at {at}", nuls.len()));
        if at % 997 == 0 {
            assert!(!it.resume(&damaged, &format!("NULs at {at}")));
        }
    }
    let tail = [bytes, &vec![0; 4096][..]].concat();
    it.judge(&tail, "NULs behind it");
}

#[test]
fn with_lines_missing_doubled_or_swapped() {
    let it = Spoiled::new("lines");
    let lines = it.victim.lines();
    for number in 0..lines.len() {
        let mut damaged = lines.clone();
        let line = damaged.remove(number);
        let what = format!("line {number}");
        it.judge(&damaged.concat(), &what);
        it.resume(&damaged.concat(), &what);
        for other in 0..lines.len() {
            let what = format!("{number} and {other}");
            let mut damaged = lines.clone();
            damaged.insert(other, line);
            it.judge(&damaged.concat(), &what);
            if other == number {
                assert!(!it.resume(&damaged.concat(), &what));
                continue;
            }
            let mut damaged = lines.clone();
            damaged.swap(number, other);
            it.judge(&damaged.concat(), &what);
            if other == number + 1 {
                assert!(!it.resume(&damaged.concat(), &what));
            }
        }
    }
}

/// The exception: what is gone at the end cannot be known. What is left holds.
#[test]
fn cut_off_anywhere() {
    let it = Spoiled::new("cut");
    let bytes = &it.victim.bytes;
    for length in 0..bytes.len() {
        it.judge(&bytes[..length], &format!("cut off at {length}"));
    }
    let mut ends = vec![0];
    for line in it.victim.lines() {
        ends.push(ends[ends.len() - 1] + line.len());
    }
    let mut taken = 0;
    for end in &ends[1..] {
        // With its last line whole, without the end of that, and with half of it.
        for length in [*end, end - 1, end - 40] {
            taken += usize::from(it.resume(&bytes[..length], &format!("cut off at {length}")));
        }
    }
    assert_eq!(taken, (ends.len() - 1) * 3 - 1, "half a first line is none");
}

/// A slip of the hand: the path of a key file where the journal's belongs.
#[test]
fn a_file_with_a_secret_stays_as_it_is() {
    let portal = Portal::start();
    let member = portal.member();
    let folder = place("secret");
    fs::create_dir(&folder).unwrap();
    let (path, list) = (folder.join("key"), place("secret-list"));
    fs::write(&list, &member.id).unwrap();
    let key = portal.key_of(&portal.owner());
    for secret in [
        key.clone(),
        format!("{key}\n"),
        format!("{key}\r\n"),
        format!("{key}\n\0\0\0"),
        "hunter2".into(),
        format!("{{\"t\":\"{key}"),
        format!("{{\"t\":\"run\",\"key\":\"{key}\"}}\n"),
        "x".repeat(100_000),
    ] {
        let _ = fs::remove_file(&path);
        store(&path, secret.as_bytes());
        let changed = || fs::metadata(&path).unwrap().modified().unwrap();
        let before = changed();
        let order = Order {
            portal: &portal,
            key: &key,
            list: &list,
            journal: &path,
            shell: "",
        };
        let said = order.lines().concat();
        assert!(said.starts_with("journal Journal"), "{said}");
        assert!(!said.contains(secret.trim()), "{said}");
        assert!(!said.contains(&key), "{said}");
        assert!(fs::read(&path).unwrap() == secret.as_bytes());
        assert_eq!(changed(), before);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no other file");
    }
    assert_eq!(portal.request_count(), 0);
}
