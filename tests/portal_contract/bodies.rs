//! What the body of the unlink call may be.

use super::*;

/// The answer to the owner unlinking a linked member with this body, in which
/// `$` stands for the member's id.
fn ask(portal: &Portal, body: &str) -> Answer {
    let member = portal.user();
    portal.enrol(&member.id);
    let key = portal.key_of(&portal.owner());
    call(&key, &body.replace('$', &member.id)).send(portal)
}

#[test]
fn kinds_that_are_understood() {
    let portal = plain();
    let kinds = [
        r#""None""#,
        r#""none""#,
        r#""app""#,
        r#""SMS""#,
        r#"" App ""#,
        r#""Sms, App""#,
        r#""2""#,
        r#""99""#,
        "0",
        "1",
        "2",
        "99",
        "-1",
        "2147483647",
    ];
    for kind in kinds {
        let answer = ask(&portal, &format!("{{\"type\":{kind},\"id\":\"$\"}}"));
        assert_eq!(answer.status, 200, "{kind}: {answer:?}");
    }
}

#[test]
fn kinds_that_are_not() {
    let portal = plain();
    let kinds = [
        r#""Totp""#,
        r#""""#,
        r#""App,Totp""#,
        "null",
        "true",
        "1.5",
        "2147483648",
        "[]",
    ];
    for kind in kinds {
        let answer = ask(&portal, &format!("{{\"type\":{kind},\"id\":\"$\"}}"));
        assert_misfit(&answer, "$.type");
    }
}

#[test]
fn ids_that_are_understood() {
    let portal = plain();
    let id = portal.user().id;
    let bodies = [
        format!("{{\"id\":\"{id}\"}}"),
        format!("{{\"id\":\"{}\"}}", id.to_uppercase()),
        format!("{{\"Id\":\"{id}\"}}"),
        format!(" {{ \"ID\" : \"{id}\" }}\n"),
    ];
    for body in bodies {
        assert_eq!(ask(&portal, &body).status, 200, "{body}");
    }
}

#[test]
fn ids_that_are_not() {
    let portal = plain();
    let bare = portal.user().id.replace('-', "");
    let ids = [
        r#""not-a-guid""#.to_owned(),
        r#""""#.to_owned(),
        r#"" $""#.to_owned(),
        r#""$ ""#.to_owned(),
        r#""{$}""#.to_owned(),
        format!("\"{bare}\""),
        "null".to_owned(),
        "7".to_owned(),
        "{}".to_owned(),
    ];
    for id in ids {
        assert_misfit(&ask(&portal, &format!("{{\"id\":{id}}}")), "$.id");
    }
}

#[test]
fn bodies_that_are_none() {
    let portal = plain();
    assert_misfit(&ask(&portal, ""), "");
    assert_misfit(&ask(&portal, "null"), "");
    assert_misfit(&ask(&portal, "{\"id\":"), "$");
    assert_misfit(&ask(&portal, "[]"), "$");
    let lists = r#"{"id":"$","mandatoryUsers":["$","nobody"]}"#;
    assert_misfit(&ask(&portal, lists), "$.mandatoryUsers[1]");
    let strangers = r#"{"id":"$","whatever":[1],"trustedIps":["nonsense"],"mandatoryGroups":null}"#;
    assert_eq!(ask(&portal, strangers).status, 200);
}

#[test]
fn the_first_bad_member_in_the_order_of_the_body_is_named() {
    let portal = plain();
    let bodies = [
        (r#"{"type":"Totp","id":"x"}"#, "$.type", "$.id"),
        (r#"{"id":"x","type":"Totp"}"#, "$.id", "$.type"),
        // Neither a good one of the same name nor broken JSON is looked at.
        (r#"{"id":"x","id":"$"}"#, "$.id", "$"),
        (r#"{"type":null,"id":"#, "$.type", "$"),
        (
            r#"{"mandatoryUsers":[1],"id":"x"}"#,
            "$.mandatoryUsers[0]",
            "$.id",
        ),
    ];
    for (body, named, other) in bodies {
        let answer = ask(&portal, body);
        assert_misfit(&answer, named);
        assert!(answer.json()["response"]["errors"].get(other).is_none());
    }
    assert_misfit(&ask(&portal, r#"{"id":"$","id":"x"}"#), "$.id");
    assert_misfit(&ask(&portal, r#"{"id":"$"} x"#), "$");
    assert_eq!(
        ask(
            &portal,
            r#"{"id":"00000000-0000-0000-0000-000000000000","id":"$"}"#
        )
        .status,
        200
    );
}

#[test]
fn another_content_type_is_415_in_disguise() {
    let portal = plain();
    let body = format!("{{\"id\":\"{}\"}}", portal.user().id);
    let bare = call(&portal.key_of(&portal.owner()), &body).without_header("Content-Type");
    for call in [
        bare.clone(),
        bare.clone().header("Content-Type", "text/plain"),
    ] {
        let answer = call.send(&portal);
        let json = answer.json();
        assert_eq!(answer.status, 415);
        assert_eq!(
            (&json["status"], &json["statusCode"]),
            (&0.into(), &200.into()),
            "{json}"
        );
        assert_eq!(json["response"]["status"], 415);
    }
    assert!(portal.is_linked(&portal.user().id));
    let with_charset = bare.header("Content-Type", "application/json; charset=utf-8");
    assert_eq!(with_charset.send(&portal).status, 200);
}

#[test]
fn members_come_in_the_portals_order_and_ampersands_stay() {
    let portal = plain();
    let me = portal.user();
    let body = unlink_as(&portal, &me, &me.id).body;
    assert!(body.contains("TfaActivation&uid="), "{body}");
    let places = [
        "\"response\"",
        "\"count\"",
        "\"links\"",
        "\"status\"",
        "\"statusCode\"",
    ]
    .map(|name| body.find(name).unwrap());
    assert!(places.is_sorted(), "{body}");
}
