//! Signals: none is raised by a broken connection, none breaks a call, and one
//! may cancel it.

use std::thread;
use std::time::Duration;

use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::tools::{World, answering, both, finish, host, run, shim, start, strike, success};

const SIGPIPE: i32 = 13;

#[test]
fn broken_connections_raise_nothing() {
    // Where the request had left, the account is looked at after a pause.
    let scripts = [
        (8, Script::reset_before_handshake()),
        (4, Script::every(vec![Step::ReadBytes(10), Step::Reset])),
        (4, Script::every(vec![Step::ReadRequest, Step::Reset])),
        (4, Script::every(vec![Step::ReadRequest, Step::CloseNow])),
    ];
    let try_one = |transport, calls: usize, script: &Script| {
        let portal = Crude::start(transport, script.clone());
        let mut host = host("sigpipe.c");
        portal.show_to(&mut host);
        run(host.arg(calls.to_string())).silently();
        assert!(portal.connections() >= calls);
    };
    thread::scope(|scope| {
        for transport in both() {
            for (calls, script) in &scripts {
                scope.spawn(move || try_one(transport, *calls, script));
            }
        }
    });
}

/// The kernel would raise it at the moment of sending: nobody can look before.
#[test]
fn connections_that_break_while_sending_raise_nothing() {
    for transport in both() {
        let portal = Crude::start(transport, answering(1));
        let mut host = host("sigpipe.c");
        portal.show_to(&mut host);
        host.env("LD_PRELOAD", shim("broken_send.c"));
        run(host.arg("24")).silently();
        assert_eq!(portal.complete_requests(), 0);
    }
}

#[test]
fn the_host_of_that_test_can_die_of_sigpipe() {
    run(host("sigpipe.c").arg("0")).by_signal(SIGPIPE);
}

#[test]
fn interrupted_waits_go_on() {
    const CALLS: usize = 5;
    for transport in both() {
        let slowly = Step::SendDrip(success(), Duration::from_millis(1));
        let one = [Step::ReadRequest, slowly];
        let steps: Vec<Step> = one.into_iter().cycle().take(CALLS * 2).collect();
        let portal = Crude::start(transport, steps);
        let mut host = host("alarm.c");
        portal.show_to(&mut host);
        run(host.arg(CALLS.to_string())).silently();
        assert_eq!(portal.complete_requests(), CALLS);
    }
}

#[test]
fn interrupted_name_look_ups_go_on() {
    let slowly = vec![
        Step::ReadRequest,
        Step::SendDrip(success(), Duration::from_millis(1)),
    ];
    let portal = Crude::start(Transport::Plain, slowly);
    let mut host = host("alarm.c");
    portal.show_to(&mut host);
    host.env("HOST_URL", format!("http://localhost:{}", portal.port()));
    run(host.arg("1")).silently();
}

#[test]
fn a_handler_cancels_a_silent_wait() {
    for transport in both() {
        let portal = Crude::start(transport, vec![Step::ReadRequest, Step::HoldOpen]);
        let mut host = host("handler.c");
        portal.show_to(&mut host);
        let child = start(&mut host);
        portal.wait_for_requests(1);
        strike(&child);
        finish(child).silently();
        assert_eq!(portal.complete_requests(), 1);
    }
}

#[test]
fn what_the_scripts_answer_is_a_success() {
    let portal = Crude::start(Transport::Plain, answering(3));
    let mut host = host("steady.c");
    portal.show_to(&mut host);
    run(host.arg("3")).silently();
}
