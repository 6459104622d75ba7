//! Status and reason as a journal spells them: as the C API does.

use crate::error::{Reason, Status};

/// `None` is success.
pub(super) fn of_status(status: Option<Status>) -> &'static str {
    status.map_or("DSTFA_OK", |status| status.name())
}

/// `None`: success, or a name of a later version.
pub(super) fn status(name: &str) -> Option<Status> {
    let mut all = Status::ALL.iter().copied();
    all.find(|status| of_status(Some(*status)) == name)
}

/// Without what every name begins with; no reason is no name.
pub(super) fn of_reason(reason: Reason) -> &'static str {
    if reason == Reason::None {
        return "";
    }
    let name = reason.name();
    name.strip_prefix("DSTFA_REASON_").unwrap_or(name)
}

pub(super) fn reason(name: &str) -> Reason {
    let mut all = Reason::ALL.iter().copied();
    all.find(|reason| of_reason(*reason) == name)
        .unwrap_or(Reason::Unknown)
}
