//! What kind of body an answer has: DocSpace wraps everything it says, and
//! whatever is not wrapped was said by something else.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};

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
        if text.trim().is_empty() {
            return Shape::Empty;
        }
        if text.starts_with('{') {
            return of_object(text);
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
    let envelope = Members::of(std::str::from_utf8(body).ok()?)?;
    if envelope.find("error")?.is_some_and(|error| error != "null") {
        return None;
    }
    Some(Paged {
        response: envelope.get("response")?,
        total: envelope.get("total")?,
    })
}

/// Every member that tells one object from another. A member that occurs twice
/// is refused: readers would not agree on which one counts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(default, borrow)]
    response: Response<'a>,
    #[serde(default)]
    error: Option<Exception>,
    #[serde(default)]
    status: Option<IgnoredAny>,
    #[serde(default)]
    status_code: Option<IgnoredAny>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    trace_id: Option<IgnoredAny>,
}

/// The stack is never read: it tells the server's own paths.
#[derive(Deserialize)]
struct Exception {
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    r#type: Option<String>,
}

fn of_object(text: &str) -> Shape {
    let mut objects = serde_json::Deserializer::from_str(text).into_iter::<Object<'_>>();
    let object = match objects.next() {
        Some(Ok(object)) => object,
        Some(Err(error)) if error.is_eof() => return Shape::Half,
        _ => return Shape::Page,
    };
    let behind = text.get(objects.byte_offset()..).unwrap_or_default();
    if !behind.trim().is_empty() {
        return Shape::Page;
    }
    if let Some(error) = object.error {
        return Shape::Refusal {
            kind: error.r#type,
            message: clean(error.message.as_deref().unwrap_or_default(), text::SENTENCE),
        };
    }
    let bare = object.status_code.is_none()
        && matches!(object.response, Response::Nothing)
        && (object.title.is_some() || object.trace_id.is_some() || object.detail.is_some());
    if bare {
        let message = object.title.or(object.detail).unwrap_or_default();
        return Shape::Problem {
            message: clean(&message, text::SENTENCE),
        };
    }
    if object.status.is_none() && object.status_code.is_none() {
        return Shape::Page;
    }
    match object.response {
        Response::Nothing => Shape::Success(None),
        Response::Text(url) => Shape::Success(Some(Wiped::new(url.into_owned()))),
        Response::Problem(message) => Shape::Validation {
            message: clean(&message, text::SENTENCE),
        },
        Response::Other => Shape::OtherResponse,
    }
}

/// The member `response`, as far as it matters.
#[derive(Default)]
enum Response<'a> {
    #[default]
    Nothing,
    Text(Cow<'a, str>),
    /// An object with the members of a validation problem: its text.
    Problem(String),
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Response<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ResponseVisitor)
    }
}

struct ResponseVisitor;

impl<'de> Visitor<'de> for ResponseVisitor {
    type Value = Response<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Response::Nothing)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Response::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Response::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Response::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Response::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Response::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Response::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Response::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut title, mut details) = (None, None);
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match &*name {
                "title" => title = map.next_value::<Lenient<String>>()?.0,
                "errors" => {
                    details = map
                        .next_value::<Lenient<BTreeMap<String, Vec<String>>>>()?
                        .0;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if title.is_none() && details.is_none() {
            return Ok(Response::Other);
        }
        let mut text = title.unwrap_or_default();
        for sentence in details.unwrap_or_default().into_values().flatten() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&sentence);
        }
        Ok(Response::Problem(text))
    }
}

/// A value if it is of the kind expected, else nothing.
struct Lenient<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        Ok(Lenient(serde_json::from_value(value).ok()))
    }
}

#[cfg(test)]
mod tests;
