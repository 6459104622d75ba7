//! Answers that end with the connection: `chunked_transfer_encoding off`.

use std::io::{Read, Write};
use std::net::TcpStream;

use docspace_tfa::{AccountFilter, Applied, ItemOutcome, Reason, TfaMethod};

use crate::nginx::{Nginx, PLAIN, Setup};
use crate::portal::{Method, Portal};
use crate::{Came, Look, id_of, owner};

const UNFRAMED: Setup = Setup {
    server: "chunked_transfer_encoding off;",
    ..PLAIN
};

#[test]
fn everything_works_with_answers_that_end_with_the_connection() {
    let portal = Portal::builder().plain().start();
    portal.allow_policy_writes();
    let Some(nginx) = Nginx::before(&portal, &UNFRAMED) else {
        return;
    };
    assert_unframed(&portal, &nginx);
    let client = owner(&portal, &nginx.url()).verify(true).build().unwrap();
    let member = portal.member();
    for (look, account) in [(Look::Without, member), (Look::Before, portal.member2())] {
        portal.forget_requests();
        let result = look.change(&client, &account);
        let case = format!("no chunks, {look:?}");
        let came = Came::of(&case, &result, &portal, &account).is_true();
        assert_eq!((came.applied, came.reached), (Applied::Yes, 1), "{case}");
        let change = result.unwrap();
        assert!(change.verified(), "{case}");
        assert_eq!(change.http_status(), Some(200), "{case}");
    }

    let found = client.find_account(&portal.guest().email).unwrap();
    assert_eq!(found.id().to_string(), portal.guest().id);

    let added = portal.add_many(230);
    let listed: Vec<String> = client
        .accounts(AccountFilter::all())
        .unwrap()
        .map(|account| account.unwrap().id().to_string())
        .collect();
    assert!(added.iter().all(|it| listed.contains(&it.id)));

    let mut policy = client.policy().unwrap();
    assert_eq!(policy.method(), Some(TfaMethod::App));
    policy.set_method(TfaMethod::None);
    let host = format!("127.0.0.1:{}", nginx.port());
    client.apply_policy(&policy, &host).unwrap();
    assert_eq!(portal.method(), Method::Off);
    let mut policy = client.policy().unwrap();
    policy.set_method(TfaMethod::App);
    client.apply_policy(&policy, &host).unwrap();

    let codes = client.backup_codes().unwrap();
    assert!(!codes.is_empty());
    assert!(!client.renew_backup_codes().unwrap().is_empty());

    let mut bulk = client.bulk(TfaMethod::None);
    for account in &added[..20] {
        bulk.add(&account.id).unwrap();
    }
    bulk.run(None, |_, item| {
        assert_eq!(item.outcome(), ItemOutcome::Applied);
    })
    .unwrap();
    for account in &added[..20] {
        assert_eq!(portal.times_unlinked(&account.id), 1);
    }
}

/// A refusal is explained by reads that end so too.
#[test]
fn refusals_are_explained_with_answers_that_end_with_the_connection() {
    let portal = Portal::builder().plain().start();
    let Some(nginx) = Nginx::before(&portal, &UNFRAMED) else {
        return;
    };
    let client = owner(&portal, &nginx.url()).build().unwrap();
    let unlinked = portal.unlinked();
    let result = client.change_method(&id_of(&unlinked), TfaMethod::None);
    let came = Came::of("no chunks, refused", &result, &portal, &unlinked).is_true();
    assert_eq!(
        (came.applied, came.reason),
        (Applied::No, Reason::NotLinked)
    );
}

/// Else this file would show nothing.
fn assert_unframed(portal: &Portal, nginx: &Nginx) {
    let mut stream = TcpStream::connect(("127.0.0.1", nginx.port())).unwrap();
    let key = portal.key_of(&portal.owner());
    write!(
        stream,
        "GET /api/2.0/people/@self HTTP/1.1\r\nHost: p\r\nAuthorization: Bearer {key}\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{answer}");
    assert!(!head.contains("content-length") && !head.contains("transfer-encoding"));
    assert!(body.starts_with('{') && body.ends_with('}'), "{answer}");
}
