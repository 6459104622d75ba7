//! The listener that follows a script.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::deaf::Deaf;
use crate::portal::plain_client::connect;
use crate::portal::tls::TlsConfig;

const REQUEST: &[u8] = b"PUT /x HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

fn read_all(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map(|_| bytes)
}

#[test]
fn it_reads_answers_and_counts() {
    let twice = [ANSWER, ANSWER].concat();
    let crude = Crude::start(Transport::Plain, Script::answering(twice.clone()));
    for connection in 1..=2 {
        let mut stream = connect(&crude.host());
        stream.write_all(REQUEST).unwrap();
        assert_eq!(read_all(&mut stream).unwrap(), twice);
        assert_eq!(crude.received(connection), REQUEST);
    }
    crude.wait_for_ended(2);
    assert_eq!((crude.connections(), crude.complete_requests()), (2, 2));
    assert_eq!(crude.bytes_received(1), REQUEST.len());
    assert_eq!(crude.received(3), b"");
}

#[test]
fn it_cuts_resets_and_drips() {
    let drip = Step::SendDrip(ANSWER.to_vec(), Duration::from_millis(2));
    let script = Script::in_turn(vec![
        vec![
            Step::ReadHead,
            Step::Send(ANSWER[..9].to_vec()),
            Step::CloseNow,
        ],
        vec![Step::ReadRequest, Step::Reset],
        vec![Step::ReadBytes(3), Step::Await, drip],
    ]);
    let crude = Crude::start(Transport::Plain, script);

    let mut stream = connect(&crude.host());
    stream.write_all(REQUEST).unwrap();
    assert_eq!(read_all(&mut stream).unwrap(), &ANSWER[..9]);

    let mut stream = connect(&crude.host());
    stream.write_all(REQUEST).unwrap();
    assert_eq!(
        read_all(&mut stream).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );

    let mut stream = connect(&crude.host());
    stream.write_all(b"PUT").unwrap();
    let began = Instant::now();
    crude.release();
    assert_eq!(read_all(&mut stream).unwrap(), ANSWER);
    assert!(began.elapsed() >= Duration::from_millis(2) * (ANSWER.len() as u32 - 1));
    assert_eq!(crude.complete_requests(), 2);
}

#[test]
fn it_keeps_silence_until_dropped() {
    let steps = vec![Step::ReadRequest, Step::HoldOpen];
    let crude = Crude::start(Transport::Plain, steps);
    let mut stream = connect(&crude.host());
    stream.write_all(REQUEST).unwrap();
    crude.wait_for_requests(1);
    drop(crude);
    assert!(read_all(&mut stream).map_or(true, |bytes| bytes.is_empty()));
}

#[test]
fn it_half_closes_and_goes_on_reading() {
    let steps = vec![Step::HalfClose, Step::ReadRequest];
    let crude = Crude::start(Transport::Plain, steps);
    let mut stream = connect(&crude.host());
    assert_eq!(read_all(&mut stream).unwrap(), b"");
    stream.write_all(REQUEST).unwrap();
    crude.wait_for_requests(1);
}

#[test]
fn it_breaks_handshakes() {
    let tls = || Transport::Tls(TlsConfig::default());
    let crude = Crude::start(tls(), Script::reset_before_handshake());
    let mut stream = connect(&crude.host());
    assert_eq!(
        read_all(&mut stream).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );

    let crude = Crude::start(
        tls(),
        Script::plaintext_instead_of_tls("HTTP/1.1 400 Bad\r\n\r\n"),
    );
    let mut stream = connect(&crude.host());
    stream.write_all(b"\x16\x03\x01").unwrap();
    assert_eq!(read_all(&mut stream).unwrap(), b"HTTP/1.1 400 Bad\r\n\r\n");

    let crude = Crude::start(tls(), vec![Step::HandshakeCut(7)]);
    let error = super::tls::over(&crude).unwrap_err();
    assert!(error.contains("unexpected end of file"), "{error}");
    assert_eq!(crude.bytes_received(1), 0);
}

#[test]
fn it_speaks_tls_as_well() {
    let steps = vec![
        Step::ReadRequest,
        Step::Send(ANSWER.to_vec()),
        Step::CloseNotify,
    ];
    let crude = Crude::start(Transport::Tls(TlsConfig::default()), steps);
    assert_eq!(super::tls::over(&crude).unwrap().status, 200);
    assert_eq!(crude.complete_requests(), 1);
    assert!(crude.received(1).starts_with(b"GET /api/2.0/people/@self "));
}

#[test]
fn a_deaf_port_neither_takes_nor_refuses() {
    let deaf = Deaf::start();
    let address = deaf.host().parse().unwrap();
    let error = TcpStream::connect_timeout(&address, Duration::from_millis(100)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}
