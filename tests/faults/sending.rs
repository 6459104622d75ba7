//! Faults while the request is on its way, and before an answer begins.

use docspace_tfa::{Reason, Status};

use crate::answers;
use crate::portal::crude::{Step, Transport};
use crate::row::{CARRIERS, Row, cut, done, is_tls, no};

/// Where reading of a request stops; a request is longer.
const PLAIN_BYTES: usize = 230;
const TLS_STEP: usize = 23;

pub fn rows() -> Vec<Row> {
    CARRIERS.into_iter().flat_map(of).collect()
}

fn of(carrier: Transport) -> Vec<Row> {
    let mut rows = Vec::new();
    for (fault, end) in [
        ("closed within the request", Step::CloseNow),
        ("reset within the request", Step::Reset),
    ] {
        let stride = if is_tls(carrier) { TLS_STEP } else { 1 };
        for bytes in (1..PLAIN_BYTES).step_by(stride) {
            let steps = vec![Step::ReadBytes(bytes), end.clone()];
            rows.push(Row::steps(fault, carrier, steps, cut().half_read()).case(bytes));
        }
    }
    for (fault, end) in [
        ("closed after the request", Step::CloseNow),
        ("reset after the request", Step::Reset),
    ] {
        let steps = vec![Step::ReadRequest, end];
        // The one that reads back is the second connection.
        rows.push(Row::steps(fault, carrier, steps, cut()).connections(2));
    }
    for (fault, end) in [
        ("closed before the request", Step::CloseNow),
        ("reset before the request", Step::Reset),
    ] {
        let mut steps = vec![end];
        if is_tls(carrier) {
            steps.insert(0, Step::Handshake);
        }
        // The end arrives before or after the request has left: nothing was
        // taken, or it may have been read.
        let early = no(Status::Connect, Reason::None).retry().unsent();
        let row = Row::always(fault, carrier, steps, early.attempts(2)).max_attempts(2);
        rows.push(row.or(cut().half_read()).or(cut().half_read().attempts(2)));
    }
    let steps = vec![Step::ReadHead, Step::Send(answers::ok())];
    rows.push(Row::steps(
        "answer after the head alone",
        carrier,
        steps,
        done().half_read(),
    ));
    if is_tls(carrier) {
        let steps = vec![Step::ReadRequest, Step::CloseNotify, Step::CloseNow];
        rows.push(Row::steps(
            "TLS ended in order, no answer",
            carrier,
            steps,
            cut(),
        ));
        let steps = vec![
            Step::ReadRequest,
            Step::SendRaw(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
        ];
        rows.push(Row::steps("plaintext within TLS", carrier, steps, cut()));
        let forged = vec![23, 3, 3, 0, 32];
        let steps = vec![
            Step::ReadRequest,
            Step::SendRaw([forged, vec![7; 32]].concat()),
        ];
        rows.push(Row::steps("forged TLS record", carrier, steps, cut()));
    } else {
        let steps = vec![Step::ReadRequest, Step::HalfClose, Step::Await];
        rows.push(Row::steps(
            "half closed after the request",
            carrier,
            steps,
            cut(),
        ));
    }
    rows
}
