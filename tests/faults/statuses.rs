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
        ("JSON", answers::json(status, answers::REFUSAL)),
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

fn redirects(carrier: Transport, elsewhere: &[Arc<Crude>]) -> Vec<Row> {
    let refused = no(Status::Redirected, Reason::Redirected);
    let open = maybe(Status::Redirected, Reason::Redirected);
    let mut rows = Vec::new();
    for (status, want) in [
        (301, &refused),
        (302, &refused),
        (307, &refused),
        (308, &refused),
        (300, &open),
        (303, &open),
        (304, &open),
        (305, &open),
        (306, &open),
        (399, &open),
    ] {
        let mut places = vec![
            ("no", String::new()),
            (
                "loop",
                "Location: /api/2.0/settings/tfaappnewapp\r\n".to_owned(),
            ),
            ("broken", "Location: http://[::\r\n".to_owned()),
        ];
        for other in elsewhere {
            let url = other.url();
            let kind = if url.starts_with("https") {
                "https"
            } else {
                "http"
            };
            places.push((kind, format!("Location: {url}/sign-in\r\n")));
        }
        for (kind, fields) in places {
            let answer = answers::with(&format!("{status} Moved"), &fields, b"");
            let fault = format!("redirect {status}");
            let row = Row::answer(&fault, carrier, answer, want.clone().http(status));
            // A second connection only ever reads back.
            let count = 1 + usize::from(status == 303 || want.applied == open.applied);
            let row = row.case(kind).connections(count);
            rows.push(row.untouched(elsewhere));
        }
    }
    rows
}

fn refusals(carrier: Transport) -> Vec<Row> {
    use Reason as R;
    use Status as S;
    let env = |status| answers::json(status, answers::REFUSAL);
    let problem = |status| answers::json(status, answers::PROBLEM);
    let text = |status| answers::answer(&format!("{status} No"), "text/plain", b"Not from here");
    let strange = no(S::Protocol, R::NotAPortal);
    let missing = no(S::NotFound, R::PortalNotFound);
    let rejected = no(S::Rejected, R::Unknown);
    let table = [
        (400, "JSON", env(400), no(S::Rejected, R::InvalidRequest)),
        (
            400,
            "validation",
            answers::json(400, answers::VALIDATION),
            no(S::Rejected, R::InvalidRequest),
        ),
        (400, "page", answers::page(400), strange.clone()),
        (400, "empty", answers::empty(400), strange.clone()),
        (401, "JSON", env(401), no(S::Unauthorized, R::BadCredential)),
        (
            401,
            "problem",
            problem(401),
            no(S::Unauthorized, R::BadCredential),
        ),
        (
            401,
            "empty",
            answers::empty(401),
            no(S::Unauthorized, R::BadCredential),
        ),
        (
            401,
            "page",
            answers::page(401),
            no(S::Unauthorized, R::Unknown),
        ),
        (402, "JSON", env(402), no(S::Unavailable, R::Unpaid)),
        (
            402,
            "page",
            answers::page(402),
            no(S::Unavailable, R::Unpaid),
        ),
        (
            402,
            "empty",
            answers::empty(402),
            no(S::Unavailable, R::Unpaid),
        ),
        (
            403,
            "empty",
            answers::empty(403),
            no(S::Forbidden, R::MissingScope),
        ),
        (403, "JSON", env(403), rejected.clone()),
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
        (404, "problem", problem(404), missing.clone()),
        (404, "page", answers::page(404), missing.clone()),
        (404, "empty", answers::empty(404), missing),
        (404, "JSON", env(404), rejected.clone()),
        (405, "JSON", env(405), rejected.clone()),
        (405, "page", answers::page(405), strange.clone()),
        (405, "problem", problem(405), strange.clone()),
        (405, "empty", answers::empty(405), strange.clone()),
        (408, "empty", answers::empty(408), cut()),
        (408, "JSON", env(408), cut()),
        (415, "JSON", env(415), rejected.clone()),
        (415, "page", answers::page(415), strange.clone()),
        (421, "empty", answers::empty(421), strange.clone().retry()),
        (425, "empty", answers::empty(425), strange.clone().retry()),
        (499, "page", answers::page(499), cut()),
    ];
    let mut rows: Vec<Row> = table
        .into_iter()
        .map(|(status, case, answer, want)| {
            let fault = format!("{status}");
            Row::answer(&fault, carrier, answer, want.http(status)).case(case)
        })
        .collect();
    for status in [
        406, 407, 409, 410, 411, 412, 413, 414, 417, 418, 422, 423, 426, 428, 431, 451,
    ] {
        for (case, answer) in bodies(status) {
            let want = if case == "JSON" { &rejected } else { &strange };
            let row = Row::answer("other 4xx", carrier, answer, want.clone().http(status));
            rows.push(row.case(format!("{status} {case}")));
        }
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
        (
            "longer than any number",
            "Retry-After: 99999999999999999999999\r\n",
            Reason::DailyLimit,
        ),
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
