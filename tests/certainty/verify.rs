//! Reading back after a plain success, when asked for.

use std::time::Duration;

use docspace_tfa::Applied;

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

/// The portal swallows what goes wrong when it stores; what it shows may be old
/// all the same, so a look never takes its yes back.
#[test]
fn a_save_that_is_lost_is_told_as_not_verified_yet() {
    let portal = Portal::start();
    let member = portal.member();
    portal.set_fault(Fault::SaveIsLost);
    let changed = change(owner(&portal).verify(true), &member).unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Yes, false)
    );
    let wait = changed.look_again().unwrap();
    assert!(wait <= Duration::from_secs(300), "{wait:?}");
    assert!(wait > Duration::from_secs(200), "{wait:?}");
    assert!(
        changed.message().contains("cannot be verified before"),
        "{}",
        changed.message()
    );
    assert_eq!((changes(&portal), looks(&portal, &member)), (1, 3));
    assert!(portal.is_linked(&member.id));
}

/// A portal without a shared cache shows who was looked at before as it was.
#[test]
fn an_old_picture_does_not_take_the_yes_back() {
    let portal = Portal::builder().without_shared_cache().start();
    let member = portal.member();
    let client = owner(&portal).verify(true).build().unwrap();
    let id = docspace_tfa::AccountId::parse(&member.id).unwrap();
    assert_eq!(client.check(&id).unwrap().app_link(), Some(true));
    let changed = client
        .change_method(&id, docspace_tfa::TfaMethod::None)
        .unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Yes, false)
    );
    assert!(changed.look_again().is_some());
    assert!(!portal.is_linked(&member.id));
    portal.let_time_pass(Duration::from_secs(301));
    assert_eq!(client.check(&id).unwrap().app_link(), Some(false));
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
        let builder = owner(&portal)
            .verify(true)
            .timeout(Duration::from_secs(2))
            .unwrap();
        let changed = change(builder, &portal.member()).unwrap();
        assert_eq!(
            (changed.applied(), changed.verified()),
            (Applied::Yes, false)
        );
        assert_eq!(changes(&portal), 1);
    }
}

/// A success need not be doubted for as long as a lost answer.
#[test]
fn a_success_is_looked_at_three_times_at_most() {
    let portal = Portal::start();
    let member = portal.member();
    portal.set_fault(Fault::Html(502).on(&format!("people/{}", member.id)));
    let changed = change(owner(&portal).verify(true), &member).unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Yes, false)
    );
    assert_eq!(looks(&portal, &member), 3);
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
