//! Faults in the body of a 200.

use docspace_tfa::{Reason, Status};

use crate::answers::{self, ENVELOPE};
use crate::portal::crude::{Step, Transport};
use crate::row::{CARRIERS, Row, Want, cut, done, garbage, is_tls, maybe};

pub fn rows() -> Vec<Row> {
    CARRIERS.into_iter().flat_map(of).collect()
}

fn of(carrier: Transport) -> Vec<Row> {
    let mut rows = cuts(carrier);
    rows.extend(chunks(carrier));
    rows.extend(sizes(carrier));
    rows.extend(shapes(carrier));
    rows
}

/// The status is known, the body is not.
fn half() -> Want {
    cut().http(200)
}

/// The end comes at every byte of the body, by FIN and by RST, under each of
/// the three framings.
fn cuts(carrier: Transport) -> Vec<Row> {
    let chunked = [answers::ok_chunked_without_end(), b"0\r\n\r\n".to_vec()].concat();
    let framings = [
        ("with its length", answers::ok()),
        ("until close", answers::ok_until_close()),
        ("in chunks", chunked),
    ];
    let mut rows = Vec::new();
    for (name, answer) in framings {
        let start = answer
            .windows(4)
            .position(|end| end == b"\r\n\r\n")
            .unwrap()
            + 4;
        let last = answer.iter().rposition(|byte| *byte == b'}').unwrap();
        let stride = if is_tls(carrier) { 19 } else { 1 };
        let places = (start..answer.len()).step_by(stride);
        for bytes in places.chain([last, last + 1, answer.len()]) {
            let whole = bytes > last;
            for (how, end) in [("cut", Step::CloseNow), ("reset", Step::Reset)] {
                let steps = vec![Step::ReadRequest, Step::Send(answer[..bytes].to_vec()), end];
                let (fault, want) = if whole {
                    (format!("{how} behind the envelope, {name}"), done())
                } else {
                    (format!("{how} within the body, {name}"), half())
                };
                rows.push(Row::steps(&fault, carrier, steps, want).case(bytes));
            }
        }
    }
    if is_tls(carrier) {
        let answer = answers::ok_until_close();
        for (case, bytes, want) in [
            ("complete", answer.len(), done()),
            ("incomplete", answer.len() - 9, half()),
        ] {
            let send = Step::Send(answer[..bytes].to_vec());
            let steps = vec![Step::ReadRequest, send, Step::CloseNotify];
            let row = Row::steps("body until close_notify", carrier, steps, want);
            rows.push(row.case(case));
        }
    }
    rows
}

fn chunks(carrier: Transport) -> Vec<Row> {
    let send = |pieces: &[&[u8]]| [answers::chunked_head(), pieces.concat()].concat();
    let envelope = ENVELOPE.as_bytes();
    let last = b"0\r\n\r\n";
    let mut rows = vec![
        Row::answer(
            "one byte a chunk",
            carrier,
            send(&[
                &envelope
                    .chunks(1)
                    .flat_map(answers::chunk)
                    .collect::<Vec<_>>(),
                last,
            ]),
            done(),
        ),
        Row::answer(
            "chunk extensions and trailers",
            carrier,
            send(&[
                format!("{:x};a=b\r\n", envelope.len()).as_bytes(),
                envelope,
                b"\r\n0\r\nX-Trailer: x\r\n\r\n",
            ]),
            done(),
        ),
        Row::answer(
            "bad chunk behind the envelope",
            carrier,
            send(&[&answers::chunk(envelope), b"zz\r\n"]),
            done(),
        )
        // The decoder may give up before it hands the envelope out.
        .or(half()),
    ];
    let huge = format!("ffffffffffffffff\r\n{}", &ENVELOPE[..40]);
    let long = format!("{}\r\n", "0".repeat(200_000));
    let table: [(&str, &[u8]); 5] = [
        ("no number", b"zz\r\n"),
        ("negative", b"-5\r\n"),
        ("over-long", b"fffffffffffffffff\r\n"),
        ("as large as can be", huge.as_bytes()),
        ("endless number", long.as_bytes()),
    ];
    for (case, chunk) in table {
        let front = answers::chunk(&envelope[..40]);
        let answer = send(&[&front, chunk]);
        rows.push(Row::answer("bad chunk", carrier, answer, half()).case(case));
    }
    let filler = answers::chunk(&[b'x'; 1024]).repeat(1024);
    let start = answers::chunk(b"{\"response\":\"");
    let answer = send(&[&start, &filler]);
    rows.push(Row::answer("endless chunks", carrier, answer, half()));
    rows
}

fn sizes(carrier: Transport) -> Vec<Row> {
    let padded = |size: usize| {
        const URL: &str = "https://portal.example/";
        let padding = "x".repeat(size - ENVELOPE.len() - URL.len());
        ENVELOPE.replace("\"\"", &format!("\"{URL}{padding}\""))
    };
    let ok = |body: &str| answers::json(200, body);
    let open = format!("{}\r\n", answers::start("200 OK"));
    let until_close = [open.as_bytes(), &vec![b'{'; 200 << 10]].concat();
    let large = vec![b'x'; 10 << 20];
    vec![
        Row::answer("body of 60 KiB", carrier, ok(&padded(60 << 10)), done()),
        Row::answer(
            "body of 64 KiB exactly",
            carrier,
            ok(&padded(64 << 10)),
            done(),
        ),
        Row::answer(
            "body over the cap",
            carrier,
            ok(&padded((64 << 10) + 1)),
            half(),
        ),
        Row::answer(
            "body over the cap, until close",
            carrier,
            until_close,
            half(),
        ),
        Row::answer(
            "body of 10 MiB",
            carrier,
            answers::with("200 OK", "", &large),
            half(),
        ),
        Row::answer(
            "gzip bomb",
            carrier,
            answers::with("200 OK", "Content-Encoding: gzip\r\n", &answers::bomb()),
            garbage().http(200),
        ),
        Row::answer(
            "encoded envelope",
            carrier,
            answers::with("200 OK", "Content-Encoding: br\r\n", ENVELOPE.as_bytes()),
            garbage().http(200),
        ),
    ]
}

/// Complete bodies of every shape.
fn shapes(carrier: Transport) -> Vec<Row> {
    let of_response =
        |value: &str| format!("{{\"response\":{value},\"status\":0,\"statusCode\":200}}");
    let none = garbage().http(200);
    let other = maybe(Status::Protocol, Reason::Unknown).http(200);
    let table: [(&str, String, &Want); 35] = [
        ("a URL", of_response("\"https://p.example/x?a&b\""), &done()),
        (
            "numbers as texts",
            r#"{"response":"","status":"0","statusCode":"200"}"#.into(),
            &done(),
        ),
        // What gateways, health pages and other services answer with 200.
        ("response null", of_response("null"), &none),
        (
            "no response",
            r#"{"status":0,"statusCode":200}"#.into(),
            &none,
        ),
        ("only status", r#"{"status":0}"#.into(), &none),
        ("only statusCode", r#"{"statusCode":200}"#.into(), &none),
        ("a word", of_response("\"pong\""), &none),
        ("a path", of_response("\"/confirm/TfaActivation\""), &none),
        (
            "another scheme",
            of_response("\"javascript:alert(1)\""),
            &none,
        ),
        (
            "no statusCode",
            r#"{"response":"","status":0}"#.into(),
            &none,
        ),
        ("status ok", r#"{"status":"ok"}"#.into(), &other),
        (
            "status 500",
            r#"{"status":500,"response":""}"#.into(),
            &other,
        ),
        (
            "failure in the body",
            r#"{"status":1,"statusCode":403}"#.into(),
            &other,
        ),
        (
            "statusCode 403",
            r#"{"response":"","status":0,"statusCode":403}"#.into(),
            &other,
        ),
        (
            "status 1",
            r#"{"response":"","status":1,"statusCode":200}"#.into(),
            &other,
        ),
        (
            "an error beside it",
            r#"{"response":"","status":0,"statusCode":200,"error":{"message":"x"}}"#.into(),
            &other,
        ),
        (
            "status true",
            r#"{"response":"","status":true,"statusCode":200}"#.into(),
            &other,
        ),
        ("error", answers::REFUSAL.into(), &other),
        ("response true", of_response("true"), &other),
        ("response number", of_response("1"), &other),
        ("response list", of_response("[]"), &other),
        ("response object", of_response("{\"a\":1}"), &other),
        ("validation", answers::VALIDATION.into(), &other),
        ("problem", answers::PROBLEM.into(), &none),
        ("empty", String::new(), &none),
        ("blanks", " \r\n ".into(), &none),
        ("page", answers::PAGE.into(), &none),
        ("number", "200".into(), &none),
        ("list", "[]".into(), &none),
        ("empty object", "{}".into(), &none),
        ("no status", r#"{"response":""}"#.into(), &none),
        ("junk behind", format!("{ENVELOPE}x"), &none),
        ("two objects", ENVELOPE.repeat(2), &none),
        ("BOM", format!("\u{feff}{ENVELOPE}"), &none),
        (
            "response twice",
            r#"{"response":"","response":"","status":0}"#.into(),
            &none,
        ),
    ];
    let mut rows: Vec<Row> = table
        .into_iter()
        .map(|(case, body, want)| {
            let answer = answers::json(200, &body);
            Row::answer(&shape_of(want), carrier, answer, want.clone()).case(case)
        })
        .collect();
    let latin = [b"{\"response\":\"\xe4\",\"status\":0}".to_vec()].concat();
    let answer = answers::answer("200 OK", "application/json", &latin);
    rows.push(Row::answer(&shape_of(&none), carrier, answer, none).case("not UTF-8"));
    rows
}

fn shape_of(want: &Want) -> String {
    let shape = match want.reason {
        Reason::None => "the envelope",
        Reason::Unknown => "an envelope that is no yes",
        _ => "something else",
    };
    format!("200 with {shape}")
}
