//! The journal of a bulk run: what stands in it, whose it is, and how a run
//! goes on from it.
#![cfg(unix)]
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;

#[path = "bulk/child.rs"]
mod child;
#[path = "journal/damage.rs"]
mod damage;
#[path = "journal/disk.rs"]
mod disk;
#[path = "journal/end_sessions.rs"]
mod end_sessions;
#[path = "journal/file.rs"]
mod file;
#[path = "journal/report.rs"]
mod report;
#[path = "journal/resume.rs"]
mod resume;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use docspace_tfa::{Bulk, Client, ClientBuilder, Credential, Error, Item, TfaMethod, Trust};
use portal::Portal;
use serde_json::Value;

/// After so long a change under way has taken effect, in these tests.
const LATE: Duration = Duration::from_millis(300);

/// A place of this test's own, with nothing there.
fn place(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("journal-{name}"));
    let _ = fs::remove_file(&path);
    let _ = fs::remove_dir_all(&path);
    path
}

fn builder(portal: &Portal) -> ClientBuilder {
    Client::builder(
        &portal.url(),
        Credential::api_key(&portal.key_of(&portal.owner())).unwrap(),
    )
    .unwrap()
    .trust(Trust::AddedOnly)
    .add_ca_file(portal.ca_file())
    .unwrap()
}

fn client(portal: &Portal) -> Client {
    builder(portal).build().unwrap()
}

fn bulk(portal: &Portal) -> Bulk {
    let mut bulk = client(portal).bulk(TfaMethod::None);
    bulk.set_clockwork(Duration::from_secs(60), LATE).unwrap();
    bulk
}

/// Adds, runs, and gives the items in the order of the list.
fn run(bulk: &mut Bulk, entries: &[&str]) -> Result<Vec<Item>, Error> {
    for entry in entries {
        bulk.add(entry).unwrap();
    }
    let mut items = Vec::new();
    bulk.run(None, |_, item| items.push(item.clone()))?;
    items.sort_by_key(Item::index);
    Ok(items)
}

/// The time so many seconds ago as a journal has it.
fn ago(seconds: u64) -> String {
    let then = SystemTime::now() - Duration::from_secs(seconds);
    let since = then.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    // The date comes from another pen than the library's.
    let http = httpdate::fmt_http_date(then);
    let part = |from: usize, to: usize| http[from..to].to_owned();
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = months.find(&part(8, 11)).unwrap() / 3 + 1;
    let (year, day, clock) = (part(12, 16), part(5, 7), part(17, 25));
    format!(
        "{year}-{month:02}-{day}T{clock}.{:03}Z",
        since.subsec_millis()
    )
}

/// A journal of the portal's owner with these lines after the first.
fn written(path: &Path, portal: &Portal, lines: &[String]) {
    let run = run_line(&portal.url(), &portal.owner().id);
    let lines: Vec<&String> = std::iter::once(&run).chain(lines).collect();
    store(path, chained(&lines).as_bytes());
}

fn run_line(portal: &str, caller: &str) -> String {
    format!(
        r#"{{"t":"run","v":2,"portal":"{portal}","caller":"{caller}","method":"None","lib":"0.1.0","at":"{}"}}"#,
        ago(3600)
    )
}

/// The lines with their numbers and digits.
fn chained(lines: &[&String]) -> String {
    let mut text = String::new();
    let mut digits = "00000000".to_owned();
    for (line, number) in lines.iter().zip(1..) {
        let head = format!("{},\"n\":{number}", &line[..line.len() - 1]);
        digits = format!(
            "{:08x}",
            crc32fast::hash(format!("{digits}{head}").as_bytes())
        );
        text += &format!("{head},\"c\":\"{digits}\"}}\n");
    }
    text
}

/// A file that only its owner may read.
fn store(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .unwrap();
    file.write_all(bytes).unwrap();
}

/// Every line, read as JSON.
fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// An empty id: nobody's.
fn name(entry: &str, id: &str) -> String {
    match id {
        "" => format!(r#"{{"t":"name","entry":"{entry}","id":"","reason":"NO_SUCH_ACCOUNT"}}"#),
        id => format!(r#"{{"t":"name","entry":"{entry}","id":"{id}"}}"#),
    }
}

fn intent(id: &str, seconds_ago: u64) -> String {
    let (at, mark) = (ago(seconds_ago), "0123456789abcdef".repeat(2));
    format!(r#"{{"t":"intent","id":"{id}","mark":"{mark}","at":"{at}"}}"#)
}

/// `again`: whether a refusal is to be judged anew.
fn outcome(
    id: &str,
    outcome: &str,
    status: &str,
    applied: &str,
    reason: &str,
    again: u8,
) -> String {
    format!(
        r#"{{"t":"outcome","id":"{id}","outcome":"{outcome}","status":"{status}","applied":"{applied}","sessions":"unknown","reason":"{reason}","http":200,"attempts":1,"verified":0,"again":{again},"at":"{}"}}"#,
        ago(30)
    )
}
