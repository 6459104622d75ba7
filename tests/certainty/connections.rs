//! Which connection an exchange goes over.

use docspace_tfa::{AccountFilter, AccountId, Applied, Client, Credential, Status, TfaMethod};

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::tls::TlsConfig;
use crate::support::{ENVELOPE, ID, change_id, of_crude, of_url};

fn account(linked: bool) -> Vec<u8> {
    let body = format!(
        r#"{{"response":{{"id":"{ID}","tfaAppEnabled":{linked}}},"count":1,"status":0,"statusCode":200}}"#
    );
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").into()
}

#[test]
fn reading_back_never_uses_a_connection_again() {
    let tls = Transport::Tls(TlsConfig::default());
    let page = b"HTTP/1.1 502 Bad\r\nContent-Length: 2\r\n\r\nno";
    // Each stays open: whatever came second on it would get no answer.
    let one = |answer: &[u8]| {
        vec![
            Step::ReadRequest,
            Step::Send(answer.to_vec()),
            Step::HoldOpen,
        ]
    };
    for transport in [Transport::Plain, tls] {
        let script = Script::in_turn(vec![one(page), one(&account(true)), one(&account(false))]);
        let crude = Crude::start(transport, script);
        let change = change_id(of_crude(&crude), ID).unwrap();
        assert_eq!(
            (change.applied(), change.verified()),
            (Applied::Maybe, true)
        );
        assert_eq!((crude.connections(), crude.complete_requests()), (3, 3));
    }
}

#[test]
fn an_empty_answer_of_doubtful_length_ends_its_connection() {
    for (fields, connections) in [
        ("Content-Length: 0\r\n", 1),
        ("Content-Length: 0\r\nContent-Length: 0\r\n", 2),
        ("Content-Length: 0, 0\r\n", 2),
        ("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", 2),
    ] {
        let chunked = fields.contains("chunked");
        let end = if chunked { "0\r\n\r\n" } else { "" };
        let answer = format!("HTTP/1.1 401 No\r\n{fields}\r\n{end}").into_bytes();
        let steps = [Step::ReadRequest, Step::Send(answer)];
        let crude = Crude::start(
            Transport::Plain,
            Script::every([&steps[..], &steps].concat()),
        );
        let client = of_crude(&crude).build().unwrap();
        let account = AccountId::parse(ID).unwrap();
        for _ in 0..2 {
            let error = client.change_method(&account, TfaMethod::None).unwrap_err();
            assert_eq!(error.status(), Status::Unauthorized, "{fields}");
        }
        assert_eq!(crude.connections(), connections, "{fields}");
    }
}

/// What no request could be made of is refused when the client is made: after
/// that, every request leaves whole.
#[test]
fn a_prefix_is_refused_at_once_or_works() {
    let length = ENVELOPE.len();
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{ENVELOPE}");
    let steps = [Step::ReadRequest, Step::Send(answer.into_bytes())];
    let steps = steps.iter().cloned().cycle().take(4).collect::<Vec<_>>();
    let crude = Crude::start(Transport::Plain, Script::every(steps));
    let longest = "\u{e9}".repeat(127);
    let (mut made, mut refused) = (0, 0);
    for length in (6000..8400).step_by(100) {
        let url = format!("{}/{}", crude.url(), "x".repeat(length));
        let client = match of_url(&url).build() {
            Ok(client) => client,
            Err(error) => {
                assert_eq!(error.status(), Status::Argument);
                assert!(error.message().starts_with("portal URL: "), "{error}");
                refused += 1;
                continue;
            }
        };
        assert_eq!(refused, 0, "{length}");
        made += 1;
        let before = crude.complete_requests();
        let account = AccountId::parse(ID).unwrap();
        let change = client.change_method(&account, TfaMethod::None).unwrap();
        assert_eq!(change.applied(), Applied::Yes, "{length}");
        // The longest path of all; the answer is no list.
        let filter = AccountFilter::default().text(&longest);
        let error = client
            .accounts(filter)
            .unwrap()
            .next()
            .unwrap()
            .unwrap_err();
        assert_eq!(error.status(), Status::Protocol, "{length}");
        assert_eq!(crude.complete_requests(), before + 2, "{length}");
    }
    assert!(made > 0 && refused > 0);
}

#[test]
fn a_credential_is_refused_at_once_or_works() {
    let client = |email: usize, password: usize| {
        let email = format!("{}@x", "e".repeat(email));
        let credential = Credential::password(&email, &"p".repeat(password)).unwrap();
        Client::builder("https://portal.example", credential)
            .unwrap()
            .build()
    };
    assert!(client(300, 4096).is_ok());
    let error = client(4000, 4096).unwrap_err();
    assert_eq!(error.status(), Status::Argument);
    assert!(error.message().contains("password"), "{error}");
}
