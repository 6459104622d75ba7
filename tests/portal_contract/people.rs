//! Looking at people.

use super::*;
use crate::portal::{Asks, Dialect, Kind, Life, Method, Spec};

const DENIED: &str = "Access denied";
const SECURITY: Option<&str> = Some("System.Security.SecurityException");

fn ids(answer: &Answer) -> Vec<String> {
    let list = response(answer);
    list.as_array()
        .unwrap()
        .iter()
        .map(|who| who["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_person_is_found_by_name_and_by_id() {
    let portal = plain();
    let (owner, user) = (portal.owner(), portal.user());
    let bare = user.id.replace('-', "");
    let keys = [
        user.user_name.clone(),
        user.id.clone(),
        user.id.to_uppercase(),
        bare,
        format!("%7B{}%7D", user.id),
    ];
    for key in keys {
        let person = response(&get_as(&portal, &owner, &format!("people/{key}")));
        assert_eq!(person["id"], user.id, "{key}");
    }
    for key in [
        portal.stranger_id(),
        user.email,
        portal.removed().id,
        "nobody".to_owned(),
    ] {
        let answer = get_as(&portal, &owner, &format!("people/{key}"));
        assert_eq!(
            (answer.status, answer.json()["error"]["message"].is_string()),
            (404, true)
        );
    }
    let tom = response(&get_as(
        &portal,
        &owner,
        &format!("people/{}", portal.terminated_linked().id),
    ));
    assert_eq!(
        (&tom["status"], tom["terminated"].is_string()),
        (&2.into(), true)
    );
}

#[test]
fn a_name_that_is_an_id_shadows_an_account() {
    let portal = plain();
    let user = portal.user();
    let shadow = portal.add_account(Spec::user().user_name(&user.id));
    let found = response(&get_as(
        &portal,
        &portal.owner(),
        &format!("people/{}", user.id),
    ));
    assert_eq!(found["id"], shadow.id);
    portal.add_account(Spec::user().user_name("search"));
    let literal = get_as(&portal, &portal.owner(), "people/search");
    assert!(literal.json().get("response").is_none(), "{literal:?}");
    assert_page(
        &get_as(&portal, &portal.owner(), "people/files-and-more"),
        404,
    );
}

#[test]
fn who_may_look_at_whom() {
    let portal = plain();
    let (rooms, user, guest) = (portal.room_admin(), portal.user(), portal.guest());
    for caller in [&user, &guest] {
        let other = get_as(&portal, caller, &format!("people/{}", portal.owner().id));
        assert_refused(&other, 403, DENIED, SECURITY);
        assert_eq!(
            get_as(&portal, caller, &format!("people/{}", caller.id)).status,
            200
        );
        assert_refused(&get_as(&portal, caller, "people"), 403, DENIED, SECURITY);
        assert_refused(
            &get_as(&portal, caller, "people/filter"),
            403,
            DENIED,
            SECURITY,
        );
    }
    let stranger = get_as(&portal, &rooms, &format!("people/{}", guest.id));
    assert_refused(&stranger, 403, DENIED, SECURITY);
    let own = portal.add_account(Spec::guest().invited_by(&rooms));
    assert_eq!(
        get_as(&portal, &rooms, &format!("people/{}", own.id)).status,
        200
    );
    assert_eq!(
        get_as(&portal, &rooms, &format!("people/{}", user.id)).status,
        200
    );
}

#[test]
fn oneself_comes_with_more() {
    let portal = plain();
    for account in [portal.owner(), portal.guest()] {
        let own = response(&get_as(&portal, &account, "people/@self"));
        assert_eq!(own["id"], account.id);
        assert_eq!(own["isOwner"], account.kind == Kind::Owner);
        assert_eq!(own["isAdmin"], false);
        assert!(own["theme"].is_string() && own["loginEventId"].is_i64());
    }
}

#[test]
fn links_are_shown_to_admins_while_the_app_is_the_method() {
    let portal = plain();
    let path = format!("people/{}", portal.user().id);
    for admin in [portal.owner(), portal.admin()] {
        assert_eq!(
            response(&get_as(&portal, &admin, &path))["tfaAppEnabled"],
            true
        );
    }
    for caller in [portal.room_admin(), portal.user()] {
        assert!(
            response(&get_as(&portal, &caller, &path))
                .get("tfaAppEnabled")
                .is_none()
        );
    }
    portal.unlink_quietly(&portal.user().id);
    assert_eq!(
        response(&get_as(&portal, &portal.owner(), &path))["tfaAppEnabled"],
        false
    );
    for method in [Method::Off, Method::Sms] {
        portal.set_method(method);
        assert!(
            response(&get_as(&portal, &portal.owner(), &path))
                .get("tfaAppEnabled")
                .is_none()
        );
    }
}

#[test]
fn an_address_finds_its_account() {
    let portal = plain();
    let owner = portal.owner();
    let plus = portal.add_account(Spec::user().email("a+b@portal.example"));
    let by = |email: &str| get_as(&portal, &owner, &format!("people/email?email={email}"));
    assert_eq!(response(&by("a%2Bb%40portal.example"))["id"], plus.id);
    assert_eq!(by("a+b@portal.example").status, 400);
    assert_eq!(by("nobody@portal.example").status, 404);
    assert_misfit(&by("nonsense"), "email");
    let missing = get_as(&portal, &owner, "people/email");
    assert_eq!(
        (missing.status, missing.json()["error"].is_object()),
        (400, true)
    );
    let gone = portal.terminated_linked();
    assert_eq!(response(&by(&gone.email))["status"], 2);
    let denied = get_as(
        &portal,
        &portal.user(),
        &format!("people/email?email={}", owner.email),
    );
    assert_refused(&denied, 403, DENIED, SECURITY);
}

#[test]
fn pages_know_their_total() {
    let portal = plain();
    let owner = portal.owner();
    portal.add_many(230);
    let mut seen = Vec::new();
    for start in [0, 100, 200] {
        let page = get_as(&portal, &owner, &format!("people?startIndex={start}"));
        let json = page.json();
        // Seven of the seeded accounts are active.
        assert_eq!(json["total"], 237);
        assert_eq!(json["count"], if start == 200 { 37 } else { 100 });
        seen.extend(ids(&page));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 237);
    let past = get_as(&portal, &owner, "people?startIndex=237&count=5");
    assert_eq!(
        (past.json()["count"].clone(), ids(&past).len()),
        (0.into(), 0)
    );
    for count in ["0", "101", "-1", "many"] {
        let answer = get_as(&portal, &owner, &format!("people?count={count}"));
        assert_misfit(&answer, "count");
    }
}

#[test]
fn filters_choose() {
    let portal = plain();
    let (owner, rooms) = (portal.owner(), portal.room_admin());
    let find = |query: &str| ids(&get_as(&portal, &owner, &format!("people/filter?{query}")));
    assert_eq!(find("employeeStatus=2").len(), 2);
    assert_eq!(find("employeeStatus=4"), [portal.pending().id]);
    assert_eq!(find("employeeStatus=5"), find("employeeStatus=1"));
    assert_eq!(find("").len(), 10);
    assert_eq!(find("employeeStatus=7").len(), 10);
    assert_eq!(find("employeeType=2"), [portal.guest().id]);
    assert_eq!(find("employeeType=3").len(), 2);
    assert_eq!(find("isAdministrator=true").len(), 2);
    assert_eq!(find("area=2"), [portal.guest().id]);
    assert_eq!(find("filterValue=max%20member"), [portal.user().id]);
    assert_eq!(find("filterValue=max%20mia").len(), 0);
    assert_eq!(find("filterValue=max,mia&filterSeparator=,").len(), 2);
    assert_eq!(find("filterValue=user.4%40"), [portal.user().id]);
    // Terminated accounts are for admins to see, and never on the plain list.
    assert!(ids(&get_as(&portal, &rooms, "people/filter?employeeStatus=2")).is_empty());
    assert!(!ids(&get_as(&portal, &owner, "people")).contains(&portal.terminated_linked().id));
}

/// The pages of all accounts in that order.
fn ordered(portal: &Portal, order: &str) -> Vec<Vec<String>> {
    let page = |start| {
        let path = format!("people/filter?{order}&count=100&startIndex={start}");
        let token = portal.session_of(&portal.owner());
        ids(&Call::get(&path)
            .header("Authorization", &token)
            .send(portal))
    };
    vec![page(0), page(100), page(200)]
}

fn distinct(pages: &[Vec<String>]) -> usize {
    let mut all = pages.concat();
    all.sort();
    all.dedup();
    all.len()
}

#[test]
fn only_the_order_by_address_gives_everybody_once() {
    for dialect in [Dialect::Workspace, Dialect::V2_6, Dialect::V3_7] {
        let portal = Portal::builder().plain().dialect(dialect).start();
        for _ in 0..240 {
            portal.add_account(Spec::user().named("Same", "Name"));
        }
        for order in ["", "sortBy=lastname", "sortBy=type", "sortBy=department"] {
            assert!(distinct(&ordered(&portal, order)) < 250, "{order}");
        }
        let by_address = distinct(&ordered(&portal, "sortBy=email"));
        assert_eq!(by_address == 250, dialect != Dialect::Workspace);
    }
}

#[test]
fn orders_are_those_of_the_server() {
    let portal = plain();
    let places = |order: &str, accounts: &[Account]| -> Vec<usize> {
        let all = ordered(&portal, order).concat();
        let place = |account: &Account| all.iter().position(|id| *id == account.id);
        accounts.iter().map(|who| place(who).unwrap()).collect()
    };
    let (active, pending) = ([portal.user(), portal.admin()], portal.pending());
    let gone = portal.terminated_linked();
    for direction in ["ascending", "descending"] {
        for order in ["firstname", "lastname"] {
            let order = format!("sortBy={order}&sortOrder={direction}");
            let [max, anna] = places(&order, &active)[..] else {
                panic!("two places");
            };
            assert_eq!(anna < max, direction == "ascending", "{order}");
            let lives = [active[0].clone(), pending.clone(), gone.clone()];
            assert!(places(&order, &lives).is_sorted(), "{order}");
        }
        // No other order looks at the state.
        let addresses = format!("sortBy=email&sortOrder={direction}");
        let all = ordered(&portal, &addresses).concat();
        let mut sorted: Vec<_> = all.iter().map(|id| portal.account(id).email).collect();
        if direction == "descending" {
            sorted.reverse();
        }
        assert!(sorted.is_sorted(), "{sorted:?}");
    }
}

#[test]
fn single_sign_on_asks_for_no_second_factor() {
    let portal = plain();
    let anywhere = "198.51.100.7".parse().unwrap();
    let [plain, sso, ldap] = [Spec::user(), Spec::user().sso(), Spec::user().ldap()]
        .map(|spec| portal.add_account(spec.linked()));
    let shown = |account: &Account| {
        let path = format!("people/{}", account.id);
        let person = response(&get_as(&portal, &portal.owner(), &path));
        (person["isSSO"].clone(), person["isLDAP"].clone())
    };
    assert_eq!(shown(&plain), (false.into(), false.into()));
    assert_eq!(shown(&sso), (true.into(), false.into()));
    assert_eq!(shown(&ldap), (false.into(), true.into()));
    for (method, linked, unlinked) in [
        (Method::App, Asks::App, Asks::Enrol),
        (Method::Sms, Asks::Sms, Asks::Sms),
        (Method::Off, Asks::Nothing, Asks::Nothing),
    ] {
        portal.set_method(method);
        for account in [&plain, &ldap] {
            portal.enrol(&account.id);
            assert_eq!(portal.sign_in(account, anywhere), linked);
            portal.unlink_quietly(&account.id);
            assert_eq!(portal.sign_in(account, anywhere), unlinked);
        }
        assert_eq!(portal.sign_in(&sso, anywhere), Asks::Nothing);
    }
}

#[test]
fn names_are_encoded_for_pages_and_members_can_be_bent() {
    let portal = plain();
    let owner = portal.owner();
    let odd = portal.add_account(
        Spec::user()
            .named("<b>&\u{1b}[31m", "O'Brien \u{fc}")
            .without_email()
            .member("tfaAppEnabled", "\"yes\"")
            .without_member("status"),
    );
    let answer = get_as(&portal, &owner, &format!("people/{}", odd.id));
    let person = response(&answer);
    assert_eq!(
        person["displayName"],
        "&lt;b&gt;&amp;\u{1b}[31m O&#39;Brien &#252;"
    );
    assert_eq!(person["firstName"], "<b>&\u{1b}[31m");
    assert_eq!(person["tfaAppEnabled"], "yes");
    assert!(person.get("status").is_none() && person.get("email").is_none());
    assert!(answer.body.contains("\\u001b"));
}

#[test]
fn lives_and_kinds_are_told() {
    let portal = plain();
    let owner = portal.owner();
    let show =
        |account: &Account| response(&get_as(&portal, &owner, &format!("people/{}", account.id)));
    assert_eq!(show(&portal.admin())["isAdmin"], true);
    assert_eq!(show(&portal.room_admin())["isRoomAdmin"], true);
    assert_eq!(show(&portal.user())["isCollaborator"], true);
    assert_eq!(show(&portal.guest())["isVisitor"], true);
    let pending = show(&portal.pending());
    assert_eq!(
        (&pending["status"], &pending["activationStatus"]),
        (&4.into(), &2.into())
    );
    portal.set_life(&portal.user().id, Life::Terminated);
    assert_eq!(show(&portal.user())["status"], 2);
}

#[test]
fn older_servers_wrap_problems_in_success() {
    let portal = Portal::builder().plain().dialect(Dialect::V3_2).start();
    let answer = get_as(&portal, &portal.owner(), "people?count=0");
    let json = answer.json();
    assert_eq!((answer.status, &json["status"]), (400, &0.into()), "{json}");
}
