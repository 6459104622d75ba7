//! What nginx answers of its own: for an upstream that is late or gone, and
//! instead of forwarding.

use std::thread;

use docspace_tfa::{Applied, Reason, Status, TfaMethod};

use crate::nginx::{Nginx, PLAIN, Setup};
use crate::portal::{Fault, Portal};
use crate::{Came, Look, UNLINK, id_of, owner};

const IMPATIENT: Setup = Setup {
    location: "proxy_next_upstream off; proxy_read_timeout 2s;",
    ..PLAIN
};

/// How nginx can be told to answer for an upstream that failed.
const PAGES: [(&str, &str); 9] = [
    ("its own page", ""),
    ("a file", "error_page 502 504 /late.html;"),
    ("a file with 200", "error_page 502 504 = /late.html;"),
    (
        "a file in a named place (405)",
        "error_page 502 504 = @late; location @late { try_files /late.html =404; }",
    ),
    (
        "no file in a named place (404)",
        "error_page 502 504 = @late; location @late { try_files /gone.html =404; }",
    ),
    (
        "302 to a page of another host",
        "error_page 502 504 https://status.example/late;",
    ),
    (
        "302 to this path of another host",
        "error_page 502 504 = @late; \
         location @late { return 302 https://status.example$request_uri; }",
    ),
    (
        "307 to this path of another host",
        "error_page 502 504 = @late; \
         location @late { return 307 https://status.example$request_uri; }",
    ),
    (
        "303",
        "error_page 502 504 = @late; location @late { return 303 /late.html; }",
    ),
];

/// The same for answers that mean "not forwarded" from nearly every gateway:
/// only a look beforehand tells.
const DISGUISED: [(&str, &str); 4] = [
    (
        "301 to this path of another host",
        "error_page 502 504 = @late; \
         location @late { return 301 https://other.example$request_uri; }",
    ),
    (
        "302 from http to https",
        "error_page 502 504 = @late; \
         location @late { return 302 https://$http_host$request_uri; }",
    ),
    ("403 with a page", "error_page 502 504 =403 /late.html;"),
    ("429", "error_page 502 504 =429 /late.html;"),
];

/// The upstream did it; nginx answers for it. Several cases at a time, for some
/// have to wait.
fn answers_for_the_portal(
    what: &str,
    setup: &Setup,
    fault: &Fault,
    pages: &[(&str, &'static str)],
    looks: &[Look],
) {
    thread::scope(|scope| {
        for (page, server) in pages {
            for look in looks {
                scope.spawn(move || {
                    let portal = Portal::builder().plain().start();
                    let Some(nginx) = Nginx::before(&portal, &Setup { server, ..*setup }) else {
                        return;
                    };
                    let client = owner(&portal, &nginx.url()).build().unwrap();
                    portal.set_fault(fault.clone().on(UNLINK).times(1));
                    let member = portal.member();
                    let result = look.change(&client, &member);
                    let case = format!("{what}, {page}, {look:?}");
                    let came = Came::of(&case, &result, &portal, &member);
                    assert_eq!(
                        (came.applied, came.app_link),
                        (Applied::Maybe, Some(false)),
                        "{case}: {came:?}"
                    );
                    assert_eq!((came.reached, came.done), (1, 1), "{case}");
                });
            }
        }
    });
}

#[test]
fn an_answer_that_nginx_did_not_wait_for_is_never_no() {
    let fault = Fault::HangAfterAction;
    answers_for_the_portal("too late", &IMPATIENT, &fault, &PAGES, &Look::BOTH);
}

#[test]
fn an_answer_that_nginx_lost_is_never_no() {
    let fault = Fault::CloseAfterAction;
    answers_for_the_portal("lost", &PLAIN, &fault, &PAGES, &Look::BOTH);
}

#[test]
fn a_lost_answer_disguised_as_a_refusal_is_not_no_after_a_look() {
    let fault = Fault::CloseAfterAction;
    answers_for_the_portal("lost", &PLAIN, &fault, &DISGUISED, &[Look::Before]);
}

/// Pages with 405, 404 or 200 for as long as the portal is away, which a wrong
/// address would give too: but the portal was there a moment ago.
#[test]
fn pages_for_a_portal_that_stays_away_are_not_no_after_a_look() {
    let portal = Portal::builder().plain().start();
    let setup = Setup {
        server: "error_page 502 = @late; location @late { try_files /late.html =404; }",
        ..PLAIN
    };
    let Some(nginx) = Nginx::before(&portal, &setup) else {
        return;
    };
    let client = owner(&portal, &nginx.url()).build().unwrap();
    let member = portal.member();
    let check = client.check(&id_of(&member)).unwrap();
    portal.set_fault(Fault::CloseAfterAction);
    let result = client.change_method_checked(&check, TfaMethod::None);
    let came = Came::of("pages while it is away, Before", &result, &portal, &member);
    assert_eq!((came.applied, came.app_link), (Applied::Maybe, None));
    assert_eq!((came.reached, came.done), (1, 1));
}

#[test]
fn a_redirect_to_https_is_no_and_says_where_to() {
    for look in Look::BOTH {
        let portal = Portal::builder().plain().start();
        // Reads pass, so that there can be a look.
        let setup = Setup {
            location: "proxy_next_upstream off; \
                       if ($request_method = PUT) { return 301 https://$http_host$request_uri; }",
            ..PLAIN
        };
        let Some(nginx) = Nginx::before(&portal, &setup) else {
            return;
        };
        let client = owner(&portal, &nginx.url()).build().unwrap();
        let member = portal.member();
        let result = look.change(&client, &member);
        let case = format!("301 to https, {look:?}");
        let came = Came::of(&case, &result, &portal, &member).is_true();
        let expected = Came {
            status: Some(Status::Redirected),
            reason: Reason::Redirected,
            applied: Applied::No,
            app_link: None,
            reached: 0,
            done: 0,
        };
        assert_eq!(came, expected, "{look:?}");
        let there = nginx.url().replace("http:", "https:");
        let error = result.unwrap_err();
        assert!(error.message().contains(&there), "{}", error.message());
    }
}
