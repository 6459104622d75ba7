//! Every status, with every kind of body that tells one from another.

use std::sync::Arc;

use docspace_tfa::{Reason, Status};

use crate::answers;
use crate::portal::crude::{Crude, Script, Step, Transport};
use crate::row::{CARRIERS, Place, Row, Want, cut, garbage, maybe, no, refuse};

pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    // Whoever followed a redirect would be seen here.
    let elsewhere = CARRIERS.map(|carrier| Arc::new(Crude::start(carrier, refuse())));
    for carrier in CARRIERS {
        rows.extend(successes(carrier));
        rows.extend(redirects(carrier, &elsewhere));
        rows.extend(refusals(carrier));
        rows.extend(limits(carrier));
        rows.extend(server_faults(carrier));
        rows.extend(impossible(carrier));
    }
    rows
}

fn bodies(status: u16) -> [(&'static str, Vec<u8>); 3] {
    [
        ("JSON", answers::json(status, answers::FAILURE)),
        ("page", answers::page(status)),
        ("empty", answers::empty(status)),
    ]
}

fn successes(carrier: Transport) -> Vec<Row> {
    let row = |status: u16| {
        let answer = answers::json(status, answers::ENVELOPE);
        let want = garbage().http(status);
        Row::answer("2xx, not 200", carrier, answer, want).case(status)
    };
    let mut rows: Vec<Row> = [201, 202, 203, 206, 226, 299].map(row).into();
    let want = garbage().http(204);
    let row = Row::answer(
        "2xx, not 200",
        carrier,
        answers::start("204 No") + "\r\n",
        want,
    );
    rows.push(row.case(204));
    rows
}

/// Only a gateway that answers instead of forwarding sends elsewhere by 301 or
/// 308 and the same path, or from http to https; everything else may be what a
/// gateway makes of a lost answer.
fn redirects(carrier: Transport, elsewhere: &[Arc<Crude>]) -> Vec<Row> {
    const PATH: &str = "/api/2.0/settings/tfaappnewapp";
    let refused = no(Status::Redirected, Reason::Redirected);
    let open = maybe(Status::Redirected, Reason::Redirected);
    let mut rows = Vec::new();
    for status in [300, 301, 302, 303, 304, 305, 306, 307, 308, 399] {
        let mut places = vec![
            ("no", String::new(), false),
            ("loop", format!("Location: {PATH}\r\n"), false),
            ("broken", "Location: http://[::\r\n".to_owned(), false),
        ];
        for other in elsewhere {
            let url = other.url();
            let kinds = if url.starts_with("https") {
                ["https, another path", "https, the same path"]
            } else {
                ["http, another path", "http, the same path"]
            };
            let sign_in = format!("Location: {url}/sign-in\r\n");
            places.push((kinds[0], sign_in, false));
            let same = format!("Location: {url}{PATH}\r\n");
            places.push((kinds[1], same, matches!(status, 301 | 308)));
        }
        for (kind, fields, is_no) in places {
            let answer = answers::with(&format!("{status} Moved"), &fields, b"");
            let fault = format!("redirect {status}");
            let want = if is_no { &refused } else { &open };
            let row = Row::answer(&fault, carrier, answer, want.clone().http(status));
            // Others only ever read back.
            let row = row.case(kind);
            let row = if is_no { row.connections(1) } else { row };
            rows.push(row.untouched(elsewhere));
        }
    }
    rows
}

fn refusals(carrier: Transport) -> Vec<Row> {
    use Reason as R;
    use Status as S;
    let env = |status| answers::json(status, answers::REFUSAL);
    let late = |status| answers::json(status, answers::LATE_FAILURE);
    let problem = |status| answers::json(status, answers::PROBLEM);
    let text = |status| answers::answer(&format!("{status} No"), "text/plain", b"Not from here");
    let strange = no(S::Protocol, R::NotAPortal);
    let rejected = no(S::Rejected, R::Unknown);
    let failed = maybe(S::Server, R::Unknown);
    let unauthorized = no(S::Unauthorized, R::BadCredential);
    let unpaid = no(S::Unavailable, R::Unpaid);
    // The time of these calls does not suffice for all looks.
    let no_portal = maybe(S::NotFound, R::PortalNotFound);
    let no_method = maybe(S::Protocol, R::NotAPortal);
    let invalid = no(S::Rejected, R::InvalidRequest);
    let table: Vec<(u16, &str, Vec<u8>, &Want)> = vec![
        (
            400,
            "validation",
            answers::json(400, answers::VALIDATION),
            &invalid,
        ),
        (400, "refusal", env(400), &failed),
        (400, "late failure", late(400), &failed),
        (400, "page", answers::page(400), &strange),
        (400, "empty", answers::empty(400), &strange),
        (401, "refusal", env(401), &failed),
        (401, "problem", problem(401), &unauthorized),
        (401, "empty", answers::empty(401), &unauthorized),
        (402, "refusal", env(402), &failed),
        (402, "page", answers::page(402), &unpaid),
        (402, "empty", answers::empty(402), &unpaid),
        (403, "refusal", env(403), &rejected),
        (
            403,
            "bare refusal",
            answers::json(403, answers::BARE_REFUSAL),
            &rejected,
        ),
        (403, "late failure", late(403), &failed),
        (403, "denial", answers::json(403, answers::DENIAL), &failed),
        (404, "page", answers::page(404), &no_portal),
        (404, "empty", answers::empty(404), &no_portal),
        (404, "refusal", env(404), &failed),
        (404, "late failure", late(404), &failed),
        (405, "refusal", env(405), &rejected),
        (
            405,
            "bare refusal",
            answers::json(405, answers::BARE_REFUSAL),
            &rejected,
        ),
        (405, "late failure", late(405), &failed),
        (405, "page", answers::page(405), &no_method),
        (405, "problem", problem(405), &no_method),
        (405, "empty", answers::empty(405), &no_method),
        (408, "refusal", env(408), &failed),
        (415, "refusal", env(415), &failed),
        (
            415,
            "unsupported",
            answers::json(415, answers::UNSUPPORTED),
            &failed,
        ),
        (415, "page", answers::page(415), &strange),
    ];
    let more = [
        (
            401,
            "page",
            answers::page(401),
            no(S::Unauthorized, R::Unknown),
        ),
        (
            403,
            "empty",
            answers::empty(403),
            no(S::Forbidden, R::MissingScope),
        ),
        (
            403,
            "problem",
            problem(403),
            no(S::Unavailable, R::Maintenance).retry(),
        ),
        (403, "text", text(403), no(S::Forbidden, R::IpRestricted)),
        (
            403,
            "sentence",
            answers::json(403, "\"Not from here\""),
            no(S::Forbidden, R::IpRestricted),
        ),
        (
            403,
            "page",
            answers::page(403),
            no(S::Forbidden, R::NotAPortal),
        ),
        (
            404,
            "problem",
            problem(404),
            no(S::NotFound, R::PortalNotFound),
        ),
        (408, "empty", answers::empty(408), cut()),
        (421, "empty", answers::empty(421), strange.clone().retry()),
        (425, "empty", answers::empty(425), strange.clone().retry()),
        (499, "page", answers::page(499), cut()),
    ];
    let mut rows: Vec<Row> = table
        .into_iter()
        .map(|(status, case, answer, want)| (status, case, answer, want.clone()))
        .chain(more)
        .map(|(status, case, answer, want)| {
            Row::answer(&status.to_string(), carrier, answer, want.http(status)).case(case)
        })
        .collect();
    for status in [
        406, 407, 409, 410, 411, 412, 413, 414, 417, 418, 422, 423, 426, 428, 431, 451,
    ] {
        for (case, answer) in bodies(status) {
            let want = if case == "JSON" { &failed } else { &strange };
            let row = Row::answer("other 4xx", carrier, answer, want.clone().http(status));
            rows.push(row.case(format!("{status} {case}")));
        }
    }
    // A success of the portal's own under another status: not believed, and
    // never sent again.
    let odd = maybe(S::Protocol, R::Unknown);
    for status in [
        300, 301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 409, 415, 429,
    ] {
        let fields = "Location: https://portal.example/api/2.0/settings/tfaappnewapp\r\n\
                      Retry-After: 0\r\n";
        let answer = answers::with(
            &format!("{status} Odd"),
            fields,
            answers::ENVELOPE.as_bytes(),
        );
        let row = Row::answer(
            "success under another status",
            carrier,
            answer,
            odd.clone().http(status),
        );
        rows.push(row.case(status));
    }
    rows
}

/// The only answers after which a change is sent again.
fn limits(carrier: Transport) -> Vec<Row> {
    let limited = |reason| no(Status::RateLimited, reason).retry().http(429);
    // Or a resend might go into a connection that is just being closed.
    let answer = |fields: &str| {
        let fields = format!("Connection: close\r\n{fields}");
        answers::with("429 Slow down", &fields, b"")
    };
    let mut rows = Vec::new();
    for (case, fields, reason) in [
        (
            "wait does not fit",
            "Retry-After: 100\r\n",
            Reason::RateLimited,
        ),
        ("daily limit", "Retry-After: 40000\r\n", Reason::DailyLimit),
    ] {
        let row = Row::answer("429", carrier, answer(fields), limited(reason));
        rows.push(row.case(case).connections(1));
    }
    let steps = vec![Step::ReadRequest, Step::Send(answer("Retry-After: 0\r\n"))];
    let want = limited(Reason::RateLimited).attempts(3).requests(3..=3);
    let row = Row::always("429", carrier, steps, want);
    rows.push(row.case("every time").connections(3));
    let script = Script::in_turn(vec![
        vec![Step::ReadRequest, Step::Send(answer("Retry-After: 0\r\n"))],
        vec![Step::ReadRequest, Step::Send(answers::ok())],
    ]);
    let want = crate::row::done().attempts(2).requests(2..=2);
    let row = Row::new("429", Place::Crude(carrier), script, want);
    rows.push(row.case("once").connections(2));
    rows
}

fn server_faults(carrier: Transport) -> Vec<Row> {
    let mut rows = Vec::new();
    for status in [
        500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529,
        530, 599,
    ] {
        let kind = if status == 503 {
            Status::Unavailable
        } else {
            Status::Server
        };
        let want: Want = maybe(kind, Reason::Unknown).http(status);
        for (case, answer) in bodies(status) {
            let fault = format!("5xx, {case}");
            let row = Row::answer(&fault, carrier, answer, want.clone());
            rows.push(row.case(status).connections(2));
        }
    }
    let close = "Connection: close\r\n";
    let answer = answers::with("500 Said", close, answers::OLD_REFUSAL.as_bytes());
    let want = maybe(Status::Server, Reason::Unknown).http(500);
    // One read for the reason, one to settle.
    rows.push(Row::answer("500, an old refusal", carrier, answer, want).connections(3));
    rows
}

fn impossible(carrier: Transport) -> Vec<Row> {
    [
        ("600", true),
        ("999", true),
        ("099", false),
        ("000", false),
        ("1000", false),
    ]
    .into_iter()
    .map(|(status, told)| {
        let answer = answers::json(0, answers::ENVELOPE);
        let text = String::from_utf8(answer).unwrap();
        let text = text.replacen("HTTP/1.1 0 ", &format!("HTTP/1.1 {status} "), 1);
        let mut want = garbage();
        if told {
            want.http = status.parse().ok();
        }
        Row::answer("impossible status", carrier, text, want).case(status)
    })
    .collect()
}
