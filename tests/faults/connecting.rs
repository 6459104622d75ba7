//! Faults before TLS is up and before a byte is sent.

use docspace_tfa::{Reason, Status};

use crate::answers;
use crate::portal::Certificate;
use crate::portal::crude::{Script, Step, Transport};
use crate::portal::tls::TlsConfig;
use crate::row::{CARRIERS, Place, Row, Want, cut, done, is_tls, no, refuse};

pub fn rows() -> Vec<Row> {
    let mut rows = vec![refused(), black_hole()];
    for carrier in CARRIERS {
        rows.push(reset_after_accept(carrier));
    }
    rows.extend(certificates());
    rows.extend(handshakes());
    rows.extend(client_certificates());
    rows.extend(certificate_alerts());
    rows
}

fn unreachable() -> Want {
    no(Status::Connect, Reason::None).retry().unsent()
}

fn refused() -> Row {
    Row::new(
        "connection refused",
        Place::Refused,
        Script::every(Vec::new()),
        unreachable().attempts(3),
    )
}

fn black_hole() -> Row {
    Row::new(
        "black hole at connect",
        Place::Deaf,
        Script::every(Vec::new()),
        unreachable().attempts(2),
    )
    .connect_timeout(250)
    .max_attempts(2)
}

/// The kernel tells of the reset while connecting, shaking hands or sending, or
/// when the request has gone into a connection that nobody reads.
fn reset_after_accept(carrier: Transport) -> Row {
    let fault = "reset right after accept";
    let row = Row::always(fault, carrier, vec![Step::Reset], unreachable().attempts(2));
    let row = row.max_attempts(2);
    if is_tls(carrier) {
        row.or(handshake_cut(2)).connections(2)
    } else {
        let lost = cut().half_read();
        row.or(lost.clone()).or(lost.attempts(2))
    }
}

fn certificates() -> Vec<Row> {
    let table = [
        (
            "certificate untrusted",
            Certificate::UntrustedIssuer,
            Reason::CertUntrusted,
        ),
        (
            "certificate self-signed",
            Certificate::SelfSigned,
            Reason::CertUntrusted,
        ),
        (
            "certificate for clients",
            Certificate::WrongUsage,
            Reason::CertUntrusted,
        ),
        (
            "certificate expired",
            Certificate::Expired,
            Reason::CertExpired,
        ),
        (
            "certificate not yet valid",
            Certificate::NotYetValid,
            Reason::CertNotYetValid,
        ),
        (
            "certificate for another host",
            Certificate::WrongHost,
            Reason::CertWrongHost,
        ),
        (
            "certificate without names",
            Certificate::NoNames,
            Reason::CertWrongHost,
        ),
    ];
    let mut rows = Vec::new();
    for (fault, certificate, reason) in table {
        for only_tls12 in [false, true] {
            let carrier = Transport::Tls(TlsConfig {
                certificate,
                only_tls12,
                ..TlsConfig::default()
            });
            let steps = vec![Step::ReadRequest, Step::Send(answers::ok())];
            let row = Row::always(fault, carrier, steps, no(Status::Tls, reason).unsent());
            rows.push(row.connections(1).case(version(only_tls12)));
        }
    }
    rows
}

fn version(only_tls12: bool) -> &'static str {
    if only_tls12 { "TLS 1.2" } else { "TLS 1.3" }
}

fn handshake_cut(attempts: u32) -> Want {
    no(Status::Tls, Reason::None)
        .retry()
        .unsent()
        .attempts(attempts)
}

fn handshakes() -> Vec<Row> {
    let [_, tls] = CARRIERS;
    let mut rows = Vec::new();
    // All of these are within the server's first flight.
    for bytes in (0..12).chain((12..600).step_by(49)) {
        let cut = Step::HandshakeCut(bytes);
        for (fault, end) in [
            ("handshake cut", Step::CloseNow),
            ("handshake reset", Step::Reset),
        ] {
            let steps = vec![cut.clone(), end];
            let row = Row::always(fault, tls, steps, handshake_cut(2));
            rows.push(row.max_attempts(2).connections(2).case(bytes));
        }
    }
    let refused = || no(Status::Tls, Reason::None).unsent();
    for text in [
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        "220 mail.example ESMTP\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
    ] {
        let row = Row::new(
            "plaintext server on the TLS port",
            Place::Crude(tls),
            Script::plaintext_instead_of_tls(text),
            refused(),
        );
        rows.push(row.connections(1).case(text.trim_end()));
    }
    for (name, alert) in [
        ("handshake_failure", 40),
        ("access_denied", 49),
        ("protocol_version", 70),
    ] {
        let bytes = vec![21, 3, 3, 0, 2, 2, alert];
        let steps = vec![Step::ReadRaw, Step::SendRaw(bytes)];
        let row = Row::always("handshake refused by alert", tls, steps, refused());
        rows.push(row.connections(1).case(name));
    }
    rows
}

/// Under TLS 1.3 the request has left by the time the refusal comes.
fn client_certificates() -> Vec<Row> {
    let row = |only_tls12: bool| {
        let carrier = Transport::Tls(TlsConfig {
            demands_client_certificate: true,
            only_tls12,
            ..TlsConfig::default()
        });
        let steps = vec![Step::ReadRequest, Step::Send(answers::ok())];
        let want = no(Status::Tls, Reason::CertClientNeeded).unsent();
        Row::always("client certificate demanded", carrier, steps, want)
            .connections(1)
            .case(version(only_tls12))
    };
    vec![row(false), row(true)]
}

/// An alert that speaks of certificates means "did not listen" only where the
/// server asked for one, and before it can have acted.
fn certificate_alerts() -> Vec<Row> {
    let tls = |asks: bool, only_tls12: bool| {
        Transport::Tls(TlsConfig {
            asks_for_client_certificate: asks,
            only_tls12,
            ..TlsConfig::default()
        })
    };
    let needed = no(Status::Tls, Reason::CertClientNeeded).half_read();
    let mut rows = Vec::new();
    for (name, alert) in [
        ("bad_certificate", 42),
        ("unknown_ca", 48),
        ("access_denied", 49),
        ("certificate_required", 116),
    ] {
        let alert = Step::Alert(alert);
        let before = vec![Step::Handshake, alert.clone(), Step::HoldOpen];
        let row = Row::steps(
            "alert: no client certificate",
            tls(true, false),
            before,
            needed.clone(),
        );
        rows.push(row.connections(1).case(name));
        let after = || vec![Step::ReadRequest, alert.clone(), Step::HoldOpen];
        let half = Step::Send(b"HTTP/1.1 200 ".to_vec());
        let half_answer = vec![Step::ReadRequest, half, alert.clone(), Step::HoldOpen];
        for (fault, carrier, steps) in [
            (
                "alert after the request, no certificate asked for",
                tls(false, false),
                after(),
            ),
            (
                "alert after the request under TLS 1.2",
                tls(true, true),
                after(),
            ),
            ("alert within the answer", tls(true, false), half_answer),
        ] {
            rows.push(Row::steps(fault, carrier, steps, cut()).case(name));
        }
        let first = vec![Step::ReadRequest, Step::Send(answers::ok())];
        let steps = [first.clone(), vec![alert.clone(), Step::HoldOpen]].concat();
        let row = Row::steps("alert behind the answer", tls(true, false), steps, done());
        rows.push(row.case(name));
        let script = Script::in_turn(vec![[first, after()].concat(), refuse()]);
        let fault = "alert after the second request";
        let row = Row::new(fault, Place::Crude(tls(true, false)), script, cut());
        rows.push(row.after_a_change(|_| {}).connections(2).case(name));
    }
    let steps = vec![Step::ReadRequest, Step::Alert(80), Step::HoldOpen];
    let row = Row::steps("alert: internal_error", tls(true, false), steps, cut());
    rows.push(row.connections(2));
    rows
}
