//! The stand-in portal against what is known of real ones, asked by a client of
//! its own so that no mistake of the library can hide one of the stand-in.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that finds something amiss should stop"
)]

mod portal;

#[path = "portal_contract/audit.rs"]
mod audit;
#[path = "portal_contract/bodies.rs"]
mod bodies;
#[path = "portal_contract/credentials.rs"]
mod credentials;
#[path = "portal_contract/crude.rs"]
mod crude;
#[path = "portal_contract/dialects.rs"]
mod dialects;
#[path = "portal_contract/faults.rs"]
mod faults;
#[path = "portal_contract/gates.rs"]
mod gates;
#[path = "portal_contract/half_way.rs"]
mod half_way;
#[path = "portal_contract/people.rs"]
mod people;
#[path = "portal_contract/sessions.rs"]
mod sessions;
#[path = "portal_contract/settings.rs"]
mod settings;
#[path = "portal_contract/table.rs"]
mod table;
#[path = "portal_contract/tls.rs"]
mod tls;

use portal::plain_client::{Answer, Call};
use portal::{Account, Portal};
use serde_json::Value;

const UNLINK: &str = "settings/tfaappnewapp";
const NO_PERMISSIONS: &str = "No permissions to perform this action";
const NO_APP: &str = "TFA application settings are not available";
const INVALID_OPERATION: &str = "System.InvalidOperationException";

/// Plain http, since almost nothing here is about TLS.
fn plain() -> Portal {
    Portal::builder().plain().start()
}

fn call(token: &str, body: &str) -> Call {
    Call::put(UNLINK, body).bearer(token)
}

fn unlink(portal: &Portal, token: &str, id: &str) -> Answer {
    call(token, &format!("{{\"id\":\"{id}\"}}")).send(portal)
}

/// `caller`, with a key for everything, unlinks `id`.
fn unlink_as(portal: &Portal, caller: &Account, id: &str) -> Answer {
    unlink(portal, &portal.key_of(caller), id)
}

fn get_as(portal: &Portal, caller: &Account, path: &str) -> Answer {
    Call::get(path).bearer(&portal.key_of(caller)).send(portal)
}

fn assert_empty(answer: &Answer, status: u16) {
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (status, ""),
        "{answer:?}"
    );
}

/// An error envelope; without a kind, type and stack are null.
fn assert_refused(answer: &Answer, status: u16, message: &str, kind: Option<&str>) {
    let json = answer.json();
    assert_eq!(answer.status, status, "{json}");
    assert_eq!(
        answer.header("Content-Type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(json["error"]["message"], message, "{json}");
    assert_eq!(json["error"]["type"].as_str(), kind, "{json}");
    assert_eq!(json["error"]["stack"].is_string(), kind.is_some(), "{json}");
    assert!(json["error"]["hresult"].is_i64(), "{json}");
    assert_eq!(
        (&json["status"], &json["statusCode"]),
        (&1.into(), &status.into()),
        "{json}"
    );
    assert!(json.get("response").is_none(), "{json}");
}

/// A problem about one key, inside the envelope of a success.
fn assert_misfit(answer: &Answer, key: &str) {
    let json = answer.json();
    assert_eq!(answer.status, 400, "{json}");
    assert_eq!(
        answer.header("Content-Type"),
        Some("application/problem+json; charset=utf-8")
    );
    assert!(json["response"]["errors"][key].is_array(), "{key}: {json}");
    assert!(json.get("error").is_none(), "{json}");
    assert_eq!(
        (&json["status"], &json["statusCode"]),
        (&1.into(), &400.into()),
        "{json}"
    );
}

/// A problem without any envelope.
fn assert_problem(answer: &Answer, status: u16) {
    let json = answer.json();
    assert_eq!(answer.status, status, "{json}");
    assert_eq!(
        answer.header("Content-Type"),
        Some("application/problem+json")
    );
    assert_eq!(json["status"], status, "{json}");
    assert!(
        json.get("response").is_none() && json.get("error").is_none(),
        "{json}"
    );
}

fn assert_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(
        answer
            .header("Content-Type")
            .unwrap()
            .starts_with("text/html"),
        "{answer:?}"
    );
    assert!(answer.body.contains("<html>"), "{answer:?}");
}

fn response(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["response"].clone()
}
