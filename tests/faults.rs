//! The fault matrix: whatever a network or a lying portal does, the library
//! says truthfully whether the account was changed, and sends no change twice.
//!
//! `cargo test --test faults -- --nocapture` prints it.
#![allow(
    missing_docs,
    unreachable_pub,
    missing_debug_implementations,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests stop with a plain message"
)]

mod portal;

#[path = "faults/answers.rs"]
mod answers;
#[path = "faults/bodies.rs"]
mod bodies;
#[path = "faults/connecting.rs"]
mod connecting;
#[path = "faults/echoes.rs"]
mod echoes;
#[path = "faults/heads.rs"]
mod heads;
#[path = "faults/reuse.rs"]
mod reuse;
#[path = "faults/row.rs"]
mod row;
#[path = "faults/run.rs"]
mod run;
#[path = "faults/sending.rs"]
mod sending;
#[path = "faults/slow.rs"]
mod slow;
#[path = "faults/statuses.rs"]
mod statuses;
#[path = "faults/table.rs"]
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use row::Row;
use run::{Came, Texts};

/// Most rows wait for the other side most of the time.
const THREADS: usize = 12;

/// One test for each kind of fault, so that a failure names its file.
macro_rules! faults_of {
    ($($test:ident: $kind:ident),* $(,)?) => {$(
        #[test]
        fn $test() {
            told_truthfully(stringify!($kind), &$kind::rows());
        }
    )*};
}

faults_of!(
    slow_answers_are_told_truthfully: slow,
    lost_connections_are_told_truthfully: connecting,
    requests_that_break_off_are_told_truthfully: sending,
    odd_heads_are_told_truthfully: heads,
    odd_bodies_are_told_truthfully: bodies,
    every_status_is_told_truthfully: statuses,
    reused_connections_are_told_truthfully: reuse,
    answers_that_repeat_the_key_show_it_to_nobody: echoes,
);

fn told_truthfully(kind: &str, rows: &[Row]) {
    let texts = Texts::listening();
    let came = play_all(rows, texts);
    let played = rows.iter().zip(&came);
    let told = played
        .clone()
        .filter_map(|(row, came)| Some((row, came.as_ref().ok()?)));
    println!(
        "{kind}\n{}\n{} cases; {} texts searched\n",
        table::render(told),
        rows.len(),
        texts.count()
    );

    let wrong: Vec<String> = played
        .filter_map(|(row, came)| fault_of(row, came))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} rows:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
    let leak = texts.leak();
    assert!(leak.is_none(), "a text shows a secret: {leak:?}");
    assert!(texts.count() > rows.len());
}

fn play_all(rows: &[Row], texts: &Texts) -> Vec<Result<Came, String>> {
    let next = AtomicUsize::new(0);
    let came = Mutex::new(vec![Err("was not played".to_owned()); rows.len()]);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some((at, row)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    rows.get(at).map(|row| (at, row))
                } {
                    let played = catch_unwind(AssertUnwindSafe(|| run::play(row, texts)));
                    came.lock().unwrap()[at] = played.map_err(|panic| {
                        let text = panic.downcast_ref::<String>();
                        text.cloned().unwrap_or_else(|| "panicked".to_owned())
                    });
                }
            });
        }
    });
    came.into_inner().unwrap()
}

/// What is wrong with a row, if anything is.
fn fault_of(row: &Row, came: &Result<Came, String>) -> Option<String> {
    let name = format!("{} [{}] over {:?}", row.fault, row.case, row.place);
    let came = match came {
        Ok(came) => came,
        Err(panic) => return Some(format!("{name}: {panic}")),
    };
    if !row.wants.iter().any(|want| came.is(want)) {
        return Some(format!("{name}:\n   {came:?}\n   not {:?}", row.wants));
    }
    if !came.is_truthful() {
        return Some(format!("{name}: not truthful: {came:?}"));
    }
    if row
        .connections
        .is_some_and(|count| count != came.connections)
    {
        return Some(format!("{name}: {} connections", came.connections));
    }
    if row.untouched.iter().any(|crude| crude.connections() > 0) {
        return Some(format!("{name}: a redirect was followed"));
    }
    None
}
