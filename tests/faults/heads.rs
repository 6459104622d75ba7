//! Faults in the head of an answer.

use crate::answers::{self, ENVELOPE};
use crate::portal::crude::{Step, Transport};
use crate::row::{CARRIERS, Row, cut, done, garbage, is_tls};

pub fn rows() -> Vec<Row> {
    CARRIERS.into_iter().flat_map(of).collect()
}

fn of(carrier: Transport) -> Vec<Row> {
    let mut rows = cuts(carrier);
    rows.extend(no_http(carrier));
    rows.extend(floods(carrier));
    rows.extend(interim(carrier));
    rows.extend(lengths(carrier));
    rows
}

/// The end comes at every byte of the head, by FIN and by RST.
fn cuts(carrier: Transport) -> Vec<Row> {
    let redirect = answers::with("302 Found", "Location: /sign-in\r\n", b"");
    let mut rows = Vec::new();
    for (name, answer) in [("head", answers::ok()), ("head of a redirect", redirect)] {
        let head = answer
            .windows(4)
            .position(|end| end == b"\r\n\r\n")
            .unwrap()
            + 4;
        let stride = if is_tls(carrier) { 17 } else { 1 };
        for bytes in (0..head).step_by(stride).chain([head - 1]) {
            for (how, end) in [("cut", Step::CloseNow), ("reset", Step::Reset)] {
                let steps = vec![Step::ReadRequest, Step::Send(answer[..bytes].to_vec()), end];
                let fault = format!("{how} within the {name}");
                rows.push(Row::steps(&fault, carrier, steps, cut()).case(bytes));
            }
        }
    }
    rows
}

fn no_http(carrier: Transport) -> Vec<Row> {
    let ok = String::from_utf8(answers::ok()).unwrap();
    let table: [(&str, Vec<u8>); 9] = [
        ("garbage status line", b"GARBAGE\r\n\r\n".to_vec()),
        ("binary garbage", vec![0xfe; 64]),
        ("HTTP/0.9", answers::PAGE.into()),
        (
            "HTTP/2 preface",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        ),
        ("HTTP/2 settings", vec![0, 0, 0, 4, 0, 0, 0, 0, 0]),
        (
            "status line of HTTP/2.0",
            ok.replace("HTTP/1.1", "HTTP/2.0").into(),
        ),
        ("status without digits", ok.replace(" 200 ", " two ").into()),
        ("NUL in a field", ok.replace("crude", "cr\0de").into()),
        ("folded field", ok.replace("crude", "cr\r\n ude").into()),
    ];
    table
        .into_iter()
        .map(|(fault, bytes)| Row::answer(fault, carrier, bytes, garbage()))
        .collect()
}

fn floods(carrier: Transport) -> Vec<Row> {
    let body = ENVELOPE.as_bytes();
    let large = |size: usize| {
        let field = format!("X-Large: {}\r\n", "x".repeat(size));
        answers::with("200 OK", &field, body)
    };
    let fields = |count: usize| answers::with("200 OK", &"X-Many: x\r\n".repeat(count), body);
    let endless = format!(
        "{}X-Endless: {}",
        answers::start("200 OK"),
        "x".repeat(200_000)
    );
    vec![
        Row::answer("head of 15 KiB", carrier, large(15 << 10), done()),
        Row::answer("head over 16 KiB", carrier, large(17 << 10), garbage()),
        Row::answer("head over 64 KiB", carrier, large(70 << 10), garbage()),
        Row::answer("endless field", carrier, endless, garbage()),
        Row::answer("120 fields", carrier, fields(117), done()),
        Row::answer("over 128 fields", carrier, fields(140), garbage()),
        Row::answer("header flood", carrier, fields(20_000), garbage()),
    ]
}

fn interim(carrier: Transport) -> Vec<Row> {
    let interim = |status: &str, count: usize| format!("HTTP/1.1 {status}\r\n\r\n").repeat(count);
    let then_ok = |early: String| [early.as_bytes(), &answers::ok()[..]].concat();
    let mut rows = Vec::new();
    for status in ["100 Continue", "102 Processing", "103 Early Hints"] {
        let answer = then_ok(interim(status, 1));
        rows.push(Row::answer("interim answer first", carrier, answer, done()).case(status));
        let answer = then_ok(interim(status, 16));
        rows.push(Row::answer("16 interim answers", carrier, answer, done()).case(status));
        let answer = then_ok(interim(status, 17));
        rows.push(Row::answer("17 interim answers", carrier, answer, garbage()).case(status));
        let answer = interim(status, 1);
        rows.push(Row::answer("interim answer alone", carrier, answer, cut()).case(status));
        let answer = interim(status, 5000);
        rows.push(Row::answer("endless interim answers", carrier, answer, garbage()).case(status));
    }
    let hints = format!(
        "HTTP/1.1 103 Early Hints\r\nSet-Cookie: asc_auth_key={}\r\n\r\n",
        answers::COOKIE
    );
    let row = Row::answer("interim answer first", carrier, then_ok(hints), done());
    rows.push(row.case("with a cookie"));
    let early = "HTTP/1.1 100 Continue\r\nServer: crude\r\nContent-Length: 1\r\n\r\n".to_owned();
    let row = Row::answer("interim answer first", carrier, then_ok(early), done());
    rows.push(row.case("100 with fields"));
    let behind = |answer: Vec<u8>| [b"\r\n\n".to_vec(), answer].concat();
    let row = Row::answer("empty lines first", carrier, behind(answers::ok()), done());
    rows.push(row);
    let flood = behind(then_ok(interim("102 Processing", 5000)));
    let row = Row::answer("empty lines first", carrier, flood, garbage());
    rows.push(row.case("endless interim answers"));
    let switch = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n";
    rows.push(Row::answer("101", carrier, switch, garbage().http(101)));
    rows
}

/// Two statements on the length, or one that is none.
fn lengths(carrier: Transport) -> Vec<Row> {
    let with = |fields: &str| {
        let head = format!("{}{fields}\r\n", answers::start("200 OK"));
        [head.as_bytes(), ENVELOPE.as_bytes()].concat()
    };
    let size = ENVELOPE.len();
    let mut rows = Vec::new();
    for value in ["abc", "-1", "1.5", "99999999999999999999999999"] {
        let answer = with(&format!("Content-Length: {value}\r\n"));
        rows.push(Row::answer("Content-Length invalid", carrier, answer, garbage()).case(value));
    }
    let differing = format!("Content-Length: {size}\r\nContent-Length: {}\r\n", size - 1);
    let row = Row::answer("two Content-Lengths", carrier, with(&differing), garbage());
    rows.push(row.case("differing"));
    let longer = with(&format!("Content-Length: {}\r\n", size + 10));
    // The portal has spoken; only the framing broke.
    rows.push(Row::answer(
        "Content-Length too long",
        carrier,
        longer,
        done(),
    ));
    let shorter = with(&format!("Content-Length: {}\r\n", size - 10));
    let half = garbage().http(200);
    rows.push(Row::answer(
        "Content-Length too short",
        carrier,
        shorter,
        half,
    ));
    let both = format!(
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n{ENVELOPE}\r\n0\r\n"
    );
    let head = answers::start("200 OK");
    let answer = format!("{head}{both}\r\n");
    rows.push(Row::answer(
        "Content-Length beside chunked",
        carrier,
        answer,
        done(),
    ));
    rows
}
