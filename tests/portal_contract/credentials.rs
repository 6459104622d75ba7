//! Who is who, by which credential, with which scope.

use super::*;
use crate::portal::{Fault, Spec};

fn me(portal: &Portal, call: Call) -> Answer {
    let answer = call.send(portal);
    if answer.status == 200 {
        assert!(answer.json()["response"]["id"].is_string());
    }
    answer
}

fn own() -> Call {
    Call::get("people/@self")
}

fn basic(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::from("Basic ");
    for three in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| {
            (bits << 8) | u32::from(three.get(at).copied().unwrap_or_default())
        });
        for at in 0..4 {
            let sign = LETTERS[(bits >> (18 - 6 * at)) as usize & 63];
            encoded.push(if at > three.len() {
                '='
            } else {
                char::from(sign)
            });
        }
    }
    encoded
}

#[test]
fn a_key_is_its_creator_and_wants_the_word_bearer() {
    let portal = plain();
    let key = portal.key_of(&portal.user());
    assert_eq!(
        response(&me(&portal, own().bearer(&key)))["id"],
        portal.user().id
    );
    assert_empty(&own().header("Authorization", &key).send(&portal), 401);
    assert_empty(&own().header("ApiKeyBearer", &key).send(&portal), 401);
    assert_eq!(
        me(
            &portal,
            own().header("authorization", &format!("bearer {key}"))
        )
        .status,
        200
    );
}

#[test]
fn sessions_come_bare_or_as_bearer_or_as_cookie() {
    let portal = plain();
    let token = portal.session_of(&portal.user());
    assert_eq!(
        me(&portal, own().header("Authorization", &token)).status,
        200
    );
    assert_eq!(me(&portal, own().bearer(&token)).status, 200);
    let cookie = format!("theme=dark; asc_auth_key={token}");
    assert_eq!(me(&portal, own().header("Cookie", &cookie)).status, 200);
}

#[test]
fn a_cookie_beats_a_token_but_not_a_key() {
    let portal = plain();
    let cookie = format!("asc_auth_key={}", portal.session_of(&portal.guest()));
    let token = portal.session_of(&portal.user());
    let both = own().bearer(&token).header("Cookie", &cookie);
    assert_eq!(response(&both.send(&portal))["id"], portal.guest().id);
    let dead = own().bearer(&token).header("Cookie", "asc_auth_key=dead");
    assert_empty(&dead.send(&portal), 401);
    let key = portal.key_of(&portal.user());
    let both = own().bearer(&key).header("Cookie", &cookie);
    assert_eq!(response(&both.send(&portal))["id"], portal.user().id);
}

#[test]
fn passwords_are_checked_at_once() {
    let portal = plain();
    let user = portal.user();
    let right = basic(&format!("{}:{}", user.email, user.password));
    assert_eq!(
        response(&own().header("Authorization", &right).send(&portal))["id"],
        user.id
    );

    let wrong = own().header("Authorization", &basic(&format!("{}:no", user.email)));
    let answer = wrong.send(&portal);
    assert_empty(&answer, 401);
    assert!(
        answer
            .header("WWW-Authenticate")
            .unwrap()
            .starts_with("Basic")
    );

    let nonsense = own().header("Authorization", "Basic ###").send(&portal);
    assert_refused(
        &nonsense,
        500,
        "The input is not Base-64.",
        Some("System.FormatException"),
    );

    let no_colon = own()
        .header("Authorization", &basic("nobody"))
        .send(&portal);
    assert_eq!(
        (no_colon.status, &no_colon.json()["error"]["type"]),
        (500, &"System.Exception".into())
    );
    assert_eq!(no_colon.header("WWW-Authenticate"), None);
}

#[test]
fn a_wrong_password_locks_nobody_out() {
    let portal = plain();
    let user = portal.user();
    let wrong = own().header("Authorization", &basic(&format!("{}:no", user.email)));
    for _ in 0..20 {
        let answer = wrong.clone().send(&portal);
        assert_empty(&answer, 401);
        assert_eq!(answer.header("WWW-Authenticate"), Some("Basic"));
    }
    let right = basic(&format!("{}:{}", user.email, user.password));
    let answer = own().header("Authorization", &right).send(&portal);
    assert_eq!(
        (answer.status, answer.header("WWW-Authenticate")),
        (200, Some("Basic"))
    );
}

#[test]
fn row_23_accounts_from_ldap_are_nobody_where_the_plan_has_none() {
    let portal = plain();
    let far = portal.add_account(Spec::user().linked().ldap());
    let password = basic(&format!("{}:{}", far.email, far.password));
    let calls = [
        own().bearer(&portal.key_of(&far)),
        own().bearer(&portal.session_of(&far)),
        own().header("Authorization", &password),
    ];
    for call in &calls {
        assert_eq!(call.clone().send(&portal).status, 200);
    }
    portal.set_fault(Fault::NoLdap);
    for call in calls {
        assert_empty(&call.send(&portal), 401);
    }
    assert_eq!(get_as(&portal, &portal.user(), "people/@self").status, 200);
}

#[test]
fn row_24_a_key_for_a_host_of_no_portal_is_500_and_anything_else_401() {
    let portal = plain();
    let owner = portal.owner();
    portal.set_fault(Fault::NoPortal);
    assert_refused(
        &unlink_as(&portal, &owner, &portal.user().id),
        500,
        "Could not resolve current tenant :-(.",
        Some("System.Exception"),
    );
    assert_empty(&own().bearer(&portal.session_of(&owner)).send(&portal), 401);
    assert!(portal.is_linked(&portal.user().id));
}

#[test]
fn scopes_open_what_they_should() {
    let portal = plain();
    let owner = portal.owner();
    let person = format!("people/{}", portal.user().id);
    let table = [
        ("*:read", "settings/tfaapp", true),
        ("*:write", "settings/tfaapp", true),
        ("accounts:read", "settings/tfaapp", false),
        ("*:read", "settings/tfaappcodes", true),
        ("accounts:read", "people", true),
        ("accounts:write", "people/filter", true),
        (
            "accounts:read",
            "people/email?email=user.4%40portal.example",
            true,
        ),
        ("accounts.self:read", "people", false),
        ("accounts.self:read", "people/@self", true),
        ("accounts:read", "people/@self", false),
        ("rooms:read", person.as_str(), true),
        ("rooms:read", "keys/@self", true),
    ];
    for (scope, path, opens) in table {
        let key = portal.key_with_scopes(&owner, &[scope]);
        let answer = Call::get(path).bearer(&key).send(&portal);
        assert_eq!(answer.status == 200, opens, "{scope} {path}: {answer:?}");
        if !opens {
            assert_empty(&answer, 403);
        }
    }
    // The key may write everywhere, and its creator's role still counts.
    let admin = portal.key_with_scopes(&portal.admin(), &["*:write"]);
    assert_refused(
        &unlink(&portal, &admin, &portal.user().id),
        403,
        NO_PERMISSIONS,
        Some(INVALID_OPERATION),
    );
}

#[test]
fn a_key_tells_its_own_permissions() {
    let portal = plain();
    let key = portal.key_with_scopes(&portal.owner(), &["accounts:read", "*:read"]);
    let shown = response(&Call::get("keys/@self").bearer(&key).send(&portal));
    assert_eq!(
        shown["permissions"],
        serde_json::json!(["accounts:read", "*:read"])
    );
    assert_eq!(shown["keyPostfix"], key[key.len() - 4..]);

    let session = portal.session_of(&portal.owner());
    assert_eq!(
        Call::get("keys/@self")
            .bearer(&session)
            .send(&portal)
            .status,
        500
    );
    portal.set_fault(Fault::Unpaid);
    assert_problem(&Call::get("keys/@self").bearer(&key).send(&portal), 402);
}

#[test]
fn grants_open_accounts_and_never_settings() {
    let portal = plain();
    let grant = portal.grant_of(&portal.owner(), &["accounts:read"]);
    assert_eq!(Call::get("people").bearer(&grant).send(&portal).status, 200);
    assert_empty(
        &Call::get("settings/tfaapp").bearer(&grant).send(&portal),
        403,
    );
    assert_empty(
        &Call::get("people").bearer("eyJx.eyJy.z").send(&portal),
        401,
    );
}
