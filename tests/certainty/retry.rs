//! A change is sent again only when nothing of it left, or when the portal
//! asked to wait and the wait fits.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use docspace_tfa::{Applied, LogLevel, Reason, Status, TfaMethod};
use socket2::{Domain, Socket, Type};

use crate::portal::{Fault, Portal, Reply, Rule};
use crate::support::{ENVELOPE, ID, UNLINK, change, change_id, changes, of_url, owner, timed};

fn limited(fields: &[(&str, &str)]) -> Rule {
    let reply = Reply::empty(429);
    let reply = fields
        .iter()
        .fold(reply, |reply, (name, value)| reply.with(name, value));
    Fault::Answer(reply).on(UNLINK)
}

#[test]
fn a_wait_that_fits_is_waited_for() {
    for (fields, least) in [
        (&[("Retry-After", "1")][..], 1000),
        // Never at once, whatever the portal says.
        (&[("Retry-After", "0")], 1000),
        // Without a time: a second, and some jitter.
        (&[], 1000),
        (
            &[
                ("Date", "Tue, 24 Nov 2026 03:00:00 GMT"),
                ("Retry-After", "Tue, 24 Nov 2026 03:00:01 GMT"),
            ],
            1000,
        ),
        (
            &[
                ("Date", "Tue, 24 Nov 2026 03:00:01 GMT"),
                ("Retry-After", "Tue, 24 Nov 2026 03:00:00 GMT"),
            ],
            1000,
        ),
    ] {
        let portal = Portal::start();
        portal.set_fault(limited(fields).times(1));
        let (changed, took) = timed(|| change(owner(&portal), &portal.member()).unwrap());
        assert_eq!((changed.applied(), changed.attempts()), (Applied::Yes, 2));
        assert_eq!(changes(&portal), 2, "{fields:?}");
        assert_eq!(portal.times_unlinked(&portal.member().id), 1);
        assert!(took >= Duration::from_millis(least), "{fields:?}: {took:?}");
    }
}

#[test]
fn a_wait_that_does_not_fit_is_told() {
    for (seconds, reason) in [
        (60, Reason::RateLimited),
        (120, Reason::RateLimited),
        (121, Reason::DailyLimit),
        (40_000, Reason::DailyLimit),
    ] {
        let portal = Portal::start();
        portal.set_fault(limited(&[("Retry-After", &seconds.to_string())]));
        let builder = owner(&portal).timeout(Duration::from_secs(30)).unwrap();
        let error = change(builder, &portal.member()).unwrap_err();
        assert_eq!(
            (error.status(), error.reason(), error.applied()),
            (Status::RateLimited, reason, Applied::No)
        );
        assert!(error.is_retryable());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
        assert_eq!((error.attempts(), changes(&portal)), (1, 1));
        assert_eq!(portal.request_count(), 1);
    }
}

#[test]
fn max_attempts_is_kept() {
    for attempts in 1..=4 {
        let portal = Portal::start();
        portal.set_fault(limited(&[("Retry-After", "0")]));
        let builder = owner(&portal).max_attempts(attempts).unwrap();
        let error = change(builder, &portal.member()).unwrap_err();
        assert_eq!(error.status(), Status::RateLimited);
        assert_eq!(error.attempts(), attempts);
        assert_eq!(changes(&portal), attempts as usize);
    }
}

#[test]
fn a_refusing_port_is_tried_so_often() {
    let socket = unheard();
    for attempts in 1..=3 {
        let builder = of_url(&url_of(&socket)).max_attempts(attempts).unwrap();
        let error = change_id(builder, ID).unwrap_err();
        assert_eq!(
            (error.status(), error.applied()),
            (Status::Connect, Applied::No)
        );
        assert!(error.is_retryable());
        assert_eq!(error.attempts(), attempts);
    }
}

#[test]
fn a_portal_that_comes_up_between_two_tries_is_found() {
    let socket = unheard();
    let url = url_of(&socket);
    let listening = Arc::new(Mutex::new(None));
    let sink = {
        let (socket, listening) = (Mutex::new(Some(socket)), Arc::clone(&listening));
        move |_: LogLevel, line: &str| {
            if !line.contains("trying again") {
                return;
            }
            if let Some(socket) = socket.lock().unwrap().take() {
                socket.listen(8).unwrap();
                let listener = TcpListener::from(socket);
                let thread = std::thread::spawn(move || answer_once(&listener));
                *listening.lock().unwrap() = Some(thread);
            }
        }
    };
    let builder = of_url(&url).log(LogLevel::Warn, Arc::new(sink));
    let changed = change_id(builder, ID).unwrap();
    assert_eq!((changed.applied(), changed.attempts()), (Applied::Yes, 2));
    let thread = listening.lock().unwrap().take().unwrap();
    thread.join().unwrap();
}

/// A bound port that refuses: nobody listens yet.
fn unheard() -> Socket {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let any: SocketAddr = ([127, 0, 0, 1], 0).into();
    socket.bind(&any.into()).unwrap();
    socket
}

fn url_of(socket: &Socket) -> String {
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    format!("http://{address}")
}

fn answer_once(listener: &TcpListener) {
    let (mut stream, _) = listener.accept().unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        let mut buffer = [0; 1024];
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "the request broke off");
        request.extend_from_slice(&buffer[..count]);
    }
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{ENVELOPE}",
        ENVELOPE.len()
    );
    stream.write_all(answer.as_bytes()).unwrap();
}

#[test]
fn a_busy_portal_is_not_asked_twice() {
    for status in [500, 502, 503, 504] {
        let portal = Portal::start();
        let reply = Reply::page(status).with("Retry-After", "0");
        portal.set_fault(Fault::Answer(reply).on(UNLINK));
        let builder = owner(&portal).timeout(Duration::from_secs(2)).unwrap();
        let error = change(builder, &portal.member()).unwrap_err();
        assert_eq!(error.applied(), Applied::Maybe, "{status}");
        assert_eq!((error.attempts(), changes(&portal)), (1, 1), "{status}");
    }
}

/// A connection that breaks under a second change is not taken for one that
/// stood idle too long.
#[test]
fn nothing_beneath_sends_a_change_twice() {
    let portal = Portal::start();
    let members = portal.add_many(2);
    let rule = Fault::CloseBeforeAction.on(UNLINK);
    portal.set_fault(rule.after(1));
    let client = owner(&portal)
        .timeout(Duration::from_secs(2))
        .unwrap()
        .build()
        .unwrap();
    let id = |at: usize| docspace_tfa::AccountId::parse(&members[at].id).unwrap();
    client.change_method(&id(0), TfaMethod::None).unwrap();
    let error = client.change_method(&id(1), TfaMethod::None).unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Transport, Applied::Maybe)
    );
    assert_eq!(changes(&portal), 2);
    let puts = portal.requests();
    let puts = puts.iter().filter(|request| request.method == "PUT");
    assert!(puts.map(|put| put.connection).eq([1, 1]));
}

#[test]
fn a_connection_closed_while_idle_costs_no_attempt() {
    let portal = Portal::start();
    let members = portal.add_many(3);
    let client = owner(&portal).max_attempts(1).unwrap().build().unwrap();
    for (at, member) in members.iter().enumerate() {
        let id = docspace_tfa::AccountId::parse(&member.id).unwrap();
        let changed = client.change_method(&id, TfaMethod::None).unwrap();
        assert_eq!(changed.attempts(), 1);
        portal.close_connections();
        assert_eq!(portal.connections(), at + 1);
    }
    assert_eq!(changes(&portal), 3);
}

#[test]
fn no_redirect_leads_anywhere() {
    let elsewhere = Portal::start();
    let url = format!("{}/api/2.0/{UNLINK}", elsewhere.url());
    for status in [301, 302, 303, 307, 308] {
        let portal = Portal::start();
        let location = url.clone();
        portal.set_fault(Fault::Redirect { status, location }.on(UNLINK));
        let builder = owner(&portal).timeout(Duration::from_secs(2)).unwrap();
        let error = change(builder, &portal.member()).unwrap_err();
        assert_eq!(error.status(), Status::Redirected, "{status}");
        // Only these say that another host is meant, and not "done, look there".
        let applied = if matches!(status, 301 | 308) {
            Applied::No
        } else {
            Applied::Maybe
        };
        assert_eq!(error.applied(), applied, "{status}");
        assert!(
            error.message().contains(&format!("leads to {url}")),
            "{error}"
        );
        assert_eq!(changes(&portal), 1, "{status}");
    }
    assert_eq!(elsewhere.connections(), 0);
}
