//! JSON of answers, as far as serde's derives leave it open.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use crate::wipe::Wiped;

/// An object. A derive alone takes a list of the members' values for one, too.
#[derive(Debug)]
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(Members(from)).map(Object)
    }
}

/// Gives the members of an object, whatever is asked for.
struct Members<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Members<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// A member that counts as absent where it is of another kind.
pub(crate) fn lenient<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let json = <&RawValue>::deserialize(from)?.get();
    Ok(serde_json::from_str(json).ok())
}

/// The same for a text; but one that is broken is refused.
pub(crate) fn lenient_text<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    let json = <&RawValue>::deserialize(from)?.get();
    if json.starts_with('"') {
        serde_json::from_str(json).map_err(D::Error::custom)
    } else {
        Ok(T::default())
    }
}

/// A secret text. serde_json would unescape it in a buffer of its own, and free
/// that as it is.
impl<'de> Deserialize<'de> for Wiped<String> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(from)?.get();
        unescaped(json).ok_or_else(|| D::Error::custom("not a text"))
    }
}

/// `None` where it is no text, or half of a character stands in it.
fn unescaped(json: &str) -> Option<Wiped<String>> {
    let mut rest = json.strip_prefix('"')?.strip_suffix('"')?;
    // No text is longer than its JSON: growing would leave a copy behind.
    let mut text = Wiped::new(String::with_capacity(rest.len()));
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let (letter, after) = escape.split_at_checked(1)?;
        let (character, after) = match letter {
            "u" => utf16(after)?,
            "b" => ('\u{8}', after),
            "f" => ('\u{c}', after),
            "n" => ('\n', after),
            "r" => ('\r', after),
            "t" => ('\t', after),
            other => (other.chars().next()?, after),
        };
        text.push(character);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// The character whose hexadecimal digits `text` begins with, and what follows.
fn utf16(text: &str) -> Option<(char, &str)> {
    let unit = |text: &str| u16::from_str_radix(text, 16).ok();
    let (first, after) = text.split_at_checked(4)?;
    let first = unit(first)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, after));
    }
    let (second, after) = after.strip_prefix("\\u")?.split_at_checked(4)?;
    let mut characters = char::decode_utf16([first, unit(second)?]);
    Some((characters.next()?.ok()?, after))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, Default, Debug, PartialEq, Eq)]
    #[serde(default)]
    struct Members {
        #[serde(deserialize_with = "lenient")]
        flag: Option<bool>,
        #[serde(deserialize_with = "lenient_text")]
        text: String,
    }

    fn read(json: &str) -> Option<Members> {
        let Object(members) = serde_json::from_str(json).ok()?;
        Some(members)
    }

    #[test]
    fn only_an_object_is_one() {
        let both = Members {
            flag: Some(true),
            text: "a\n".into(),
        };
        let json = r#" {"fl\u0061g":true,"other":[1e999,{}],"text":"a\n","other":0} "#;
        assert_eq!(read(json), Some(both));
        for other in [
            "",
            "null",
            "[]",
            r#"[true,"a"]"#,
            "{",
            r#"{"flag":}"#,
            "{} x",
            "{}{}",
            r#"{"flag":true,"fl\u0061g":true}"#,
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_member_of_another_kind_is_absent() {
        for flag in ["null", "1", "1e999", r#""true""#, r#""\ud800""#, "[true]"] {
            for text in ["null", "1", "true", "1e999", r#"["a"]"#, "{}"] {
                let json = format!(r#"{{"flag":{flag},"text":{text}}}"#);
                assert_eq!(read(&json), Some(Members::default()), "{json}");
            }
        }
        assert_eq!(read(r#"{"text":"\ud800"}"#), None);
    }

    #[test]
    fn a_secret_is_the_text_that_others_read() {
        for json in [
            r#""""#,
            r#""https://p/x?a\u0026b=\u003D\/""#,
            r#""\"\\\b\f\n\r\t\u0000""#,
            r#""é\u00e9\uD83D\uDE00x😀""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\n""#,
            r#""\ud83d\u0041""#,
            r#""\ude00\ud83d""#,
            "5",
            "null",
            r#"["a"]"#,
        ] {
            let secret = serde_json::from_str::<Wiped<String>>(json).ok();
            let text = serde_json::from_str::<String>(json).ok();
            assert_eq!(secret.map(|secret| secret.to_string()), text, "{json}");
        }
    }

    #[test]
    fn a_secret_is_never_copied_to_grow() {
        let json = r#""\u0026\u0026abc""#;
        let secret: Wiped<String> = serde_json::from_str(json).unwrap();
        assert_eq!(secret.as_str(), "&&abc");
        assert_eq!(secret.capacity(), json.len() - 2);
    }
}
