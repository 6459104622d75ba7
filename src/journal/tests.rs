//! Journals on disk: what is taken, what is left alone, and what no damage may
//! turn into.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use super::*;

const CALLER: &str = "cce1e103-bca5-9fa1-ba8c-42058b4abf28";
const MARK: &str = "0123456789abcdef0123456789abcdef";

/// A place of this test's own, with nothing there.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let name = format!("dstfa-journal-{}-{name}", std::process::id());
        let place = Place(std::env::temp_dir().join(name));
        let _ = fs::remove_dir_all(&place.0);
        fs::create_dir(&place.0).unwrap();
        place
    }

    fn path(&self) -> PathBuf {
        self.0.join("journal")
    }

    /// A file that only its owner may read.
    fn store(&self, bytes: &[u8]) {
        let mut options = fs::OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.write(true).create(true).truncate(true);
        let mut file = file.open(self.path()).unwrap();
        file.write_all(bytes).unwrap();
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap();
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        names.map(|entry| name(entry.unwrap())).collect()
    }

    fn open(&self) -> Result<Journal, Error> {
        Journal::open(&self.path(), identity(), false)
    }

    /// A journal in which a run has begun.
    fn begun(&self) -> Journal {
        let journal = self.open().unwrap();
        journal.begin(&id(CALLER), false).unwrap();
        journal
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn identity() -> Identity {
    Identity {
        portal: "https://portal.example.com".into(),
        method: TfaMethod::None,
    }
}

fn id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn account(number: u32) -> AccountId {
    id(&format!("{number:08x}-bca5-9fa1-ba8c-42058b4abf28"))
}

fn error(status: Status, applied: Applied) -> Result<Change, Error> {
    Err(Error::new(status, applied, ""))
}

fn changed(account: AccountId) -> Result<Change, Error> {
    let mut change = Change::seen_unlinked(account, TfaMethod::None, 1, String::new());
    change.applied = Applied::Yes;
    change.sessions_ended = Some(true);
    Ok(change)
}

/// A run, and another that goes on with it: every kind of line and outcome.
fn filled(place: &Place) -> Vec<u8> {
    let journal = place.begun();
    for number in 1..=9 {
        let account = account(number);
        let email = format!("member{number}@example.com");
        journal.name(&email, Some(&account)).unwrap();
        if number == 9 {
            break;
        }
        journal.intent(&account, MARK).unwrap();
        let (result, again) = match number {
            1..=3 => (changed(account), false),
            4 => (error(Status::Rejected, Applied::No), false),
            5 => (error(Status::Connect, Applied::No), true),
            6 => (error(Status::Timeout, Applied::Maybe), false),
            _ => continue,
        };
        journal.outcome(&account, &result, again).unwrap();
    }
    journal.name("nobody@example.com", None).unwrap();
    drop(journal);
    let journal = place.begun();
    journal.seen(&account(1), true).unwrap();
    journal.seen(&account(6), false).unwrap();
    journal
        .sessions(&account(6), Some(true), &id(CALLER))
        .unwrap();
    let lost = error(Status::Transport, Applied::Maybe);
    journal.outcome(&account(7), &lost, false).unwrap();
    journal.intent(&account(5), MARK).unwrap();
    journal.sync().unwrap();
    drop(journal);
    place.bytes()
}

/// What a journal says of everybody.
fn pasts(journal: &Journal) -> Vec<Past> {
    (1..=9)
        .map(|number| journal.past(&account(number)))
        .collect()
}

fn message(opened: Result<Journal, Error>, status: Status) -> String {
    let error = opened.unwrap_err();
    assert_eq!((error.status(), error.applied()), (status, Applied::No));
    error.message().to_owned()
}

#[test]
fn what_is_written_is_read_again() {
    let place = Place::new("again");
    filled(&place);
    let journal = place.open().unwrap();
    let kinds: String = pasts(&journal)
        .iter()
        .map(|past| match past {
            Past::Nothing => '-',
            Past::Applied => 'A',
            Past::Refused(..) => 'R',
            Past::Again => '~',
            Past::Open(_) => '?',
        })
        .collect();
    assert_eq!(kinds, "AAAR?A??-");
    assert_eq!(journal.named("Member3@Example.com"), Some(account(3)));
    assert_eq!(journal.named("nobody@example.com"), None);
    assert_eq!(journal.recent().len(), 9);
    let open = [account(5), account(7), account(8)];
    assert_eq!(
        journal.open_marks(),
        open.map(|account| (account, MARK.to_owned()))
    );
    assert_eq!(journal.unsettled_in_a_row(), 3);
    let entries = journal.without_sessions(false).into_iter();
    let entries: Vec<_> = entries.map(|(_, entry)| entry).collect();
    let names = [5, 7, 8].map(|number| format!("member{number}@example.com"));
    assert_eq!(entries, names);
    assert!(!journal.is_new());
    let other = journal.begin(&account(1), false).unwrap_err();
    assert!(other.message().contains("another caller"), "{other}");
}

#[test]
fn a_report_has_one_record_for_each_entry_and_takes_no_lock() {
    let place = Place::new("report");
    filled(&place);
    let _running = place.begun();
    let records = read(&place.path()).unwrap();
    assert_eq!(records.damage_line, 0);
    assert_eq!(records.method, TfaMethod::None);
    let short = |record: &Record| {
        let outcome = match record.outcome {
            None => "begun",
            Some(Outcome::Applied) => "applied",
            Some(Outcome::Refused) => "refused",
            Some(Outcome::Unknown) => "unknown",
        };
        (record.entry.replace("@example.com", ""), outcome)
    };
    let list: Vec<_> = records.list.iter().map(short).collect();
    let expected = [
        ("member1", "applied"),
        ("member2", "applied"),
        ("member3", "applied"),
        ("member4", "refused"),
        ("member5", "begun"),
        ("member6", "applied"),
        ("member7", "unknown"),
        ("member8", "begun"),
        ("nobody", "refused"),
    ];
    assert_eq!(list, expected.map(|(entry, told)| (entry.to_owned(), told)));
    let [first, .., nobody] = &records.list[..] else {
        panic!()
    };
    assert_eq!((first.sessions, first.seen), (Some(true), Some(true)));
    assert_eq!((nobody.id, nobody.reason), (None, Reason::NoSuchAccount));
    // Damaged from line 3 on; a torn end is no damage.
    let bytes = place.bytes();
    let third = line_ends(&bytes)[1];
    for (end, damage_line, left) in [
        (&b"{\"t\":\"out"[..], 0, 0),
        (b"\0\0", 3, 0),
        (b"{}\n", 3, 0),
    ] {
        place.store(&[&bytes[..third], end].concat());
        let records = read(&place.path()).unwrap();
        assert_eq!(
            (records.damage_line, records.list.len()),
            (damage_line, left)
        );
    }
    place.store(b"");
    assert_eq!(read(&place.path()).unwrap_err().status(), Status::Journal);
    place.store(b"sk-secret");
    assert_eq!(read(&place.path()).unwrap_err().status(), Status::Journal);
}

fn line_ends(bytes: &[u8]) -> Vec<usize> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    ends.map(|(at, _)| at + 1).collect()
}

/// A journal to damage. No account may count as done that was not, none be
/// there that was not, and not a byte be changed where it is not taken.
struct Victim {
    place: Place,
    bytes: Vec<u8>,
    tried: u32,
}

impl Victim {
    fn new(name: &str) -> Self {
        let place = Place::new(name);
        let bytes = filled(&place);
        let tried = 0;
        Victim {
            place,
            bytes,
            tried,
        }
    }

    fn refused(&mut self, damaged: &[u8], what: &str) {
        let read = reading::read(damaged, SystemTime::now()).unwrap();
        assert!(read.damage.is_some(), "{what}");
        // Each on disk would take half a minute.
        self.tried += 1;
        if self.tried % 61 > 0 {
            return;
        }
        self.place.store(damaged);
        let error = self.place.open().expect_err(what);
        assert_eq!(error.status(), Status::Journal, "{what}: {error}");
        assert!(self.place.bytes() == damaged, "{what}");
    }
}

#[test]
fn a_journal_with_one_wrong_bit_is_not_taken() {
    let mut victim = Victim::new("bits");
    let mut damaged = victim.bytes.clone();
    for at in 0..damaged.len() {
        for bit in 0..8 {
            damaged[at] ^= 1 << bit;
            victim.refused(&damaged, &format!("bit {bit} of byte {at}"));
            damaged[at] ^= 1 << bit;
        }
    }
}

#[test]
fn a_journal_with_nuls_is_not_taken() {
    let mut victim = Victim::new("nuls");
    let bytes = victim.bytes.clone();
    for at in 0..bytes.len() {
        for length in [1, 4096] {
            let (before, after) = bytes.split_at(at);
            let nuls = vec![0; length];
            let rest = after.get(length..).unwrap_or_default();
            for damaged in [
                [before, &nuls, rest].concat(),
                [before, &nuls, after].concat(),
                [before, &nuls].concat(),
            ] {
                victim.refused(&damaged, &format!("{length} NULs at {at}"));
            }
        }
    }
}

#[test]
fn a_journal_with_lines_missing_doubled_or_swapped_is_not_taken() {
    let mut victim = Victim::new("swapped");
    let bytes = victim.bytes.clone();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    assert!(lines.len() > 30, "{}", lines.len());
    for number in 0..lines.len() {
        let mut damaged = lines.clone();
        let line = damaged.remove(number);
        if number + 1 < lines.len() {
            victim.refused(&damaged.concat(), &format!("line {number} missing"));
        }
        for other in 0..lines.len() {
            let mut damaged = lines.clone();
            damaged.insert(other, line);
            victim.refused(&damaged.concat(), &format!("{number} again at {other}"));
            if other != number {
                let mut damaged = lines.clone();
                damaged.swap(number, other);
                victim.refused(&damaged.concat(), &format!("{number} and {other}"));
                damaged[number] = line;
                victim.refused(&damaged.concat(), &format!("{number} over {other}"));
            }
        }
    }
}

#[test]
fn a_journal_cut_off_anywhere_says_what_its_whole_lines_said() {
    let place = Place::new("cut");
    let bytes = filled(&place);
    // What each number of whole lines says.
    let mut said = HashMap::new();
    let mut ends = vec![0];
    ends.extend(line_ends(&bytes));
    for (lines, end) in ends.iter().enumerate().skip(1) {
        place.store(&bytes[..*end]);
        said.insert(lines, pasts(&place.open().unwrap()));
    }
    for length in 1..bytes.len() {
        place.store(&bytes[..length]);
        // A line that lacks its end alone is a line.
        let lines = ends.iter().filter(|end| **end <= length + 1).count() - 1;
        let opened = place.open();
        if lines == 0 {
            message(opened, Status::Journal);
            assert!(place.bytes() == bytes[..length]);
            continue;
        }
        let journal = opened.unwrap();
        assert_eq!(pasts(&journal), said[&lines], "{length}");
        assert!(place.bytes() == bytes[..length], "nothing is changed yet");
        journal.begin(&id(CALLER), false).unwrap();
        drop(journal);
        // The next run goes on where the whole lines end.
        assert!(place.bytes().starts_with(&bytes[..ends[lines]]));
        assert_eq!(line_ends(&place.bytes()).len(), lines + 1, "{length}");
        assert_eq!(pasts(&place.open().unwrap()), said[&lines]);
    }
}

#[test]
fn a_file_that_is_no_journal_is_left_alone() {
    let place = Place::new("none");
    let old = r#"{"t":"run","v":1,"portal":"https://portal.example.com","caller":"ID","method":"None","lib":"0.1.0","at":"2026-11-24T03:00:00.000Z"}"#;
    let bytes = filled(&Place::new("none-other"));
    let first = &bytes[..line_ends(&bytes)[0]];
    let newer = String::from_utf8_lossy(first).replace("\"v\":2", "\"v\":3");
    let table: [(&[u8], &str); 9] = [
        (b"sk-0123456789abcdef", "does not begin as a journal"),
        (b"sk-0123456789abcdef\n", "does not begin as a journal"),
        (b"\0\0\0\0", "does not begin as a journal"),
        (b"\n", "does not begin as a journal"),
        (b"{\"t\":\"ru", "does not begin as a journal"),
        (&bytes[first.len()..], "does not begin as a journal"),
        (old.as_bytes(), "unreleased version"),
        (newer.as_bytes(), "newer version"),
        (
            b"{\"t\":\"run\",\"v\":9,\"all\":\"new\"}\n",
            "newer version",
        ),
    ];
    for (bytes, said) in table {
        place.store(bytes);
        for dry_run in [false, true] {
            let opened = Journal::open(&place.path(), identity(), dry_run);
            let message = message(opened, Status::Journal);
            assert!(message.contains(said), "{message}");
        }
        assert_eq!(place.bytes(), bytes);
    }
    let others = [
        (
            identity().portal + "/prefix",
            TfaMethod::None,
            "another portal",
        ),
        (identity().portal, TfaMethod::App, "another method"),
    ];
    place.store(&bytes);
    for (portal, method, said) in others {
        let opened = Journal::open(&place.path(), Identity { portal, method }, false);
        let message = message(opened, Status::Journal);
        assert!(message.contains(said), "{message}");
    }
    assert_eq!(place.bytes(), bytes);
    // Damage is told with its line, and with what helps.
    place.store(&[&bytes[..], b"\0"].concat());
    let message = message(place.open(), Status::Journal);
    let line = format!("line {} ", line_ends(&bytes).len() + 1);
    assert!(message.contains(&line), "{message}");
    assert!(message.contains("`tfa-admin bulk salvage`"), "{message}");
}

#[test]
fn it_is_made_whole_and_by_one_run_alone() {
    let place = Place::new("made");
    // Opening alone makes nothing.
    let (first, second) = (place.open().unwrap(), place.open().unwrap());
    assert!(place.names().is_empty() && first.is_new());
    first.begin(&id(CALLER), false).unwrap();
    let late = second.begin(&id(CALLER), false).unwrap_err();
    assert_eq!(late.status(), Status::Busy);
    message(place.open(), Status::Busy);
    assert_eq!(place.names(), ["journal"]);
    first.intent(&account(1), MARK).unwrap();
    drop(first);
    assert_eq!(line_ends(&place.bytes()).len(), 2);
    // Nor is it made anew now that it is there.
    let late = second.begin(&id(CALLER), false).unwrap_err();
    assert_eq!(late.status(), Status::Busy);
    assert_eq!(line_ends(&place.bytes()).len(), 2);

    // A file of no bytes is one's own from the moment it is opened.
    place.store(b"");
    let first = place.open().unwrap();
    message(place.open(), Status::Busy);
    first.begin(&id(CALLER), false).unwrap();
    message(place.open(), Status::Busy);
    drop(first);
    assert_eq!(line_ends(&place.bytes()).len(), 1);
    assert_eq!(place.names(), ["journal"]);
    place.open().unwrap();
}

#[test]
fn a_dry_run_makes_and_writes_nothing() {
    let place = Place::new("dry");
    let dry = || Journal::open(&place.path(), identity(), true).unwrap();
    let journal = dry();
    journal.begin(&id(CALLER), true).unwrap();
    journal.sync().unwrap();
    assert!(place.names().is_empty());
    place.store(b"");
    dry().begin(&id(CALLER), true).unwrap();
    assert_eq!(place.bytes(), b"");
    fs::remove_file(place.path()).unwrap();
    let bytes = filled(&place);
    let torn = &bytes[..bytes.len() - 9];
    place.store(torn);
    let journal = dry();
    journal.begin(&id(CALLER), true).unwrap();
    assert!(journal.begin(&account(1), true).is_err(), "another caller");
    drop(journal);
    assert_eq!(place.bytes(), torn);
}

#[test]
fn nothing_is_noted_before_a_run_has_begun() {
    let place = Place::new("early");
    let journal = place.open().unwrap();
    let error = journal.intent(&account(1), MARK).unwrap_err();
    assert_eq!(error.status(), Status::State);
    assert!(place.names().is_empty());
}

#[cfg(unix)]
#[test]
fn only_a_file_of_ones_own_is_taken() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let place = Place::new("kinds");
    let missing = Journal::open(&place.0.join("no/journal"), identity(), false);
    message(missing, Status::Io);
    filled(&place);
    let link = place.0.join("link");
    symlink(place.path(), &link).unwrap();
    let linked = Journal::open(&link, identity(), false);
    assert!(message(linked, Status::Argument).contains("symbolic link"));
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(message(place.open(), Status::Argument).contains("chmod 600"));
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o600)).unwrap();
    let mode = fs::metadata(place.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    place.open().unwrap();
    // A link to nowhere is not followed to make a file there.
    let nowhere = place.0.join("nowhere");
    symlink(place.0.join("target"), &nowhere).unwrap();
    let linked = Journal::open(&nowhere, identity(), false);
    message(linked, Status::Argument);
}

#[test]
fn what_is_sound_is_salvaged() {
    let place = Place::new("salvage");
    let bytes = filled(&place);
    let ends = line_ends(&bytes);
    let new = place.0.join("new");
    let salvaged = |damaged: &[u8]| {
        place.store(damaged);
        let _ = fs::remove_file(&new);
        let lines = salvage(&place.path(), &new).unwrap();
        assert!(place.bytes() == damaged, "it is left as it is");
        let journal = Journal::open(&new, identity(), false).unwrap();
        (usize::try_from(lines).unwrap(), journal)
    };
    let all = ends.len();
    for line in 1..all {
        let (begin, end) = (ends[line - 1], ends[line]);
        // In its own bytes: the line is lost. In its digits: the next one, too.
        for (at, lost) in [(begin + 10, 1), (end - 5, 2), (end - 1, 2)] {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            let (lines, _) = salvaged(&damaged);
            assert_eq!(lines, all - lost.min(all - line), "{line} {at}");
        }
        let missing = [&bytes[..begin], &bytes[end..]].concat();
        let (lines, _) = salvaged(&missing);
        assert_eq!(lines, (all - 2).max(line), "{line}");
        let doubled = [&bytes[..end], &bytes[begin..]].concat();
        let (lines, _) = salvaged(&doubled);
        assert_eq!(lines, all, "{line}");
    }
    // A tail of NULs, and a line that lacks its end.
    let (lines, journal) = salvaged(&[&bytes[..], &[0; 5000]].concat());
    assert_eq!(lines, all);
    drop(journal);
    let (lines, journal) = salvaged(&bytes[..bytes.len() - 1]);
    assert_eq!(lines, all);
    // Only what is settled counts, and everybody else stands open.
    let kinds = [Past::Applied, Past::Applied, Past::Applied];
    assert_eq!(pasts(&journal)[..3], kinds);
    assert!(matches!(journal.past(&account(4)), Past::Refused(..)));
    for number in 5..100 {
        assert!(matches!(journal.past(&account(number)), Past::Open(_)));
    }
    // A run goes on with it.
    journal.begin(&id(CALLER), false).unwrap();
    drop(journal);
    let journal = Journal::open(&new, identity(), false).unwrap();
    assert!(matches!(journal.past(&account(99)), Past::Open(_)));

    let error = salvage(&place.path(), &new).unwrap_err();
    assert_eq!(error.status(), Status::Argument, "there is one already");
    drop(journal);
    let busy = Journal::open(&place.path(), identity(), false).unwrap();
    fs::remove_file(&new).unwrap();
    let error = salvage(&place.path(), &new).unwrap_err();
    assert_eq!(error.status(), Status::Busy);
    drop(busy);
    // Without its first line nothing can be told.
    let mut damaged = bytes.clone();
    damaged[20] ^= 1;
    for damaged in [&damaged, &bytes[ends[0]..], b"sk-secret", b""] {
        place.store(damaged);
        let error = salvage(&place.path(), &new).unwrap_err();
        assert_eq!(error.status(), Status::Journal);
        assert_eq!(place.names(), ["journal"]);
    }
}
