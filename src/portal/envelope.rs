//! What kind of body an answer has: DocSpace wraps everything it says, and
//! whatever is not wrapped was said by something else.

mod object;

use serde_json::value::RawValue;

use self::object::{Object, Response};
use crate::json::{FromJson, Members};
use crate::text::{self, clean};
use crate::transport::Reply;
use crate::wipe::Wiped;

/// The shape of an answer's body; with the HTTP status it decides everything.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A complete success envelope whose response is a text, null or absent.
    Success(Option<Wiped<String>>),
    /// A complete success envelope with another kind of response.
    OtherResponse,
    /// The error envelope. `kind` is the exception's type, if it was told.
    Refusal {
        kind: Option<String>,
        message: String,
    },
    /// A validation problem inside the success envelope.
    Validation { message: String },
    /// Problem details without an envelope.
    Problem { message: String },
    /// A bare sentence.
    Sentence(String),
    /// Nothing at all.
    Empty,
    /// An object that breaks off.
    Half,
    /// A page, or anything else.
    Page,
}

impl Shape {
    pub(crate) fn of(reply: &Reply) -> Shape {
        if reply.encoded {
            return Shape::Page;
        }
        let text = match std::str::from_utf8(&reply.body) {
            Ok(text) => text,
            // Cut inside a character: what came before it may still tell.
            Err(cut) if cut.error_len().is_none() => reply
                .body
                .get(..cut.valid_up_to())
                .and_then(|whole| std::str::from_utf8(whole).ok())
                .unwrap_or_default(),
            Err(_) => return Shape::Page,
        };
        if text.starts_with('{') {
            return of_object(text.trim_end());
        }
        if text.trim().is_empty() {
            return Shape::Empty;
        }
        if let Ok(sentence) = serde_json::from_str::<String>(text) {
            return Shape::Sentence(clean(&sentence, text::SENTENCE));
        }
        if reply.plain_text && !text.trim_start().starts_with('<') {
            return Shape::Sentence(clean(text.trim(), text::SENTENCE));
        }
        Shape::Page
    }

    /// What the portal said, cleaned; empty where it said nothing.
    pub(crate) fn portal_message(&self) -> &str {
        match self {
            Shape::Refusal { message, .. }
            | Shape::Validation { message }
            | Shape::Problem { message }
            | Shape::Sentence(message) => message,
            _ => "",
        }
    }
}

/// The `response` of a success envelope, and how many there are in all where
/// the portal gives a page of them.
pub(crate) struct Paged<T> {
    pub(crate) response: T,
    pub(crate) total: Option<u32>,
}

pub(crate) fn response<T: FromJson>(body: &[u8]) -> Option<Paged<T>> {
    let Paged { response, total } = unread(body)?;
    Some(Paged {
        response: T::from_json(response)?,
        total,
    })
}

fn unread(body: &[u8]) -> Option<Paged<&str>> {
    let envelope = Members::of(std::str::from_utf8(body).ok()?)?;
    if envelope.find("error")?.is_some_and(|error| error != "null") {
        return None;
    }
    Some(Paged {
        response: envelope.find("response")??,
        total: envelope.get("total")?,
    })
}

/// The stack is never read: it tells the server's own paths.
struct Exception {
    message: Option<String>,
    kind: Option<String>,
}

impl FromJson for Exception {
    fn from_json(json: &str) -> Option<Self> {
        let members = Members::of(json)?;
        Some(Exception {
            message: members.get("message")?,
            kind: members.get("type")?,
        })
    }
}

fn of_object(text: &str) -> Shape {
    match serde_json::from_str(text) {
        Ok(object) => of_members(object).unwrap_or(Shape::Page),
        Err(error) if error.is_eof() => Shape::Half,
        Err(_) => Shape::Page,
    }
}

/// `None` where a member is of another kind than it must be.
fn of_members(object: Object<'_>) -> Option<Shape> {
    let error: Option<Exception> = read(object.error)?;
    let (title, detail) = (read(object.title)?, read(object.detail)?);
    if let Some(error) = error {
        return Some(Shape::Refusal {
            kind: error.kind,
            message: clean(error.message.as_deref().unwrap_or_default(), text::SENTENCE),
        });
    }
    let has = |member: Option<&RawValue>| member.is_some_and(|value| value.get() != "null");
    let has_code = has(object.status_code);
    let response = Response::of(object.response.map_or("null", RawValue::get))?;
    let bare = !has_code
        && matches!(response, Response::Nothing)
        && (title.is_some() || has(object.trace_id) || detail.is_some());
    if bare {
        let message: String = title.or(detail).unwrap_or_default();
        return Some(Shape::Problem {
            message: clean(&message, text::SENTENCE),
        });
    }
    if !has_code && !has(object.status) {
        return None;
    }
    Some(match response {
        Response::Nothing => Shape::Success(None),
        Response::Text(url) => Shape::Success(Some(Wiped::new(url.into_owned()))),
        Response::Problem(message) => Shape::Validation {
            message: clean(&message, text::SENTENCE),
        },
        Response::Other => Shape::OtherResponse,
    })
}

/// A member that may be left out.
fn read<T: FromJson>(member: Option<&RawValue>) -> Option<Option<T>> {
    Option::from_json(member.map_or("null", RawValue::get))
}

#[cfg(test)]
mod tests;
