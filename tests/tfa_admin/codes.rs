//! The exit codes, one by one.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::UNLINK;
use crate::portal::{Fault, LimiterConfig, Portal};
use crate::tool::{self, Tool, signal};

#[test]
fn usage_is_2_and_nothing_is_sent() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let id = portal.member().id;
    let wrong: &[(&[&str], &str)] = &[
        (&[], "a command is missing"),
        (&["frobnicate"], "no such command"),
        (&["whoami", "--frob"], "unrecognized option"),
        (&["whoami", "extra"], "too many words"),
        (&["find"], "ACCOUNT is missing"),
        (&["whoami", "--portal"], "requires an argument"),
        (&["whoami", "--yes"], "--yes is no option of whoami"),
        (&["change", "--method", "fax", &id], "none|sms|app"),
        (&["list", "--role", "king"], "room-admin"),
        (&["check", "--timeout", "soon", &id], "--timeout soon"),
        (&["check", "--timeout", "0", &id], "--timeout 0"),
        (&["bulk", "--parallel", "-1", "list"], "--parallel -1"),
        (&["check", ""], "ARGUMENT"),
        (
            &["check", "--proxy", "socks5://localhost", &id],
            "UNSUPPORTED",
        ),
        (&["check", "--ca-file", "none.pem", &id], "ARGUMENT"),
        (&["check", "--portal", "portal", &id], "ARGUMENT"),
        (&["change", &id], "--yes"),
    ];
    for (words, text) in wrong {
        let ended = tool::finish(
            tool.bare(0, &["--ca-file", tool.ca_file(), "--key-file", "key"])
                .args(*words),
            b"",
        );
        let ended = ended.with(2).complains(text);
        assert!(ended.out.is_empty(), "{ended:?}");
    }
    tool::finish(
        tool.bare(0, &["whoami", "-k", "key"])
            .env_remove("DOCSPACE_PORTAL"),
        b"",
    )
    .with(2)
    .complains("--portal");
    assert_eq!(portal.count("PUT", ""), 0);
    tool.run(&["whoami", "--frob"])
        .complains("Try \"tfa-admin whoami --help\"");
}

#[test]
fn refused_is_1() {
    let portal = Portal::start();
    let admin = Tool::new(&portal).with_key(&portal.key_of(&portal.admin()));
    let member = portal.member();
    admin
        .run(&["change", "-y", &member.id])
        .with(1)
        .says("refused: NOT_OWNER");
    let owner = Tool::new(&portal);
    owner
        .run(&["change", "-y", &portal.terminated_linked().id])
        .with(1)
        .says("ACCOUNT_TERMINATED");
    assert!(portal.is_linked(&member.id));
}

#[test]
fn unknown_is_3() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    // The answer lost, and nothing is shown.
    portal.delay_audit(usize::MAX);
    portal.set_fault(Fault::CloseAfterAction.for_method("PUT"));
    portal.add_fault(Fault::Html(403).on(&member.id).after(1));
    let ended = tool.run(&["change", "-y", "--json", &member.id]).with(3);
    let object = ended.object();
    assert_eq!(
        (&object["outcome"], &object["applied"]),
        (&"unknown".into(), &"maybe".into())
    );
    portal.clear_faults();
    portal.set_fault(Fault::status(500, "application/json", "{").for_method("PUT"));
    tool.run(&["change", "-y", "--timeout", "2", &portal.member2().id])
        .with(3)
        .says("unknown: ");
}

#[test]
fn not_reached_is_5() {
    let portal = Portal::start();
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    socket.bind(&address.into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let nobody = Tool::new(&portal).at(&format!("https://{address}"));
    let object = nobody
        .run(&["whoami", "--json", "--timeout", "2"])
        .with(5)
        .object();
    assert_eq!(object["status"], "CONNECT");

    let tool = Tool::new(&portal);
    portal.set_fault(Fault::Html200);
    tool.run(&["whoami"]).with(5).complains("NOT_A_PORTAL");
    portal.set_fault(Fault::HangBeforeAction);
    tool.run(&["whoami", "--timeout", "0.3"])
        .with(5)
        .complains("TIMEOUT");
    portal.clear_faults();
    // Without its authority.
    let plain = tool.bare(0, &["whoami", "-k", "key"]).spawn().unwrap();
    tool::wait(plain).with(5).complains("CERT_UNTRUSTED");
}

#[test]
fn credential_and_portal_state_are_6() {
    let portal = Portal::start();
    let wrong = Tool::new(&portal).with_key("sk-wrong");
    wrong.run(&["whoami"]).with(6).complains("BAD_CREDENTIAL");
    let tool = Tool::new(&portal);
    for (fault, reason) in [
        (Fault::Unpaid, "UNPAID"),
        (Fault::Maintenance, "MAINTENANCE"),
    ] {
        portal.set_fault(fault);
        // What a portal lets one read meanwhile differs.
        let ended = tool.run(&["change", "-y", &portal.member().id]).with(6);
        assert!(
            (ended.out.clone() + &ended.err).contains(reason),
            "{ended:?}"
        );
    }
}

#[test]
fn the_daily_limit_is_7() {
    let limits = LimiterConfig {
        writes_per_day: 1,
        ..LimiterConfig::default()
    };
    let portal = Portal::builder().limiter(limits).start();
    let tool = Tool::new(&portal);
    tool.run(&["change", "-y", &portal.member().id]).with(0);
    tool.run(&["change", "-y", &portal.member2().id])
        .with(7)
        .says("DAILY_LIMIT");
    assert!(portal.is_linked(&portal.member2().id));
}

#[test]
fn signals_are_128_and_their_number_or_3() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        portal.set_fault(Fault::HangBeforeAction);
        portal.forget_requests();
        let child = tool.start(&["change", "-y", &member.id]);
        portal.wait_for_requests(1);
        signal(&child.id().to_string(), name);
        tool::wait(child).with(code).complains("CANCELLED");
    }
    portal.set_fault(Fault::HangBeforeAction.for_method("PUT"));
    let child = tool.start(&["change", "-y", "--json", &member.id]);
    portal.wait_until("the change is asked for", || {
        portal.count("PUT", UNLINK) == 1
    });
    signal(&child.id().to_string(), "INT");
    let object = tool::wait(child).with(3).object();
    assert_eq!(object["applied"], "maybe");
}

#[test]
fn a_reader_that_left_does_not_end_a_change() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    portal.set_fault(Fault::Delay(Duration::from_millis(300)));
    let mut command = tool.command(0, &["change", "-y", &member.id]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    tool::wait(child).with(70).complains("could not be written");
    assert_eq!(portal.times_unlinked(&member.id), 1);
}
