//! What may stop a request after its sender is known and before its body is
//! read: the state of the portal, its bill, and the sender's address.

use super::account::Kind;
use super::auth::Caller;
use super::envelope::{Reply, bare_problem};
use super::json::quote;
use super::request::Request;
use super::state::State;
use super::text::Text;

/// Conditions of the portal in force for one request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conditions {
    pub suspended: bool,
    pub maintenance: bool,
    pub unpaid: bool,
    pub address_refused: bool,
    /// The host leads to no portal that the application knows.
    pub no_portal: bool,
    /// The plan has no LDAP any more.
    pub no_ldap: bool,
}

/// The first filter that objects answers.
pub fn pass(
    state: &State,
    caller: &Caller,
    request: &Request,
    conditions: Conditions,
    asks_for_payment: bool,
) -> Result<(), Reply> {
    if conditions.suspended {
        return Err(bare_problem(404));
    }
    if conditions.maintenance {
        return Err(bare_problem(403));
    }
    let waived = request
        .header("Payment-Info")
        .is_some_and(|v| v.eq_ignore_ascii_case("false"));
    if conditions.unpaid && asks_for_payment && !waived {
        return Err(bare_problem(402));
    }
    let owner = state
        .account(&caller.id)
        .is_some_and(|account| account.kind == Kind::Owner);
    if conditions.address_refused && !owner {
        let sentence = Text::AddressRefused.say(state.language_of(caller));
        return Err(bare_sentence(request, sentence));
    }
    Ok(())
}

/// A sentence without an envelope, in the form the sender can take.
fn bare_sentence(request: &Request, sentence: &str) -> Reply {
    let accept = request.header("Accept").unwrap_or("*/*");
    let only_json = accept.split(',').all(|part| {
        part.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case("application/json")
    });
    if only_json {
        Reply::typed(403, "application/json; charset=utf-8", quote(sentence))
    } else {
        Reply::typed(403, "text/plain; charset=utf-8", sentence)
    }
}
