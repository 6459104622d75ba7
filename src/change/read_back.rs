//! Looking at the account afterwards: was it changed after all?

use std::time::{Duration, Instant};

use crate::account::AccountId;
use crate::portal::envelope::Shape;
use crate::portal::{Portal, ReadFault};
use crate::transport::{BodyEnd, Call};

/// When to look, counted from the answer or failure; and when to ask the audit
/// trail, counted from the end of the looks.
pub(super) const LOOKS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(4),
];
/// When to look besides where none of these was answered: a gateway may be away
/// for a while.
const LATE_LOOKS: [Duration; 3] = [
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(40),
];

/// How long a portal without a shared cache may show an account as it was.
pub(crate) const OLD_PICTURE: Duration = Duration::from_secs(5 * 60);
/// How often a success is looked at, which is most likely true.
pub(crate) const AFTER_SUCCESS: usize = LOOKS.len();
/// How often at most it is found out what became of a change.
pub(crate) const AFTER_LOSS: usize = LOOKS.len() + LATE_LOOKS.len();

/// How long from now the portal may show how it was at `then`.
pub(crate) fn left_of_old_picture(then: Instant) -> Duration {
    OLD_PICTURE.saturating_sub(then.elapsed())
}

/// Whether the app is linked, `None` where the portal does not show it.
pub(crate) fn look(
    portal: &Portal,
    call: &Call,
    account: &AccountId,
) -> Result<Option<bool>, ReadFault> {
    portal
        .account(call, account)
        .map(|person| person.tfa_app_enabled)
}

/// What came of several looks.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// Whether the app was seen linked, the last time that it was shown.
    pub(crate) link: Option<bool>,
    /// Whether the account signs in by SSO.
    pub(crate) is_sso: Option<bool>,
    /// How many looks a page answered that was no fault of a gateway's.
    pages: usize,
    others: usize,
}

impl Looks {
    /// All looks that were due were answered by pages.
    pub(crate) fn are_only_pages(&self) -> bool {
        self.pages == LOOKS.len() && self.others == 0
    }
}

/// Looks at once and later again, within the call and so often at most, until
/// the app is seen unlinked or the portal has said that it does not show this.
pub(crate) fn looks(portal: &Portal, call: &Call, account: &AccountId, most: usize) -> Looks {
    let begin = Instant::now();
    let mut looks = Looks::default();
    let mut was_answered = false;
    for (index, after) in LOOKS.iter().chain(&LATE_LOOKS).take(most).enumerate() {
        let is_late = index >= LOOKS.len();
        let wait = (begin + *after).saturating_duration_since(Instant::now());
        if (is_late && was_answered) || wait >= call.remaining() || call.pause(wait).is_err() {
            break;
        }
        let look = portal.account(call, account).map(|person| {
            looks.is_sso = person.is_sso;
            person.tfa_app_enabled
        });
        let is_page = look.as_ref().is_err_and(is_page);
        looks.pages += usize::from(is_page);
        looks.others += usize::from(!is_page);
        match look {
            Ok(Some(true)) => looks.link = Some(true),
            Ok(Some(false)) => {
                looks.link = Some(false);
                break;
            }
            // This caller does not get to see it; that does not change.
            Ok(None) => break,
            // What is in between may be back a moment later.
            Err(fault) if is_page || is_passing(&fault) => {
                was_answered |= is_page;
                continue;
            }
            Err(_) => break,
        }
        was_answered = true;
    }
    looks
}

/// Neither the portal nor a gateway that failed to reach it.
fn is_page(fault: &ReadFault) -> bool {
    match fault {
        ReadFault::Answered(answer) => matches!(
            (answer.reply.status, &answer.shape),
            (200..=499, Shape::Page) | (404 | 405, Shape::Empty)
        ),
        ReadFault::Unreadable(end) => *end == BodyEnd::Whole,
        _ => false,
    }
}

/// The portal did not get to say anything.
fn is_passing(fault: &ReadFault) -> bool {
    match fault {
        ReadFault::Broken(_) => true,
        ReadFault::Unreadable(end) => *end != BodyEnd::Whole,
        ReadFault::Answered(answer) => matches!(answer.reply.status, 429 | 500..=599),
        ReadFault::Hidden => false,
    }
}
