//! Which connection an exchange goes over.

use docspace_tfa::{AccountId, Applied, Status, TfaMethod};

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::tls::TlsConfig;
use crate::support::{ID, change_id, of_crude};

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
