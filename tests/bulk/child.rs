//! The same test program as a child: a bulk that can be killed, starved of
//! disk or measured.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use docspace_tfa::{Client, Credential, TfaMethod, Trust};

use crate::portal::Portal;

const NAME: &str = "child::runs_a_bulk";

/// What the child is to do.
pub struct Order<'a> {
    pub portal: &'a Portal,
    pub key: &'a str,
    pub list: &'a Path,
    pub journal: &'a Path,
    /// What to let the shell do first.
    pub shell: &'a str,
}

impl Order<'_> {
    pub fn command(&self) -> Command {
        let mut command = Command::new("sh");
        let program = env::current_exe().unwrap();
        command
            .arg("-c")
            .arg(format!("{} exec \"$0\" \"$@\"", self.shell))
            .arg(program)
            .args([NAME, "--exact", "--nocapture", "--test-threads=1"])
            .env("DSTFA_BULK_CHILD", self.portal.url())
            .env("DSTFA_BULK_KEY", self.key)
            .env("DSTFA_BULK_CA", self.portal.ca_file())
            .env("DSTFA_BULK_LIST", self.list)
            .env("DSTFA_BULK_JOURNAL", self.journal)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }

    /// Runs it to its end: every line it says.
    pub fn lines(&self) -> Vec<String> {
        said(&mut self.command())
    }
}

/// Runs it to its end: every line it says.
pub fn said(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .filter_map(|line| line.split_once("@ "))
        .map(|(_, said)| said.to_owned())
        .collect()
}

/// How much memory was in use at most, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Says `item INDEX OUTCOME FROM_JOURNAL HAS_ERROR` for each entry, `settled INDEX
/// APPLIED` for those that a former run had asked for, then how it ended and how
/// much memory it took.
#[test]
fn runs_a_bulk() {
    let Ok(url) = env::var("DSTFA_BULK_CHILD") else {
        return;
    };
    let credential = Credential::api_key(&env::var("DSTFA_BULK_KEY").unwrap()).unwrap();
    let client = Client::builder(&url, credential)
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(env::var_os("DSTFA_BULK_CA").unwrap())
        .unwrap()
        .audit(env::var_os("DSTFA_BULK_AUDIT").is_some())
        .build()
        .unwrap();
    let list = fs::read_to_string(env::var_os("DSTFA_BULK_LIST").unwrap()).unwrap();
    let before = peak();
    let mut bulk = client.bulk(TfaMethod::None);
    bulk.set_requests_per_minute(0).unwrap();
    bulk.set_writes_per_day(0).unwrap();
    bulk.set_clockwork(Duration::from_secs(2), Duration::from_millis(400))
        .unwrap();
    let retry = env::var_os("DSTFA_BULK_RETRY").is_some();
    bulk.set_retry_unknown(retry).unwrap();
    let journal = env::var_os("DSTFA_BULK_JOURNAL").unwrap();
    if let Err(error) = bulk.set_journal(journal.as_ref()) {
        println!("@ journal {:?} {error}", error.status());
        return;
    }
    for line in list.lines() {
        bulk.add(line).unwrap();
    }
    drop(list);
    let ran = bulk.run(None, |_, item| {
        let (index, outcome) = (item.index(), item.outcome());
        let mut out = std::io::stdout().lock();
        let _ = writeln!(
            out,
            "@ item {index} {outcome:?} {} {}",
            item.from_journal(),
            item.error().is_some()
        );
        if let Some(change) = item.change().filter(|_| item.from_journal()) {
            let _ = writeln!(out, "@ settled {index} {:?}", change.applied());
        }
    });
    match ran {
        Ok(()) => println!("@ over"),
        Err(error) => println!("@ error {:?}", error.status()),
    }
    println!("@ peak {}", peak().saturating_sub(before));
}
