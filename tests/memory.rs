//! However much a hostile portal sends, little is held: bodies are cut at
//! their cap and nothing is unpacked. A program of its own, so that no other
//! test disturbs the measurement.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use docspace_tfa::{AccountId, Applied, Client, Credential, Status, TfaMethod};

static PIECE: [u8; 64 * 1024] = [b' '; 64 * 1024];
/// 10 MiB of it.
static PIECES: usize = 160;
const MOST: u64 = 8 << 20;

/// Answers every connection with this head and a flood behind it.
fn flood(head: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 2048];
            let _ = stream.read(&mut request).unwrap();
            let _ = stream.write_all(head.as_bytes());
            // The client hangs up long before the end.
            let mut left = PIECES;
            while left > 0 && stream.write_all(&PIECE).is_ok() {
                left -= 1;
            }
        }
    });
    port
}

/// The most memory this process ever held, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        * 1024
}

#[test]
fn a_flood_is_not_held() {
    let plain = "HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n";
    let gzip = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10485760\r\n\r\n\
        \x1f\u{8b}";
    let endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA00000\r\n";
    let head = "HTTP/1.1 200 OK\r\nX: ";
    let refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 10485760\r\n\r\n{\"error\":";
    let heads = [plain, gzip, endless, head, refusal].map(|head| (head, flood(head)));
    let id = AccountId::parse("11111111-2222-3333-4444-555555555555").unwrap();
    let before = peak();
    for (head, port) in heads {
        let credential = Credential::api_key("sk-0123").unwrap();
        let client = Client::builder(&format!("http://127.0.0.1:{port}"), credential)
            .unwrap()
            .timeout(Duration::from_secs(4))
            .unwrap()
            .explain(false)
            .build()
            .unwrap();
        let error = client.change_method(&id, TfaMethod::None).unwrap_err();
        // A refusal that breaks off might have been another answer.
        assert_eq!(error.applied(), Applied::Maybe, "{head:?}: {error:?}");
        assert_ne!(error.status(), Status::Internal, "{head:?}");
    }
    let grown = peak() - before;
    println!("grown by {} KiB", grown / 1024);
    assert!(grown < MOST, "grown by {grown} bytes");
}
