//! The order of the gates, the rate limiter, and paths that lead elsewhere.

use std::time::Duration;

use super::*;
use crate::portal::{Fault, LimiterConfig};

fn limited(config: LimiterConfig) -> Portal {
    Portal::builder().plain().limiter(config).start()
}

#[test]
fn authentication_comes_before_the_state_of_the_portal() {
    let portal = plain();
    let scope = portal.key_with_scopes(&portal.owner(), &["*:read"]);
    let id = portal.user().id;
    for fault in [
        Fault::Suspended,
        Fault::Maintenance,
        Fault::Unpaid,
        Fault::IpRestricted,
    ] {
        portal.set_fault(fault);
        assert_empty(&unlink(&portal, "nobody", &id), 401);
        assert_empty(&unlink(&portal, &scope, &id), 403);
    }
    // The state of the portal comes before the body.
    portal.set_fault(Fault::Unpaid);
    assert_problem(
        &call(&portal.key_of(&portal.owner()), "nonsense").send(&portal),
        402,
    );
}

#[test]
fn the_limiter_comes_before_rights() {
    let portal = limited(LimiterConfig {
        per_window: 1,
        ..LimiterConfig::default()
    });
    let id = portal.user().id;
    // Strangers are counted by address and all share it.
    assert_empty(&unlink(&portal, "nobody", &id), 401);
    assert_empty(&unlink(&portal, "somebody", &id), 429);
    let scope = portal.key_with_scopes(&portal.owner(), &["rooms:read"]);
    assert_empty(&unlink(&portal, &scope, &id), 403);
    assert_empty(&unlink(&portal, &scope, &id), 429);
    // Another account has a window of its own.
    assert_eq!(get_as(&portal, &portal.admin(), "people").status, 200);
}

#[test]
fn the_window_slides() {
    let portal = limited(LimiterConfig {
        per_window: 1,
        ..LimiterConfig::default()
    });
    assert_eq!(get_as(&portal, &portal.owner(), "people").status, 200);
    let refused = get_as(&portal, &portal.owner(), "people");
    assert_empty(&refused, 429);
    assert_eq!(refused.header("X-RateLimit-Limit"), Some("1"));
    assert_eq!(refused.header("X-RateLimit-Remaining"), Some("0"));
    assert_eq!(refused.header("Retry-After"), None);
    // Only time opens the window again.
    portal.let_time_pass(LimiterConfig::default().window);
    assert_eq!(get_as(&portal, &portal.owner(), "people").status, 200);
}

#[test]
fn work_in_progress_is_limited() {
    let portal = limited(LimiterConfig {
        concurrent_writes: 1,
        ..LimiterConfig::default()
    });
    let (owner, user) = (portal.owner(), portal.user());
    portal.set_fault(Fault::Delay(Duration::from_millis(400)).times(1));
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| unlink_as(&portal, &owner, &user.id).status);
        portal.wait_for_requests(1);
        // Arrived is not yet admitted; the next calls come until it is.
        let refused = (0..50).map(|_| unlink_as(&portal, &owner, &portal.stranger_id()));
        assert!(refused.into_iter().any(|answer| answer.status == 429));
        assert_eq!(get_as(&portal, &owner, "people").status, 200);
        assert_eq!(slow.join().unwrap(), 200);
    });
    assert_eq!(
        unlink_as(&portal, &owner, &portal.stranger_id()).status,
        403
    );
}

#[test]
fn writes_have_a_daily_allowance_that_says_when_it_ends() {
    let portal = limited(LimiterConfig {
        writes_per_day: 1,
        ..LimiterConfig::default()
    });
    let (owner, user) = (portal.owner(), portal.user());
    assert_eq!(unlink_as(&portal, &owner, &user.id).status, 200);
    let refused = unlink_as(&portal, &owner, &portal.member2().id);
    assert_empty(&refused, 429);
    let seconds: u64 = refused.header("Retry-After").unwrap().parse().unwrap();
    assert!(seconds > 80_000, "{seconds}");
    assert!(
        refused
            .header("X-RateLimit-Reset")
            .unwrap()
            .parse::<u64>()
            .is_ok()
    );
    assert_eq!(get_as(&portal, &owner, "people").status, 200);
}

#[test]
fn some_calls_need_no_payment() {
    let portal = plain();
    let owner = portal.owner();
    portal.set_fault(Fault::Unpaid);
    let person = format!("people/{}", portal.user().id);
    for path in [person.as_str(), "people/@self", "people/filter"] {
        assert_eq!(get_as(&portal, &owner, path).status, 200, "{path}");
    }
    for path in [
        "people",
        "people/email?email=a@b",
        "settings/tfaapp",
        "settings/tfaappcodes",
    ] {
        assert_problem(&get_as(&portal, &owner, path), 402);
    }
    let waived = Call::get("people")
        .bearer(&portal.key_of(&owner))
        .header("Payment-Info", "false");
    assert_eq!(waived.send(&portal).status, 200);
}

#[test]
fn a_refused_address_is_told_as_the_client_can_take_it() {
    let portal = plain();
    portal.set_fault(Fault::IpRestricted);
    let ask = |accept: &str| {
        let call = Call::get("people/@self").bearer(&portal.key_of(&portal.user()));
        call.header("Accept", accept).send(&portal)
    };
    let text = ask("*/*");
    assert_eq!(
        text.header("Content-Type"),
        Some("text/plain; charset=utf-8")
    );
    let json = ask("application/json");
    assert_eq!(
        json.header("Content-Type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(json.json(), text.body.as_str());
    let mixed = ask("application/json, text/plain");
    assert_eq!(
        mixed.header("Content-Type"),
        Some("text/plain; charset=utf-8")
    );
}

#[test]
fn paths_that_lead_elsewhere() {
    let portal = plain();
    assert_page(&Call::get("settings/nothing").send(&portal), 404);
    assert_page(&Call::new("GET", "/api/3.0/people").send(&portal), 200);
    assert_page(
        &Call::new("PUT", "/api/3.0/settings/tfaappnewapp").send(&portal),
        405,
    );
    assert_page(
        &Call::new("PUT", "/api/2.0/api/2.0/settings/tfaappnewapp").send(&portal),
        404,
    );
    assert_empty(
        &Call::new("POST", "/api/2.0/settings/tfaappnewapp").send(&portal),
        405,
    );
}

#[test]
fn a_prefix_moves_everything() {
    let portal = Portal::builder().plain().path_prefix("/office").start();
    let (owner, user) = (portal.owner(), portal.user());
    assert!(portal.url().ends_with("/office"));
    let target = format!("/office/api/2.0/{UNLINK}");
    let key = portal.key_of(&owner);
    let body = format!("{{\"id\":\"{}\"}}", user.id);
    let inside = call(&key, &body).to(&target).send(&portal);
    assert_eq!(inside.status, 200, "{inside:?}");
    let href = &inside.json()["links"][0]["href"];
    assert_eq!(*href, format!("{}/api/2.0/{UNLINK}", portal.url()));
    assert_page(&unlink(&portal, &key, &user.id), 404);
}
