//! Reads the one body that the unlink call and the portal-wide calls share.
//!
//! The unlink call reads every member and then looks at `id` alone, so a wrong
//! `type` is refused by a call that would never have used it.

use std::fmt;

use serde::Deserializer;
use serde::de::{self, MapAccess, Visitor};
use serde_json::Value;

use super::dialect::Dialect;
use super::envelope::{Misfit, Reply, unsupported_media};
use super::request::Request;
use super::state::{Method, NOBODY};

/// What was asked, after parsing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: String,
    /// Any number is allowed; only 1 and 2 mean something.
    pub kind: i32,
    pub trusted_ips: Vec<String>,
    pub mandatory_users: Vec<String>,
    pub mandatory_groups: Vec<String>,
}

impl Order {
    pub fn method(&self) -> Method {
        match self.kind {
            1 => Method::Sms,
            2 => Method::App,
            _ => Method::Off,
        }
    }

    pub fn read(request: &Request, dialect: Dialect) -> Result<Self, Reply> {
        let link = request.link();
        if !request.has_json_body() {
            return Err(unsupported_media(&link));
        }
        Self::parse(&request.body, dialect)
            .map_err(|misfit| misfit.reply(&link, dialect.disguises_problems()))
    }

    pub fn parse(body: &[u8], dialect: Dialect) -> Result<Self, Misfit> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(no_body());
        }
        let mut walk = Walk {
            order: Self {
                id: NOBODY.to_owned(),
                kind: 0,
                trusted_ips: Vec::new(),
                mandatory_users: Vec::new(),
                mandatory_groups: Vec::new(),
            },
            dialect,
            misfit: None,
        };
        let mut text = serde_json::Deserializer::from_slice(body);
        let read = text.deserialize_any(&mut walk).and_then(|()| text.end());
        match (walk.misfit, read) {
            (Some(misfit), _) => Err(misfit),
            (None, Err(error)) => Err(not_json(&error)),
            (None, Ok(())) => Ok(walk.order),
        }
    }

    /// Takes one member, whatever its name.
    fn take(&mut self, name: &str, value: &Value, dialect: Dialect) -> Result<(), Misfit> {
        match name.to_ascii_lowercase().as_str() {
            "id" => self.id = read_id(value, dialect).ok_or_else(|| cannot_convert("$.id"))?,
            // The unlink call of the oldest product has no such member:
            // whatever it is, it is no mistake.
            "type" if dialect == Dialect::Workspace => {
                self.kind = read_kind(value, dialect).unwrap_or(0);
            }
            "type" => {
                self.kind = read_kind(value, dialect).ok_or_else(|| cannot_convert("$.type"))?;
            }
            "trustedips" => {
                self.trusted_ips = read_list("$.trustedIps", value, |text| Some(text.to_owned()))?;
            }
            "mandatoryusers" => {
                self.mandatory_users = read_list("$.mandatoryUsers", value, read_guid)?;
            }
            "mandatorygroups" => {
                self.mandatory_groups = read_list("$.mandatoryGroups", value, read_guid)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads member by member, in the order of the document, up to the first that
/// does not fit: what follows it, broken or good, is not looked at.
struct Walk {
    order: Order,
    dialect: Dialect,
    misfit: Option<Misfit>,
}

impl<'de> Visitor<'de> for &mut Walk {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value::<Value>()?;
            if let Err(misfit) = self.order.take(&name, &value, self.dialect) {
                return Err(self.stop(misfit));
            }
        }
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Err(self.stop(no_body()))
    }
}

impl Walk {
    fn stop<E: de::Error>(&mut self, misfit: Misfit) -> E {
        self.misfit = Some(misfit);
        E::custom("a member that does not fit")
    }
}

fn no_body() -> Misfit {
    Misfit::new("", "A non-empty request body is required.")
}

fn not_json(error: &serde_json::Error) -> Misfit {
    let place = format!(
        "LineNumber: {} | BytePositionInLine: {}",
        error.line(),
        error.column()
    );
    Misfit::new("$", &format!("The text is not JSON. Path: $ | {place}."))
}

fn cannot_convert(path: &str) -> Misfit {
    let message = format!(
        "The JSON value could not be converted. Path: {path} | LineNumber: 0 | BytePositionInLine: 9."
    );
    Misfit::new(path, &message)
}

fn read_id(value: &Value, dialect: Dialect) -> Option<String> {
    match value {
        Value::String(text) => read_guid(text),
        Value::Null if !dialect.strict_body() => Some(NOBODY.to_owned()),
        _ => None,
    }
}

/// JSON bodies know one notation only: 36 characters with hyphens.
pub fn read_guid(text: &str) -> Option<String> {
    let hyphens = [8, 13, 18, 23];
    let fits = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| {
            if hyphens.contains(&at) {
                byte == b'-'
            } else {
                byte.is_ascii_hexdigit()
            }
        });
    fits.then(|| text.to_ascii_lowercase())
}

fn read_kind(value: &Value, dialect: Dialect) -> Option<i32> {
    match value {
        // Older servers kept the word as it came and compared it later.
        Value::String(text) if !dialect.strict_body() => Some(read_word(text).unwrap_or(0)),
        Value::Null if !dialect.strict_body() => Some(0),
        Value::String(text) => read_words(text),
        Value::Number(number) if dialect.strict_body() => number
            .as_i64()
            .and_then(|number| i32::try_from(number).ok()),
        _ => None,
    }
}

fn read_words(text: &str) -> Option<i32> {
    if let Ok(number) = text.trim().parse() {
        return Some(number);
    }
    text.split(',')
        .map(|word| read_word(word.trim()))
        .try_fold(0, |sum, word| Some(sum | word?))
}

fn read_word(word: &str) -> Option<i32> {
    let known = ["none", "sms", "app"];
    let place = known
        .iter()
        .position(|name| name.eq_ignore_ascii_case(word))?;
    i32::try_from(place).ok()
}

fn read_list(
    path: &str,
    value: &Value,
    read: impl Fn(&str) -> Option<String>,
) -> Result<Vec<String>, Misfit> {
    let items = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(items) => items,
        _ => return Err(cannot_convert(path)),
    };
    let mut texts = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let text = item.as_str().and_then(&read);
        texts.push(text.ok_or_else(|| cannot_convert(&format!("{path}[{at}]")))?);
    }
    Ok(texts)
}
