//! Nothing is written to a host's standard output or standard error, wherever
//! they lead.

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::tools::{World, answering, host, run};

#[test]
fn closed_or_broken_output_hurts_nobody() {
    let spoiled = |answer: &str| vec![Step::ReadRequest, Step::Send(answer.into()), Step::Reset];
    // After each failed change the account is read back, so these are taken in
    // turn by changes and reads.
    let bad = [
        vec![Step::ReadRequest, Step::Reset],
        spoiled("\u{1}\u{2}\r\n\r\n"),
        spoiled("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"respon"),
        spoiled("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        spoiled("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"),
    ];
    let in_turn = bad.into_iter().cycle().take(60).collect();
    for how in ["closed", "pipe"] {
        let good = Crude::start(Transport::Plain, answering(2));
        let bad = Crude::start(Transport::Plain, Script::in_turn(Vec::clone(&in_turn)));
        let mut host = host("output.c");
        good.show_to(&mut host);
        host.args([how, &bad.url(), "10"]);
        run(&mut host).silently();
        assert!(bad.connections() >= 10);

        // A line written to descriptor 1 or 2 would stand between requests.
        let connections = 1..=good.connections();
        let received: Vec<u8> = connections.flat_map(|it| good.received(it)).collect();
        let received = String::from_utf8(received).unwrap();
        let requests: Vec<&str> = received.split("PUT /api/2.0/").collect();
        assert_eq!(requests.len(), 3, "{received}");
        assert_eq!((requests[0], requests[1]), ("", requests[2]));
        assert!(requests[1].ends_with("\"}"), "{received}");
    }
}
