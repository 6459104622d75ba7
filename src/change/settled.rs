//! What looking at the account and at the audit trail afterwards makes of an
//! outcome: tables. Pure.

use super::outcome::Settle;
use crate::error::Reason;
use crate::portal::envelope::Shape;
use crate::portal::{Answer, ReadFault};

/// What looking at the account makes of a change whose outcome is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// The audit trail shows this very change.
    Proven,
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

/// `in_trail`: the audit trail shows the event of this very change. `link`: whether the app was seen linked. `only_pages`: every look that was
/// due was answered by a page, as a wrong address does.
pub(crate) fn settle(
    settle: Settle,
    in_trail: bool,
    link: Option<bool>,
    only_pages: bool,
) -> Settled {
    match (settle, link) {
        (Settle::Not, _) => Settled::Open,
        _ if in_trail => Settled::Proven,
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

/// Whether a refusal may stand for a change that was done, so that the audit
/// trail is worth a question. `is_unexplained`: everything was read, and nothing
/// explains it.
pub(crate) fn may_be_done(reason: Reason, is_unexplained: bool, overruled: Overruled) -> bool {
    is_unexplained || reason == Reason::NotLinked || overruled == Overruled::Unlinked
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{Broken, Cause, Reply};

    #[test]
    fn what_is_seen_afterwards_never_proves_a_change_and_the_trail_always_does() {
        let (yes, no, unseen) = (Some(true), Some(false), None);
        let table = [
            (Settle::LookBack, no, false, Settled::UnlinkedNow),
            (Settle::LookBack, yes, false, Settled::StillLinked),
            (Settle::LookBack, unseen, false, Settled::Open),
            (Settle::LookBack, unseen, true, Settled::Open),
            (Settle::Refusal, no, false, Settled::RefusedButUnlinked),
            (Settle::Refusal, yes, false, Settled::StillLinked),
            (Settle::Refusal, unseen, true, Settled::Open),
            (Settle::WrongAddress, unseen, true, Settled::NoPortal),
            (Settle::WrongAddress, unseen, false, Settled::Open),
            (Settle::WrongAddress, no, false, Settled::UnlinkedNow),
            (Settle::WrongAddress, yes, false, Settled::StillLinked),
            (Settle::Not, no, false, Settled::Open),
            (Settle::Not, yes, true, Settled::Open),
        ];
        for (from, link, only_pages, expected) in table {
            let settled = settle(from, false, link, only_pages);
            assert_eq!(settled, expected, "{from:?} {link:?} {only_pages}");
            let settled = settle(from, true, link, only_pages);
            let expected = if from == Settle::Not {
                Settled::Open
            } else {
                Settled::Proven
            };
            assert_eq!(settled, expected, "{from:?} {link:?} {only_pages}");
        }
    }

    #[test]
    fn a_refusal_is_doubted_only_where_a_change_may_hide_behind_it() {
        use Overruled::{Not, NotShown, Unlinked};
        let table = [
            (Reason::NotLinked, false, Not, true),
            (Reason::NotLinked, false, Unlinked, true),
            (Reason::Unknown, true, Not, true),
            (Reason::Unknown, false, Not, false),
            (Reason::Unknown, false, NotShown, false),
            (Reason::RateLimited, false, Unlinked, true),
            (Reason::NotOwner, false, Not, false),
            (Reason::NoSuchAccount, false, NotShown, false),
        ];
        for (reason, is_unexplained, overruled, expected) in table {
            let doubted = may_be_done(reason, is_unexplained, overruled);
            assert_eq!(
                doubted, expected,
                "{reason:?} {is_unexplained} {overruled:?}"
            );
        }
    }

    fn answer(status: u16, shape: Shape) -> Answer {
        let reply = Reply::for_test(status, b"");
        Answer { reply, shape }
    }

    #[test]
    fn a_refusal_stands_where_the_look_shows_the_link_or_meets_the_same_gate() {
        let sentence = || Shape::Sentence(String::new());
        let problem = || Shape::Problem {
            message: String::new(),
        };
        let refusal = || Shape::Refusal {
            kind: None,
            message: String::new(),
        };
        let answered = |status, shape| Err(ReadFault::Answered(Box::new(answer(status, shape))));
        let lost = || {
            Err(ReadFault::Broken(Broken {
                cause: Cause::Cut,
                sent: true,
            }))
        };
        let table = [
            (answer(403, refusal()), Ok(Some(true)), Overruled::Not),
            (answer(403, refusal()), Ok(Some(false)), Overruled::Unlinked),
            (answer(403, refusal()), Ok(None), Overruled::NotShown),
            (answer(403, refusal()), lost(), Overruled::NotShown),
            (
                answer(403, refusal()),
                answered(403, refusal()),
                Overruled::NotShown,
            ),
            (
                answer(401, Shape::Empty),
                answered(401, Shape::Empty),
                Overruled::Not,
            ),
            (
                answer(401, Shape::Empty),
                answered(401, Shape::Page),
                Overruled::NotShown,
            ),
            (
                answer(402, problem()),
                answered(402, Shape::Empty),
                Overruled::Not,
            ),
            (
                answer(403, Shape::Empty),
                answered(403, Shape::Empty),
                Overruled::Not,
            ),
            (
                answer(403, Shape::Empty),
                answered(401, Shape::Empty),
                Overruled::NotShown,
            ),
            (
                answer(403, problem()),
                answered(403, problem()),
                Overruled::Not,
            ),
            (
                answer(403, sentence()),
                answered(403, sentence()),
                Overruled::Not,
            ),
            (
                answer(403, sentence()),
                answered(403, problem()),
                Overruled::NotShown,
            ),
            (
                answer(404, problem()),
                answered(404, problem()),
                Overruled::Not,
            ),
            (
                answer(429, Shape::Empty),
                answered(429, Shape::Empty),
                Overruled::Not,
            ),
            (
                answer(403, Shape::Page),
                answered(403, Shape::Page),
                Overruled::NotShown,
            ),
            (
                answer(301, Shape::Page),
                answered(301, Shape::Page),
                Overruled::NotShown,
            ),
        ];
        for (refusal, look, expected) in table {
            assert_eq!(overrule(&refusal, &look), expected, "{refusal:?} {look:?}");
        }
    }
}
