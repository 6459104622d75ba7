//! A cancel request ends a call at every stage, at once and truthfully.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use docspace_tfa::{
    AccountId, Applied, Cancel, Change, ClientBuilder, Error, LogLevel, Status, TfaMethod,
};

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::deaf::Deaf;
use crate::portal::tls::TlsConfig;
use crate::portal::{Fault, Portal, Reply};
use crate::support::{
    AT_MOST, ENVELOPE, ID, JSON, UNLINK, answered, of_crude, of_url, owner, wait_until,
};

/// Starts the call, waits until it is where it should be, cancels, and gives
/// the result and how long it took to come.
fn cancel_when(
    builder: ClientBuilder,
    id: &str,
    is_there: impl FnOnce(),
) -> (Result<Change, Error>, Duration) {
    let cancel = Cancel::new();
    let client = builder.build().unwrap().with_cancel(&cancel);
    let account = AccountId::parse(id).unwrap();
    let call = thread::spawn(move || {
        let result = client.change_method(&account, TfaMethod::None);
        (result, Instant::now())
    });
    is_there();
    let requested = Instant::now();
    cancel.request();
    let (result, ended) = call.join().unwrap();
    (result, ended.saturating_duration_since(requested))
}

fn check(stage: &str, (result, took): (Result<Change, Error>, Duration), applied: Applied) {
    let error = result.expect_err(stage);
    println!("{stage}: ended after {} ms", took.as_millis());
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Cancelled, applied),
        "{stage}"
    );
    assert_eq!(error.is_retryable(), applied == Applied::No, "{stage}");
    assert!(took < AT_MOST, "{stage}: {took:?}");
}

#[test]
fn an_old_request_lets_nothing_out() {
    let tls = Transport::Tls(TlsConfig::default());
    for transport in [Transport::Plain, tls] {
        let crude = Crude::start(transport, Script::every(vec![Step::ReadRequest]));
        let cancel = Cancel::new();
        cancel.request();
        let client = of_crude(&crude).build().unwrap().with_cancel(&cancel);
        let account = AccountId::parse(ID).unwrap();
        for _ in 0..3 {
            let error = client.change_method(&account, TfaMethod::None).unwrap_err();
            assert_eq!(
                (error.status(), error.applied()),
                (Status::Cancelled, Applied::No)
            );
            assert!(error.is_retryable());
        }
        assert_eq!(crude.connections(), 0);
    }
}

#[test]
fn before_a_byte_was_sent_nothing_was_changed() {
    let tls = Transport::Tls(TlsConfig::default());
    let hold = |mut steps: Vec<Step>| {
        steps.extend([Step::Mark, Step::HoldOpen]);
        Script::every(steps)
    };
    for (stage, steps) in [
        ("handshake not begun", vec![Step::ReadRaw]),
        ("handshake half done", vec![Step::HandshakeCut(300)]),
    ] {
        let crude = Crude::start(tls, hold(steps));
        let came = cancel_when(of_crude(&crude), ID, || crude.wait_for_marks(1));
        check(stage, came, Applied::No);
    }
    for (stage, steps) in [
        ("proxy silent", vec![Step::ReadHead]),
        (
            "proxy says half",
            vec![Step::ReadHead, Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec())],
        ),
    ] {
        let proxy = Crude::start(Transport::Plain, hold(steps));
        let builder = of_url("https://127.0.0.1:9")
            .add_ca_pem(&proxy.ca_pem())
            .unwrap();
        let came = cancel_when(builder.proxy(&proxy.url()).unwrap(), ID, || {
            proxy.wait_for_marks(1)
        });
        check(stage, came, Applied::No);
    }
}

/// Nothing tells that a connect is under way but the kernel's own table.
#[cfg(target_os = "linux")]
#[test]
fn a_connect_that_gets_no_answer_is_left() {
    const SYN_SENT: &str = "02";
    let deaf = Deaf::start();
    let port: u16 = deaf.host().rsplit_once(':').unwrap().1.parse().unwrap();
    let remote = format!("0100007F:{port:04X}");
    let connecting = || {
        let table = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
        table
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(|line| line.get(2) == Some(&&*remote) && line.get(3) == Some(&SYN_SENT))
            .count()
    };
    // The attempt that found the queue full may still be in the table.
    let before = connecting();
    let builder = of_url(&format!("http://{}", deaf.host()));
    let came = cancel_when(builder, ID, || {
        wait_until("a connect", || connecting() > before);
    });
    check("connect", came, Applied::No);
}

#[test]
fn after_a_byte_was_sent_nobody_knows() {
    let tls = Transport::Tls(TlsConfig::default());
    let pause = Duration::from_millis(20);
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let then = |mut steps: Vec<Step>, last: Step| {
        steps.extend([Step::Mark, last]);
        steps
    };
    let read = || vec![Step::ReadRequest];
    let answered = || vec![Step::ReadRequest, Step::Send(head.into())];
    let table = [
        ("silence", then(read(), Step::HoldOpen)),
        (
            "drip of the head",
            then(
                read(),
                Step::SendDrip(b"HTTP/1.1 200 OK\r\n".repeat(99), pause),
            ),
        ),
        ("silence after the head", then(answered(), Step::HoldOpen)),
        (
            "drip of the body",
            then(answered(), Step::SendDrip(b"1\r\n \r\n".repeat(999), pause)),
        ),
    ];
    for (stage, steps) in table {
        for transport in [Transport::Plain, tls] {
            let crude = Crude::start(transport, Script::every(steps.clone()));
            let came = cancel_when(of_crude(&crude), ID, || crude.wait_for_marks(1));
            check(stage, came, Applied::Maybe);
            // Nothing is read back.
            assert_eq!(
                (crude.connections(), crude.complete_requests()),
                (1, 1),
                "{stage}"
            );
        }
    }
}

#[test]
fn a_pause_between_two_tries_is_left() {
    let told = |builder: ClientBuilder| {
        let (tell, told) = channel();
        let tell = Mutex::new(tell);
        let sink = move |_: LogLevel, line: &str| {
            if line.contains("trying again") {
                // Nobody listens any more once it was cancelled.
                let _ = tell.lock().unwrap().send(());
            }
        };
        (builder.log(LogLevel::Warn, Arc::new(sink)), told)
    };
    let url = {
        // A port that was free a moment ago.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let (builder, pausing) = told(of_url(&url).max_attempts(u32::MAX).unwrap());
    let came = cancel_when(builder, ID, || pausing.recv().unwrap());
    check("back-off", came, Applied::No);

    let portal = Portal::start();
    let reply = Reply::empty(429).with("Retry-After", "30");
    portal.set_fault(Fault::Answer(reply).on(UNLINK));
    let (builder, pausing) = told(owner(&portal));
    let came = cancel_when(builder, &portal.member().id, || pausing.recv().unwrap());
    check("wait on 429", came, Applied::No);
    assert_eq!(portal.request_count(), 1);
}

/// What is known by then stays known; only the reads end.
#[test]
fn reads_that_follow_are_left() {
    let silent_reads = || {
        let portal = Portal::start();
        portal.set_fault(Fault::HangBeforeAction.for_method("GET"));
        portal
    };
    let at_a_read = |portal: &Portal, builder: ClientBuilder, id: &str| {
        let (result, took) = cancel_when(builder, id, || portal.wait_for_requests(2));
        assert!(took < AT_MOST, "{took:?}");
        assert_eq!(portal.request_count(), 2);
        result
    };
    let portal = silent_reads();
    portal.add_fault(Fault::Html(502).on(UNLINK));
    let error = at_a_read(&portal, owner(&portal), &portal.member().id).unwrap_err();
    assert_eq!(error.applied(), Applied::Maybe);
    assert!(matches!(error.status(), Status::Server | Status::Cancelled));

    let portal = silent_reads();
    let error = at_a_read(&portal, owner(&portal), &portal.unlinked().id).unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Rejected, Applied::No)
    );

    let portal = silent_reads();
    let builder = owner(&portal).verify(true);
    let changed = at_a_read(&portal, builder, &portal.member().id).unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Yes, false)
    );
}

/// The pause before the second look of `verify`, too.
#[test]
fn a_pause_before_a_look_is_left() {
    let portal = Portal::start();
    portal.set_fault(answered(200, JSON, ENVELOPE).on(UNLINK));
    let builder = owner(&portal).verify(true);
    let (result, took) = cancel_when(builder, &portal.member().id, || portal.wait_for_requests(2));
    let changed = result.unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Yes, false)
    );
    assert!(took < AT_MOST, "{took:?}");
}

#[test]
fn one_request_ends_all_calls() {
    const CALLS: usize = 8;
    let steps = vec![Step::ReadRequest, Step::Mark, Step::HoldOpen];
    let crude = Crude::start(Transport::Plain, Script::every(steps));
    let cancel = Cancel::new();
    let client = of_crude(&crude).build().unwrap().with_cancel(&cancel);
    let calls: Vec<_> = (0..CALLS)
        .map(|_| {
            let client = client.clone();
            let account = AccountId::parse(ID).unwrap();
            thread::spawn(move || client.change_method(&account, TfaMethod::None))
        })
        .collect();
    crude.wait_for_marks(CALLS);
    let requested = Instant::now();
    cancel.request();
    for call in calls {
        let error = call.join().unwrap().unwrap_err();
        assert_eq!(
            (error.status(), error.applied()),
            (Status::Cancelled, Applied::Maybe)
        );
    }
    assert!(requested.elapsed() < AT_MOST);
}
