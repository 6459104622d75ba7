//! What kind of body an answer has: DocSpace wraps everything it says, and
//! whatever is not wrapped was said by something else.

mod object;

use serde_json::value::RawValue;

use self::object::Object;
use crate::json::{FromJson, Members};
use crate::text::{self, clean};
use crate::transport::Reply;
use crate::wipe::Wiped;

/// The shape of an answer's body; with the HTTP status it decides everything.
#[derive(Debug)]
pub(crate) enum Shape {
    /// An object with members of the success envelope.
    Envelope(Envelope),
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

/// What stands in a success envelope. Only one that says 0 and 200 is the
/// portal's own word that it did what was asked: gateways and health pages
/// answer with objects that look much like it.
#[derive(Debug)]
pub(crate) struct Envelope {
    status: Said,
    code: Said,
    pub(crate) response: Response,
    /// DocSpace says which request it answers; its predecessor does not.
    pub(crate) has_links: bool,
}

/// What a number in an envelope says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Success,
    Otherwise,
}

/// The member `response`, as far as it matters.
#[derive(Debug)]
pub(crate) enum Response {
    Nothing,
    Text(Wiped<String>),
    Other,
}

impl Envelope {
    /// It says that what was asked is done.
    pub(crate) fn is_success(&self) -> bool {
        (self.status, self.code) == (Said::Success, Said::Success)
    }

    /// A success that answers the unlink call: its response is an absolute URL,
    /// or "" where the account is somebody else's.
    pub(crate) fn is_unlinked(&self) -> bool {
        self.is_success()
            && matches!(&self.response, Response::Text(url) if url.is_empty() || is_absolute(url))
    }

    /// A success that only lacks or contradicts the HTTP status: whoever passed
    /// it on may have replaced that.
    pub(crate) fn claims_success(&self) -> bool {
        self.status == Said::Success && matches!(self.response, Response::Text(_))
    }

    /// A member says that this is no success of the unlink call.
    pub(crate) fn contradicts(&self) -> bool {
        self.status == Said::Otherwise
            || self.code == Said::Otherwise
            || matches!(self.response, Response::Other)
    }
}

fn is_absolute(url: &str) -> bool {
    let has = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
            && url.len() > scheme.len()
    };
    has("https://") || has("http://")
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
    let said = |name, success| Some(Said::of(envelope.find(name)?, success));
    if said("status", "0")? != Said::Success || said("statusCode", "200")? != Said::Success {
        return None;
    }
    Some(Paged {
        response: envelope.find("response")??,
        total: envelope.get("total")?,
    })
}

impl Said {
    /// A number may come as a text.
    fn of(json: Option<&str>, success: &str) -> Self {
        match json {
            None | Some("null") => Said::Nothing,
            Some(json) if json == success || json.trim_matches('"') == success => Said::Success,
            Some(_) => Said::Otherwise,
        }
    }
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
    let said = |member: Option<&RawValue>, success| Said::of(member.map(RawValue::get), success);
    let (status, code) = (said(object.status, "0"), said(object.status_code, "200"));
    let response = object::Response::of(object.response.map_or("null", RawValue::get))?;
    let has_trace = said(object.trace_id, "") != Said::Nothing;
    let is_bare = code == Said::Nothing
        && matches!(response, object::Response::Nothing)
        && (title.is_some() || has_trace || detail.is_some());
    if is_bare {
        let message: String = title.or(detail).unwrap_or_default();
        return Some(Shape::Problem {
            message: clean(&message, text::SENTENCE),
        });
    }
    let response = match response {
        object::Response::Problem(message) => {
            return Some(Shape::Validation {
                message: clean(&message, text::SENTENCE),
            });
        }
        object::Response::Text(url) => Response::Text(Wiped::new(url.into_owned())),
        object::Response::Nothing => Response::Nothing,
        object::Response::Other => Response::Other,
    };
    let is_envelope =
        (status, code) != (Said::Nothing, Said::Nothing) || !matches!(response, Response::Nothing);
    is_envelope.then_some(Shape::Envelope(Envelope {
        status,
        code,
        response,
        has_links: object
            .links
            .is_some_and(|links| links.get().starts_with('[')),
    }))
}

/// A member that may be left out.
fn read<T: FromJson>(member: Option<&RawValue>) -> Option<Option<T>> {
    Option::from_json(member.map_or("null", RawValue::get))
}

#[cfg(test)]
mod tests;
