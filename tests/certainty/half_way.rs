//! An unlink is several steps: one that stops half-way is never called refused
//! or done.

use std::time::Duration;

use docspace_tfa::{Applied, Status};

use crate::portal::{Dialect, Failure, Fault, Portal, Step};
use crate::support::{change, changes, owner};

/// Every exception that a later step may throw, by how it is answered.
const THROWN: [&str; 10] = [
    "System.NullReferenceException",
    "System.TimeoutException",
    "System.ObjectDisposedException",
    "System.Threading.Channels.ChannelClosedException",
    "System.ArgumentException",
    "ASC.Core.Common.ItemNotFoundException",
    "ASC.Core.Billing.BillingException",
    "System.NotSupportedException",
    "System.Security.Authentication.AuthenticationException",
    "System.UnauthorizedAccessException",
];

#[test]
fn a_change_that_stopped_after_the_app_was_unlinked_is_not_refused() {
    for kind in THROWN {
        for step in [Step::LinkWiped, Step::AuditQueued, Step::WebsocketTold] {
            let portal = Portal::start();
            let member = portal.member();
            let session = portal.session_of(&member);
            portal.set_fault(Fault::UnlinkStopsAfter(step, Failure::thrown(kind)));
            let result = change(owner(&portal), &member);
            let (applied, message) = match &result {
                Ok(changed) => {
                    assert_eq!(changed.sessions_ended(), None, "{kind}");
                    assert!(changed.verified(), "{kind}");
                    (changed.applied(), changed.message())
                }
                Err(error) => {
                    assert_eq!(error.app_link(), Some(false), "{kind}");
                    assert!(!error.is_retryable(), "{kind}");
                    (error.applied(), error.message())
                }
            };
            assert_eq!(applied, Applied::Maybe, "{kind} after {step:?}: {message}");
            assert!(message.contains("end them"), "{kind}: {message}");
            assert!(
                !message.contains("Nothing was changed"),
                "{kind}: {message}"
            );
            assert!(!portal.is_linked(&member.id));
            assert!(
                portal.session_is_alive(&session),
                "a laptop stays signed in"
            );
            assert_eq!(changes(&portal), 1);
        }
    }
}

#[test]
fn a_change_that_failed_before_it_began_is_not_refused_either() {
    for kind in THROWN {
        let portal = Portal::start();
        let member = portal.member();
        portal.set_fault(Fault::UnlinkStopsAfter(
            Step::Allowed,
            Failure::thrown(kind),
        ));
        let builder = owner(&portal).timeout(Duration::from_secs(3)).unwrap();
        let error = change(builder, &member).unwrap_err();
        assert_eq!(error.applied(), Applied::Maybe, "{kind}: {error:?}");
        assert_eq!(error.app_link(), Some(true), "{kind}");
        assert!(error.look_again().is_some(), "{kind}");
    }
}

/// The portal says what it did only where it is of a kind that does it.
#[test]
fn sessions_are_known_to_be_ended_only_by_the_portals_word() {
    let table = [
        (Dialect::V3_7, Some(true)),
        (Dialect::V3_2, Some(true)),
        (Dialect::Workspace, None),
    ];
    for (dialect, ended) in table {
        let portal = Portal::builder().dialect(dialect).start();
        let member = portal.member();
        let session = portal.session_of(&member);
        let credential =
            docspace_tfa::Credential::session_token(&portal.session_of(&portal.owner())).unwrap();
        let builder = docspace_tfa::Client::builder(&portal.url(), credential)
            .unwrap()
            .trust(docspace_tfa::Trust::AddedOnly)
            .add_ca_file(portal.ca_file())
            .unwrap();
        let changed = change(builder, &member).unwrap();
        assert_eq!(changed.applied(), Applied::Yes, "{dialect:?}");
        assert_eq!(changed.sessions_ended(), ended, "{dialect:?}");
        assert_eq!(
            portal.session_is_alive(&session),
            ended.is_none(),
            "{dialect:?}"
        );
        let says_so = changed.message().contains("end them");
        assert_eq!(says_so, ended.is_none(), "{}", changed.message());
    }
}

/// A host that leads to no portal answers keys with a crash, whatever is asked.
#[test]
fn a_host_without_a_portal_is_no_old_refusal() {
    let portal = Portal::start();
    portal.set_fault(Fault::NoPortal);
    let builder = owner(&portal).timeout(Duration::from_secs(3)).unwrap();
    let error = change(builder, &portal.member()).unwrap_err();
    assert_eq!(
        (error.status(), error.reason(), error.applied()),
        (
            Status::NotFound,
            docspace_tfa::Reason::PortalNotFound,
            Applied::Maybe
        )
    );
}
