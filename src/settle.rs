//! Reading back: was the account changed after all?

use std::time::{Duration, Instant};

use crate::account::AccountId;
use crate::portal::people::Person;
use crate::portal::{Portal, ReadFault};
use crate::transport::Call;

/// When to look, counted from the failure.
const LOOKS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(4),
];

/// Whether the app is linked, as last seen within `call`: at once, and later
/// again while it is seen linked or a look fails. `None` if nothing was seen.
pub(crate) fn look(portal: &Portal, call: &Call, account: &AccountId) -> Option<bool> {
    let failed = Instant::now();
    let mut seen = None;
    for after in LOOKS {
        let wait = (failed + after).saturating_duration_since(Instant::now());
        if wait >= call.remaining() || call.pause(wait).is_err() {
            break;
        }
        match portal.account(call, account) {
            Ok(person) => match person.tfa_app_enabled {
                Some(true) => seen = Some(true),
                Some(false) => return Some(false),
                // This caller does not get to see it; that does not change.
                None => break,
            },
            // The line may be back a moment later.
            Err(ReadFault::Broken(_)) => {}
            Err(ReadFault::Answered(answer)) if matches!(answer.reply.status, 429 | 500..=599) => {}
            Err(_) => break,
        }
    }
    seen
}

/// The account right after a success, looked at twice when it is still linked.
pub(crate) fn verify(portal: &Portal, call: &Call, account: &AccountId) -> Option<Person> {
    let first = portal.account(call, account).ok()?;
    if first.tfa_app_enabled != Some(true) {
        return Some(first);
    }
    call.pause(Duration::from_secs(1)).ok()?;
    portal.account(call, account).ok()
}
