//! Status and reason as a journal spells them: as the C API does.

use crate::error::{Reason, Status};
use crate::numbers::Numbered;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back() {
        for value in Status::ALL {
            assert_eq!(status(of_status(Some(*value))), Some(*value));
        }
        for value in Reason::ALL {
            assert_eq!(reason(of_reason(*value)), *value);
        }
        assert_eq!(of_status(Some(Status::NotFound)), "DSTFA_E_NOT_FOUND");
        assert_eq!(of_reason(Reason::NotAPortal), "NOT_A_PORTAL");
        assert_eq!(of_reason(Reason::None), "");
        assert_eq!(status("DSTFA_OK"), None);
        assert_eq!(reason("FROM_LATER"), Reason::Unknown);
    }
}
