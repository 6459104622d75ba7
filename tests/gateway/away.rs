//! A gateway that is away for a while: reading back has the rest of the deadline.

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use docspace_tfa::{Applied, TfaMethod};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::nginx::{Nginx, PLAIN};
use crate::portal::{Fault, Portal};
use crate::{Came, UNLINK, id_of, owner};

/// Looks that come early: at once, after one second and after four.
const EARLY: usize = 3;
/// How long one of them is waited for.
const PATIENCE: Timespec = Timespec {
    tv_sec: 30,
    tv_nsec: 0,
};

#[test]
fn nginx_that_is_away_for_longer_than_the_first_looks_is_waited_for() {
    let portal = Portal::builder().plain().start();
    let Some(mut nginx) = Nginx::before(&portal, &PLAIN) else {
        return;
    };
    let client = owner(&portal, &nginx.url())
        .timeout(Duration::from_secs(60))
        .unwrap()
        .build()
        .unwrap();
    let member = portal.member();
    portal.set_fault(Fault::HangAfterAction.on(UNLINK));
    let result = thread::scope(|scope| {
        let change = scope.spawn(|| client.change_method(&id_of(&member), TfaMethod::None));
        portal.wait_for_requests(1);
        nginx.stop();
        // In its place, to see the looks come.
        let nobody = TcpListener::bind(("127.0.0.1", nginx.port())).unwrap();
        for look in 1..=EARLY {
            let mut fds = [PollFd::new(&nobody, PollFlags::IN)];
            let came = poll(&mut fds, Some(&PATIENCE)).unwrap();
            assert_eq!(came, 1, "look {look} did not come");
            nobody.accept().unwrap();
        }
        drop(nobody);
        nginx.start_again();
        change.join().unwrap()
    });
    let came = Came::of("nginx is away", &result, &portal, &member);
    assert_eq!((came.applied, came.app_link), (Applied::Maybe, Some(false)));
    assert_eq!((came.reached, came.done), (1, 1));
}

#[test]
fn a_portal_that_is_away_behind_nginx_is_waited_for() {
    let portal = Portal::builder().plain().start();
    let Some(nginx) = Nginx::before(&portal, &PLAIN) else {
        return;
    };
    let client = owner(&portal, &nginx.url())
        .timeout(Duration::from_secs(60))
        .unwrap()
        .build()
        .unwrap();
    let member = portal.member();
    // It does it and is gone; nginx says 502 to the first looks.
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    portal.add_fault(Fault::CloseBeforeAction.for_method("GET").times(EARLY));
    let result = client.change_method(&id_of(&member), TfaMethod::None);
    let came = Came::of("the portal is away", &result, &portal, &member);
    assert_eq!((came.applied, came.app_link), (Applied::Maybe, Some(false)));
    assert_eq!((came.reached, came.done), (1, 1));
    assert_eq!(portal.count("GET", &member.id), EARLY + 1);
}
