//! An object as it comes: the members that tell what it is.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Every member that tells one object from another, as it stands. A member that
/// occurs twice is refused: readers would not agree on which one counts.
#[derive(Default)]
pub(super) struct Object<'a> {
    pub(super) response: Option<Response<'a>>,
    pub(super) error: Option<&'a RawValue>,
    pub(super) status: Option<&'a RawValue>,
    pub(super) status_code: Option<&'a RawValue>,
    pub(super) title: Option<&'a RawValue>,
    pub(super) detail: Option<&'a RawValue>,
    pub(super) trace_id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    Response,
    Error,
    Status,
    StatusCode,
    Title,
    Detail,
    TraceId,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let twice = || A::Error::custom("a member occurs twice");
        let mut object = Object::default();
        while let Some(member) = map.next_key()? {
            let place = match member {
                Member::Response if object.response.is_none() => {
                    object.response = Some(map.next_value()?);
                    continue;
                }
                Member::Response => return Err(twice()),
                Member::Error => &mut object.error,
                Member::Status => &mut object.status,
                Member::StatusCode => &mut object.status_code,
                Member::Title => &mut object.title,
                Member::Detail => &mut object.detail,
                Member::TraceId => &mut object.trace_id,
                Member::Other => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if place.is_some() {
                return Err(twice());
            }
            *place = Some(map.next_value()?);
        }
        Ok(object)
    }
}

/// The member `response`, as far as it matters.
pub(super) enum Response<'a> {
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
        let (mut title, mut errors) = (Value::Null, Value::Null);
        while let Some(name) = map.next_key::<String>()? {
            match &*name {
                "title" => title = map.next_value()?,
                "errors" => errors = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let (title, sentences) = (title.as_str(), sentences(&errors));
        if title.is_none() && sentences.is_none() {
            return Ok(Response::Other);
        }
        let mut text = title.unwrap_or_default().to_owned();
        for sentence in sentences.unwrap_or_default() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(sentence);
        }
        Ok(Response::Problem(text))
    }
}

/// What is said of each member of a request that is wrong.
fn sentences(errors: &Value) -> Option<Vec<&str>> {
    let mut sentences = Vec::new();
    for list in errors.as_object()?.values() {
        for sentence in list.as_array()? {
            sentences.push(sentence.as_str()?);
        }
    }
    Some(sentences)
}
