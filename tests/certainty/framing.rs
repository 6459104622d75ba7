//! Where an answer ends, and what counts when its end does not come.

use std::time::Duration;

use docspace_tfa::{AccountId, Applied, Cancel, Error, Reason, Status, TfaMethod};

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::portal::tls::TlsConfig;
use crate::support::{ENVELOPE, ID, of_crude};

const PERSON: &str = r#"{"response":{"id":"5b8f2c1a-4d3e-4f60-9a7b-0c1d2e3f4a5b","tfaAppEnabled":true},"count":1,"status":0,"statusCode":200}"#;
const CODES: &str = r#"{"response":[{"code":"first-code","isUsed":false},{"code":"second-code","isUsed":false}],"count":2,"status":0,"statusCode":200}"#;

fn transports() -> [Transport; 2] {
    [Transport::Plain, Transport::Tls(TlsConfig::default())]
}

fn until_close(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes()
}

/// Everything but the last chunk.
fn unended(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n").into()
}

fn answering(transport: Transport, answer: Vec<u8>, end: Step) -> Crude {
    let steps = vec![Step::ReadRequest, Step::Send(answer), Step::Mark, end];
    Crude::start(transport, Script::every(steps))
}

#[test]
fn a_read_that_the_connection_ends_is_whole_if_its_json_is() {
    let find = |crude: &Crude| of_crude(crude).build().unwrap().find_account(ID);
    let cut = |error: &Error| (error.status(), error.reason(), error.is_retryable());
    for transport in transports() {
        for end in [Step::CloseNow, Step::CloseNotify] {
            if matches!((transport, &end), (Transport::Plain, Step::CloseNotify)) {
                continue;
            }
            let crude = answering(transport, until_close(PERSON), end.clone());
            assert_eq!(find(&crude).unwrap().app_link(), Some(true));
            // Whatever is missing, it is no answer.
            for missing in [1, 20] {
                let body = &PERSON[..PERSON.len() - missing];
                let crude = answering(transport, until_close(body), end.clone());
                let error = find(&crude).unwrap_err();
                assert_eq!(cut(&error), (Status::Transport, Reason::None, true));
            }
        }
        // Cut within what was announced: never whole.
        let longer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{PERSON}",
            PERSON.len() + 1
        );
        for answer in [longer.into_bytes(), unended(PERSON)] {
            let crude = answering(transport, answer, Step::CloseNow);
            let error = find(&crude).unwrap_err();
            assert_eq!(cut(&error), (Status::Transport, Reason::None, true));
        }
    }
}

#[test]
fn a_read_whose_end_does_not_come_ends_by_the_deadline() {
    for transport in transports() {
        for answer in [until_close(PERSON), unended(PERSON)] {
            let crude = answering(transport, answer, Step::HoldOpen);
            let client = of_crude(&crude).timeout(Duration::from_secs(1)).unwrap();
            let error = client.build().unwrap().find_account(ID).unwrap_err();
            assert_eq!(
                (error.status(), error.applied()),
                (Status::Timeout, Applied::No)
            );
        }
    }
}

#[test]
fn a_success_that_has_come_counts_when_the_call_is_cancelled() {
    let account = AccountId::parse(ID).unwrap();
    for transport in transports() {
        for (answer, is_whole) in [
            (unended(ENVELOPE), true),
            (unended(&ENVELOPE[..ENVELOPE.len() - 1]), false),
        ] {
            let crude = answering(transport, answer, Step::HoldOpen);
            let cancel = Cancel::new();
            let client = of_crude(&crude).build().unwrap().with_cancel(&cancel);
            let result = std::thread::scope(|scope| {
                let call = scope.spawn(|| client.change_method(&account, TfaMethod::None));
                crude.wait_for_marks(1);
                cancel.request();
                call.join().unwrap()
            });
            match result {
                Ok(change) => {
                    assert!(is_whole);
                    let what = (change.applied(), change.http_status());
                    assert_eq!(what, (Applied::Yes, Some(200)));
                }
                Err(error) => {
                    assert!(!is_whole, "{error:?}");
                    assert_eq!(
                        (error.status(), error.applied()),
                        (Status::Cancelled, Applied::Maybe)
                    );
                }
            }
        }
    }
}

#[test]
fn renewed_codes_that_have_come_are_not_lost_at_the_deadline() {
    for transport in transports() {
        let crude = answering(transport, unended(CODES), Step::HoldOpen);
        let client = of_crude(&crude).timeout(Duration::from_secs(2)).unwrap();
        let codes = client.build().unwrap().renew_backup_codes().unwrap();
        assert_eq!(codes.expose(1), Some("second-code"));
    }
}
