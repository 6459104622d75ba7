//! From an exception to its answer, by the family it belongs to.

use super::envelope::Failure;
use super::text::ACCESS_DENIED;

/// What most exceptions have for a number; clients have no use for it.
const HRESULT: i64 = -2146233088;

impl Failure {
    /// The answer of current portals to an exception of this type, wherever it
    /// was thrown. How releases before 3.5 answered those that are no refusals
    /// is known from no source; there a test says the status itself.
    pub fn thrown(kind: &'static str) -> Self {
        let message = "Something went wrong inside.";
        match family(kind) {
            Family::Security => Self::new(403, ACCESS_DENIED, kind, HRESULT),
            Family::Shown(status) => Self::new(status, message, kind, HRESULT),
            Family::Bare(status) => Self::bare(status, message),
        }
    }

    /// A passing trouble of the database where the portal does not try again:
    /// in all but its words the same as a refusal.
    pub fn transient() -> Self {
        Self::new(
            403,
            "An exception has been raised that is likely due to a transient failure.",
            "System.InvalidOperationException",
            -2146233079,
        )
    }

    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Tells neither type nor stack, whatever the family would.
    pub fn without_kind(mut self) -> Self {
        self.kind = None;
        self
    }

    pub fn saying(mut self, message: &str) -> Self {
        message.clone_into(&mut self.message);
        self
    }
}

enum Family {
    /// 403 with words that are always the same.
    Security,
    /// This status, with the type.
    Shown(u16),
    /// This status, without the type.
    Bare(u16),
}

fn family(kind: &str) -> Family {
    let name = kind.rsplit('.').next().unwrap_or(kind);
    match name {
        "ItemNotFoundException" | "FileNotFoundException" | "DirectoryNotFoundException" => {
            Family::Shown(404)
        }
        "ArgumentException" | "ArgumentNullException" | "ArgumentOutOfRangeException" => {
            Family::Shown(400)
        }
        "SecurityException" | "UnauthorizedAccessException" | "AuthorizingException" => {
            Family::Security
        }
        "AuthenticationException" => Family::Bare(401),
        "BillingException" | "TenantQuotaException" => Family::Shown(402),
        "NotSupportedException" => Family::Bare(415),
        // Refusals are the first of these; the others descend from it.
        "InvalidOperationException" | "ObjectDisposedException" | "ChannelClosedException" => {
            Family::Shown(403)
        }
        _ => Family::Shown(500),
    }
}
