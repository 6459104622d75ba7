//! An object as it comes: the members that tell what it is.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::{FromJson, Members};

/// Every member that tells one object from another, as it stands. A member that
/// occurs twice is refused: readers would not agree on which one counts. Every
/// change passes here, so that the other members are not even listed.
#[derive(Default)]
pub(super) struct Object<'a> {
    pub(super) response: Option<&'a RawValue>,
    pub(super) error: Option<&'a RawValue>,
    pub(super) links: Option<&'a RawValue>,
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
    Links,
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
        let mut object = Object::default();
        while let Some(member) = map.next_key()? {
            let place = match member {
                Member::Response => &mut object.response,
                Member::Error => &mut object.error,
                Member::Links => &mut object.links,
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
                return Err(A::Error::custom("a member occurs twice"));
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

impl<'a> Response<'a> {
    /// `None` where what it holds cannot be read or occurs twice.
    pub(super) fn of(json: &'a str) -> Option<Self> {
        if json == "null" {
            return Some(Response::Nothing);
        }
        if let Some(text) = json.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
            return Some(Response::Text(if text.contains('\\') {
                Cow::Owned(String::from_json(json)?)
            } else {
                Cow::Borrowed(text)
            }));
        }
        let problem = Members::of(json).map_or(Some(None), |members| problem(&members))?;
        Some(problem.map_or(Response::Other, Response::Problem))
    }
}

/// What is said of a request that is wrong, and of each of its members, if that
/// is what the members are.
fn problem(members: &Members<'_>) -> Option<Option<String>> {
    let title = members
        .find("title")?
        .filter(|title| title.starts_with('"'));
    let title = title
        .map(|title| String::from_json(title).ok_or(()))
        .transpose()
        .ok()?;
    let errors = members.find("errors")?.and_then(Members::of);
    if title.is_none() && errors.is_none() {
        return Some(None);
    }
    let mut sentences = Vec::from_iter(title);
    for list in errors.iter().flat_map(Members::values) {
        sentences.extend(Vec::<String>::from_json(list)?);
    }
    sentences.retain(|sentence| !sentence.is_empty());
    Some(Some(sentences.join(" ")))
}
