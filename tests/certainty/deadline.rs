//! One deadline bounds everything a call does.

use std::time::Duration;

use docspace_tfa::{Applied, Status};

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::deaf::Deaf;
use crate::portal::tls::TlsConfig;
use crate::portal::{Fault, Portal};
use crate::support::{
    AT_MOST, EXCEPTION, ID, JSON, UNLINK, answered, change, change_id, of_crude, of_url, owner,
    timed,
};

const TIMEOUT: Duration = Duration::from_secs(1);

fn check(name: &str, took: Duration) {
    println!(
        "{name}: {} ms over",
        took.saturating_sub(TIMEOUT).as_millis()
    );
    assert!(took < TIMEOUT + AT_MOST, "{name}: {took:?}");
}

#[test]
fn whatever_is_slow_ends_in_time() {
    let tls = Transport::Tls(TlsConfig::default());
    let pause = Duration::from_millis(50);
    let drip = |text: &str| Step::SendDrip(text.repeat(200).into(), pause);
    let read = Step::ReadRequest;
    let hold = Step::HoldOpen;
    let no = (Status::Timeout, Applied::No);
    let maybe = (Status::Timeout, Applied::Maybe);
    let table = [
        (
            "no answer",
            Transport::Plain,
            vec![read.clone(), hold.clone()],
            maybe,
        ),
        (
            "no answer, TLS",
            tls,
            vec![read.clone(), hold.clone()],
            maybe,
        ),
        (
            "drip of a head",
            tls,
            vec![read.clone(), drip("HTTP/1.1 200 OK\r\nX: ")],
            maybe,
        ),
        (
            "drip of chunks",
            tls,
            vec![
                read.clone(),
                Step::Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()),
                drip("1\r\n \r\n"),
            ],
            maybe,
        ),
        (
            "drip of interim answers",
            tls,
            vec![read, drip("HTTP/1.1 102 Wait\r\n\r\n")],
            maybe,
        ),
        ("no handshake", tls, vec![hold.clone()], no),
        (
            "half a handshake",
            tls,
            vec![Step::HandshakeCut(300), hold],
            no,
        ),
    ];
    for (name, transport, steps, (status, applied)) in table {
        // Whoever reads back meets the same.
        let crude = Crude::start(transport, Script::every(steps));
        let builder = of_crude(&crude).timeout(TIMEOUT).unwrap();
        let (result, took) = timed(|| change_id(builder, ID));
        let error = result.unwrap_err();
        assert_eq!(
            (error.status(), error.applied()),
            (status, applied),
            "{name}"
        );
        assert_eq!(error.is_retryable(), applied == Applied::No, "{name}");
        check(name, took);
    }
}

#[test]
fn a_deaf_port_ends_by_whichever_bound_is_first() {
    let deaf = Deaf::start();
    let url = format!("http://{}", deaf.host());
    let builder = of_url(&url).timeout(TIMEOUT).unwrap();
    let (result, took) = timed(|| change_id(builder, ID));
    let error = result.unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Timeout, Applied::No)
    );
    assert!(error.is_retryable());
    check("no connection", took);

    let builder = of_url(&url)
        .timeout(Duration::from_secs(60))
        .unwrap()
        .connect_timeout(Duration::from_millis(300))
        .unwrap()
        .max_attempts(2)
        .unwrap();
    let error = change_id(builder, ID).unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Connect, Applied::No)
    );
    assert_eq!(error.attempts(), 2);
}

#[test]
fn endless_tries_end_in_time() {
    let portal = Portal::start();
    let url = {
        // A port that was free a moment ago.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let builder = of_url(&url)
        .timeout(TIMEOUT)
        .unwrap()
        .max_attempts(u32::MAX)
        .unwrap();
    let (result, took) = timed(|| change_id(builder, ID));
    let error = result.unwrap_err();
    assert_eq!(error.applied(), Applied::No);
    assert!(matches!(error.status(), Status::Connect | Status::Timeout));
    assert!(error.is_retryable());
    check("a port that refuses", took);

    let slow_down = answered(429, JSON, EXCEPTION);
    portal.set_fault(slow_down.on(UNLINK));
    let builder = owner(&portal)
        .timeout(TIMEOUT * 3)
        .unwrap()
        .max_attempts(u32::MAX)
        .unwrap();
    let (result, took) = timed(|| change(builder, &portal.member()));
    let error = result.unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::RateLimited, Applied::No)
    );
    assert!(took < TIMEOUT * 3 + AT_MOST);
}

#[test]
fn silent_reads_end_in_time_too() {
    // Neither the change nor the look at it is answered.
    let portal = Portal::start();
    portal.set_fault(Fault::HangBeforeAction);
    let builder = owner(&portal).timeout(TIMEOUT).unwrap();
    let (result, took) = timed(|| change(builder, &portal.member()));
    let error = result.unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Timeout, Applied::Maybe)
    );
    assert_eq!(error.app_link(), None);
    check("reading back", took);

    // The portal says no, and then nothing.
    let portal = Portal::start();
    portal.set_fault(Fault::HangBeforeAction.for_method("GET"));
    let builder = owner(&portal).timeout(TIMEOUT).unwrap();
    let (result, took) = timed(|| change(builder, &portal.unlinked()));
    let error = result.unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Rejected, Applied::No)
    );
    check("explaining", took);

    // It says yes, and then nothing.
    let builder = owner(&portal).timeout(TIMEOUT).unwrap().verify(true);
    let (result, took) = timed(|| change(builder, &portal.member()));
    assert!(!result.unwrap().verified());
    check("verifying", took);
}
