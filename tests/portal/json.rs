//! Writes JSON the way the portal's serialiser does: compact, members in the
//! order of writing, absent values left out, `&` and letters unescaped.
//!
//! `serde_json::Value` would sort the members, and their order is part of what
//! a client meets on the wire.

/// A JSON object under construction.
pub struct Object(String);

impl Object {
    pub fn new() -> Self {
        Self(String::from("{"))
    }

    /// Adds a member whose value is JSON already.
    pub fn raw(mut self, name: &str, json: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quote(name));
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    pub fn text(self, name: &str, value: &str) -> Self {
        self.raw(name, &quote(value))
    }

    /// Adds a string, or nothing when it is empty.
    pub fn some_text(self, name: &str, value: &str) -> Self {
        if value.is_empty() {
            self
        } else {
            self.text(name, value)
        }
    }

    pub fn number(self, name: &str, value: i64) -> Self {
        self.raw(name, &value.to_string())
    }

    pub fn flag(self, name: &str, value: bool) -> Self {
        self.raw(name, if value { "true" } else { "false" })
    }

    pub fn texts<S: AsRef<str>>(self, name: &str, values: &[S]) -> Self {
        let quoted: Vec<String> = values.iter().map(|value| quote(value.as_ref())).collect();
        self.raw(name, &list(&quoted))
    }

    pub fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

pub fn quote(text: &str) -> String {
    serde_json::to_string(text).expect("a string is always JSON")
}

pub fn list(items: &[String]) -> String {
    format!("[{}]", items.join(","))
}
