//! Things going wrong on demand, and the record of what arrived.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use super::*;
use crate::portal::plain_client::{connect, parse};
use crate::portal::{Fault, Reply};

#[test]
fn pages_and_other_answers_leave_the_portal_alone() {
    let portal = plain();
    let (owner, user) = (portal.owner(), portal.user());
    for status in [401, 403, 404, 405, 500, 502, 503, 504] {
        portal.set_fault(Fault::Html(status));
        assert_page(&unlink_as(&portal, &owner, &user.id), status);
    }
    portal.set_fault(Fault::Html200);
    assert_page(&unlink_as(&portal, &owner, &user.id), 200);
    portal.set_fault(Fault::status(418, "text/plain", "short and stout"));
    let answer = unlink_as(&portal, &owner, &user.id);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (418, "short and stout")
    );
    portal.set_fault(Fault::Answer(Reply::empty(429).with("Retry-After", "7")));
    assert_eq!(
        unlink_as(&portal, &owner, &user.id).header("Retry-After"),
        Some("7")
    );
    assert!(portal.is_linked(&user.id));
    portal.clear_faults();
    assert_eq!(unlink_as(&portal, &owner, &user.id).status, 200);
}

#[test]
fn redirects() {
    let portal = plain();
    let (owner, user) = (portal.owner(), portal.user());
    portal.set_fault(Fault::RedirectToHttps);
    let answer = unlink_as(&portal, &owner, &user.id);
    let there = format!("https://{}/api/2.0/{UNLINK}", portal.host());
    assert_eq!(
        (answer.status, answer.header("Location")),
        (301, Some(there.as_str()))
    );
    portal.set_fault(Fault::Redirect {
        status: 307,
        location: "https://elsewhere.example/".into(),
    });
    let answer = unlink_as(&portal, &owner, &user.id);
    assert_eq!(
        answer.header("Location"),
        Some("https://elsewhere.example/")
    );
    assert!(portal.is_linked(&user.id));
}

#[test]
fn a_fault_strikes_whom_it_should() {
    let portal = plain();
    let owner = portal.owner();
    portal.set_fault(Fault::Html(502).on("settings/tfaapp").times(1));
    assert_eq!(get_as(&portal, &owner, "people").status, 200);
    assert_eq!(unlink_as(&portal, &owner, &portal.user().id).status, 200);
    assert_page(&get_as(&portal, &owner, "settings/tfaapp"), 502);
    assert_eq!(get_as(&portal, &owner, "settings/tfaapp").status, 200);

    portal.set_fault(Fault::Html(503).times(1).after(1));
    portal.add_fault(Fault::Unpaid.for_method("PUT"));
    let statuses = [(); 3].map(|()| get_as(&portal, &owner, "people").status);
    assert_eq!(statuses, [200, 503, 200]);
    assert_problem(&unlink_as(&portal, &owner, &portal.user().id), 402);
}

#[test]
fn an_answer_may_be_lost_before_or_after_the_deed() {
    let portal = plain();
    let (key, user) = (portal.key_of(&portal.owner()), portal.user());
    let ask = call(&key, &format!("{{\"id\":\"{}\"}}", user.id));

    portal.set_fault(Fault::CloseBeforeAction);
    assert!(ask.try_send(&portal).is_none());
    assert!(portal.is_linked(&user.id));

    portal.set_fault(Fault::CloseAfterAction);
    assert!(ask.try_send(&portal).is_none());
    assert!(!portal.is_linked(&user.id));

    portal.enrol(&user.id);
    portal.set_fault(Fault::html_after_action(504));
    assert_page(&ask.send(&portal), 504);
    assert!(!portal.is_linked(&user.id));
    assert_eq!(portal.times_unlinked(&user.id), 2);
}

#[test]
fn silence_lasts_until_the_portal_goes() {
    for (fault, done) in [
        (Fault::HangBeforeAction, false),
        (Fault::HangAfterAction, true),
    ] {
        let portal = plain();
        let user = portal.user();
        portal.set_fault(fault);
        let mut stream = connect(&portal.host());
        let body = format!("{{\"id\":\"{}\"}}", user.id);
        let ask = call(&portal.key_of(&portal.owner()), &body);
        stream.write_all(&ask.bytes(&portal.host())).unwrap();
        portal.wait_for_requests(1);
        stream
            .set_read_timeout(Some(Duration::from_millis(100)))
            .unwrap();
        assert!(stream.read(&mut [0; 1]).is_err());
        assert_eq!(portal.is_linked(&user.id), !done);
        drop(portal);
        assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
    }
}

#[test]
fn a_delay_delays() {
    let portal = plain();
    portal.set_fault(Fault::Delay(Duration::from_millis(150)));
    let began = Instant::now();
    assert_eq!(get_as(&portal, &portal.owner(), "people").status, 200);
    assert!(began.elapsed() >= Duration::from_millis(150));
}

#[test]
fn requests_are_recorded_to_the_byte() {
    let portal = plain();
    let host = portal.host();
    let key = portal.key_of(&portal.owner());
    let first =
        format!("GET /api/2.0/people?count=1 HTTP/1.1\r\nHOST: {host}\r\nx-OdD:  a b\r\n\r\n");
    let second = format!(
        "PUT /api/2.0/{UNLINK} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
         1\r\n{{\r\n1\r\n}}\r\n0\r\n\r\n"
    );
    let third = format!("GET /last HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut stream = connect(&host);
    stream
        .write_all(format!("{first}{second}{third}").as_bytes())
        .unwrap();
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).unwrap();

    let requests = portal.requests();
    assert_eq!(requests.len(), 3, "{}", String::from_utf8_lossy(&raw));
    assert_eq!(requests[0].head, first.as_bytes());
    assert_eq!(requests[0].query, "count=1");
    assert_eq!(
        requests[0].headers[1],
        ("x-OdD".to_owned(), "a b".to_owned())
    );
    assert_eq!(requests[1].body_text(), "{}");
    assert_eq!(requests[2].head, third.as_bytes());
    assert!(
        requests
            .iter()
            .all(|request| request.connection == 1 && request.complete)
    );
    assert_eq!(
        portal.received(1),
        format!("{first}{second}{third}").as_bytes()
    );
    assert_eq!(
        (portal.connections(), portal.count("GET", "/people")),
        (1, 1)
    );
}

#[test]
fn half_a_request_is_recorded_as_such() {
    let portal = plain();
    let mut stream = connect(&portal.host());
    let half = b"PUT /api/2.0/settings/tfaappnewapp HTTP/1.1\r\nContent-Length: 9\r\n\r\n{\"id";
    stream.write_all(half).unwrap();
    drop(stream);
    portal.wait_for_requests(1);
    let request = portal.requests().remove(0);
    assert!(!request.complete);
    assert_eq!(portal.received(1), half);
}

#[test]
fn framing_and_reuse_can_be_chosen() {
    let portal = plain();
    let chunked = get_as(&portal, &portal.owner(), "people");
    assert_eq!(chunked.header("Transfer-Encoding"), Some("chunked"));
    let portal = Portal::builder().plain().content_length().start();
    let answer = get_as(&portal, &portal.owner(), "people");
    assert_eq!(
        answer.header("Content-Length"),
        Some(answer.body.len().to_string().as_str())
    );

    let portal = Portal::builder().plain().close_after_answer().start();
    let mut stream = connect(&portal.host());
    stream
        .write_all(b"GET /api/2.0/people HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).unwrap();
    assert_eq!(parse(&raw).unwrap().header("Connection"), Some("close"));
}

#[test]
fn idle_connections_can_be_cut() {
    let portal = plain();
    let mut stream = connect(&portal.host());
    stream
        .write_all(b"GET /api/2.0/nothing HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut buffer = [0; 4096];
    assert!(stream.read(&mut buffer).unwrap() > 0);
    portal.close_connections();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert_eq!(get_as(&portal, &portal.owner(), "people").status, 200);
    assert_eq!(portal.connections(), 2);
}
