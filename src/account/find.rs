//! Finding one account by e-mail, user name or id.

use super::{Account, AccountId};
use crate::error::{Applied, Error, Reason, Status};
use crate::message;
use crate::portal::people::{Person, is_literal_route};
use crate::reading::Reading;
use crate::shared::Shared;
use crate::transport::Call;

/// No e-mail address or user name is longer.
const LONGEST: usize = 255;

pub(crate) fn find(shared: &Shared, call: Call, who: &str) -> Result<Account, Error> {
    let who = who.trim();
    if who.is_empty() || who.len() > LONGEST || who.chars().any(char::is_control) {
        return Err(Error::argument(
            "account: empty, over-long or with a control character; give an e-mail address, a \
             user name, an id or @self",
        ));
    }
    let reading = Reading::within(shared, call);
    let portal = &shared.portal;
    let call = reading.call();
    let person: Person = if who == "@self" {
        reading.read(&|| portal.own_account(call))?
    } else if let Ok(id) = AccountId::parse(who) {
        reading.read(&|| portal.account(call, &id))?
    } else if who.contains('@') {
        let person = reading.read(&|| portal.account_by_email(call, who))?;
        // Case apart, only the very address is meant.
        confirmed(&person.email, who)?;
        person
    } else {
        if is_literal_route(who) {
            return Err(Error::argument(
                "account: the portal takes this user name for a path of its own; give the \
                 e-mail address or the id",
            ));
        }
        let person = reading.read(&|| portal.account_by_name(call, who))?;
        // Another notation of an id would find its account, too.
        confirmed(&person.user_name, who)?;
        person
    };
    Ok(person.into_account())
}

/// The portal searches in its own way: what it found must bear what was asked
/// for.
fn confirmed(shown: &str, who: &str) -> Result<(), Error> {
    if shown.is_empty() {
        Err(unreadable())
    } else if shown.to_lowercase() != who.to_lowercase() {
        Err(nobody())
    } else {
        Ok(())
    }
}

fn nobody() -> Error {
    let (status, reason) = (Status::NotFound, Reason::NoSuchAccount);
    Error::new(
        status,
        Applied::No,
        message::of_failure(status, reason, Applied::No),
    )
    .with_reason(reason)
}

pub(super) fn unreadable() -> Error {
    let (status, reason) = (Status::Protocol, Reason::Unknown);
    Error::new(
        status,
        Applied::No,
        message::of_failure(status, reason, Applied::No),
    )
    .with_reason(reason)
}
