//! The backup codes of the credential's own account.

use std::fmt;

use serde::Deserialize;

use super::envelope::response;
use super::json::Object;
use super::{Answer, Portal, ReadFault};
use crate::text::{self, clean};
use crate::transport::{Broken, Call};
use crate::wipe::Wiped;

/// Backup codes: each signs in once in place of the app. Wiped when dropped,
/// never shown by `Debug`.
pub struct BackupCodes(Vec<Code>);

#[derive(Deserialize)]
#[serde(from = "Object<Sent>")]
struct Code {
    code: Wiped<String>,
    is_used: bool,
}

/// A code as the portal sends it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    code: Wiped<String>,
    #[serde(default)]
    is_used: bool,
}

impl From<Object<Sent>> for Code {
    fn from(Object(sent): Object<Sent>) -> Self {
        Code {
            code: Wiped::new(clean(&sent.code, text::SENTENCE)),
            is_used: sent.is_used,
        }
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

    pub(crate) fn renew_backup_codes(&self, call: &Call) -> Result<Answer, Broken> {
        const PATH: &str = "settings/tfaappnewcodes";
        self.write(call, PATH, PATH, b"")
    }
}
