//! A second change on a connection that something happened to.

use docspace_tfa::{Reason, Status};

use crate::answers;
use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::row::{CARRIERS, Place, Row, Want, cut, done, is_tls, no, refuse};

pub fn rows() -> Vec<Row> {
    CARRIERS.into_iter().flat_map(of).collect()
}

fn of(carrier: Transport) -> Vec<Row> {
    let mut rows = quiet(carrier);
    rows.extend(mixed_up(carrier));
    rows
}

fn row(
    fault: &str,
    carrier: Transport,
    first: Vec<Step>,
    then: Vec<Step>,
    between: fn(&Crude),
    want: Want,
) -> Row {
    let script = Script::in_turn(vec![first, then, refuse()]);
    Row::new(fault, Place::Crude(carrier), script, want).after_a_change(between)
}

fn at_once(_: &Crude) {}

/// The listener has come to the end of its script.
fn once_ended(crude: &Crude) {
    crude.wait_for_ended(1);
}

/// The listener has done what it does behind the first answer.
fn once_marked(crude: &Crude) {
    crude.release();
    crude.wait_for_marks(1);
}

fn quiet(carrier: Transport) -> Vec<Row> {
    let ok = || vec![Step::ReadRequest, Step::Send(answers::ok())];
    let mut rows = vec![
        row(
            "reused connection",
            carrier,
            [ok(), ok()].concat(),
            refuse(),
            at_once,
            done(),
        )
        .connections(1),
        row(
            "idle connection closed",
            carrier,
            ok(),
            ok(),
            once_ended,
            done(),
        )
        .connections(2),
        row(
            "idle connection reset",
            carrier,
            [ok(), vec![Step::Reset]].concat(),
            ok(),
            once_ended,
            done(),
        )
        .connections(2),
    ];
    for (fault, end) in [
        ("closed as the second request arrives", Step::CloseNow),
        ("reset as the second request arrives", Step::Reset),
    ] {
        let first = [ok(), vec![Step::ReadRequest, end]].concat();
        let row = row(fault, carrier, first, refuse(), at_once, cut());
        rows.push(row.connections(2));
    }
    for (case, doubt) in [
        ("one statement", None),
        ("a list", Some("Content-Length: 2, 2\r\n")),
        (
            "beside chunked",
            Some("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n"),
        ),
    ] {
        rows.push(doubted(carrier, case, doubt));
    }
    if is_tls(carrier) {
        let first = [
            ok(),
            vec![Step::Await, Step::CloseNotify, Step::Mark, Step::HoldOpen],
        ];
        let row = row(
            "idle TLS ended, connection open",
            carrier,
            first.concat(),
            ok(),
            once_marked,
            done(),
        );
        rows.push(row.connections(2));
    }
    rows
}

/// Where two may read the end of an answer differently, the connection serves
/// no other exchange.
fn doubted(carrier: Transport, case: &str, doubt: Option<&str>) -> Row {
    let size = answers::ENVELOPE.len();
    let answer = match doubt {
        None => answers::ok(),
        Some(fields) => {
            let fields = fields.replace('2', &size.to_string());
            let body = answers::ENVELOPE.as_bytes();
            let body = if fields.contains("chunked") {
                [answers::chunk(body), answers::chunk(b"")].concat()
            } else {
                body.to_vec()
            };
            let head = format!("{}{fields}\r\n", answers::start("200 OK"));
            [head.into_bytes(), body].concat()
        }
    };
    let first = vec![
        Step::ReadRequest,
        Step::Send(answer),
        Step::ReadRequest,
        Step::Send(answers::ok()),
    ];
    let then = vec![Step::ReadRequest, Step::Send(answers::ok())];
    let row = row("lengths in doubt", carrier, first, then, at_once, done());
    let connections = 1 + usize::from(doubt.is_some());
    row.case(case).connections(connections)
}

/// The second change is refused in truth; a success that stood on the
/// connection must not be taken for its answer, nor the other way round.
fn mixed_up(carrier: Transport) -> Vec<Row> {
    let refusal = || answers::page(400);
    let refused = no(Status::Protocol, Reason::NotAPortal).http(400);
    let mut rows = Vec::new();
    for (case, surplus, truth, want) in [
        ("yes over no", answers::ok(), refusal(), &refused),
        ("no over yes", refusal(), answers::ok(), &done()),
        ("a byte", b"H".to_vec(), answers::ok(), &done()),
        ("an empty line", b"\r\n".to_vec(), answers::ok(), &done()),
    ] {
        let hold = || vec![Step::Mark, Step::HoldOpen];
        let then = vec![Step::ReadRequest, Step::Send(truth)];
        let both = vec![
            Step::ReadRequest,
            Step::Send([answers::ok(), surplus.clone()].concat()),
        ];
        let apart = vec![
            Step::ReadRequest,
            Step::SendRecords(vec![answers::ok(), surplus.clone()]),
        ];
        let later = vec![
            Step::ReadRequest,
            Step::Send(answers::ok()),
            Step::Await,
            Step::Send(surplus),
        ];
        for (fault, first) in [
            ("two answers in one piece", both),
            ("two answers in one segment", apart),
            ("an answer nobody asked for", later),
        ] {
            let first = [first, hold()].concat();
            let row = row(
                fault,
                carrier,
                first,
                then.clone(),
                once_marked,
                want.clone(),
            );
            rows.push(row.case(case).connections(2));
        }
    }
    rows
}
