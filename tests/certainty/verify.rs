//! Reading back after a plain success, when asked for.

use std::time::Duration;

use docspace_tfa::{Applied, Reason, Status};

use crate::portal::{Fault, Method, Portal};
use crate::support::{ENVELOPE, JSON, UNLINK, answered, change, changes, looks, owner};

#[test]
fn seen_unlinked_is_verified() {
    let portal = Portal::start();
    let member = portal.member();
    let changed = change(owner(&portal).verify(true), &member).unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Yes, true)
    );
    assert_eq!(changed.http_status(), Some(200));
    assert_eq!((changes(&portal), looks(&portal, &member)), (1, 1));
}

#[test]
fn seen_linked_twice_is_unverified() {
    let portal = Portal::start();
    let member = portal.member();
    // The portal says yes and does nothing.
    portal.set_fault(answered(200, JSON, ENVELOPE).on(UNLINK));
    let error = change(owner(&portal).verify(true), &member).unwrap_err();
    assert_eq!(
        (error.status(), error.reason(), error.applied()),
        (Status::Unverified, Reason::None, Applied::Maybe)
    );
    assert_eq!(
        (error.http_status(), error.app_link()),
        (Some(200), Some(true))
    );
    assert!(!error.is_retryable());
    assert_eq!((changes(&portal), looks(&portal, &member)), (1, 2));
}

#[test]
fn seen_linked_and_then_unlinked_is_verified() {
    let portal = Portal::start();
    let member = portal.member();
    portal.set_fault(answered(200, JSON, ENVELOPE).on(UNLINK));
    let builder = owner(&portal).verify(true);
    let changed = std::thread::scope(|scope| {
        let changed = scope.spawn(|| change(builder, &member));
        // The change and the first look.
        portal.wait_for_requests(2);
        portal.unlink_quietly(&member.id);
        changed.join().unwrap().unwrap()
    });
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Yes, true)
    );
}

#[test]
fn what_cannot_be_seen_is_still_a_success() {
    let hidden = Portal::builder().method(Method::Off).start();
    let broken = Portal::start();
    broken.set_fault(Fault::CloseBeforeAction.on(&broken.member().id));
    let silent = Portal::start();
    silent.set_fault(Fault::HangBeforeAction.on(&silent.member().id));
    for portal in [hidden, broken, silent] {
        let builder = owner(&portal).verify(true).timeout(Duration::from_secs(2));
        let changed = change(builder, &portal.member()).unwrap();
        assert_eq!(
            (changed.applied(), changed.verified()),
            (Applied::Yes, false)
        );
        assert_eq!(changes(&portal), 1);
    }
}

#[test]
fn without_it_a_change_is_one_request() {
    let portal = Portal::start();
    let changed = change(owner(&portal), &portal.member()).unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Yes, false)
    );
    assert_eq!(portal.request_count(), 1);
}
