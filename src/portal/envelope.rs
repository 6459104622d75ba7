//! What kind of body an answer has: DocSpace wraps everything it says, and
//! whatever is not wrapped was said by something else.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{Object, lenient_text};
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

pub(crate) fn response<T: DeserializeOwned>(body: &[u8]) -> Option<Paged<T>> {
    let body = std::str::from_utf8(body).ok()?;
    let Object(body): Object<Body<'_>> = serde_json::from_str(body).ok()?;
    if body.error.is_some() || body.said() != (Said::Success, Said::Success) {
        return None;
    }
    Some(Paged {
        response: read(body.response).ok()??,
        total: read(body.total).ok()?,
    })
}

/// The members that tell one object from another, each as it stands. One that
/// occurs twice is refused: readers would not agree on which one counts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(borrow)]
    response: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    links: Option<&'a RawValue>,
    #[serde(borrow)]
    total: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    status_code: Option<&'a RawValue>,
    #[serde(borrow)]
    title: Option<&'a RawValue>,
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
    #[serde(borrow)]
    trace_id: Option<&'a RawValue>,
}

impl Said {
    /// A number may come as a text.
    fn of(json: Option<&RawValue>, success: &str) -> Self {
        match json.map(RawValue::get) {
            None => Said::Nothing,
            Some(json) if json == success || json.trim_matches('"') == success => Said::Success,
            Some(_) => Said::Otherwise,
        }
    }
}

/// A member that may be left out.
fn read<T: DeserializeOwned>(member: Option<&RawValue>) -> serde_json::Result<Option<T>> {
    member
        .map(|json| serde_json::from_str(json.get()))
        .transpose()
}

fn of_object(text: &str) -> Shape {
    match serde_json::from_str::<Object<Body<'_>>>(text) {
        Ok(Object(body)) => body.shape().unwrap_or(Shape::Page),
        Err(error) if error.is_eof() => Shape::Half,
        Err(_) => Shape::Page,
    }
}

impl Body<'_> {
    fn said(&self) -> (Said, Said) {
        (
            Said::of(self.status, "0"),
            Said::of(self.status_code, "200"),
        )
    }

    /// Fails where a member is of another kind than it must be.
    fn shape(self) -> serde_json::Result<Shape> {
        let error: Option<Object<Exception>> = read(self.error)?;
        let (title, detail): (Option<String>, Option<String>) =
            (read(self.title)?, read(self.detail)?);
        if let Some(Object(error)) = error {
            return Ok(Shape::Refusal {
                kind: error.kind,
                message: clean(error.message.as_deref().unwrap_or_default(), text::SENTENCE),
            });
        }
        let (status, code) = self.said();
        let response = match self.response {
            None => Response::Nothing,
            Some(json) if json.get().starts_with('"') => {
                Response::Text(serde_json::from_str(json.get())?)
            }
            Some(json) => match problem(json)? {
                Some(message) => {
                    return Ok(Shape::Validation {
                        message: clean(&message, text::SENTENCE),
                    });
                }
                None => Response::Other,
            },
        };
        if code == Said::Nothing && matches!(response, Response::Nothing) {
            if title.is_some() || detail.is_some() || self.trace_id.is_some() {
                let message = title.or(detail).unwrap_or_default();
                return Ok(Shape::Problem {
                    message: clean(&message, text::SENTENCE),
                });
            }
            if status == Said::Nothing {
                return Ok(Shape::Page);
            }
        }
        Ok(Shape::Envelope(Envelope {
            status,
            code,
            response,
            has_links: self.links.is_some_and(|links| links.get().starts_with('[')),
        }))
    }
}

/// The stack is never read: it tells the server's own paths.
#[derive(Deserialize)]
struct Exception {
    message: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// A validation problem: what is said of the request, and of each of its
/// members.
#[derive(Deserialize)]
struct Problem {
    #[serde(default, deserialize_with = "lenient_text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "sentences")]
    errors: Option<Vec<String>>,
}

/// The sentences of all members, in their order, if it is an object.
fn sentences<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<String>>, D::Error> {
    struct Lists;

    impl<'de> Visitor<'de> for Lists {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of lists")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut sentences = Vec::new();
            while let Some((IgnoredAny, list)) = map.next_entry::<_, Vec<String>>()? {
                sentences.extend(list);
            }
            Ok(sentences)
        }
    }

    let json = <&RawValue>::deserialize(from)?.get();
    if !json.starts_with('{') {
        return Ok(None);
    }
    let read = serde_json::Deserializer::from_str(json).deserialize_map(Lists);
    read.map(Some).map_err(D::Error::custom)
}

/// What a `response` says, if it is a validation problem.
fn problem(response: &RawValue) -> serde_json::Result<Option<String>> {
    if !response.get().starts_with('{') {
        return Ok(None);
    }
    let Object(Problem { title, errors }) = serde_json::from_str(response.get())?;
    if title.is_none() && errors.is_none() {
        return Ok(None);
    }
    let sentences = title.into_iter().chain(errors.unwrap_or_default());
    let sentences: Vec<String> = sentences.filter(|said| !said.is_empty()).collect();
    Ok(Some(sentences.join(" ")))
}

#[cfg(test)]
mod tests;
