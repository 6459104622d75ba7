//! The backup codes of the credential's own account.

use std::fmt;

use zeroize::Zeroizing;

use super::envelope::response;
use super::{Answer, Portal, ReadFault};
use crate::json::{FromJson, Members};
use crate::text::{self, clean};
use crate::transport::{Broken, Call};

/// Backup codes: each signs in once in place of the app. Wiped when dropped,
/// never shown by `Debug`.
pub struct BackupCodes(Vec<Code>);

struct Code {
    code: Zeroizing<String>,
    is_used: bool,
}

impl FromJson for Code {
    fn from_json(json: &str) -> Option<Self> {
        let members = Members::of(json)?;
        let code = Zeroizing::new(members.get::<String>("code")?);
        Some(Code {
            code: Zeroizing::new(clean(&code, text::SENTENCE)),
            is_used: members.get_or_default("isUsed")?,
        })
    }
}

impl BackupCodes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The code at `index`.
    pub fn expose(&self, index: usize) -> Option<&str> {
        self.0.get(index).map(|code| code.code.as_str())
    }

    /// Whether the code at `index` was used.
    pub fn is_used(&self, index: usize) -> Option<bool> {
        self.0.get(index).map(|code| code.is_used)
    }

    /// From the answer to a renewal.
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        Some(BackupCodes(response(&answer.reply.body)?.response))
    }
}

impl fmt::Debug for BackupCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupCodes")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl Portal {
    pub(crate) fn backup_codes(&self, call: &Call) -> Result<BackupCodes, ReadFault> {
        const PATH: &str = "settings/tfaappcodes";
        self.read(call, PATH, PATH).map(BackupCodes)
    }

    pub(crate) fn renew_backup_codes(&self, call: &Call, attempt: u32) -> Result<Answer, Broken> {
        const PATH: &str = "settings/tfaappnewcodes";
        self.write(call, PATH, PATH, b"", attempt)
    }
}
