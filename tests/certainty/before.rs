//! A look beforehand tells a refusal from a change that something in between
//! sent twice, or that broke off.

use std::time::Duration;

use docspace_tfa::{AccountId, Applied, Change, Client, Error, Reason, Status, TfaMethod};

use crate::portal::{Account, Failure, Fault, Portal, Reply, Step};
use crate::support::{UNLINK, change, changes, owner};

/// Looks, then changes with what was seen.
fn checked(client: &Client, account: &Account) -> Result<Change, Error> {
    let id = AccountId::parse(&account.id).unwrap();
    let check = client.check(&id).unwrap();
    assert_eq!(check.app_link(), Some(true));
    client.change_method_checked(&check, TfaMethod::None)
}

fn assert_overruled(error: &Error, portal: &Portal, account: &Account) {
    assert_eq!(
        (error.applied(), error.app_link(), error.is_retryable()),
        (Applied::Maybe, Some(false), false),
        "{error:?}"
    );
    for words in ["linked a moment before", "unlinked now", "end them"] {
        assert!(error.message().contains(words), "{error}");
    }
    assert!(!portal.is_linked(&account.id));
    assert_eq!(changes(portal), 1);
}

#[test]
fn a_change_that_was_sent_twice_is_no_refusal() {
    for explain in [true, false] {
        let portal = Portal::start();
        portal.set_fault(Fault::SentTwice);
        let member = portal.member();
        let client = owner(&portal).explain(explain).build().unwrap();
        let error = checked(&client, &member).unwrap_err();
        assert_eq!(error.status(), Status::Rejected);
        assert_overruled(&error, &portal, &member);
    }
}

/// The same without a look: nothing tells it from a refusal.
#[test]
fn without_a_look_it_is_taken_for_one() {
    let portal = Portal::start();
    portal.set_fault(Fault::SentTwice);
    let error = change(owner(&portal), &portal.member()).unwrap_err();
    assert_eq!(
        (error.reason(), error.applied()),
        (Reason::NotLinked, Applied::No)
    );
}

/// Whatever an answer says: it is a refusal only while the app stays linked.
#[test]
fn no_refusal_stands_if_the_app_is_unlinked_now() {
    let to = "https://other.example/api/2.0/settings/tfaappnewapp";
    let answers = [
        Reply::typed(
            403,
            "application/json",
            r#"{"error":{"message":"x","type":"System.InvalidOperationException"},"status":1,"statusCode":403}"#,
        ),
        Reply::typed(
            405,
            "application/json",
            r#"{"error":{"message":"x","type":null},"status":1,"statusCode":405}"#,
        ),
        Reply::empty(301).with("Location", to),
        Reply::page(400),
        Reply::empty(401),
        Reply::empty(402),
        Reply::empty(403),
        Reply::page(403),
        Reply::typed(403, "text/plain", "Not from here"),
        Reply::typed(
            404,
            "application/problem+json",
            r#"{"title":"x","status":404,"traceId":"0"}"#,
        ),
        Reply::page(413),
        Reply::page(421),
        Reply::empty(429),
    ];
    for answer in answers {
        let status = answer.status;
        let portal = Portal::start();
        let member = portal.member();
        portal.set_fault(Fault::AnswerAfterAction(answer).on(UNLINK));
        let client = owner(&portal).build().unwrap();
        let error = checked(&client, &member).unwrap_err();
        assert_eq!(error.http_status(), Some(status));
        assert_overruled(&error, &portal, &member);
    }
}

#[test]
fn a_refusal_stands_while_the_app_is_linked() {
    for (answer, status) in [
        (Reply::page(403), Status::Forbidden),
        (Reply::page(413), Status::Protocol),
        (Reply::empty(401), Status::Unauthorized),
    ] {
        let portal = Portal::start();
        let member = portal.member();
        portal.set_fault(Fault::Answer(answer).on(UNLINK));
        let client = owner(&portal).build().unwrap();
        let error = checked(&client, &member).unwrap_err();
        assert_eq!((error.status(), error.applied()), (status, Applied::No));
        assert!(portal.is_linked(&member.id));
    }
}

/// The gate turns the look away as it did the change.
#[test]
fn a_refusal_stands_where_the_look_meets_the_same_gate() {
    type Gate = (Fault, Status, Reason);
    let gates: [Gate; 4] = [
        (
            Fault::Answer(Reply::empty(401)),
            Status::Unauthorized,
            Reason::BadCredential,
        ),
        (Fault::Suspended, Status::NotFound, Reason::PortalNotFound),
        (Fault::Maintenance, Status::Unavailable, Reason::Maintenance),
        (
            Fault::Answer(Reply::empty(402)),
            Status::Unavailable,
            Reason::Unpaid,
        ),
    ];
    for (gate, status, reason) in gates {
        let portal = Portal::start();
        let client = owner(&portal).build().unwrap();
        let id = AccountId::parse(&portal.member().id).unwrap();
        let check = client.check(&id).unwrap();
        portal.set_fault(gate);
        let error = client
            .change_method_checked(&check, TfaMethod::None)
            .unwrap_err();
        assert_eq!(
            (error.status(), error.reason(), error.applied()),
            (status, reason, Applied::No),
            "{error:?}"
        );
    }
}

/// Who is not shown any more may have been changed.
#[test]
fn a_refusal_does_not_stand_where_nothing_is_shown() {
    let portal = Portal::start();
    let member = portal.member();
    let client = owner(&portal).build().unwrap();
    let id = AccountId::parse(&member.id).unwrap();
    let check = client.check(&id).unwrap();
    portal.add_fault(Fault::Html(403).on(UNLINK));
    portal.add_fault(Fault::Html(502).on(&member.id));
    let error = client
        .change_method_checked(&check, TfaMethod::None)
        .unwrap_err();
    assert_eq!((error.applied(), error.app_link()), (Applied::Maybe, None));
    assert!(error.message().contains("may have been done"), "{error}");
}

/// The token may be dead because it was done.
#[test]
fn a_session_that_unlinks_itself_may_die_of_it() {
    let portal = Portal::start();
    let owner = portal.owner();
    let token = docspace_tfa::Credential::session_token(&portal.session_of(&owner)).unwrap();
    let client = Client::builder(&portal.url(), token)
        .unwrap()
        .trust(docspace_tfa::Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .build()
        .unwrap();
    portal.set_fault(Fault::SentTwice.on(UNLINK));
    let error = checked(&client, &owner).unwrap_err();
    assert_eq!(
        (error.status(), error.applied(), error.app_link()),
        (Status::Unauthorized, Applied::Maybe, None)
    );
    assert!(!portal.is_linked(&owner.id));
}

/// Before a limited change is sent again, the account is looked at.
#[test]
fn a_limit_that_follows_a_change_is_not_a_reason_to_send_again() {
    let portal = Portal::start();
    let member = portal.member();
    let limit = Reply::empty(429).with("Retry-After", "1");
    portal.set_fault(Fault::AnswerAfterAction(limit.clone()).on(UNLINK));
    let client = owner(&portal).build().unwrap();
    let error = checked(&client, &member).unwrap_err();
    assert_eq!(error.status(), Status::RateLimited);
    assert_overruled(&error, &portal, &member);

    // Still linked: it is sent again.
    let portal = Portal::start();
    portal.set_fault(Fault::Answer(limit).on(UNLINK).times(1));
    let client = owner(&portal).build().unwrap();
    let changed = checked(&client, &portal.member()).unwrap();
    assert_eq!((changed.applied(), changed.attempts()), (Applied::Yes, 2));
}

/// With or without a look: only the portal's word is a yes.
#[test]
fn a_lost_answer_stays_a_maybe_that_is_very_likely() {
    let portal = Portal::start();
    portal.set_fault(Fault::CloseAfterAction.on(UNLINK));
    let client = owner(&portal).build().unwrap();
    let changed = checked(&client, &portal.member()).unwrap();
    assert_eq!(
        (changed.applied(), changed.verified()),
        (Applied::Maybe, true)
    );
    assert_eq!(changed.sessions_ended(), None);
    assert!(
        changed.message().contains("very likely"),
        "{}",
        changed.message()
    );
}

/// PostgreSQL lets a passing trouble end an unlink with the very words of a
/// refusal.
#[test]
fn a_change_that_broke_off_with_the_words_of_a_refusal_is_none() {
    let portal = Portal::start();
    let member = portal.member();
    portal.set_fault(Fault::UnlinkStopsAfter(
        Step::LinkWiped,
        Failure::transient(),
    ));
    let client = owner(&portal).build().unwrap();
    let error = checked(&client, &member).unwrap_err();
    assert_overruled(&error, &portal, &member);
    assert_eq!(portal.sessions_of(&member.id), 0);
}

#[test]
fn a_check_of_another_portal_is_refused() {
    let (portal, other) = (Portal::start(), Portal::start());
    let id = AccountId::parse(&portal.member().id).unwrap();
    let check = owner(&portal).build().unwrap().check(&id).unwrap();
    let client = owner(&other).build().unwrap();
    let error = client
        .change_method_checked(&check, TfaMethod::None)
        .unwrap_err();
    assert_eq!(
        (error.status(), error.applied()),
        (Status::Argument, Applied::No)
    );
    assert_eq!(changes(&other), 0);
    // Another caller's will do: the link is the account's.
    let admin = docspace_tfa::Credential::api_key(&portal.key_of(&portal.admin())).unwrap();
    let check = Client::builder(&portal.url(), admin)
        .unwrap()
        .trust(docspace_tfa::Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .timeout(Duration::from_secs(20))
        .unwrap()
        .build()
        .unwrap()
        .check(&id)
        .unwrap();
    let client = owner(&portal).build().unwrap();
    let changed = client
        .change_method_checked(&check, TfaMethod::None)
        .unwrap();
    assert_eq!(changed.applied(), Applied::Yes);
}
