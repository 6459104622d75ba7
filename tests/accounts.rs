//! Who is this? Finding one account, by whatever it is called.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

#[path = "accounts/changing.rs"]
mod changing;
#[path = "accounts/listing.rs"]
mod listing;
#[path = "accounts/odd.rs"]
mod odd;
mod portal;

use docspace_tfa::{
    AccountStatus, Applied, Client, ClientBuilder, Credential, Error, Reason, Role, Status, Trust,
};
use portal::{Account, Method, Portal, Spec};

fn builder(portal: &Portal, credential: Credential) -> ClientBuilder {
    Client::builder(&portal.url(), credential)
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
}

fn of(portal: &Portal, account: &Account) -> Client {
    // Guests cannot make keys; a session serves everybody.
    let token = Credential::session_token(&portal.session_of(account)).unwrap();
    builder(portal, token).build().unwrap()
}

fn owner(portal: &Portal) -> Client {
    let key = Credential::api_key(&portal.key_of(&portal.owner())).unwrap();
    builder(portal, key).build().unwrap()
}

fn assert_refused(error: &Error, status: Status, reason: Reason) {
    assert_eq!(
        (error.status(), error.reason()),
        (status, reason),
        "{error}"
    );
    assert_eq!(error.applied(), Applied::No, "{error}");
}

#[test]
fn an_account_is_found_by_all_its_names() {
    let portal = Portal::start();
    let max = portal.add_account(
        Spec::user()
            .linked()
            .named("Max", "Plus")
            .user_name("max.plus")
            .email("max+tfa@portal.example"),
    );
    let client = owner(&portal);
    for who in [
        "max+tfa@portal.example",
        "Max+TFA@Portal.Example",
        "  max+tfa@portal.example ",
        "max.plus",
        "MAX.Plus",
        &max.id,
        &max.id.to_uppercase(),
    ] {
        portal.forget_requests();
        let found = client.find_account(who).unwrap();
        assert_eq!(found.id().as_str(), max.id, "{who}");
        assert_eq!(found.email(), "max+tfa@portal.example");
        assert_eq!(found.user_name(), "max.plus");
        assert_eq!(found.display_name(), "Max Plus");
        assert_eq!(found.status(), AccountStatus::Active);
        assert_eq!(found.role(), Role::User);
        assert_eq!((found.is_owner(), found.app_link()), (false, Some(true)));
        assert_eq!(portal.request_count(), 1, "{who}");
    }
    portal.forget_requests();
    client.find_account("max+tfa@portal.example").unwrap();
    assert_eq!(
        portal.requests()[0].query,
        "email=max%2Btfa%40portal.example"
    );
}

#[test]
fn the_caller_finds_itself() {
    let portal = Portal::start();
    for account in [portal.owner(), portal.member(), portal.guest()] {
        let found = of(&portal, &account).find_account("@self").unwrap();
        assert_eq!(found.id().as_str(), account.id);
    }
}

#[test]
fn nobody_is_not_found() {
    let portal = Portal::start();
    let client = owner(&portal);
    for who in [
        "nobody@portal.example",
        "nobody",
        &portal.stranger_id(),
        &portal.removed().id,
        &portal.removed().email,
        // Ids of nobody, and of somebody in a notation that is none of ours.
        "00000000-0000-0000-0000-000000000000",
        &portal.member().id.replace('-', ""),
        &format!("{{{}}}", portal.member().id),
        // No name may lead to another place.
        "../settings/tfaapp",
        "a/b?c=d#e%2e",
    ] {
        let error = client.find_account(who).unwrap_err();
        assert_refused(&error, Status::NotFound, Reason::NoSuchAccount);
    }
    for request in portal.requests() {
        assert_eq!(request.method, "GET");
        assert!(request.path.starts_with("/api/2.0/people/"), "{request:?}");
        assert_eq!(request.path.matches('/').count(), 4, "{}", request.path);
    }
}

#[test]
fn an_address_that_is_none_is_refused() {
    let portal = Portal::start();
    let client = owner(&portal);
    for who in ["@", "max@", "@portal.example", "max @portal.example"] {
        let error = client.find_account(who).unwrap_err();
        assert_refused(&error, Status::Rejected, Reason::InvalidRequest);
        assert!(error.portal_message().contains("e-mail"), "{error:?}");
    }
    portal.forget_requests();
    let long = "x".repeat(256);
    for who in ["", "  ", "a\r\nb", "a\u{0}", "\u{1b}[2J", long.as_str()] {
        let error = client.find_account(who).unwrap_err();
        assert_refused(&error, Status::Argument, Reason::None);
    }
    assert_eq!(portal.request_count(), 0);
}

#[test]
fn a_user_name_that_is_a_path_is_refused_with_a_way_out() {
    let portal = Portal::start();
    let email = "kim@portal.example";
    let names = [
        "email",
        "Filter",
        "search",
        "files",
        "filesystem",
        "privacyroom",
        "..",
        ".",
    ];
    for name in names {
        portal.add_account(Spec::user().user_name(name));
    }
    let kim = portal.add_account(Spec::user().user_name("theme").email(email));
    let client = owner(&portal);
    for name in names.into_iter().chain(["theme"]) {
        let error = client.find_account(name).unwrap_err();
        assert_refused(&error, Status::Argument, Reason::None);
        assert!(error.message().contains("e-mail address"), "{error}");
    }
    assert_eq!(portal.request_count(), 0);
    for who in [email, &kim.id] {
        let found = client.find_account(who).unwrap();
        assert_eq!(found.user_name(), "theme");
    }
}

#[test]
fn a_user_name_that_is_anothers_id_never_gives_the_wrong_account() {
    let portal = Portal::start();
    let victim = portal.member();
    let impostor = portal.add_account(Spec::user().user_name(&victim.id));
    let client = owner(&portal);
    let error = client.find_account(&victim.id).unwrap_err();
    assert_refused(&error, Status::NotFound, Reason::Unknown);
    assert!(error.message().contains("e-mail address"), "{error}");
    for account in [&victim, &impostor] {
        let found = client.find_account(&account.email).unwrap();
        assert_eq!(found.id().as_str(), account.id);
    }
    // A name of the form of an id that is nobody's: whom it was given to is
    // not whom it names.
    let stranger = portal.stranger_id();
    portal.add_account(Spec::user().user_name(&stranger));
    let error = client.find_account(&stranger).unwrap_err();
    assert_refused(&error, Status::NotFound, Reason::Unknown);
}

#[test]
fn two_of_one_name_are_two() {
    let portal = Portal::start();
    let twins = ["one", "two"]
        .map(|name| portal.add_account(Spec::user().named("Same", "Name").user_name(name)));
    let client = owner(&portal);
    for twin in &twins {
        for who in [&twin.user_name, &twin.email] {
            let found = client.find_account(who).unwrap();
            assert_eq!(found.id().as_str(), twin.id);
            assert_eq!(found.display_name(), "Same Name");
        }
    }
    // What they share is nobody's user name.
    let error = client.find_account("Same Name").unwrap_err();
    assert_refused(&error, Status::NotFound, Reason::NoSuchAccount);
}

#[test]
fn states_and_roles_are_told() {
    let portal = Portal::start();
    let nameless = portal.add_account(Spec::user().without_email());
    let client = owner(&portal);
    let (active, gone) = (AccountStatus::Active, AccountStatus::Terminated);
    let table = [
        (portal.owner(), active, Role::Owner),
        (portal.admin(), active, Role::Admin),
        (portal.room_admin(), active, Role::RoomAdmin),
        (portal.member(), active, Role::User),
        (portal.guest(), active, Role::Guest),
        (portal.pending(), AccountStatus::Pending, Role::User),
        (portal.terminated_linked(), gone, Role::User),
        (portal.terminated_unlinked(), gone, Role::User),
        (nameless, active, Role::User),
    ];
    for (account, status, role) in table {
        let mut names = vec![account.id.clone(), account.user_name.clone()];
        names.extend((!account.email.is_empty()).then(|| account.email.clone()));
        for who in names {
            let found = client.find_account(&who).unwrap();
            assert_eq!(found.id().as_str(), account.id, "{who}");
            assert_eq!((found.status(), found.role()), (status, role), "{who}");
            assert_eq!(found.is_owner(), role == Role::Owner);
            assert_eq!(found.email(), account.email);
            assert_eq!(found.app_link(), Some(account.is_linked()), "{who}");
        }
    }
}

#[test]
fn where_an_account_comes_from_is_told() {
    let portal = Portal::start();
    let table = [
        (portal.member(), false, false),
        (portal.add_account(Spec::user().sso()), true, false),
        (portal.add_account(Spec::user().ldap()), false, true),
    ];
    let client = owner(&portal);
    for (account, sso, ldap) in table {
        let found = client.find_account(&account.id).unwrap();
        assert_eq!((found.is_sso(), found.is_ldap()), (Some(sso), Some(ldap)));
    }
}

#[test]
fn a_link_that_is_not_shown_is_unknown() {
    for (method, shown) in [
        (Method::App, true),
        (Method::Sms, false),
        (Method::Off, false),
    ] {
        let portal = Portal::builder().method(method).start();
        let (linked, unlinked) = (portal.member(), portal.unlinked());
        for caller in [portal.owner(), portal.admin()] {
            let client = of(&portal, &caller);
            for account in [&linked, &unlinked] {
                let link = client.find_account(&account.id).unwrap().app_link();
                assert_eq!(link, shown.then(|| account.is_linked()), "{method:?}");
            }
        }
        let room_admin = of(&portal, &portal.room_admin());
        assert_eq!(
            room_admin.find_account(&linked.id).unwrap().app_link(),
            None
        );
        let own = of(&portal, &linked).find_account("@self").unwrap();
        assert_eq!(own.app_link(), None, "a member never sees its own");
    }
}

#[test]
fn who_may_not_look_is_told_so() {
    let portal = Portal::start();
    let other = portal.member2();
    for caller in [portal.member(), portal.guest()] {
        let client = of(&portal, &caller);
        for who in [&other.id, &other.email, &other.user_name] {
            let error = client.find_account(who).unwrap_err();
            assert_refused(&error, Status::Rejected, Reason::NotAdmin);
        }
    }
    let scopes = ["rooms:write"];
    let key = portal.key_with_scopes(&portal.owner(), &scopes);
    let client = builder(&portal, Credential::api_key(&key).unwrap())
        .build()
        .unwrap();
    for who in [other.email.as_str(), "@self"] {
        let error = client.find_account(who).unwrap_err();
        assert_refused(&error, Status::Forbidden, Reason::MissingScope);
    }
    // This one asks for no scope.
    client.find_account(&other.id).unwrap();
}
