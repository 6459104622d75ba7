//! Objects of JSON, read and written member by member: one reader and one
//! writer for all kinds, where derives would make large ones for each.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What JSON is read as. The text is one value, without space around it;
/// `None` where it is of another kind.
pub(crate) trait FromJson: Sized {
    fn from_json(json: &str) -> Option<Self>;
}

/// The members of an object, each as it stands until it is asked for.
pub(crate) struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn of(json: &'a str) -> Option<Self> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let members = reader.deserialize_map(All).ok()?;
        reader.end().is_ok().then_some(members)
    }

    /// The member as it stands, if there is one. `None` where it occurs twice:
    /// readers would not agree on which one counts.
    pub(crate) fn find(&self, name: &str) -> Option<Option<&'a str>> {
        let mut found = self.0.iter().filter(|member| member.0 == name);
        let first = found.next().map(|member| member.1.get());
        found.next().is_none().then_some(first)
    }

    /// The members in their order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|member| member.1.get())
    }

    /// The member; where there is none, it counts as null.
    pub(crate) fn get<T: FromJson>(&self, name: &str) -> Option<T> {
        T::from_json(self.find(name)?.unwrap_or("null"))
    }

    /// The member, which may be left out but not be null.
    pub(crate) fn get_or_default<T: FromJson + Default>(&self, name: &str) -> Option<T> {
        self.find(name)?.map_or(Some(T::default()), T::from_json)
    }
}

struct All;

impl<'de> Visitor<'de> for All {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

impl FromJson for String {
    fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

impl FromJson for bool {
    fn from_json(json: &str) -> Option<Self> {
        json.parse().ok()
    }
}

macro_rules! from_json_numbers {
    ($($number:ty)*) => {$(
        // Rust reads every whole number of JSON's, and no other of its values.
        impl FromJson for $number {
            fn from_json(json: &str) -> Option<Self> {
                json.parse().ok()
            }
        }
    )*};
}

from_json_numbers!(i64 u8 u16 u32);

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &str) -> Option<Self> {
        match json {
            "null" => Some(None),
            json => T::from_json(json).map(Some),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &str) -> Option<Self> {
        let values: Vec<&RawValue> = serde_json::from_str(json).ok()?;
        let values = values.into_iter();
        values.map(|value| T::from_json(value.get())).collect()
    }
}

/// An object that is being written: its members up to now.
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new() -> Self {
        Writer(Vec::new())
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.member(name, value)
    }

    pub(crate) fn texts(&mut self, name: &str, value: &[String]) -> &mut Self {
        self.member(name, value)
    }

    fn member(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> &mut Self {
        let begin = if self.0.is_empty() { b'{' } else { b',' };
        self.0.push(begin);
        // Plain strings always serialise.
        let _ = serde_json::to_writer(&mut self.0, name);
        self.0.push(b':');
        let _ = serde_json::to_writer(&mut self.0, value);
        self
    }

    /// The whole of it; there is a member at least.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_their_names() {
        let members = Members::of(r#" {"a":1,"b":null,"\u0063":"x\ny","d":{"e":[2]}} "#).unwrap();
        assert_eq!(members.get::<u32>("a"), Some(1));
        assert_eq!(members.get::<Option<bool>>("b"), Some(None));
        assert_eq!(members.get::<String>("c").as_deref(), Some("x\ny"));
        assert_eq!(members.find("d"), Some(Some(r#"{"e":[2]}"#)));
        assert_eq!(members.get::<Option<String>>("z"), Some(None));
        assert_eq!(members.get_or_default::<u8>("z"), Some(0));
        // Another kind, or nothing where something must be.
        assert_eq!(members.get::<String>("a"), None);
        assert_eq!(members.get::<String>("z"), None);
        assert_eq!(members.get_or_default::<u8>("b"), None);
    }

    #[test]
    fn only_a_member_that_is_asked_for_must_not_occur_twice() {
        let members = Members::of(r#"{"a":1,"b":2,"\u0061":3}"#).unwrap();
        assert_eq!(members.get::<u32>("a"), None);
        assert_eq!(members.get_or_default::<u32>("a"), None);
        assert_eq!(members.get::<u32>("b"), Some(2));
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        for text in ["", "null", "[]", "{", r#"{"a":}"#, "{} x", "{}{}"] {
            assert!(Members::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn values_are_of_one_kind() {
        assert_eq!(Vec::<u8>::from_json("[1, 2]"), Some(vec![1, 2]));
        assert_eq!(Vec::<u8>::from_json("[1, 256]"), None);
        assert_eq!(Vec::<u8>::from_json("null"), None);
        for text in ["1.0", "1e0", "-1", "\"1\"", "true", "null"] {
            assert_eq!(u32::from_json(text), None, "{text}");
        }
        for text in ["1", "null", "\"true\"", "[true]"] {
            assert_eq!(bool::from_json(text), None, "{text}");
        }
    }
}
