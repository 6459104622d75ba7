//! What an answer of a portal goes through, without a network: for `fuzz/` and
//! `benches/pure`. Compiled with `--cfg fuzzing` only.
#![allow(
    clippy::panic,
    missing_docs,
    reason = "part of a fuzz target, where a panic is a finding"
)]

pub mod parts;

use crate::address::PortalAddress;
use crate::change::LoginUrl;
use crate::change::outcome::{self, Asked, Settle, Verdict};
use crate::credential::Kind;
use crate::error::Applied;
use crate::message;
use crate::policy;
use crate::portal::Answer;
use crate::portal::Object;
use crate::portal::codes::BackupCodes;
use crate::portal::envelope::{self, Envelope, Response, Shape};
use crate::portal::people::{Person, page_of_body};
use crate::text;
use crate::transport::fuzzing::{filter, retry_after};
use crate::transport::{BodyEnd, Reply};
use crate::wipe::Wiped;

/// More heads than this in one answer are refused by the filter.
const MOST_HEADS: usize = 17;

/// An answer as it comes from the line, led by one byte that says how it ended
/// and what signed in. Panics on whatever must not be.
pub fn answer(input: &[u8]) {
    let Some((how, bytes)) = input.split_first() else {
        return;
    };
    let filtered = filter(bytes, bytes.len().max(1));
    let again = filter(bytes, usize::from(*how >> 4) + 1);
    assert_eq!(filtered.accepted, again.accepted);
    assert_eq!(filtered.key, again.key);
    assert!(filtered.bytes.len() <= bytes.len());
    if !filtered.accepted {
        return;
    }
    assert_eq!(filtered.bytes, again.bytes, "pieces make a difference");

    let mut rest = filtered.bytes.as_slice();
    for _ in 0..MOST_HEADS {
        let mut fields = [httparse::EMPTY_HEADER; 100];
        let mut head = httparse::Response::new(&mut fields);
        let Ok(httparse::Status::Complete(length)) = head.parse(rest) else {
            // A body alone is tried too.
            body(*how, 200, &[], bytes);
            return;
        };
        for field in head.headers.iter() {
            let is_cookie = field.name.eq_ignore_ascii_case("set-cookie");
            assert!(!is_cookie, "a cookie came through");
        }
        let status = head.code.unwrap_or_default();
        rest = rest.get(length..).unwrap_or_default();
        if !(100..200).contains(&status) {
            body(*how, status, head.headers, rest);
            return;
        }
    }
}

fn body(how: u8, status: u16, fields: &[httparse::Header<'_>], body: &[u8]) {
    let has = |name: &str| fields.iter().find(|it| it.name.eq_ignore_ascii_case(name));
    let reply = Reply {
        end: match how & 3 {
            0 => BodyEnd::Cut,
            1 => BodyEnd::OverCap,
            2 => BodyEnd::Closed,
            _ => BodyEnd::Whole,
        },
        encoded: has("content-encoding").is_some(),
        plain_text: has("content-type").is_some_and(|it| it.value.starts_with(b"text/plain")),
        retry_after: retry_after(fields),
        ..Reply::for_test(status, body)
    };
    let kind = match how >> 2 & 3 {
        0 => Kind::ApiKey,
        1 => Kind::Session,
        2 => Kind::Jwt,
        _ => Kind::Password,
    };
    people(&reply.body);
    lists(&reply.body);
    let shape = Shape::of(&reply);
    is_decent(shape.portal_message(), text::SENTENCE);
    if let Shape::Envelope(Envelope {
        response: Response::Text(url),
        ..
    }) = &shape
    {
        login_url(url);
    }
    let verdict = outcome::of_answer(Asked::Unlink, &reply, &shape, kind);
    judge(&verdict, &reply, &shape);
    if let Some(codes) = BackupCodes::of(&Answer { reply, shape }) {
        assert!(codes.expose(codes.len()).is_none());
    }
}

fn judge(verdict: &Verdict, reply: &Reply, shape: &Shape) {
    let done = verdict.status.is_none();
    assert_eq!(done, verdict.applied == Applied::Yes);
    let success =
        reply.status == 200 && matches!(shape, Shape::Envelope(envelope) if envelope.is_unlinked());
    assert_eq!(done, success, "only a success envelope is a success");
    assert!(!verdict.again || verdict.retryable);
    assert!(!verdict.retryable || verdict.applied == Applied::No);
    assert!(verdict.settle == Settle::Not || verdict.applied == Applied::Maybe);
    if let Some(status) = verdict.status {
        let said = message::of_failure(status, verdict.reason, verdict.applied);
        is_decent(&said, text::SENTENCE);
    }
}

fn people(body: &[u8]) {
    let one = envelope::response::<Object<Person>>(body).map(|it| it.response.0);
    let many = page_of_body(body).unwrap_or_default();
    for person in one.into_iter().chain(many.into_iter().flatten()) {
        let account = person.into_account();
        for said in [account.email(), account.user_name(), account.display_name()] {
            is_decent(said, text::SENTENCE);
        }
        assert_eq!(account.id().as_str().len(), 36);
    }
}

fn lists(body: &[u8]) {
    if let Some(policy) = policy::of_body(body) {
        let _ = (policy.is_app(), policy.hides_app(), format!("{policy:?}"));
        for index in 0..policy.trusted_ips().len() {
            let _ = policy.trusted_ip_meaning(index);
        }
    }
}

fn login_url(url: &str) {
    let Some(url) = LoginUrl::new(Wiped::new(url.to_owned())) else {
        return;
    };
    is_decent(url.expose(), text::URL);
    let portal = PortalAddress::parse("https://portal.example.com:8443/docs");
    if portal.is_ok_and(|portal| url.is_of(portal.origin())) {
        let begin = "https://portal.example.com:8443";
        assert!(url.expose().to_ascii_lowercase().starts_with(begin));
    }
}

/// Fit for a terminal, and not too long.
fn is_decent(said: &str, most: usize) {
    assert!(said.len() <= most, "too long");
    assert!(!said.chars().any(text::is_hostile), "hostile text");
}
