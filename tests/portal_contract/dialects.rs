//! Where releases differ, and where languages do.

use super::*;
use crate::portal::state::NOBODY;
use crate::portal::{Dialect, Language, Text};

fn of(dialect: Dialect) -> Portal {
    Portal::builder().plain().dialect(dialect).start()
}

/// The owner's session: older products have no keys.
fn ask(portal: &Portal, caller: &Account, id: &str) -> Answer {
    unlink(portal, &portal.session_of(caller), id)
}

#[test]
fn between_3_5_and_3_7_refusals_are_403() {
    for dialect in [Dialect::V3_5, Dialect::V3_7] {
        let portal = of(dialect);
        let (owner, admin, user) = (portal.owner(), portal.admin(), portal.user());
        let kind = Some(INVALID_OPERATION);
        assert_refused(&ask(&portal, &admin, &user.id), 403, NO_PERMISSIONS, kind);
        assert_refused(
            &ask(&portal, &owner, &portal.unlinked().id),
            403,
            NO_APP,
            kind,
        );
        let terminated = portal.terminated_linked().id;
        assert_refused(
            &ask(&portal, &owner, &terminated),
            403,
            "Not available.",
            kind,
        );
    }
}

#[test]
fn before_3_5_refusals_are_500_and_415() {
    let portal = of(Dialect::V3_2);
    let (owner, admin, user) = (portal.owner(), portal.admin(), portal.user());
    let denied = Some("System.ServiceModel.Security.SecurityAccessDeniedException");
    assert_refused(&ask(&portal, &admin, &user.id), 500, NO_PERMISSIONS, denied);
    let plain = Some("System.Exception");
    for id in [
        portal.unlinked().id,
        portal.stranger_id(),
        NOBODY.to_owned(),
    ] {
        assert_refused(&ask(&portal, &owner, &id), 500, NO_APP, plain);
    }
    let unsupported = Some("System.NotSupportedException");
    let terminated = ask(&portal, &owner, &portal.terminated_linked().id);
    assert_refused(&terminated, 415, "Not available.", unsupported);

    let url = response(&ask(&portal, &owner, &owner.id));
    let end = "/confirm/TfaActivation?type=TfaActivation&email=user.1%40portal.example";
    assert!(url.as_str().unwrap().ends_with(end), "{url}");

    let misfit = call(&portal.session_of(&owner), r#"{"id":"x"}"#).send(&portal);
    let json = misfit.json();
    assert_eq!(misfit.status, 400);
    assert_eq!(
        (&json["status"], &json["statusCode"]),
        (&0.into(), &200.into()),
        "{json}"
    );
}

#[test]
fn at_2_6_numbers_are_refused_and_terminated_accounts_are_not() {
    let portal = of(Dialect::V2_6);
    let (owner, user) = (portal.owner(), portal.user());
    let token = portal.session_of(&owner);
    let body = |kind: &str| format!("{{\"type\":{kind},\"id\":\"{}\"}}", user.id);
    assert_eq!(call(&token, &body("2")).send(&portal).status, 400);
    assert_eq!(call(&token, &body("\"Totp\"")).send(&portal).status, 200);
    assert_eq!(call(&token, r#"{"id":null}"#).send(&portal).status, 500);
    assert_eq!(
        ask(&portal, &owner, &portal.terminated_linked().id).status,
        200
    );
    assert_empty(&unlink_as(&portal, &owner, &user.id), 401);
    assert_page(&Call::get("keys/@self").bearer(&token).send(&portal), 404);
    let people = Call::get("people").bearer(&token).send(&portal);
    assert!(!people.body.contains("tfaAppEnabled"));
}

#[test]
fn after_3_7_not_linked_is_405_and_unknown_is_a_matter_of_rights() {
    let portal = of(Dialect::Newer);
    let (owner, user) = (portal.owner(), portal.user());
    // Rows 2, 5 and 7.
    for id in [
        portal.unlinked().id,
        portal.pending().id,
        portal.terminated_unlinked().id,
    ] {
        assert_refused(&ask(&portal, &owner, &id), 405, NO_APP, None);
    }
    let unlinked = portal.unlinked();
    assert_refused(&ask(&portal, &unlinked, &unlinked.id), 405, NO_APP, None);
    // Rows 3 and 8.
    let kind = Some(INVALID_OPERATION);
    for id in [NOBODY.to_owned(), portal.stranger_id(), portal.removed().id] {
        assert_refused(&ask(&portal, &owner, &id), 403, NO_PERMISSIONS, kind);
    }
    let empty = call(&portal.key_of(&user), "{}").send(&portal);
    assert_refused(&empty, 403, NO_PERMISSIONS, kind);
    // Row 6 stays as it was.
    let terminated = ask(&portal, &owner, &portal.terminated_linked().id);
    assert_refused(&terminated, 403, "Not available.", kind);
    // Row 12.
    portal.set_app_hidden(true);
    assert_refused(&ask(&portal, &owner, &user.id), 405, NO_APP, None);
}

#[test]
fn the_oldest_product_takes_an_id_and_puts_a_secret_into_the_address() {
    let portal = of(Dialect::Workspace);
    let owner = portal.owner();
    let body = format!("{{\"id\":\"{}\",\"type\":{{}}}}", portal.user().id);
    assert_eq!(
        call(&portal.session_of(&owner), &body).send(&portal).status,
        200
    );
    let answer = call(&portal.session_of(&owner), "{}").send(&portal);
    let url = response(&answer);
    assert!(url.as_str().unwrap().contains("&key="), "{url}");
    assert!(!portal.is_linked(&owner.id));
    assert_eq!(ask(&portal, &owner, &portal.unlinked().id).status, 500);
}

#[test]
fn long_ago_administrators_unlinked_others_too() {
    for dialect in [Dialect::Workspace, Dialect::V1_0] {
        let portal = of(dialect);
        let admin = portal.admin();
        assert_eq!(ask(&portal, &admin, &portal.member2().id).status, 200);
        assert_eq!(
            ask(&portal, &admin, &portal.terminated_linked().id).status,
            200
        );
        assert_eq!(ask(&portal, &admin, &portal.owner().id).status, 500);
        assert_eq!(ask(&portal, &portal.user(), &portal.guest().id).status, 500);
    }
}

#[test]
fn sentences_follow_the_caller_and_else_the_portal() {
    for language in [Language::English, Language::Russian, Language::Chinese] {
        let portal = Portal::builder().plain().language(language).start();
        let (owner, admin) = (portal.owner(), portal.admin());
        let kind = Some(INVALID_OPERATION);
        let refused = unlink_as(&portal, &admin, &owner.id);
        assert_refused(&refused, 403, Text::NoPermissions.say(language), kind);
        let refused = call(&portal.key_of(&owner), "{}").header("Accept-Language", "en");
        assert_refused(
            &refused.send(&portal),
            403,
            Text::AppUnavailable.say(language),
            kind,
        );
        let refused = unlink_as(&portal, &owner, &portal.terminated_linked().id);
        assert_refused(&refused, 403, "Not available.", kind);

        portal.change_account(&owner.id, |owner| owner.language = Some(Language::Chinese));
        let refused = call(&portal.key_of(&owner), "{}").send(&portal);
        assert_refused(
            &refused,
            403,
            Text::AppUnavailable.say(Language::Chinese),
            kind,
        );
    }
}

#[test]
fn a_language_may_change_while_the_portal_runs() {
    let portal = plain();
    portal.set_language(Language::Russian);
    let refused = unlink_as(&portal, &portal.admin(), &portal.owner().id);
    let sentence = Text::NoPermissions.say(Language::Russian);
    assert_refused(&refused, 403, sentence, Some(INVALID_OPERATION));
}
