//! nginx sends a PUT again by itself: the portal does it the first time and
//! refuses it the second time.

use docspace_tfa::{Applied, Reason, Status, TfaMethod};

use crate::nginx::{Nginx, PLAIN, Setup};
use crate::portal::{Fault, Portal};
use crate::{Came, Look, UNLINK, id_of, owner, sent_twice};

/// As nginx is without a word about it: a connection that was kept and is gone
/// does not count as a try.
const KEPT: Setup = Setup {
    location: "",
    ..PLAIN
};

const TWO_ADDRESSES: Setup = Setup {
    upstream: "server PORTAL max_fails=0; server PORTAL max_fails=0;",
    server: "",
    location: "proxy_next_upstream error timeout non_idempotent;",
};

const TWO_IMPATIENT: Setup = Setup {
    location: "proxy_next_upstream error timeout non_idempotent; proxy_read_timeout 2s;",
    ..TWO_ADDRESSES
};

/// What a change that reached the portal twice comes to.
#[track_caller]
fn check(case: &str, setup: &Setup, fault: &Fault, look: Look) {
    let portal = Portal::builder().plain().start();
    let Some(nginx) = Nginx::before(&portal, setup) else {
        return;
    };
    let client = owner(&portal, &nginx.url()).build().unwrap();
    // Now nginx has a connection to the portal.
    client.policy().unwrap();
    sent_twice(case, &portal, &client, fault, look);
}

#[test]
fn a_kept_connection_that_is_gone_makes_nginx_send_twice() {
    for look in Look::BOTH {
        check("a kept connection", &KEPT, &Fault::CloseAfterAction, look);
    }
}

#[test]
fn a_second_address_is_sent_the_same_again() {
    for look in Look::BOTH {
        check(
            "a second address after a cut",
            &TWO_ADDRESSES,
            &Fault::CloseAfterAction,
            look,
        );
    }
}

#[test]
fn a_second_address_is_sent_the_same_after_silence() {
    for look in Look::BOTH {
        check(
            "a second address after silence",
            &TWO_IMPATIENT,
            &Fault::HangAfterAction,
            look,
        );
    }
}

/// What the portal did neither time is no, also where it was linked before.
#[test]
fn a_refusal_that_nginx_sent_twice_stays_a_refusal() {
    let portal = Portal::builder().plain().start();
    let Some(nginx) = Nginx::before(&portal, &TWO_ADDRESSES) else {
        return;
    };
    let client = owner(&portal, &nginx.url()).build().unwrap();
    let member = portal.member();
    let check = client.check(&id_of(&member)).unwrap();
    portal.set_app_hidden(true);
    portal.set_fault(Fault::CloseBeforeAction.on(UNLINK).times(1));
    let result = client.change_method_checked(&check, TfaMethod::None);
    let came = Came::of("a refusal, sent twice", &result, &portal, &member).is_true();
    let expected = Came {
        status: Some(Status::Rejected),
        reason: Reason::HiddenByPortal,
        applied: Applied::No,
        app_link: None,
        reached: 2,
        done: 0,
    };
    assert_eq!(came, expected);
}
