//! What is asked, and what becomes of an answer, step by step: for
//! `benches/pure`.

use crate::account::AccountId;
use crate::change::outcome::{self, Asked};
use crate::credential::Kind;
use crate::error::{Applied, Error};
use crate::method::TfaMethod;
use crate::portal::envelope::{self, Shape};
use crate::portal::people::Person;
use crate::portal::{self, Object};
use crate::transport::Reply;

/// What a change sends, from the id as it was given.
pub fn request(account: &str) -> Result<Vec<u8>, Error> {
    Ok(portal::unlink_body(
        &AccountId::parse(account)?,
        TfaMethod::None,
    ))
}

/// An answer that has come whole.
#[derive(Debug)]
pub struct Answer(Reply);

/// The same, its body understood.
#[derive(Debug)]
pub struct Parsed(Shape);

impl Answer {
    pub fn new(status: u16, body: &str) -> Self {
        Answer(Reply::for_test(status, body.as_bytes()))
    }

    pub fn parse(&self) -> Parsed {
        Parsed(Shape::of(&self.0))
    }

    /// Whether the account was changed.
    pub fn decide(&self, parsed: &Parsed) -> bool {
        let verdict = outcome::of_answer(Asked::Unlink, &self.0, &parsed.0, Kind::ApiKey);
        verdict.applied == Applied::Yes
    }

    /// Whether the account that was read has an app linked.
    pub fn is_linked(&self) -> Option<bool> {
        let read = envelope::response::<Object<Person>>(&self.0.body)?;
        read.response.0.tfa_app_enabled
    }
}
