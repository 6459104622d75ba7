//! The audit trail: what an event keeps, and who sees which part of it.

use super::*;
use crate::portal::Dialect;

const LAST: &str = "security/audit/events/last";
const FILTER: &str = "security/audit/events/filter";

/// By a session: older portals have no keys.
fn unlinked_from(portal: &Portal, referer: Option<&str>) -> Option<Value> {
    let token = portal.session_of(&portal.owner());
    let body = format!("{{\"type\":\"None\",\"id\":\"{}\"}}", portal.user().id);
    let call = call(&token, &body);
    let call = match referer {
        Some(referer) => call.header("Referer", referer),
        None => call,
    };
    assert_eq!(call.send(portal).status, 200);
    let answer = Call::get(LAST).bearer(&token).send(portal);
    response(&answer).as_array().unwrap().first().cloned()
}

fn events(portal: &Portal, query: &str) -> Vec<Value> {
    let answer = get_as(portal, &portal.owner(), &format!("{FILTER}?{query}"));
    response(&answer).as_array().unwrap().clone()
}

fn unlink_all(portal: &Portal, count: usize) -> Vec<Account> {
    let people = portal.add_many(count);
    for person in &people {
        unlink_as(portal, &portal.owner(), &person.id);
    }
    people
}

#[test]
fn an_event_keeps_the_page_that_the_request_came_from() {
    for (dialect, longest, own) in [
        (Dialect::V2_6, 300, false),
        (Dialect::V3_2, 4096, false),
        (Dialect::V3_7, 4096, true),
    ] {
        let start = || Portal::builder().plain().dialect(dialect).start();
        for length in [40, 300, longest] {
            let portal = start();
            let referer = "r".repeat(length);
            let event = unlinked_from(&portal, Some(&referer)).unwrap();
            assert_eq!(event["page"], referer, "{dialect:?}");
            assert_eq!(event["actionId"], 4033);
            assert_eq!(event["target"], serde_json::json!([portal.user().id]));
            assert_eq!(event["userId"], portal.owner().id);
        }
        // The whole event is lost.
        let referer = "r".repeat(longest + 1);
        assert_eq!(unlinked_from(&start(), Some(&referer)), None);
        let portal = start();
        let page = unlinked_from(&portal, None).unwrap()["page"].clone();
        let url = format!("{}/api/2.0/{UNLINK}", portal.url());
        assert_eq!(
            page.as_str().unwrap_or_default(),
            if own { &url } else { "" }
        );
    }
}

#[test]
fn the_filter_counts_pages_and_knows_action_account_and_caller() {
    let portal = plain();
    let people = unlink_all(&portal, 30);
    let owner = portal.owner().id;
    let one = events(&portal, &format!("action=4033&target={}", people[3].id));
    assert_eq!(one.len(), 1);
    assert_eq!(one[0]["target"][0], people[3].id);
    let by = format!("action=4033&userId={owner}");
    let newest = events(&portal, &format!("{by}&count=7"));
    assert_eq!(newest.len(), 7);
    assert_eq!(newest[0]["target"][0], people[29].id);
    let next = events(&portal, &format!("{by}&count=7&startIndex=28"));
    assert_eq!(next.len(), 2);
    assert_eq!(next[1]["target"][0], people[0].id);
    assert!(events(&portal, "action=4032").is_empty());
    assert!(events(&portal, &format!("userId={}", people[0].id)).is_empty());
}

/// No filter is applied then.
#[test]
fn without_the_trail_in_the_plan_the_twenty_newest_events_are_shown() {
    let portal = plain();
    let people = unlink_all(&portal, 25);
    portal.set_audit_in_plan(false);
    let shown = events(&portal, &format!("action=4033&target={}", people[0].id));
    assert_eq!(shown.len(), 20);
    assert_eq!(shown[0]["target"][0], people[24].id);
}

#[test]
fn portals_before_2_6_have_no_filter() {
    let portal = Portal::builder().plain().dialect(Dialect::V1_0).start();
    let token = portal.session_of(&portal.owner());
    let of = |path: &str| Call::get(path).bearer(&token).send(&portal).status;
    assert_eq!((of(FILTER), of(LAST)), (404, 200));
}

#[test]
fn owner_and_administrators_see_the_trail() {
    let portal = plain();
    for path in [FILTER, LAST] {
        for (caller, status) in [
            (portal.owner(), 200),
            (portal.admin(), 200),
            (portal.room_admin(), 403),
            (portal.user(), 403),
        ] {
            let answer = get_as(&portal, &caller, path);
            assert_eq!(answer.status, status, "{answer:?}");
        }
        let key = portal.key_with_scopes(&portal.owner(), &["accounts:read"]);
        assert_empty(&Call::get(path).bearer(&key).send(&portal), 403);
    }
}

#[test]
fn an_event_that_is_written_late_is_shown_late() {
    let portal = plain();
    portal.delay_audit(2);
    unlink_as(&portal, &portal.owner(), &portal.user().id);
    let shown = [(); 3].map(|()| events(&portal, "action=4033").len());
    assert_eq!(shown, [0, 0, 1]);
}
