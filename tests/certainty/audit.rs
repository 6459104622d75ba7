//! The portal's own audit trail proves a change by the mark that it carried, and
//! nothing else does.

use std::time::Duration;

use docspace_tfa::{
    AccountId, Applied, Change, Client, ClientBuilder, Credential, Reason, Status, TfaMethod, Trust,
};

use crate::portal::state::action;
use crate::portal::{Account, AuditEvent, Failure, Fault, Method, Portal, Reply, Step};
use crate::support::{JSON, UNLINK, change, changes, looks, owner};

const FILTER: &str = "security/audit/events/filter";
const LAST: &str = "security/audit/events/last";

fn audited(portal: &Portal) -> ClientBuilder {
    owner(portal)
        .timeout(Duration::from_secs(30))
        .unwrap()
        .audit(true)
}

/// How often the trail was asked, by its filter and for the newest events.
fn reads(portal: &Portal) -> (usize, usize) {
    (portal.count("GET", FILTER), portal.count("GET", LAST))
}

fn referers(portal: &Portal) -> Vec<Option<String>> {
    let requests = portal.requests().into_iter();
    requests
        .filter(|request| request.method == "PUT")
        .map(|request| request.header("Referer").map(str::to_owned))
        .collect()
}

/// The mark of the only change.
fn mark(portal: &Portal) -> String {
    let referers = referers(portal);
    let [Some(referer)] = &referers[..] else {
        panic!("{referers:?}");
    };
    let mark = referer.strip_prefix(&format!("{}/?", portal.url()));
    mark.unwrap_or_else(|| panic!("{referer}")).to_owned()
}

#[track_caller]
fn assert_proven(change: &Change, verified: bool) {
    assert_eq!(
        (change.applied(), change.verified()),
        (Applied::Yes, verified),
        "{change:?}"
    );
    assert_eq!(
        (change.http_status(), change.sessions_ended()),
        (None, None)
    );
    assert!(change.login_url().is_none());
    assert!(change.message().contains("audit trail"), "{change:?}");
    assert!(change.message().contains("end them"), "{change:?}");
}

/// Not by its mark: what was seen is all.
#[track_caller]
fn assert_only_seen(change: &Change) {
    assert_eq!(
        (change.applied(), change.verified()),
        (Applied::Maybe, true),
        "{change:?}"
    );
}

#[test]
fn a_change_whose_answer_was_lost_is_proven_by_its_own_mark() {
    let failure = Failure::crash("It went wrong.", "System.NullReferenceException");
    let faults = [
        Fault::CloseAfterAction.on(UNLINK),
        Fault::html_after_action(504).on(UNLINK),
        Fault::html_after_action(404).on(UNLINK),
        Fault::AnswerAfterAction(Reply::empty(303)).on(UNLINK),
        Fault::UnlinkStopsAfter(Step::AuditQueued, failure).into(),
    ];
    let mut marks = Vec::new();
    for fault in faults {
        let portal = Portal::start();
        portal.set_fault(fault);
        let member = portal.member();
        assert_proven(&change(audited(&portal), &member).unwrap(), true);
        assert_eq!((changes(&portal), looks(&portal, &member)), (1, 1));
        assert_eq!(reads(&portal), (1, 0));
        let mark = mark(&portal);
        assert_eq!(mark.len(), 32);
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        assert!(mark.bytes().all(is_hex), "{mark}");
        assert!(!mark.contains(&member.id.replace('-', "")));
        assert!(!marks.contains(&mark));
        marks.push(mark);
    }
}

#[test]
fn it_is_proven_within_the_time_that_is_kept_for_it() {
    let portal = Portal::start();
    portal.set_fault(Fault::HangAfterAction.on(UNLINK));
    let builder = audited(&portal).timeout(Duration::from_secs(4)).unwrap();
    assert_proven(&change(builder, &portal.member()).unwrap(), true);
}

/// The read names action and account, and goes over a connection of its own.
#[test]
fn the_trail_is_asked_for_one_account() {
    let portal = Portal::start();
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    let member = portal.member();
    change(audited(&portal), &member).unwrap();
    let requests = portal.requests();
    let read = requests.last().unwrap();
    assert!(read.path.ends_with(FILTER), "{}", read.path);
    let query = format!("action=4033&count=100&target={}", member.id);
    assert_eq!(read.query, query);
    assert_eq!(portal.connections(), requests.len());
    assert_eq!(read.header("Referer"), None);
}

/// What is still shown as linked may be old, or not saved.
#[test]
fn what_is_proven_and_still_shown_as_linked_is_a_yes_to_be_looked_at_again() {
    let portal = Portal::start();
    portal.add_fault(Fault::SaveIsLost);
    portal.add_fault(Fault::CloseAfterAction.on(UNLINK));
    let changed = change(audited(&portal), &portal.member()).unwrap();
    assert_proven(&changed, false);
    assert!(changed.look_again().is_some());
    assert!(changed.message().contains("cannot be verified before"));
    // Not shown at all.
    let portal = Portal::start();
    portal.set_method(Method::Off);
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    let changed = change(audited(&portal), &portal.member()).unwrap();
    assert_proven(&changed, false);
    assert_eq!(changed.look_again(), None);
}

fn event(page: &str, member: &Account) -> AuditEvent {
    AuditEvent {
        action: action::UNLINKED,
        initiator: member.id.clone(),
        target: member.id.clone(),
        page: page.to_owned(),
    }
}

/// Somebody unlinks the account at the same moment; the request is lost.
#[test]
fn the_event_of_somebody_else_proves_nothing() {
    for in_plan in [true, false] {
        let portal = Portal::start();
        let member = portal.member();
        portal.set_audit_in_plan(in_plan);
        portal.set_fault(Fault::CloseBeforeAction.on(UNLINK));
        portal.unlink_quietly(&member.id);
        for page in [
            String::new(),
            portal.url(),
            format!("{}/?00112233445566778899aabbccddeeff", portal.url()),
            format!("{}/api/2.0/{UNLINK}", portal.url()),
        ] {
            portal.add_audit(event(&page, &member));
        }
        let changed = change(audited(&portal), &member).unwrap();
        assert_only_seen(&changed);
        assert_eq!(reads(&portal), (3, 0));
        assert_eq!(portal.times_unlinked(&member.id), 0);
    }
}

/// A plan without the trail answers with the newest events, whatever is asked.
#[test]
fn without_the_trail_in_the_plan_only_the_newest_events_can_prove_it() {
    let portal = Portal::start();
    portal.set_audit_in_plan(false);
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    for _ in 0..40 {
        portal.add_audit(event("https://portal.example/", &portal.member2()));
    }
    assert_proven(&change(audited(&portal), &portal.member()).unwrap(), true);
    assert_eq!(reads(&portal), (1, 0));
}

#[test]
fn a_trail_that_is_not_offered_refused_or_failing_is_as_one_without_the_event() {
    let no_plan = r#"{"error":{"message":"Your pricing plan does not support this option","type":"ASC.Core.Billing.BillingException","stack":"","hresult":-1},"status":1,"statusCode":402}"#;
    let odd = r#"{"response":{"x":[]},"count":1,"status":0,"statusCode":200}"#;
    // How often it is asked: what fails may be well a moment later.
    let table = [
        (Fault::Answer(Reply::typed(402, JSON, no_plan)), 1),
        (Fault::Answer(Failure::access_denied().reply()), 1),
        (Fault::Answer(Reply::empty(403)), 1),
        (Fault::Answer(Reply::page(403)), 1),
        (Fault::Answer(Reply::empty(401)), 1),
        (Fault::Answer(Reply::empty(429)), 3),
        (Fault::Html(502), 3),
        (Fault::CloseBeforeAction, 3),
        (Fault::Html200, 3),
        (Fault::Answer(Reply::typed(200, JSON, odd)), 3),
    ];
    for (fault, times) in table {
        let portal = Portal::start();
        portal.add_fault(Fault::CloseAfterAction.on(UNLINK));
        portal.add_fault(fault.clone().on(FILTER));
        assert_only_seen(&change(audited(&portal), &portal.member()).unwrap());
        assert_eq!(reads(&portal), (times, 0), "{fault:?}");
        assert_eq!(changes(&portal), 1);
    }
}

/// Members see no trail: theirs is an open outcome as ever.
#[test]
fn a_member_without_the_trail_gets_the_same_error() {
    let portal = Portal::start();
    let member = portal.member();
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    let key = Credential::api_key(&portal.key_of(&member)).unwrap();
    let client = Client::builder(&portal.url(), key)
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .audit(true);
    let error = change(client, &member).unwrap_err();
    assert_eq!(
        (error.status(), error.applied(), error.app_link()),
        (Status::Transport, Applied::Maybe, None)
    );
    assert_eq!(reads(&portal), (1, 0));
}

#[test]
fn old_portals_are_asked_once_for_their_newest_events() {
    for is_lost in [false, true] {
        let portal = Portal::start();
        portal.add_fault(Fault::CloseAfterAction.on(UNLINK));
        portal.add_fault(Fault::Html(404).on(FILTER));
        portal.delay_audit(if is_lost { usize::MAX } else { 0 });
        let changed = change(audited(&portal), &portal.member()).unwrap();
        if is_lost {
            assert_only_seen(&changed);
        } else {
            assert_proven(&changed, true);
        }
        assert_eq!(reads(&portal), (1, 1));
    }
}

#[test]
fn an_event_that_is_written_late_is_found_by_the_third_read_at_the_latest() {
    for late in [1, 2, 3, usize::MAX] {
        let portal = Portal::start();
        portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
        portal.delay_audit(late);
        let changed = change(audited(&portal), &portal.member()).unwrap();
        if late < 3 {
            assert_proven(&changed, true);
        } else {
            assert_only_seen(&changed);
        }
        assert_eq!(reads(&portal), (3.min(late.saturating_add(1)), 0));
    }
}

/// Something in between sent it twice and gave the answer to the second.
#[test]
fn a_refusal_that_follows_the_own_change_is_a_yes() {
    for method in [Method::App, Method::Off] {
        let portal = Portal::start();
        portal.set_method(method);
        portal.set_fault(Fault::SentTwice.on(UNLINK));
        let changed = change(audited(&portal), &portal.member()).unwrap();
        // What is not shown cannot be verified.
        assert_proven(&changed, method == Method::App);
        assert_eq!((changes(&portal), reads(&portal)), (1, (1, 0)));
    }
}

/// The same where the picture is old, so that nothing explains the refusal.
#[test]
fn an_unexplained_refusal_that_follows_the_own_change_is_a_yes() {
    let portal = Portal::builder().without_shared_cache().start();
    let member = portal.member();
    portal.set_fault(Fault::SentTwice.on(UNLINK));
    let client = audited(&portal).build().unwrap();
    let id = AccountId::parse(&member.id).unwrap();
    assert_eq!(client.check(&id).unwrap().app_link(), Some(true));
    let changed = client.change_method(&id, TfaMethod::None).unwrap();
    assert_proven(&changed, false);
    assert!(changed.look_again().is_some());
    assert_eq!(reads(&portal), (1, 0));
}

/// A look shows that it was done, the trail by whom.
#[test]
fn a_refusal_that_a_look_overrules_is_a_yes_by_its_mark() {
    for is_lost in [false, true] {
        let portal = Portal::start();
        portal.delay_audit(if is_lost { usize::MAX } else { 0 });
        let page = Reply::page(413);
        portal.set_fault(Fault::AnswerAfterAction(page).on(UNLINK));
        let client = audited(&portal).build().unwrap();
        let id = AccountId::parse(&portal.member().id).unwrap();
        let check = client.check(&id).unwrap();
        match client.change_method_checked(&check, TfaMethod::None) {
            Ok(changed) => {
                assert!(!is_lost);
                assert_proven(&changed, true);
            }
            Err(error) => {
                assert!(is_lost);
                assert_eq!(error.http_status(), Some(413));
                assert_eq!(error.applied(), Applied::Maybe);
            }
        }
        assert_eq!(reads(&portal), (1, 0));
    }
}

#[test]
fn a_true_refusal_stays_one() {
    let portal = Portal::start();
    let unlinked = portal.unlinked();
    portal.add_audit(event(&portal.url(), &unlinked));
    let error = change(audited(&portal), &unlinked).unwrap_err();
    assert_eq!(
        (error.reason(), error.applied()),
        (Reason::NotLinked, Applied::No)
    );
    assert_eq!(reads(&portal), (1, 0));
    // Another reason cannot hide a change.
    let portal = Portal::start();
    let error = change(audited(&portal), &portal.terminated_linked()).unwrap_err();
    assert_eq!(error.reason(), Reason::AccountTerminated);
    assert_eq!(reads(&portal), (0, 0));
}

#[test]
fn a_change_that_succeeds_stays_one_request() {
    let portal = Portal::start();
    let changed = change(audited(&portal), &portal.member()).unwrap();
    assert_eq!(changed.http_status(), Some(200));
    assert_eq!(portal.request_count(), 1);
    assert_eq!(
        portal.audit()[0].page,
        format!("{}/?{}", portal.url(), mark(&portal))
    );
}

#[test]
fn with_audit_off_nothing_is_marked_and_nothing_asked() {
    let portal = Portal::start();
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    assert_only_seen(&change(owner(&portal), &portal.member()).unwrap());
    assert_eq!(referers(&portal), [None]);
    assert_eq!(reads(&portal), (0, 0));
}

/// Old portals lose an event whose page is longer than 300 characters.
#[test]
fn a_mark_that_is_too_long_is_not_sent_and_not_looked_for() {
    let origin = Portal::builder().plain().start().url().len();
    for (length, is_sent) in [(300, true), (301, false)] {
        let prefix = "/".to_owned() + &"p".repeat(length - origin - "/".len() - "/?".len() - 32);
        let portal = Portal::builder().plain().path_prefix(&prefix).start();
        assert_eq!(portal.url().len() + 34, length, "ports of one length");
        portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
        let changed = change(audited(&portal), &portal.member()).unwrap();
        if is_sent {
            assert_proven(&changed, true);
            assert_eq!(mark(&portal).len(), 32);
        } else {
            assert_only_seen(&changed);
            assert_eq!(referers(&portal), [None]);
            assert_eq!(reads(&portal), (0, 0));
        }
    }
}
