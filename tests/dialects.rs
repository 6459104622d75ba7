//! One library, every generation of portals: what is read, changed, foretold
//! and set is right without knowing the version. Run with `--nocapture` for
//! the table.
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
    AccountFilter, AccountId, AccountStatus, Applied, Change, Client, ClientBuilder, Credential,
    Error, Reason, Role, Status, TfaMethod, Trust,
};
use portal::{Account, Dialect, Method, Portal};

/// What differs from one generation to the next, as a caller sees it.
struct Row {
    dialect: Dialect,
    /// API keys and links are there from 3.1 on.
    has_keys: bool,
    shows_links: bool,
    /// Before 3.2 a terminated account is unlinked like any other.
    unlinks_terminated: bool,
    /// Administrators unlink others, as only the owner does later.
    admins_unlink: bool,
    /// Refusals look like failures of the server before 3.5.
    fails_to_refuse: bool,
    /// HTTP status of "not linked" and of "terminated".
    not_linked: u16,
    terminated: u16,
    /// What the returned URL carries.
    url: &'static str,
}

const fn row(dialect: Dialect, not_linked: u16, terminated: u16, url: &'static str) -> Row {
    Row {
        dialect,
        has_keys: true,
        shows_links: true,
        unlinks_terminated: false,
        admins_unlink: false,
        fails_to_refuse: false,
        not_linked,
        terminated,
        url,
    }
}

const fn old(row: Row) -> Row {
    Row {
        has_keys: false,
        shows_links: false,
        unlinks_terminated: true,
        fails_to_refuse: true,
        ..row
    }
}

const fn oldest(row: Row) -> Row {
    Row {
        admins_unlink: true,
        ..old(row)
    }
}

const ROWS: [Row; 7] = [
    oldest(row(Dialect::Workspace, 500, 200, "&key=")),
    oldest(row(Dialect::V1_0, 500, 200, "&key=")),
    old(row(Dialect::V2_6, 500, 200, "&email=")),
    Row {
        fails_to_refuse: true,
        ..row(Dialect::V3_2, 500, 415, "&email=")
    },
    row(Dialect::V3_5, 403, 403, "&uid="),
    row(Dialect::V3_7, 403, 403, "&uid="),
    row(Dialect::Newer, 405, 403, "&uid="),
];

struct Stage {
    row: &'static Row,
    portal: Portal,
}

fn stages(method: Method) -> impl Iterator<Item = Stage> {
    ROWS.iter().map(move |row| {
        let builder = Portal::builder().dialect(row.dialect).method(method);
        let portal = builder.start();
        Stage { row, portal }
    })
}

impl Stage {
    fn builder(&self, account: &Account) -> ClientBuilder {
        let credential = if self.row.has_keys {
            Credential::api_key(&self.portal.key_of(account))
        } else {
            Credential::session_token(&self.portal.session_of(account))
        };
        Client::builder(&self.portal.url(), credential.unwrap())
            .unwrap()
            .trust(Trust::AddedOnly)
            .add_ca_file(self.portal.ca_file())
            .unwrap()
            .timeout(std::time::Duration::from_secs(8))
            .unwrap()
    }

    fn of(&self, account: &Account) -> Client {
        self.builder(account).build().unwrap()
    }

    fn change(&self, account: &Account) -> Result<Change, Error> {
        let owner = self.of(&self.portal.owner());
        owner.change_method(&id_of(account), TfaMethod::Sms)
    }
}

fn id_of(account: &Account) -> AccountId {
    AccountId::parse(&account.id).unwrap()
}

#[test]
fn the_table() {
    println!("portal     not linked  terminated  links shown  URL carries");
    for Row {
        dialect,
        not_linked,
        terminated,
        shows_links,
        url,
        ..
    } in &ROWS
    {
        let dialect = format!("{dialect:?}");
        println!("{dialect:10} {not_linked:10}  {terminated:10}  {shows_links:11}  {url}");
    }
}

#[test]
fn a_change_is_one_request_everywhere() {
    for method in [Method::App, Method::Sms, Method::Off] {
        for stage in stages(method) {
            let member = stage.portal.member();
            let change = stage.change(&member).unwrap();
            assert_eq!(change.applied(), Applied::Yes);
            assert_eq!(change.is_self(), Some(false), "{:?}", stage.row.dialect);
            assert!(change.login_url().is_none());
            assert_eq!(stage.portal.request_count(), 1);
            assert_eq!(stage.portal.times_unlinked(&member.id), 1);
            assert_eq!(stage.portal.method(), method, "the portal's own stays");
        }
    }
}

#[test]
fn the_own_change_returns_a_url_of_that_generation() {
    for stage in stages(Method::App) {
        let owner = stage.portal.owner();
        let change = stage.change(&owner).unwrap();
        assert_eq!(change.is_self(), Some(true));
        let url = change.login_url().unwrap().expose();
        assert!(url.contains(stage.row.url), "{url}");
        assert!(change.same_origin(), "{url}");
        // The oldest URL is a credential by itself: it is never shown.
        assert!(!format!("{change:?}").contains(stage.row.url));
    }
}

#[test]
fn a_refusal_is_never_taken_for_done() {
    for stage in stages(Method::App) {
        let row = stage.row;
        let error = stage.change(&stage.portal.unlinked()).unwrap_err();
        assert_eq!(error.http_status(), Some(row.not_linked));
        if row.fails_to_refuse {
            // Whether it failed before or after cannot be told.
            assert_eq!(error.applied(), Applied::Maybe, "{:?}", row.dialect);
            assert_eq!(error.status(), Status::Server);
            assert_ne!(error.app_link(), Some(true));
        } else {
            assert_eq!(error.applied(), Applied::No, "{:?}", row.dialect);
            assert_eq!(error.reason(), Reason::NotLinked);
        }
    }
}

#[test]
fn the_terminated_are_left_to_the_portal() {
    for stage in stages(Method::App) {
        let gone = stage.portal.terminated_linked();
        let result = stage.change(&gone);
        let was_done = !stage.portal.is_linked(&gone.id);
        assert_eq!(was_done, stage.row.unlinks_terminated);
        match result {
            Ok(change) => assert!(was_done && change.applied() == Applied::Yes),
            Err(error) => {
                assert_eq!(error.http_status(), Some(stage.row.terminated));
                assert_eq!(error.reason(), Reason::AccountTerminated);
                assert_eq!(error.applied(), Applied::No);
            }
        }
    }
}

#[test]
fn who_is_not_the_owner_is_refused_but_by_the_oldest() {
    for stage in stages(Method::App) {
        let member = stage.portal.member();
        let admin = stage.of(&stage.portal.admin());
        let result = admin.change_method(&id_of(&member), TfaMethod::None);
        if stage.row.admins_unlink {
            assert_eq!(result.unwrap().applied(), Applied::Yes);
            continue;
        }
        let error = result.unwrap_err();
        assert_eq!(error.status(), Status::Rejected, "{:?}", stage.row.dialect);
        assert_eq!(error.reason(), Reason::NotOwner);
        assert_eq!(error.applied(), Applied::No);
        assert!(stage.portal.is_linked(&member.id));
    }
}

#[test]
fn a_check_foretells_what_a_change_then_does() {
    for method in [Method::App, Method::Sms, Method::Off] {
        for stage in stages(method) {
            let portal = &stage.portal;
            let what = format!("{:?} {method:?}", stage.row.dialect);
            let accounts = [
                portal.member(),
                portal.unlinked(),
                portal.pending(),
                portal.terminated_linked(),
                portal.terminated_unlinked(),
                portal.owner(),
            ];
            for account in accounts {
                // While the method is not the app, nothing tells the oldest
                // portals from the others: a check speaks for the others.
                let unsure = stage.row.unlinks_terminated && method != Method::App;
                let owner = stage.of(&portal.owner());
                let check = owner.check(&id_of(&account)).unwrap();
                let link = check.app_link();
                let shown = stage.row.shows_links && method == Method::App;
                assert_eq!(link, shown.then(|| account.is_linked()), "{what}");
                let done = stage.change(&account).is_ok();
                match check.would_apply() {
                    Some(foretold) if !unsure => assert_eq!(foretold, done, "{what}"),
                    _ => assert!(unsure || link.is_none(), "{what}"),
                }
                if shown {
                    assert!(check.would_apply().is_some(), "{what}");
                }
            }
            assert_eq!(portal.count("PUT", "/settings/tfaapp"), 0);
        }
    }
}

#[test]
fn accounts_are_found_and_listed() {
    for stage in stages(Method::App) {
        let owner = stage.of(&stage.portal.owner());
        let member = stage.portal.member();
        for who in [&member.id, &member.email, &member.user_name] {
            let found = owner.find_account(who).unwrap();
            assert_eq!(found.id().as_str(), member.id, "{:?}", stage.row.dialect);
            assert_eq!(found.app_link(), stage.row.shows_links.then_some(true));
        }
        let error = owner.find_account("no@body.example").unwrap_err();
        assert_eq!(error.reason(), Reason::NoSuchAccount);
        // Binding problems wear the numbers of a success before 3.5.
        let error = owner.find_account("no@").unwrap_err();
        assert_eq!(error.reason(), Reason::InvalidRequest);
        let filter = AccountFilter::all()
            .role(Role::User)
            .status(AccountStatus::Terminated);
        assert_eq!(owner.accounts(filter).unwrap().count(), 2);
    }
}

#[test]
fn the_portals_method_is_set_everywhere() {
    for stage in stages(Method::App) {
        stage.portal.allow_policy_writes();
        for (method, now) in [
            (TfaMethod::Sms, Method::Sms),
            (TfaMethod::None, Method::Off),
            (TfaMethod::App, Method::App),
        ] {
            // A session ends with every change.
            let owner = stage.of(&stage.portal.owner());
            let mut policy = owner.policy().unwrap();
            assert_eq!(policy.sms_available(), Some(true));
            policy.set_method(method);
            owner.apply_policy(&policy, "127.0.0.1").unwrap();
            assert_eq!(stage.portal.method(), now, "{:?}", stage.row.dialect);
        }
    }
}

#[test]
fn reading_back_works_where_links_are_shown() {
    for stage in stages(Method::App) {
        let owner = stage.builder(&stage.portal.owner()).verify(true).build();
        let change = owner
            .unwrap()
            .change_method(&id_of(&stage.portal.member()), TfaMethod::App)
            .unwrap();
        let row = stage.row;
        assert_eq!(change.verified(), row.shows_links, "{:?}", row.dialect);
        assert_eq!(change.applied(), Applied::Yes);
    }
}
