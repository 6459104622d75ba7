//! Each command, in words and as JSON.

use crate::UNLINK;
use crate::portal::{Fault, Method, Portal, Spec};
use crate::tool::Tool;

#[test]
fn whoami_and_find_show_an_account() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let owner = portal.owner();
    tool.run(&["whoami"]).with(0).says(&owner.id).says("owner");
    let object = tool.run(&["whoami", "--json"]).with(0).object();
    assert_eq!(object["id"], owner.id);
    assert_eq!(object["is_owner"], true);

    let member = portal.member();
    for who in [&member.id, &member.email, &member.user_name] {
        let found = tool.run(&["find", who]).with(0);
        assert_eq!(found.err, "", "results go to standard output alone");
        found.says("Max Member").says("app linked: yes");
    }
    let object = tool.run(&["--json", "find", "nobody@portal.example"]);
    let object = object.with(1).object();
    assert_eq!(object["reason"], "NO_SUCH_ACCOUNT");
}

#[test]
fn verbose_tells_what_goes_on_and_no_secret() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let ended = tool.run(&["whoami", "-v"]).with(0).complains("200");
    assert!(!ended.err.contains(&tool.key), "{ended:?}");
    tool.list(format!("{}\n", portal.member().id));
    tool.run(&["bulk", "-vy", "list"]).with(0).complains("200");
}

#[test]
fn list_shows_one_account_on_a_line() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let all = tool.run(&["list"]).with(0);
    assert_eq!(all.out.lines().count(), 10);
    tool.run(&["list", "Mia", "Member"])
        .with(0)
        .says("Mia Member");
    let ids = tool.run(&["list", "--role", "admin", "--ids"]).with(0);
    assert_eq!(ids.out, format!("{}\n", portal.admin().id));
    let objects = tool
        .run(&["list", "--status=terminated", "--json"])
        .objects();
    assert_eq!(objects.len(), 3);
    assert_eq!(objects[0]["account_status"], "terminated");
    assert_eq!(
        (&objects[2]["exit"], &objects[2]["count"]),
        (&0.into(), &2.into())
    );
    assert_eq!(tool.run(&["list", "no such name"]).with(0).out, "");
}

#[test]
fn a_list_that_changes_while_it_is_read_says_so() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    // Every page is one of another moment.
    let people: Vec<_> = (0..100)
        .map(|number| format!(r#"{{"id":"c0ffee00-d0c5-4ace-8bad-{number:012x}"}}"#))
        .collect();
    let people = people.join(",");
    let body = format!(r#"{{"response":[{people}],"total":150,"status":0,"statusCode":200}}"#);
    portal.set_fault(Fault::status(200, "application/json", &body).on("people/filter"));
    let ended = tool.run(&["list", "--ids"]).with(0);
    assert_eq!(ended.out.lines().count(), 100, "nobody twice");
    ended.complains("some may be missing");
    let objects = tool.run(&["list", "--json"]).with(0).objects();
    assert_eq!(objects[100]["changed"], true);

    portal.clear_faults();
    let ended = tool.run(&["list", "--json"]).with(0);
    assert_eq!(ended.err, "");
    assert_eq!(ended.objects()[10]["changed"], false);
}

#[test]
fn a_list_of_a_slow_portal_is_read_in_smaller_pages() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    portal.set_fault(Fault::HangBeforeAction.on("people/filter").times(1));
    let ended = tool.run(&["list", "--timeout", "2"]).with(0);
    assert_eq!(ended.out.lines().count(), 10);
    ended.complains("half as many");
}

#[test]
fn a_member_of_sso_is_not_sent_to_link_an_app() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let [sso, other, ldap] = [
        Spec::user().sso().linked(),
        Spec::user().sso().linked(),
        Spec::user().ldap().linked(),
    ]
    .map(|spec| portal.add_account(spec));
    tool.run(&["find", &sso.id]).with(0).says("sign-in:    SSO");
    tool.run(&["find", &ldap.id]).with(0).says("(LDAP)");
    let object = tool.run(&["find", "--json", &ldap.id]).with(0).object();
    assert_eq!(
        (&object["is_sso"], &object["is_ldap"]),
        (&"no".into(), &"yes".into())
    );
    let object = tool.run(&["check", "--json", &sso.id]).with(0).object();
    assert_eq!(object["next_sign_in"], "sso");
    assert_eq!(object["account"]["is_sso"], "yes");

    let done = tool.run(&["change", "--yes", &sso.id]).with(0);
    assert!(!done.out.contains("link an authenticator app"), "{done:?}");
    done.says("SSO) asks for no code");

    // Among many there may be some.
    tool.list(format!("{}\n{}\n", other.id, ldap.id));
    tool.run(&["bulk", "--yes", "list"])
        .with(0)
        .says("link an authenticator app again")
        .says("If you sign in by single sign-on (SSO), no code");
}

#[test]
fn check_looks_and_changes_nothing() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member();
    tool.run(&["check", &member.email])
        .with(0)
        .says("would be done: ")
        .says("Max Member");
    let object = tool.run(&["check", &member.id, "--json"]).with(0).object();
    assert_eq!(object["would_apply"], "yes");
    assert_eq!(object["portal_method"], "app");
    assert_eq!(object["account"]["email"], member.email);
    tool.run(&["check", &portal.unlinked().id])
        .with(1)
        .says("would be refused: NOT_LINKED");
    assert_eq!(portal.count("PUT", ""), 0);
}

#[test]
fn change_unlinks_and_has_a_text_for_the_member() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let (one, two) = (portal.member(), portal.member2());
    tool.run(&["change", "--dry-run", &one.id])
        .with(0)
        .says("would be done: ");
    assert!(portal.is_linked(&one.id));

    let done = tool.run(&["change", "--yes", &one.email]).with(0);
    assert_eq!(done.err, "");
    done.says("done: ")
        .says("For the member:")
        .says(&format!("sign in again at {} as usual", portal.url()))
        .says("link an authenticator app again");
    assert_eq!(portal.times_unlinked(&one.id), 1);

    let object = tool.run(&["change", "-y", "--json", &two.id]);
    let object = object.with(0).object();
    assert_eq!(object["outcome"], "applied");
    assert_eq!(object["applied"], "yes");
    assert_eq!(object["verified"], true);
    assert_eq!(object["sessions_ended"], "yes");
    assert_eq!(object["look_again_ms"], 0);
    assert_eq!(object["next_sign_in"], "enrol");
    assert!(object["member_text"].as_str().unwrap().contains("sign in"));

    // Seen to be refused: not even sent.
    let again = tool
        .run(&["change", "-y", "--json", &two.id])
        .with(1)
        .object();
    assert_eq!(
        (&again["outcome"], &again["applied"]),
        (&"refused".into(), &"no".into())
    );
    tool.run(&["change", "-y", &two.id])
        .with(1)
        .says("refused: NOT_LINKED");
    assert_eq!(portal.count("PUT", UNLINK), 2);
}

#[test]
fn the_own_change_shows_the_login_url() {
    let portal = Portal::start();
    let tool = Tool::new(&portal).with_key(&portal.key_of(&portal.admin()));
    let done = tool.run(&["change", "--yes", "@self"]).with(0);
    assert!(!done.out.contains("For the member"), "{done:?}");
    done.says(&format!("login URL: {}/", portal.url()));
}

#[test]
fn policy_shows_and_sets_with_a_warning() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    tool.run(&["policy"]).with(0).says("portal method: app");
    let object = tool.run(&["policy", "show", "--json"]).with(0).object();
    assert_eq!(object["method"], "app");

    let set = ["policy", "set", "--method", "none", "--confirm-host"];
    let with = |more: &[&'static str]| [&set, more].concat();
    tool.run(&set[..4]).with(2).complains("--confirm-host");
    tool.run(&["policy", "set", "--confirm-host", "x"]).with(2);
    tool.run(&["policy", "--method", "app"]).with(2);
    tool.run(&["policy", "reset"]).with(2);
    tool.run(&with(&["127.0.0.1"])).with(2).complains("--yes");
    tool.run(&with(&["other.example", "-y"])).with(2);
    tool.run(&with(&["127.0.0.1", "-n"]))
        .with(0)
        .says("would be set");
    assert_eq!(portal.method(), Method::App);

    tool.run(&with(&["127.0.0.1", "-y"]))
        .with(0)
        .says("portal method: none")
        .complains("WHOLE PORTAL");
    assert_eq!(portal.method(), Method::Off);
    let writes = portal.count("PUT", "");
    tool.run(&with(&["127.0.0.1", "-y"]))
        .with(0)
        .says("unchanged");
    assert_eq!(portal.count("PUT", ""), writes);
}

#[test]
fn policy_shows_what_would_be_forgotten_before_it_sets() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    let member = portal.member().id;
    portal.change_policy(|lists| {
        lists.trusted_ips = vec!["192.0.2.7".to_owned(), "192.0.2.0/24".to_owned()];
        lists.mandatory_users = vec![member.clone()];
    });
    let set = |method: &'static str, more: &[&'static str]| {
        let words = ["policy", "set", "--confirm-host", "127.0.0.1", "--method"];
        tool.run(&[&words, &[method][..], more].concat())
    };
    // Another method takes them over.
    set("sms", &["-n"])
        .with(0)
        .complains("takes over the lists of app")
        .says("\ntrusted address: 192.0.2.7\n");
    let counted = "trusted addresses 2, accounts always asked 1, groups always asked 0";
    let asked = set("none", &[]).with(2);
    let shown = [
        "will FORGET the lists of app",
        counted,
        "192.0.2.0/24",
        &member,
    ];
    for text in shown {
        assert!(asked.err.contains(text), "no {text:?} in {asked:#?}");
    }
    set("none", &["-n"])
        .with(0)
        .says("forgotten: trusted address: 192.0.2.7");
    assert_eq!(portal.lists().trusted_ips.len(), 2);

    let object = set("none", &["-y", "--json"]).with(0).object();
    assert_eq!(object["trusted_ips"], serde_json::json!([]));
    assert_eq!(object["forgotten"]["mandatory_users"][0], member.as_str());
    assert!(portal.lists().trusted_ips.is_empty());
    let shown = tool.run(&["policy", "--json"]).with(0).object();
    assert_eq!(shown["trusted_ips"], serde_json::json!([]));
    assert!(shown.get("forgotten").is_none());
}

#[test]
fn policy_warns_of_rules_that_a_portal_matches_otherwise() {
    let portal = Portal::start();
    let tool = Tool::new(&portal);
    portal.change_policy(|lists| {
        lists.trusted_ips = vec!["192.0.2.0/24".to_owned(), "2001:db8::/64".to_owned()];
    });
    let meaning = "2001:db8::/32: the first 32 bits are compared, no others";
    let warning =
        format!("warning: trusted address 2001:db8::/64: to the portal this is {meaning}");
    let shown = tool.run(&["policy"]).with(0).complains(&warning);
    assert_eq!(shown.err.matches("warning").count(), 1, "{shown:?}");
    let object = tool.run(&["policy", "--json"]).with(0).object();
    let meanings = serde_json::json!(["", meaning]);
    assert_eq!(object["trusted_ip_meanings"], meanings);
    let set = [
        "policy",
        "set",
        "-n",
        "--confirm-host",
        "x",
        "--method",
        "sms",
    ];
    tool.run(&set).with(0).complains(&warning);
}
