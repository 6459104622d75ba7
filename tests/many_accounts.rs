//! Listing a hundred thousand accounts keeps of each no more than its id.
//! Alone in its program, because it looks at the program's memory.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use docspace_tfa::{AccountFilter, Client, Credential};

const ALL: usize = 100_000;
/// Ids and the room of their table; the accounts together are ten times as much.
const MOST_KIB: u64 = 4 * 1024;

/// Answers every page that is asked for on one connection.
fn answer(stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut writer, mut head) = (stream, Vec::new());
    loop {
        head.clear();
        while !head.ends_with(b"\r\n\r\n") {
            if reader.read_until(b'\n', &mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let head = std::str::from_utf8(&head).unwrap();
        let number = |name: &str| -> usize {
            let rest = head.split_once(name).unwrap().1;
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
            digits.unwrap().parse().unwrap()
        };
        let body = page(number("startIndex="), number("count="));
        let length = body.len();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}");
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn page(start: usize, count: usize) -> String {
    let mut body = String::from("{\"response\":[");
    for number in start..(start + count).min(ALL) {
        let comma = if number == start { "" } else { "," };
        write!(
            body,
            "{comma}{{\"firstName\":\"First{number}\",\"lastName\":\"Last{number}\",\
             \"userName\":\"user.{number}\",\"email\":\"user.{number}@portal.example\",\
             \"status\":1,\"isOwner\":false,\"isAdmin\":false,\"isCollaborator\":true,\
             \"tfaAppEnabled\":true,\"id\":\"c0ffee00-d0c5-4ace-8bad-{number:012x}\",\
             \"displayName\":\"First{number} &amp; Last{number}\"}}"
        )
        .unwrap();
    }
    write!(body, "],\"total\":{ALL},\"status\":0,\"statusCode\":200}}").unwrap();
    body
}

/// Memory of this program that is really there.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}

#[test]
fn only_ids_are_kept() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            thread::spawn(move || answer(stream));
        }
    });
    let key = Credential::api_key("sk-0123").unwrap();
    let client = Client::builder(&url, key).unwrap().build().unwrap();
    let mut accounts = client.accounts(AccountFilter::all()).unwrap();
    // The first pages pay for buffers, caches and code.
    let mut listed = accounts.by_ref().take(1000).map(Result::unwrap).count();
    let before = resident_kib();
    let (mut last, mut most) = (None, 0);
    for account in accounts {
        let account = account.unwrap();
        listed += 1;
        if listed % 10_000 == 0 {
            most = most.max(resident_kib());
        }
        last = Some(account);
    }
    assert_eq!(listed, ALL);
    let last = last.unwrap();
    assert_eq!(last.email(), format!("user.{}@portal.example", ALL - 1));
    let growth = most.saturating_sub(before);
    assert!(growth < MOST_KIB, "{growth} KiB more, from {before} KiB on");
}
