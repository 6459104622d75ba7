//! Heads of answers, whole and in pieces.

use super::*;

const ANSWER: &str = "HTTP/1.1 103 Early\r\nSet-Cookie: early=1\r\n\r\nHTTP/1.1 200 OK\r\n\
    Set-Cookie: asc_auth_key=SECRET; path=/\r\nX-Set-Cookie: plain\r\n\
    SET-COOKIE:asc_confirm_key_TfaActivation=123.ABC; httponly\r\n\
    content-LENGTH: 29\r\nDate: now\r\n\r\nset-cookie: in the body stays";
const THROUGH: &str = "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n\
    content-LENGTH: 29\r\n\r\nset-cookie: in the body stays";

/// The answer as it is let through when it comes in pieces of this size.
fn filter(filter: &mut HeadFilter, answer: &str, size: usize) -> Option<String> {
    let (mut bytes, mut held) = (Vec::new(), 0);
    for piece in answer.as_bytes().chunks(size) {
        let begin = bytes.len() - held;
        bytes.extend_from_slice(piece);
        let passed = filter.pass(&mut bytes[begin..])?;
        held = passed.held;
        bytes.truncate(bytes.len() - passed.dropped);
    }
    bytes.truncate(bytes.len() - held);
    Some(String::from_utf8(bytes).unwrap())
}

#[test]
fn only_what_is_read_comes_through_in_pieces_of_any_size() {
    for size in [1, 2, 3, 7, 64, 4096] {
        let mut it = HeadFilter::new(true);
        assert_eq!(filter(&mut it, ANSWER, size).as_deref(), Some(THROUGH));
        assert_eq!(it.take_key_if_whole().unwrap().as_slice(), b"123.ABC");
    }
}

#[test]
fn the_key_is_kept_only_when_wanted() {
    let mut it = HeadFilter::new(false);
    assert!(filter(&mut it, ANSWER, 4096).is_some());
    assert!(it.take_key_if_whole().is_none());
}

#[test]
fn empty_lines_before_a_head_hide_no_cookie() {
    for before in ["\n", "\r\n", "\r\n\n\r\n"] {
        let answer = ANSWER.replace("HTTP/1.1", &format!("{before}HTTP/1.1"));
        let through = THROUGH.replace("HTTP/1.1", &format!("{before}HTTP/1.1"));
        let mut it = HeadFilter::new(false);
        assert_eq!(filter(&mut it, &answer, 5), Some(through));
    }
}

#[test]
fn what_goes_without_saying_is_not_said() {
    let table = [
        ("Connection: keep-alive\r\n", false),
        ("connection:Keep-Alive \r\n", false),
        ("Connection: keep-alive, close\r\n", true),
        ("Connection: close\r\n", true),
        ("Content-Type: application/json; charset=utf-8\r\n", false),
        ("Content-Type: text/plain\r\n", true),
    ];
    for (line, is_said) in table {
        let answer = format!("HTTP/1.1 200 OK\r\n{line}\r\n");
        let through = filter(&mut HeadFilter::new(false), &answer, 4096).unwrap();
        assert_eq!(through.contains(line), is_said, "{line}");
    }
}

#[test]
fn a_refusal_tells_more() {
    let lines = "Date: now\r\nRetry-After: 1\r\nLocation: /\r\nX-RateLimit-Reset: 9\r\n";
    for (status, through) in [(200, ""), (429, lines), (302, lines)] {
        let answer = format!("HTTP/1.1 {status} X\r\n{lines}Server: x\r\n\r\n");
        let through = format!("HTTP/1.1 {status} X\r\n{through}\r\n");
        let mut it = HeadFilter::new(false);
        assert_eq!(filter(&mut it, &answer, 4096), Some(through));
    }
}

#[test]
fn a_line_that_has_no_end_yet_is_held() {
    let mut it = HeadFilter::new(false);
    let begun = "HTTP/1.1 200 OK\r\nSet-Cookie: SECRET";
    assert_eq!(
        filter(&mut it, begun, 4096).as_deref(),
        Some("HTTP/1.1 200 OK\r\n")
    );
}

#[test]
fn whether_this_is_http_shows_early() {
    for (text, may_be) in [
        ("\r", true),
        ("HT", true),
        ("HTTP/1.1 2", true),
        ("<", false),
        ("HTTP/2", false),
        ("220 mail.example.com\r\n", false),
        ("HTTP/1.1 20\r\n", false),
    ] {
        for size in [1, 4096] {
            let through = filter(&mut HeadFilter::new(false), text, size);
            assert_eq!(through.is_some(), may_be, "{text}");
        }
    }
}

#[test]
fn an_interim_head_has_no_fields() {
    let interim = "HTTP/1.1 100 Continue\r\nServer: x\r\nContent-Length: 1\r\n\r\n";
    let through = filter(&mut HeadFilter::new(false), interim, 5);
    assert_eq!(through.as_deref(), Some("HTTP/1.1 100 Continue\r\n\r\n"));
}

#[test]
fn what_is_no_head_is_refused() {
    let endless = format!("Server: {}", "x".repeat(LONGEST_HEAD));
    let lines = "X: y\r\n".repeat(129);
    let table = [
        "no colon\r\n",
        ": no name\r\n",
        "Set-Cookie : blank before the colon\r\n",
        " folded: line\r\n",
        "Server: a\rContent-Length: 1\r\n",
        "Server: \0\r\n",
        "Server: \u{7f}\r\n",
        "S\u{e9}rver: x\r\n",
        &endless,
        &lines,
    ];
    for text in table {
        for size in [1, 4096] {
            let answer = format!("HTTP/1.1 200 OK\r\n{text}");
            let through = filter(&mut HeadFilter::new(false), &answer, size);
            assert_eq!(through, None, "{text}");
        }
    }
}

#[test]
fn interim_heads_are_counted() {
    let many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(16);
    assert!(filter(&mut HeadFilter::new(false), &many, 4096).is_some());
    let more = "HTTP/1.1 100 Continue\r\n\r\n".repeat(17);
    assert!(filter(&mut HeadFilter::new(false), &more, 4096).is_none());
}

#[test]
fn one_plain_statement_on_the_length_leaves_no_doubt() {
    let table = [
        ("200", "Content-Length: 64\r\n", false),
        ("200", "content-length:0 \r\n", false),
        ("200", "Transfer-Encoding: Chunked\r\n", false),
        ("200", "", false),
        ("204", "", false),
        ("200", "Content-Length: 64, 64\r\n", true),
        ("200", "Content-Length: +64\r\n", true),
        ("200", "Content-Length:\r\n", true),
        ("200", "Content-Length: 0\r\nContent-Length: 0\r\n", true),
        (
            "200",
            "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n",
            true,
        ),
        ("200", "Transfer-Encoding: gzip, chunked\r\n", true),
        ("204", "Content-Length: 9\r\n", true),
        ("304", "Content-Length: 9\r\n", true),
    ];
    for (status, lines, doubtful) in table {
        for size in [1, 4096] {
            let mut it = HeadFilter::new(false);
            let early = "HTTP/1.1 100 Continue\r\nContent-Length: 1\r\n\r\n";
            let answer = format!("{early}HTTP/1.1 {status} X\r\n{lines}\r\n");
            filter(&mut it, &answer, size).unwrap();
            assert_eq!(it.is_doubtful(), doubtful, "{status} {lines}");
        }
    }
}
