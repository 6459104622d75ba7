//! A look before the leap: what would a change do, why not, and what comes
//! next. Nothing is changed by looking.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

#[path = "check/limits.rs"]
mod limits;
mod portal;

use docspace_tfa::{
    AccountId, Applied, Check, Client, Credential, Error, NextSignIn, Reason, TfaMethod, Trust,
};
use portal::{Account, Asks, Method, Portal, Spec};

/// A portal that must be after a check as it was before.
struct Stage {
    portal: Portal,
}

impl Stage {
    fn new(method: Method) -> Self {
        let portal = Portal::builder().method(method).start();
        Self { portal }
    }

    fn client(&self, credential: Credential) -> Client {
        Client::builder(&self.portal.url(), credential)
            .unwrap()
            .trust(Trust::AddedOnly)
            .add_ca_file(self.portal.ca_file())
            .unwrap()
            .build()
            .unwrap()
    }

    /// What the account, by a session, is told about that id.
    fn check(&self, caller: &Account, id: &str) -> Check {
        let token = self.portal.session_of(caller);
        self.ask(Credential::session_token(&token).unwrap(), id)
            .unwrap()
    }

    /// The same by the owner's key.
    fn by_owner(&self, id: &str) -> Check {
        let key = self.portal.key_of(&self.portal.owner());
        self.ask(Credential::api_key(&key).unwrap(), id).unwrap()
    }

    fn ask(&self, credential: Credential, id: &str) -> Result<Check, Error> {
        let before = self.snapshot();
        self.portal.forget_requests();
        let result = self
            .client(credential)
            .check(&AccountId::parse(id).unwrap());
        assert!(self.portal.request_count() <= 4, "at most four reads");
        for request in self.portal.requests() {
            assert_eq!(request.method, "GET", "{}", request.path);
            assert!(!request.path.ends_with("/confirm"), "it would set a cookie");
        }
        assert_eq!(self.snapshot(), before, "nothing is changed");
        result
    }

    fn snapshot(&self) -> String {
        let portal = &self.portal;
        let accounts = [
            portal.owner(),
            portal.admin(),
            portal.member(),
            portal.unlinked(),
            portal.terminated_linked(),
        ];
        let (policy, audit, mails) = (portal.policy(), portal.audit(), portal.mails());
        format!("{accounts:?} {policy:?} {audit:?} {mails:?}")
    }
}

fn assert_says(check: &Check, would_apply: Option<bool>, reason: Reason) {
    let said = (check.would_apply(), check.reason());
    assert_eq!(said, (would_apply, reason), "{}", check.message());
}

#[test]
fn a_linked_member_would_be_unlinked() {
    let stage = Stage::new(Method::App);
    let member = stage.portal.member();
    let check = stage.by_owner(&member.id);
    assert_says(&check, Some(true), Reason::None);
    assert_eq!(check.is_self(), Some(false));
    assert_eq!(check.app_link(), Some(true));
    assert_eq!(check.portal_method(), Some(TfaMethod::App));
    assert_eq!(check.next_sign_in(), NextSignIn::Enrol);
    assert_eq!(check.url_useful(), Some(false), "others get no URL");
    let account = check.account().unwrap();
    assert_eq!(account.id().as_str(), member.id);
    assert_eq!(account.email(), member.email);
    for words in ["would be done", "own method is App", "link an app again"] {
        assert!(check.message().contains(words), "{}", check.message());
    }
    assert_eq!(stage.portal.request_count(), 4);
}

#[test]
fn every_role_is_told_alike() {
    let stage = Stage::new(Method::App);
    let portal = &stage.portal;
    for account in [portal.admin(), portal.room_admin(), portal.guest()] {
        let check = stage.by_owner(&account.id);
        assert_says(&check, Some(true), Reason::None);
    }
}

#[test]
fn what_the_portal_does_not_show_is_said_plainly() {
    let table = [
        (Method::Off, TfaMethod::None, NextSignIn::Nothing),
        (Method::Sms, TfaMethod::Sms, NextSignIn::Sms),
    ];
    for (method, shown, next) in table {
        let stage = Stage::new(method);
        for account in [stage.portal.member(), stage.portal.unlinked()] {
            let check = stage.by_owner(&account.id);
            assert_says(&check, None, Reason::Unknown);
            assert_eq!(check.app_link(), None);
            assert_eq!(check.portal_method(), Some(shown));
            assert_eq!(check.next_sign_in(), next);
            assert_eq!(check.url_useful(), Some(false));
            let message = check.message();
            assert!(message.contains("does not show"), "{message}");
            assert!(message.contains("may be done or refused"), "{message}");
        }
    }
}

#[test]
fn the_next_sign_in_is_what_the_portal_asks_of_each_sort_of_member() {
    let elsewhere = "198.51.100.7".parse().unwrap();
    for method in [Method::App, Method::Sms, Method::Off] {
        let stage = Stage::new(method);
        let portal = &stage.portal;
        for spec in [Spec::user(), Spec::user().ldap(), Spec::user().sso()] {
            let account = portal.add_account(spec.linked());
            let check = stage.by_owner(&account.id);
            let next = check.next_sign_in();
            portal.unlink_quietly(&account.id);
            let asked = match portal.sign_in(&account, elsewhere) {
                Asks::Nothing if next == NextSignIn::Sso => NextSignIn::Sso,
                Asks::Nothing => NextSignIn::Nothing,
                Asks::Enrol => NextSignIn::Enrol,
                Asks::App => NextSignIn::App,
                Asks::Sms => NextSignIn::Sms,
            };
            assert_eq!(next, asked, "{method:?}, {:?}", account.origin);
        }
    }
}

#[test]
fn a_member_of_sso_is_not_told_to_link_an_app() {
    let stage = Stage::new(Method::App);
    let member = stage.portal.add_account(Spec::user().sso().linked());
    let check = stage.by_owner(&member.id);
    assert_says(&check, Some(true), Reason::None);
    assert_eq!(check.next_sign_in(), NextSignIn::Sso);
    assert_eq!(check.account().unwrap().is_sso(), Some(true));
    let message = check.message();
    assert!(message.contains("no second factor"), "{message}");
    assert!(!message.contains("link an app again"), "{message}");
    // Where the change would be refused, it is the same.
    let unlinked = stage.portal.add_account(Spec::user().sso());
    let check = stage.by_owner(&unlinked.id);
    assert_says(&check, Some(false), Reason::NotLinked);
    assert_eq!(check.next_sign_in(), NextSignIn::Sso);
    // What the portal does not say is not taken for no.
    let odd = Spec::user().linked().member("isSSO", "\"no\"");
    let odd = stage.portal.add_account(odd);
    let check = stage.by_owner(&odd.id);
    assert_says(&check, Some(true), Reason::None);
    assert_eq!(check.next_sign_in(), NextSignIn::Unknown);
}

#[test]
fn a_refusal_is_foretold_with_its_reason() {
    let stage = Stage::new(Method::App);
    let portal = &stage.portal;
    let unknown = NextSignIn::Unknown;
    let (unlinked, pending) = (portal.unlinked().id, portal.pending().id);
    let (gone, gone_unlinked) = (
        portal.terminated_linked().id,
        portal.terminated_unlinked().id,
    );
    let table = [
        (&unlinked, Reason::NotLinked, Some(false), NextSignIn::Enrol),
        (&pending, Reason::NotLinked, Some(false), NextSignIn::Enrol),
        // Whoever is terminated does not sign in.
        (&gone, Reason::AccountTerminated, Some(true), unknown),
        (
            &gone_unlinked,
            Reason::AccountTerminated,
            Some(false),
            unknown,
        ),
        (&portal.stranger_id(), Reason::NoSuchAccount, None, unknown),
        (&portal.removed().id, Reason::NoSuchAccount, None, unknown),
    ];
    for (id, reason, link, next) in table {
        let check = stage.by_owner(id);
        assert_says(&check, Some(false), reason);
        assert_eq!((check.app_link(), check.next_sign_in()), (link, next));
        assert_eq!(check.account().is_some(), reason != Reason::NoSuchAccount);
        assert!(check.message().contains("would be refused"));
        assert!(!check.message().contains("next sign-in"));
        // The portal agrees.
        let key = Credential::api_key(&portal.key_of(&portal.owner())).unwrap();
        let client = stage.client(key);
        let id = AccountId::parse(id).unwrap();
        let error = client.change_method(&id, TfaMethod::None).unwrap_err();
        assert_eq!((error.applied(), error.reason()), (Applied::No, reason));
    }
}

#[test]
fn only_the_owner_may_change_others() {
    let stage = Stage::new(Method::App);
    let portal = &stage.portal;
    let member = portal.member();
    let callers = [
        portal.admin(),
        portal.room_admin(),
        portal.member2(),
        portal.guest(),
    ];
    for caller in callers {
        for id in [&member.id, &portal.stranger_id()] {
            let check = stage.check(&caller, id);
            assert_says(&check, Some(false), Reason::NotOwner);
            assert_eq!(check.is_self(), Some(false));
            assert_eq!(check.url_useful(), Some(false));
        }
    }
    // What stays linked is asked for its code; what is not seen is not known.
    let seen = stage.check(&portal.admin(), &member.id);
    assert_eq!(seen.next_sign_in(), NextSignIn::App);
    let unseen = stage.check(&portal.room_admin(), &member.id);
    assert_eq!(unseen.next_sign_in(), NextSignIn::Unknown);
}

#[test]
fn a_member_itself_is_not_shown_its_own_link() {
    let stage = Stage::new(Method::App);
    for account in [stage.portal.member(), stage.portal.unlinked()] {
        let check = stage.check(&account, &account.id);
        assert_says(&check, None, Reason::Unknown);
        assert_eq!((check.is_self(), check.app_link()), (Some(true), None));
        assert_eq!(check.url_useful(), Some(true), "if it is done");
        assert_eq!(check.next_sign_in(), NextSignIn::Enrol);
        assert_eq!(check.account().unwrap().id().as_str(), account.id);
    }
}

#[test]
fn the_returned_url_is_of_use_only_while_the_method_is_the_app() {
    for (method, would_apply, useful) in [
        (Method::App, Some(true), Some(true)),
        (Method::Sms, None, Some(false)),
        (Method::Off, None, Some(false)),
    ] {
        let stage = Stage::new(method);
        let owner = stage.portal.owner();
        let check = stage.by_owner(&owner.id);
        assert_eq!(check.would_apply(), would_apply, "{method:?}");
        assert_eq!(check.is_self(), Some(true));
        assert_eq!(check.url_useful(), useful, "{method:?}");
    }
    let stage = Stage::new(Method::App);
    let owner = stage.portal.owner();
    stage.portal.unlink_quietly(&owner.id);
    let check = stage.by_owner(&owner.id);
    assert_says(&check, Some(false), Reason::NotLinked);
    assert_eq!(check.url_useful(), Some(false), "a refusal has no URL");
}
