//! The two-factor methods DocSpace knows.

use std::fmt;

pub use crate::numbers::TfaMethod;

impl TfaMethod {
    /// The name as it stands in the request: every server version reads the
    /// capitalised name, while numbers fail on old ones.
    pub const fn name(self) -> &'static str {
        match self {
            TfaMethod::None => "None",
            TfaMethod::Sms => "Sms",
            TfaMethod::App => "App",
        }
    }
}

impl fmt::Display for TfaMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
