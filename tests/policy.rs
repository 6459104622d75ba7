//! The method of the whole portal: read, and set only on purpose.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

#[path = "policy/both.rs"]
mod both;
#[path = "policy/forgotten.rs"]
mod forgotten;
#[path = "policy/lost.rs"]
mod lost;
mod portal;
#[path = "policy/refused.rs"]
mod refused;
#[path = "policy/trusted.rs"]
mod trusted;

use std::time::Duration;

use docspace_tfa::{AccountId, Client, Credential, Error, GroupId, Policy, TfaMethod, Trust};
use portal::{Account, Dialect, Lists, Method, Portal};

/// A portal, and how often its method may have been asked to change.
struct Stage {
    portal: Portal,
}

impl Stage {
    fn new(method: Method) -> Self {
        Self::of(Dialect::V3_7, method)
    }

    fn of(dialect: Dialect, method: Method) -> Self {
        let portal = Portal::builder().dialect(dialect).method(method).start();
        portal.allow_policy_writes();
        Self { portal }
    }

    /// Lists as an administrator left them.
    fn with_lists(self) -> Self {
        let member = self.portal.member().id;
        self.portal.change_policy(|lists| {
            lists.trusted_ips = vec!["10.0.0.0/8".to_owned(), "192.0.2.7".to_owned()];
            lists.mandatory_users = vec![member.clone()];
            lists.mandatory_groups = vec!["11111111-2222-3333-4444-555555555555".to_owned()];
        });
        self
    }

    fn by(&self, credential: Credential) -> Client {
        Client::builder(&self.portal.url(), credential)
            .unwrap()
            .trust(Trust::AddedOnly)
            .add_ca_file(self.portal.ca_file())
            .unwrap()
            .timeout(Duration::from_secs(4))
            .unwrap()
            .build()
            .unwrap()
    }

    fn key_of(&self, account: &Account) -> Client {
        self.by(Credential::api_key(&self.portal.key_of(account)).unwrap())
    }

    fn session_of(&self, account: &Account) -> Client {
        self.by(Credential::session_token(&self.portal.session_of(account)).unwrap())
    }

    fn owner(&self) -> Client {
        self.key_of(&self.portal.owner())
    }

    /// Reads, sets the method and applies.
    fn set(&self, client: &Client, method: TfaMethod) -> Result<(), Error> {
        let mut policy = client.policy().unwrap();
        policy.set_method(method);
        self.apply(client, &policy)
    }

    /// Applies, and looks that no other change is asked for.
    fn apply(&self, client: &Client, policy: &Policy) -> Result<(), Error> {
        let before = self.writes();
        let result = client.apply_policy(policy, "127.0.0.1");
        assert!(self.writes() <= before + 1, "it is sent once at most");
        for request in self.portal.requests() {
            let is_policy = request.path == "/api/2.0/settings/tfaapp";
            assert!(request.method == "GET" || is_policy, "{request:?}");
        }
        result
    }

    fn writes(&self) -> usize {
        self.portal.count("PUT", "/settings/tfaapp")
    }

    /// The body that was sent last.
    fn body(&self) -> serde_json::Value {
        let requests = self.portal.requests();
        let put = requests.iter().rfind(|request| request.method == "PUT");
        serde_json::from_slice(&put.unwrap().body).unwrap()
    }
}

const DIALECTS: [Dialect; 6] = [
    Dialect::Workspace,
    Dialect::V2_6,
    Dialect::V3_2,
    Dialect::V3_5,
    Dialect::V3_7,
    Dialect::Newer,
];

#[test]
fn every_generation_is_read() {
    for dialect in DIALECTS {
        for (method, shown) in [
            (Method::Off, TfaMethod::None),
            (Method::Sms, TfaMethod::Sms),
            (Method::App, TfaMethod::App),
        ] {
            let stage = Stage::of(dialect, method);
            let is_on = method != Method::Off;
            let stage = if is_on { stage.with_lists() } else { stage };
            // Nobody needs to be anybody to read it.
            for caller in [stage.portal.owner(), stage.portal.guest()] {
                let policy = stage.session_of(&caller).policy().unwrap();
                assert_eq!(policy.method(), Some(shown), "{dialect:?}");
                // Up to 3.6.1 this is spelt in another way.
                assert_eq!(policy.sms_available(), Some(true), "{dialect:?}");
                assert_eq!(policy.app_available(), Some(true), "{dialect:?}");
                let lists = stage.portal.lists();
                assert_eq!(lists.trusted_ips.is_empty(), !is_on);
                assert_eq!(policy.trusted_ips(), lists.trusted_ips);
                assert_eq!(policy.mandatory_users(), lists.mandatory_users);
                assert_eq!(policy.mandatory_groups(), lists.mandatory_groups);
            }
            assert_eq!(stage.writes(), 0);
        }
    }
}

#[test]
fn what_is_not_there_is_not_available() {
    let stage = Stage::new(Method::Sms);
    stage.portal.set_sms_provider(false);
    let policy = stage.owner().policy().unwrap();
    assert_eq!(policy.sms_available(), Some(false));
    assert_eq!(policy.app_available(), Some(true));
    stage.portal.set_app_hidden(true);
    let policy = stage.owner().policy().unwrap();
    assert_eq!(policy.app_available(), None, "not shown is not no");
    assert_eq!(policy.method(), Some(TfaMethod::Sms));
}

#[test]
fn setting_keeps_what_was_read() {
    for dialect in DIALECTS {
        let stage = Stage::of(dialect, Method::Sms).with_lists();
        let before = stage.portal.lists();
        let client = stage.session_of(&stage.portal.owner());
        stage.set(&client, TfaMethod::App).unwrap();
        let policy = stage.portal.policy();
        assert_eq!(policy.app.lists(), Some(&before), "{dialect:?}");
        assert!(!policy.sms.is_on());
        let expected = serde_json::json!({
            "type": "App",
            "id": stage.portal.owner().id,
            "trustedIps": before.trusted_ips,
            "mandatoryUsers": before.mandatory_users,
            "mandatoryGroups": before.mandatory_groups,
        });
        assert_eq!(stage.body(), expected);
        assert_eq!(stage.writes(), 1);
    }
}

#[test]
fn what_was_set_is_what_is_sent() {
    let stage = Stage::new(Method::App).with_lists();
    let client = stage.owner();
    let (admin, group) = (
        AccountId::parse(&stage.portal.admin().id).unwrap(),
        GroupId::parse("AAAAAAAA-2222-3333-4444-555555555555").unwrap(),
    );
    let mut policy = client.policy().unwrap();
    policy.clear_trusted_ips();
    policy.add_trusted_ip(" 2001:db8::/32 ").unwrap();
    policy.clear_mandatory_users();
    policy.add_mandatory_user(&admin);
    policy.clear_mandatory_groups();
    policy.add_mandatory_group(&group);
    policy.set_method(TfaMethod::Sms);
    assert_eq!(policy.method(), Some(TfaMethod::Sms));
    assert_eq!(stage.portal.method(), Method::App, "nothing is sent yet");
    stage.apply(&client, &policy).unwrap();
    let now = stage.portal.lists();
    assert_eq!(stage.portal.method(), Method::Sms);
    assert_eq!(now.trusted_ips, ["2001:db8::/32"]);
    assert_eq!(now.mandatory_users, [admin.to_string()]);
    assert_eq!(
        now.mandatory_groups,
        ["aaaaaaaa-2222-3333-4444-555555555555"]
    );
    let read = client.policy().unwrap();
    assert_eq!(read.trusted_ips(), policy.trusted_ips());
}

#[test]
fn long_lists_are_sent_whole() {
    let stage = Stage::new(Method::App).with_lists();
    let mut policy = stage.owner().policy().unwrap();
    policy.set_method(TfaMethod::App);
    for number in 0..2000 {
        let id = format!("aae1e103-bca5-9fa1-ba8c-{number:012}");
        policy.add_mandatory_user(&AccountId::parse(&id).unwrap());
    }
    stage.apply(&stage.owner(), &policy).unwrap();
    let sent = stage.body();
    assert_eq!(sent["mandatoryUsers"].as_array().unwrap().len(), 2001);
}

/// Bodies that end just before, at and behind the border of a buffer, one after
/// another on one connection.
#[test]
fn bodies_of_any_length_are_sent_whole() {
    let stage = Stage::new(Method::App).with_lists();
    let client = stage.owner();
    for users in [202, 203, 204] {
        for longer in 0..=40 {
            let mut policy = client.policy().unwrap();
            policy.clear_trusted_ips();
            policy.clear_mandatory_users();
            policy.set_method(TfaMethod::App);
            for part in 0..5 {
                // 7 to 15 characters: each of four numbers has up to two more.
                let mut more = (longer - 8 * part).clamp(0, 8);
                let mut numbers = [1, 1, 1, 1];
                for number in &mut numbers {
                    *number = [1, 11, 111][usize::try_from(more.min(2)).unwrap()];
                    more -= more.min(2);
                }
                let rule = numbers.map(|number: u8| number.to_string()).join(".");
                policy.add_trusted_ip(&rule).unwrap();
            }
            for number in 0..users {
                let id = format!("aae1e103-bca5-9fa1-ba8c-{number:012}");
                policy.add_mandatory_user(&AccountId::parse(&id).unwrap());
            }
            stage.apply(&client, &policy).unwrap();
            let sent = stage.body();
            assert_eq!(sent["trustedIps"].as_array().unwrap().len(), 5);
            assert_eq!(sent["mandatoryUsers"].as_array().unwrap().len(), users);
        }
    }
}

#[test]
fn switching_off_succeeds_although_the_answer_is_false() {
    for caller in [0, 1] {
        let stage = Stage::new(Method::App).with_lists();
        let account = [stage.portal.owner(), stage.portal.admin()][caller].clone();
        let client = stage.key_of(&account);
        stage.set(&client, TfaMethod::None).unwrap();
        assert_eq!(stage.portal.method(), Method::Off);
        assert_eq!(stage.body()["type"], "None");
        assert_eq!(stage.body()["id"], account.id);
        // Links survive: nobody is unlinked by this. Lists do not.
        assert_eq!(stage.portal.lists(), Lists::default());
        assert!(stage.portal.is_linked(&stage.portal.member().id));
    }
}

#[test]
fn the_same_again_is_a_success() {
    let stage = Stage::new(Method::App).with_lists();
    stage.set(&stage.owner(), TfaMethod::App).unwrap();
    assert_eq!((stage.portal.method(), stage.writes()), (Method::App, 1));
}

#[test]
fn a_session_that_ends_with_the_change_is_no_failure() {
    let stage = Stage::new(Method::Off);
    let owner = stage.portal.owner();
    let token = stage.portal.session_of(&owner);
    let client = stage.by(Credential::session_token(&token).unwrap());
    stage.set(&client, TfaMethod::App).unwrap();
    assert_eq!(stage.portal.method(), Method::App);
    assert!(!stage.portal.session_is_alive(&token));
}

#[test]
fn an_owner_that_is_mandatory_is_no_obstacle() {
    for admin in [false, true] {
        let stage = Stage::new(Method::Sms);
        let owner = stage.portal.owner();
        stage
            .portal
            .change_policy(|lists| lists.mandatory_users = vec![owner.id.clone()]);
        let account = if admin { stage.portal.admin() } else { owner };
        let client = stage.key_of(&account);
        stage.set(&client, TfaMethod::App).unwrap();
        assert_eq!(stage.body()["id"], account.id, "the caller's own");
        assert_eq!(stage.portal.method(), Method::App);
    }
}

#[test]
fn the_host_may_be_written_in_several_ways() {
    let stage = Stage::new(Method::App);
    let port = stage.portal.port();
    let key = stage.portal.key_of(&stage.portal.owner());
    let client = Client::builder(
        &stage.portal.url_by_name(),
        Credential::api_key(&key).unwrap(),
    )
    .unwrap()
    .trust(Trust::AddedOnly)
    .add_ca_file(stage.portal.ca_file())
    .unwrap()
    .build()
    .unwrap();
    for host in ["localhost", "LocalHost", &format!("LOCALHOST:{port}")] {
        let mut policy = client.policy().unwrap();
        policy.set_method(TfaMethod::App);
        client.apply_policy(&policy, host).unwrap();
    }
    assert_eq!(stage.writes(), 3);
}
