//! What looking at the account afterwards makes of an outcome: two tables. Pure.

use super::outcome::Settle;
use crate::portal::envelope::Shape;
use crate::portal::{Answer, ReadFault};

/// What looking at the account makes of a change whose outcome is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It is unlinked now; nobody knows by whom.
    UnlinkedNow,
    /// It is unlinked now, and the failure stands: a refusal must not look
    /// like a success.
    RefusedButUnlinked,
    /// The failure stands. The app is shown as linked, which proves nothing: a
    /// late effect, or an old picture.
    StillLinked,
    /// There is no portal at this address, so nothing was changed.
    NoPortal,
    /// Nothing was learned.
    Open,
}

/// `link`: whether the app was seen linked. `only_pages`: every look that was
/// due was answered by a page, as a wrong address does.
pub(crate) fn settle(settle: Settle, link: Option<bool>, only_pages: bool) -> Settled {
    match (settle, link) {
        (Settle::Not, _) => Settled::Open,
        (_, Some(true)) => Settled::StillLinked,
        (Settle::Refusal, Some(false)) => Settled::RefusedButUnlinked,
        (_, Some(false)) => Settled::UnlinkedNow,
        (Settle::WrongAddress, None) if only_pages => Settled::NoPortal,
        (_, None) => Settled::Open,
    }
}

/// What a look makes of a refusal where the app was seen linked a moment
/// before: gateways that send twice, and changes that break off, look like
/// refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overruled {
    /// Still linked, or the look met the same gate: the refusal stands.
    Not,
    /// Unlinked meanwhile.
    Unlinked,
    /// Not shown any more.
    NotShown,
}

/// `refusal` is what answered the change.
pub(crate) fn overrule(refusal: &Answer, look: &Result<Option<bool>, ReadFault>) -> Overruled {
    match look {
        Ok(Some(true)) => Overruled::Not,
        Ok(Some(false)) => Overruled::Unlinked,
        Err(ReadFault::Answered(answer)) if is_same_gate(refusal, answer) => Overruled::Not,
        _ => Overruled::NotShown,
    }
}

/// The portal turns away both before it looks at what is asked.
fn is_same_gate(one: &Answer, other: &Answer) -> bool {
    let gate = |answer: &Answer| {
        let name = match (answer.reply.status, &answer.shape) {
            (401 | 402, Shape::Empty | Shape::Problem { .. }) => "",
            (403, Shape::Empty) => "scope",
            (403, Shape::Problem { .. }) => "maintenance",
            (403, Shape::Sentence(_)) => "address",
            (404, Shape::Problem { .. }) => "portal",
            (429, _) => "limit",
            _ => return None,
        };
        Some((answer.reply.status, name))
    };
    gate(one).is_some() && gate(one) == gate(other)
}
