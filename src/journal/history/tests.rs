//! What lines about an account come to.

use super::super::line::{SalvagedLine, SeenLine, SessionsLine};
use super::*;
use crate::method::TfaMethod;

const A: &str = "aae1e103-bca5-9fa1-ba8c-42058b4abf28";
const B: &str = "bbe1e103-bca5-9fa1-ba8c-42058b4abf28";
const CALLER: &str = "cce1e103-bca5-9fa1-ba8c-42058b4abf28";

fn id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + seconds)
}

fn mark(digit: char) -> String {
    digit.to_string().repeat(32)
}

/// A history of words: `run`; or an account (`a`, `b`) and `?1` (an intent with
/// that mark), `ok`, `no` (sent and refused), `again`, `lost`, `linked`,
/// `unlinked`, `ended`, `ended?`, `own`; `name a x@y` is two words more.
fn history(words: &str) -> History {
    let mut history = History::default();
    let mut number = 0;
    let mut take = |line| {
        number += 1;
        history.take(line, number, at(100)).unwrap();
    };
    let run = || {
        Line::Run(RunLine {
            v: 2,
            portal: "https://p.example".into(),
            caller: id(CALLER),
            method: TfaMethod::None,
            lib: "9".into(),
            at: at(0),
        })
    };
    take(run());
    for (step, word) in words
        .split(", ")
        .filter(|word| !word.is_empty())
        .enumerate()
    {
        let at = at(u64::try_from(step).unwrap());
        let (who, what) = word.split_once(' ').unwrap_or(("", word));
        let id = id(match who {
            "a" => A,
            "c" => CALLER,
            _ => B,
        });
        let told = |outcome, status, applied, again| {
            Line::Outcome(OutcomeLine {
                id,
                outcome,
                status,
                applied,
                sessions: None,
                reason: Reason::None,
                http: 0,
                attempts: 1,
                verified: 0,
                again,
                at,
            })
        };
        let seen = |linked| Line::Seen(SeenLine { id, linked, at });
        let sessions = |ended, caller| {
            Line::Sessions(SessionsLine {
                id,
                ended,
                caller,
                at,
            })
        };
        take(match what {
            "run" => run(),
            "salvaged" => Line::Salvaged(SalvagedLine { lines: 1, at }),
            "ok" => told(Outcome::Applied, None, Applied::Yes, 0),
            "no" => told(Outcome::Refused, Some(Status::Rejected), Applied::No, 0),
            "again" => told(Outcome::Refused, Some(Status::Connect), Applied::No, 1),
            "lost" => told(Outcome::Unknown, Some(Status::Timeout), Applied::Maybe, 0),
            "linked" => seen(Some(true)),
            "unlinked" => seen(Some(false)),
            "ended" => sessions(Some(true), super::tests::id(CALLER)),
            "ended?" => sessions(None, super::tests::id(CALLER)),
            "nobody" => Line::Name(NameLine {
                entry: who.into(),
                id: None,
                reason: "NO_SUCH_ACCOUNT".into(),
            }),
            _ => match (what.strip_prefix('?'), what.strip_prefix("is ")) {
                (Some(digit), _) => Line::Intent(IntentLine {
                    id,
                    mark: digit.repeat(32),
                    at,
                }),
                (_, Some(entry)) => Line::Name(NameLine {
                    entry: entry.into(),
                    id: Some(id),
                    reason: "".into(),
                }),
                _ => panic!("{word}"),
            },
        });
    }
    history
}

fn past(words: &str) -> Past {
    history(words).past(&id(A))
}

fn open(digit: char, status: Option<Status>, step: u64) -> Past {
    Past::Open(Open {
        mark: Some(mark(digit).into()),
        status,
        at: at(step),
    })
}

#[test]
fn the_last_of_each_kind_counts() {
    let refused = || Past::Refused(Status::Rejected, Reason::None);
    let lost = Some(Status::Timeout);
    let table = [
        ("", Past::Nothing),
        ("a is x@y", Past::Nothing),
        ("a linked", Past::Nothing),
        ("a ?1", open('1', None, 0)),
        ("a ?1, a ok", Past::Applied),
        ("a ?1, a no", refused()),
        ("a ?1, a again", Past::Again),
        ("a again", Past::Again),
        ("a ?1, a lost", open('1', lost, 0)),
        ("a ?1, b ok", open('1', None, 0)),
        // Settled later.
        ("a ?1, run, a ok", Past::Applied),
        ("a ?1, a lost, a ok", Past::Applied),
        ("a ?1, a unlinked", Past::Applied),
        ("a ?1, a lost, a unlinked", Past::Applied),
        ("a ?1, a lost, a linked", open('1', lost, 0)),
        ("a ?1, a ok, a linked", Past::Applied),
        ("a unlinked, a ?1", open('1', None, 1)),
        // Asked for again.
        ("a ?1, a again, a ?2", open('2', None, 2)),
        ("a ?1, a ok, a ?2", open('2', None, 2)),
        ("a ?1, a lost, a ?2, a ok", Past::Applied),
        ("a ?1, a lost, a ?2, a no", refused()),
        ("a ?1, a lost, a ?2, a lost", open('2', lost, 2)),
        ("a ?1, a unlinked, a ?2", open('2', None, 2)),
        // Nothing was sent: as before.
        ("a ?1, a lost, a ?2, a again", open('1', lost, 0)),
        ("a ?1, run, a ?2, a again", open('1', None, 0)),
        ("a ?1, a no, a ?2, a again", refused()),
        ("a ?1, a ok, a ?2, a again", Past::Applied),
        ("a ?1, a again, a ?2, a again", Past::Again),
        (
            "a ?1, a lost, a ?2, a again, a ?3, a again",
            open('1', lost, 0),
        ),
        // Without an intent of its own it is no answer to a former one.
        ("a ?1, run, a again", open('1', None, 0)),
        ("a ?1, a lost, run, a again", open('1', lost, 0)),
        ("a ?1, a ok, run, a again", Past::Applied),
        ("a ?1, a no, run, a again", refused()),
    ];
    for (words, expected) in table {
        assert_eq!(past(words), expected, "{words}");
    }
}

#[test]
fn after_a_salvage_only_what_is_settled_is_known() {
    let unknown = |step| {
        Past::Open(Open {
            mark: None,
            status: None,
            at: at(step),
        })
    };
    let table = [
        ("salvaged", unknown(0)),
        ("a is x@y, salvaged", unknown(1)),
        ("a ?1, a ok, salvaged", Past::Applied),
        (
            "a ?1, a no, salvaged",
            Past::Refused(Status::Rejected, Reason::None),
        ),
        ("a ?1, salvaged", open('1', None, 0)),
        ("a ?1, a unlinked, salvaged", open('1', None, 0)),
        ("salvaged, run, a ?1, a ok", Past::Applied),
    ];
    for (words, expected) in table {
        assert_eq!(past(words), expected, "{words}");
    }
    assert!(matches!(past("a ?1, a again, salvaged"), Past::Open(_)));
    assert!(matches!(past("salvaged, a again"), Past::Open(_)));
}

#[test]
fn the_table_row_by_row() {
    let (yes, no, unseen) = (Some(true), Some(false), None);
    let table = [
        (true, yes, false, Resume::Proven),
        (true, no, false, Resume::Proven),
        (true, unseen, true, Resume::Proven),
        (false, no, false, Resume::Unlinked),
        (false, no, true, Resume::Unlinked),
        (false, yes, false, Resume::Unknown),
        (false, yes, true, Resume::Send),
        (false, unseen, false, Resume::Unknown),
        (false, unseen, true, Resume::Send),
    ];
    for (is_found, link, retry_unknown, expected) in table {
        let row = (is_found, link, retry_unknown);
        assert_eq!(resume(is_found, link, retry_unknown), expected, "{row:?}");
    }
}

#[test]
fn unsettled_ones_are_counted_from_the_last_answer() {
    let table = [
        ("", 0),
        ("a ?1, b ?2", 2),
        ("a ?1, a lost", 1),
        ("a ?1, a lost, b ?2, b ok", 0),
        ("a ?1, b ?2, b no, a lost", 1),
        ("a ?1, b ?2, b again", 1),
        ("a ?1, a lost, a unlinked", 0),
        ("a ?1, a lost, a linked, run", 1),
        ("a ?1, a lost, run, a again", 1),
        ("a ?1, a lost, run, b again", 1),
        ("a ?1, salvaged", 0),
    ];
    for (words, expected) in table {
        assert_eq!(history(words).unsettled.len(), expected, "{words}");
    }
}

#[test]
fn only_intents_of_the_last_day_count_and_none_of_the_future() {
    let now = at(100_000);
    let mut history = history("");
    for age in [-1, 0, 86_399, 86_400] {
        let at = u64::try_from(100_000 - age).unwrap();
        let intent = Line::Intent(IntentLine {
            id: id(A),
            mark: mark('1'),
            at: super::tests::at(at),
        });
        history.take(intent, 2, now).unwrap();
    }
    assert_eq!(history.recent, [at(100_000), at(13_601)]);
}

#[test]
fn addresses_lead_to_the_last_account_that_had_them() {
    let history = history("a is X@y.z, b is x@Y.z, x@y.z nobody, q@y.z nobody");
    let named = |email: &str| history.names.get(&*key(email)).and_then(|name| name.id);
    assert_eq!(named("x@y.Z "), Some(id(B)));
    assert_eq!(named("q@y.z"), None);
    assert_eq!(named("x@y"), None);
    assert_eq!(history.accounts[&id(A)].entry(&id(A)), "X@y.z");
}

#[test]
fn sessions_that_may_live_on_are_listed() {
    let listed = |words: &str, all| {
        let found = history(words).without_sessions(all);
        let entries = found.into_iter().map(|(_, entry)| entry);
        entries.collect::<Vec<_>>().join(" ")
    };
    let table = [
        ("a ?1, a ok", A),
        ("a is x@y, a ?1, a ok", "x@y"),
        ("a ?1, a lost", A),
        ("a ?1", A),
        ("a ?1, a no", ""),
        ("a again", ""),
        ("a is x@y", ""),
        ("a ?1, a ok, a ended", ""),
        ("a ?1, a ok, a ended?", A),
        ("a ?1, a ok, a ended, a ?2, a lost", A),
        ("a ?1, a ok, a linked", ""),
        ("a ?1, a ok, a unlinked", A),
        ("c ?1, c ok", CALLER),
        ("c ?1, c ok, c ended?", ""),
    ];
    for (words, expected) in table {
        assert_eq!(listed(words, false), expected, "{words}");
    }
    assert_eq!(listed("a ?1, a ok, a linked", true), A);
    assert_eq!(listed("c ?1, c ok, c ended?", true), "");
}

#[test]
fn marks_of_open_changes_are_given() {
    let history = history("b ?2, a ?1, a lost, c ?3, c ok");
    let marks = [(id(B), mark('2')), (id(A), mark('1'))];
    assert_eq!(history.open_marks(), marks);
}

#[test]
fn what_cannot_be_is_not_believed() {
    let mut history = history("");
    let mut outcome = OutcomeLine {
        id: id(A),
        outcome: Outcome::Refused,
        status: None,
        applied: Applied::Maybe,
        sessions: None,
        reason: Reason::None,
        http: 0,
        attempts: 0,
        verified: 0,
        again: 1,
        at: at(0),
    };
    let mut take = |line| history.take(line, 2, at(0));
    assert!(take(Line::Outcome(outcome.clone())).is_err());
    outcome.applied = Applied::No;
    assert!(take(Line::Outcome(outcome)).is_ok());
    for mark in ["", "0123", &"A".repeat(32), &"x".repeat(32)] {
        let (id, at) = (id(A), at(0));
        let mark = mark.into();
        assert!(take(Line::Intent(IntentLine { id, mark, at })).is_err());
    }
    let run = RunLine {
        v: 2,
        portal: "https://other.example".into(),
        caller: id(CALLER),
        method: TfaMethod::None,
        lib: "9".into(),
        at: at(0),
    };
    assert_eq!(take(Line::Run(run)), Err(Unread::Mixed));
}
