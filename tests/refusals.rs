//! Why the portal said no: every refusal there is, in every generation of
//! portals and in three languages. Run with `--nocapture` for the table.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;

use docspace_tfa::{
    AccountId, Applied, Client, Credential, Error, Reason, Status, TfaMethod, Trust,
};
use portal::{Account, Dialect, Fault, Language, LimiterConfig, Method, Portal};

/// Who calls.
#[derive(Clone, Copy)]
enum As {
    Owner,
    Admin,
    RoomAdmin,
    User,
    Guest,
    /// A key of the owner with these scopes.
    Scopes(&'static [&'static str]),
    Grant,
    BadKey,
}

/// Whose account.
#[derive(Clone, Copy)]
enum For {
    Member,
    Unlinked,
    Pending,
    TerminatedLinked,
    TerminatedUnlinked,
    Removed,
    Stranger,
    Caller,
}

/// What is the matter with the portal.
#[derive(Clone, Copy)]
enum With {
    Nothing,
    HiddenApp,
    Unpaid,
    Suspended,
    Maintenance,
    IpRestricted,
    Limiter,
}

struct Row {
    name: &'static str,
    caller: As,
    target: For,
    with: With,
    /// 3.5 to 3.7.2 and newer.
    reason: Reason,
    /// Before 3.5, where a refusal looks like a failure of the server.
    before: Reason,
}

const fn row(name: &'static str, caller: As, target: For, with: With, reason: Reason) -> Row {
    Row {
        name,
        caller,
        target,
        with,
        reason,
        before: reason,
    }
}

/// The same, but old portals do not let the reason be told.
const fn untold(row: Row) -> Row {
    Row {
        before: Reason::Unknown,
        ..row
    }
}

const ROWS: [Row; 22] = [
    untold(row(
        "self, not linked",
        As::User,
        For::Caller,
        With::Nothing,
        Reason::NotLinked,
    )),
    untold(row(
        "owner itself, not linked",
        As::Owner,
        For::Caller,
        With::Nothing,
        Reason::NotLinked,
    )),
    untold(row(
        "member not linked",
        As::Owner,
        For::Unlinked,
        With::Nothing,
        Reason::NotLinked,
    )),
    untold(row(
        "invitee pending",
        As::Owner,
        For::Pending,
        With::Nothing,
        Reason::NotLinked,
    )),
    row(
        "terminated, linked",
        As::Owner,
        For::TerminatedLinked,
        With::Nothing,
        Reason::AccountTerminated,
    ),
    // Old portals say that nothing is linked before they look at the state.
    untold(row(
        "terminated, unlinked",
        As::Owner,
        For::TerminatedUnlinked,
        With::Nothing,
        Reason::AccountTerminated,
    )),
    row(
        "removed account",
        As::Owner,
        For::Removed,
        With::Nothing,
        Reason::NoSuchAccount,
    ),
    row(
        "unknown id",
        As::Owner,
        For::Stranger,
        With::Nothing,
        Reason::NoSuchAccount,
    ),
    row(
        "admin for another",
        As::Admin,
        For::Member,
        With::Nothing,
        Reason::NotOwner,
    ),
    row(
        "admin for nobody",
        As::Admin,
        For::Stranger,
        With::Nothing,
        Reason::NotOwner,
    ),
    row(
        "room admin for another",
        As::RoomAdmin,
        For::Member,
        With::Nothing,
        Reason::NotOwner,
    ),
    row(
        "user for another",
        As::User,
        For::Member,
        With::Nothing,
        Reason::NotOwner,
    ),
    row(
        "guest for another",
        As::Guest,
        For::Member,
        With::Nothing,
        Reason::NotOwner,
    ),
    row(
        "app section hidden",
        As::Owner,
        For::Member,
        With::HiddenApp,
        Reason::HiddenByPortal,
    ),
    row(
        "key without *:write",
        As::Scopes(&["accounts:write"]),
        For::Member,
        With::Nothing,
        Reason::MissingScope,
    ),
    row(
        "OAuth 2 token",
        As::Grant,
        For::Member,
        With::Nothing,
        Reason::MissingScope,
    ),
    row(
        "bad key",
        As::BadKey,
        For::Member,
        With::Nothing,
        Reason::BadCredential,
    ),
    row(
        "address not admitted",
        As::Admin,
        For::Member,
        With::IpRestricted,
        Reason::IpRestricted,
    ),
    row(
        "portal unpaid",
        As::Owner,
        For::Member,
        With::Unpaid,
        Reason::Unpaid,
    ),
    row(
        "portal suspended",
        As::Owner,
        For::Member,
        With::Suspended,
        Reason::PortalNotFound,
    ),
    row(
        "portal being restored",
        As::Owner,
        For::Member,
        With::Maintenance,
        Reason::Maintenance,
    ),
    row(
        "limit reached",
        As::Owner,
        For::Member,
        With::Limiter,
        Reason::RateLimited,
    ),
];

struct Stage {
    portal: Portal,
    target: AccountId,
    client: Client,
}

fn set(row: &Row, dialect: Dialect, language: Language, explain: bool) -> Stage {
    let mut builder = Portal::builder()
        .dialect(dialect)
        .language(language)
        .method(Method::App);
    if matches!(row.with, With::Limiter) {
        builder = builder.limiter(LimiterConfig {
            per_window: 0,
            ..LimiterConfig::default()
        });
    }
    let portal = builder.start();
    match row.with {
        With::Nothing | With::Limiter => {}
        With::HiddenApp => portal.set_app_hidden(true),
        With::Unpaid => portal.set_fault(Fault::Unpaid),
        With::Suspended => portal.set_fault(Fault::Suspended),
        With::Maintenance => portal.set_fault(Fault::Maintenance),
        With::IpRestricted => portal.set_fault(Fault::IpRestricted),
    }
    let caller: Account = match row.caller {
        As::Owner | As::Scopes(_) | As::Grant | As::BadKey => portal.owner(),
        As::Admin => portal.admin(),
        As::RoomAdmin => portal.room_admin(),
        // The seeded user may be linked; an unlinked one acts on itself.
        As::User => portal.unlinked(),
        As::Guest => portal.guest(),
    };
    let credential = match row.caller {
        As::Scopes(scopes) => Credential::api_key(&portal.key_with_scopes(&caller, scopes)),
        As::Grant => Credential::session_token(&portal.grant_of(&caller, &["accounts:write"])),
        As::BadKey => Credential::api_key(&format!("sk-{}", "0".repeat(64))),
        // Guests cannot make keys.
        As::Guest => Credential::session_token(&portal.session_of(&caller)),
        _ => Credential::api_key(&portal.key_of(&caller)),
    };
    let target = match row.target {
        For::Member => portal.member().id,
        For::Unlinked => portal.unlinked().id,
        For::Pending => portal.pending().id,
        For::TerminatedLinked => portal.terminated_linked().id,
        For::TerminatedUnlinked => portal.terminated_unlinked().id,
        For::Removed => portal.removed().id,
        For::Stranger => portal.stranger_id(),
        For::Caller => {
            portal.unlink_quietly(&caller.id);
            caller.id
        }
    };
    let client = Client::builder(&portal.url(), credential.unwrap())
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
        .timeout(std::time::Duration::from_secs(8))
        .unwrap()
        .max_attempts(1)
        .unwrap()
        .explain(explain)
        .build()
        .unwrap();
    Stage {
        portal,
        target: AccountId::parse(&target).unwrap(),
        client,
    }
}

impl Stage {
    fn refusal(&self) -> Error {
        self.client
            .change_method(&self.target, TfaMethod::None)
            .unwrap_err()
    }
}

const DIALECTS: [Dialect; 4] = [Dialect::V3_2, Dialect::V3_5, Dialect::V3_7, Dialect::Newer];
const LANGUAGES: [Language; 3] = [Language::English, Language::Russian, Language::Chinese];

#[test]
fn every_refusal_has_its_reason() {
    println!(
        "{:26} {:6} {:8} {:18} {:6} requests",
        "refusal", "portal", "language", "reason", "applied"
    );
    for row in &ROWS {
        for dialect in DIALECTS {
            for language in LANGUAGES {
                let stage = set(row, dialect, language, true);
                let error = stage.refusal();
                let requests = stage.portal.request_count();
                let what = format!("{:26} {dialect:?} {language:?}", row.name);
                println!(
                    "{what} {:?} {:?} {requests}",
                    error.reason(),
                    error.applied()
                );

                let old = dialect < Dialect::V3_5;
                let expected = if old { row.before } else { row.reason };
                assert_eq!(error.reason(), expected, "{what}: {error:?}");
                // An old portal that says "not linked" as if it had failed
                // cannot be told from one that failed after doing it.
                let unsure = old && row.before != row.reason;
                let applied = if unsure { Applied::Maybe } else { Applied::No };
                assert_eq!(error.applied(), applied, "{what}: {error:?}");
                if unsure {
                    assert_ne!(error.app_link(), Some(true), "{what}");
                }
                assert!(requests <= 1 + 4 + 3, "{what}: {requests} requests");
                assert!(!old || error.status() != Status::Internal);
                let changes = stage.portal.count("PUT", "/settings/tfaappnewapp");
                assert_eq!(changes, 1, "{what}: the change is sent once");
                assert_eq!(stage.portal.count("PUT", "/settings/tfaapp"), 0);
            }
        }
    }
}

#[test]
fn without_explaining_a_refusal_is_one_request() {
    for row in &ROWS {
        for dialect in [Dialect::V3_5, Dialect::V3_7, Dialect::Newer] {
            let stage = set(row, dialect, Language::English, false);
            let error = stage.refusal();
            assert_eq!(stage.portal.request_count(), 1, "{}: {error:?}", row.name);
            assert_eq!(error.applied(), Applied::No, "{}", row.name);
        }
    }
}

#[test]
fn explaining_never_changes_status_or_outcome() {
    for row in &ROWS {
        let plain = set(row, Dialect::V3_7, Language::English, false).refusal();
        let explained = set(row, Dialect::V3_7, Language::English, true).refusal();
        assert_eq!(plain.status(), explained.status(), "{}", row.name);
        assert_eq!(plain.applied(), explained.applied(), "{}", row.name);
        assert_eq!(plain.http_status(), explained.http_status(), "{}", row.name);
    }
}

/// Trusted addresses would weaken the second factor; what keeps this one out is
/// another list.
#[test]
fn messages_send_to_the_right_place() {
    let restricted = ROWS.iter().find(|row| row.reason == Reason::IpRestricted);
    let error = set(restricted.unwrap(), Dialect::V3_7, Language::English, true).refusal();
    assert!(error.message().contains("IP Security"), "{error}");
    assert!(!error.message().contains("trusted"), "{error}");

    let limited = Portal::start();
    let wait = portal::Reply::empty(429).with("Retry-After", "77");
    limited.set_fault(Fault::Answer(wait));
    let key = Credential::api_key(&limited.key_of(&limited.owner())).unwrap();
    let error = Client::builder(&limited.url(), key)
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(limited.ca_file())
        .unwrap()
        .max_attempts(1)
        .unwrap()
        .build()
        .unwrap()
        .change_method(
            &AccountId::parse(&limited.member().id).unwrap(),
            TfaMethod::None,
        )
        .unwrap_err();
    assert!(error.message().contains("asks to wait 77 s"), "{error}");
}

#[test]
fn the_portals_own_words_are_kept_in_its_language() {
    let words = |language| {
        let error = set(&ROWS[2], Dialect::V3_7, language, true).refusal();
        error.portal_message().to_owned()
    };
    assert!(words(Language::English).contains("not available"));
    assert!(words(Language::Russian).contains("недоступны"));
    assert!(words(Language::Chinese).contains("不可用"));
}
