//! Many accounts against the stand-in portal.
//!
//! Scaled down so that all of it ends within a minute. `DSTFA_BULK_FULL=1`
//! gives it full size (10 000 accounts at the portal's real limit, 100 kills):
//! that takes a quarter of an hour. `-- --nocapture` shows the figures.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message and show their figures"
)]

mod portal;

#[path = "bulk/child.rs"]
mod child;
#[path = "bulk/counts.rs"]
mod counts;
#[path = "bulk/entries.rs"]
mod entries;
#[path = "bulk/given_up.rs"]
mod given_up;
#[path = "bulk/kill.rs"]
mod kill;
#[path = "bulk/memory.rs"]
mod memory;
#[path = "bulk/rate.rs"]
mod rate;
#[path = "bulk/stopping.rs"]
mod stopping;
#[cfg(target_os = "linux")]
#[path = "bulk/threads.rs"]
mod threads;
#[path = "bulk/trouble.rs"]
mod trouble;

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use docspace_tfa::{
    Bulk, Client, ClientBuilder, Credential, Error, Item, ItemOutcome, Phase, Progress, TfaMethod,
};
use portal::{Account, Portal};

/// Whether all is to be done at full size.
pub fn is_full() -> bool {
    std::env::var_os("DSTFA_BULK_FULL").is_some()
}

pub fn builder(portal: &Portal) -> ClientBuilder {
    let key = portal.key_of(&portal.owner());
    Client::builder(&portal.url(), Credential::api_key(&key).unwrap())
        .unwrap()
        .trust(docspace_tfa::Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
}

/// A bulk of the owner's, with the clock of the tests.
pub fn bulk(portal: &Portal) -> Bulk {
    let client = builder(portal).build().unwrap();
    let mut bulk = client.bulk(TfaMethod::None);
    bulk.set_clockwork(Duration::from_secs(2), Duration::from_millis(300))
        .unwrap();
    bulk
}

pub fn add_all(bulk: &mut Bulk, accounts: &[Account]) {
    for account in accounts {
        bulk.add(&account.id).unwrap();
    }
}

/// Runs to the end and gives the items in the order of the list.
pub fn run(bulk: &mut Bulk) -> Result<Vec<Item>, (Error, Vec<Item>)> {
    let mut items = Vec::new();
    let ran = bulk.run(None, |_, item| items.push(item.clone()));
    items.sort_by_key(Item::index);
    match ran {
        Ok(()) => Ok(items),
        Err(error) => Err((error, items)),
    }
}

/// Waits until a run that another thread is at has come so far.
pub fn wait_for(progress: &Progress, phase: Phase) {
    let begun = Instant::now();
    while progress.phase() != phase {
        assert!(begun.elapsed().as_secs() < 120, "never {phase:?}");
        // A phase is looked at, not told.
        thread::sleep(Duration::from_millis(5));
    }
}

pub fn outcomes(items: &[Item]) -> Vec<ItemOutcome> {
    items.iter().map(Item::outcome).collect()
}

/// A path of this test's own, with nothing there.
pub fn place(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bulk-{name}"));
    let _ = std::fs::remove_file(&path);
    path
}
