//! The two-factor methods DocSpace knows.

use std::fmt;

/// The method asked for.
///
/// Portals parse it and do not act on it: the call unlinks the account's
/// authenticator app whatever is asked, and the portal's own setting decides
/// what the account meets at its next sign-in. The name is sent as given here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum TfaMethod {
    /// No second factor.
    None = 0,
    /// A code by text message.
    Sms = 1,
    /// A code from an authenticator app.
    App = 2,
}

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
