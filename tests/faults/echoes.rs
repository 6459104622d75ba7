//! Answers that repeat a secret of the request.

use docspace_tfa::{Reason, Status};

use crate::answers;
use crate::portal::crude::Transport;
use crate::row::{CARRIERS, Row, no};
use crate::run::KEY;

pub fn rows() -> Vec<Row> {
    CARRIERS.into_iter().flat_map(echoes).collect()
}

/// A portal, or something that debugs it, repeats the request's own key.
fn echoes(carrier: Transport) -> Vec<Row> {
    let text = format!("authorization: Bearer {KEY}");
    let padded = format!("{}{KEY}", "x".repeat(490));
    let refusal = answers::REFUSAL.replace("TFA application", &format!("{text} application"));
    let rejected = no(Status::Rejected, Reason::Unknown).http(403);
    let restricted = no(Status::Forbidden, Reason::IpRestricted).http(403);
    [
        ("in a refusal", answers::json(403, &refusal), rejected),
        (
            "in a sentence",
            answers::answer("403 No", "text/plain", text.as_bytes()),
            restricted.clone(),
        ),
        (
            "where a text is cut",
            answers::answer("403 No", "text/plain", padded.as_bytes()),
            restricted,
        ),
    ]
    .into_iter()
    .map(|(case, answer, want)| {
        Row::answer("answer repeats the key", carrier, answer, want).case(case)
    })
    .collect()
}
