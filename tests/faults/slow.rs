//! Silence and drip: the deadline ends them, and its cause is told.

use std::time::Duration;

use docspace_tfa::{Reason, Status};

use crate::answers;
use crate::portal::crude::{Script, Step, Transport};
use crate::row::{CARRIERS, Place, Row, Want, cut, done, garbage, is_tls, maybe, no, refuse};

/// Enough for a busy machine to send a request, and soon over.
const SHORT: u64 = 2000;
/// A whole answer at this pace lasts longer than that.
const PAUSE: Duration = Duration::from_millis(40);

pub fn rows() -> Vec<Row> {
    CARRIERS.into_iter().flat_map(of).collect()
}

fn late() -> Want {
    maybe(Status::Timeout, Reason::None)
}

fn of(carrier: Transport) -> Vec<Row> {
    let hold = |mut steps: Vec<Step>| {
        steps.push(Step::HoldOpen);
        steps
    };
    let row = |fault: &str, steps: Vec<Step>, want: Want| {
        Row::steps(fault, carrier, steps, want).timeout(SHORT)
    };
    let ok = answers::ok();
    let body = ok.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let (head, rest) = (ok[..body].to_vec(), ok[body..].to_vec());
    let send = |bytes: &[u8]| vec![Step::ReadRequest, Step::Send(bytes.to_vec())];
    let longer = String::from_utf8(ok.clone()).unwrap();
    let longer = longer
        .replace("Content-Length: ", "Content-Length: 1")
        .into_bytes();
    let mut early = vec![Step::HoldOpen];
    if is_tls(carrier) {
        early.insert(0, Step::Handshake);
    }
    let mut rows = vec![
        row("never reads", early, late().half_read()),
        row(
            "silence after the request",
            hold(vec![Step::ReadRequest]),
            late(),
        ),
        row("silence within the head", hold(send(&head[..40])), late()),
        row(
            "silence after the head",
            hold(send(&head)),
            late().http(200),
        ),
        row(
            "silence within the body",
            hold(send(&ok[..ok.len() - 9])),
            late().http(200),
        ),
        // The answer says that more will come, but the portal has spoken.
        row("silence behind the envelope", hold(send(&longer)), done()),
        row(
            "silence in place of the last chunk",
            hold(send(&answers::ok_chunked_without_end())),
            done(),
        ),
        row(
            "silence in place of the end",
            hold(send(&answers::ok_until_close())),
            done(),
        ),
        row(
            "silence in place of more interim answers",
            hold(send(b"HTTP/1.1 100 Continue\r\n\r\n")),
            late(),
        ),
        row(
            "drip of the head",
            vec![Step::ReadRequest, Step::SendDrip(ok.clone(), PAUSE)],
            late(),
        ),
        row(
            "drip of the body",
            [send(&head), vec![Step::SendDrip(rest.clone(), PAUSE)]].concat(),
            late().http(200),
        ),
        row(
            "drip of chunks",
            [
                send(&answers::chunked_head()),
                vec![Step::SendDrip(answers::chunk(b" ").repeat(100), PAUSE)],
            ]
            .concat(),
            late().http(200),
        ),
        row(
            "drip of interim answers",
            vec![
                Step::ReadRequest,
                Step::SendDrip(b"HTTP/1.1 102 Processing\r\n\r\n".repeat(20), PAUSE),
            ],
            late(),
        ),
    ];
    // Slow, but in time.
    let quick = Duration::from_millis(1);
    let steps = vec![Step::ReadRequest, Step::SendDrip(ok, quick)];
    rows.push(Row::steps("drip in time", carrier, steps, done()));
    rows.push(spoke_first(carrier));
    if is_tls(carrier) {
        rows.extend(handshakes(carrier));
    }
    rows
}

/// Bytes before the request: seen in time nothing is sent, else they are the
/// answer, and no portal's.
fn spoke_first(carrier: Transport) -> Row {
    let mut steps = vec![Step::Send(b"WELCOME\r\n".to_vec())];
    if is_tls(carrier) {
        steps.insert(0, Step::Handshake);
    }
    steps.push(Step::ReadRequest);
    let want = no(Status::Protocol, Reason::NotAPortal).retry().unsent();
    Row::always("bytes before we spoke", carrier, steps, want.attempts(2))
        .max_attempts(2)
        .or(garbage().half_read())
        .or(garbage().half_read().attempts(2))
        .or(cut().half_read())
        .or(cut().half_read().attempts(2))
}

fn handshakes(carrier: Transport) -> Vec<Row> {
    let stuck = |bytes| vec![Step::HandshakeCut(bytes), Step::HoldOpen];
    let mut rows = Vec::new();
    for (case, bytes) in [("at once", 0), ("within the first flight", 200)] {
        let want = no(Status::Timeout, Reason::None).retry().unsent();
        let script = Script::in_turn(vec![stuck(bytes), refuse()]);
        let row = Row::new("handshake silent", Place::Crude(carrier), script, want);
        rows.push(row.timeout(1000).connections(1).case(case));
        let want = no(Status::Connect, Reason::None).retry().unsent();
        let row = Row::always("handshake silent", carrier, stuck(bytes), want.attempts(2));
        let row = row.connect_timeout(300).max_attempts(2).connections(2);
        rows.push(row.case(format!("{case}, connect timeout")));
    }
    rows
}
