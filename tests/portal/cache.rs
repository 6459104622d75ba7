//! What the service that answers for people remembers of links.
//!
//! The unlink is another service's work. Where the two share no cache, a link
//! that was looked at before stays as it was for five minutes. The portal's
//! method is read through the same cache; here it is always fresh.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

/// Counted from the reading, not from the change.
const KEPT: Duration = Duration::from_secs(5 * 60);

#[derive(Debug, Default)]
pub struct Cache {
    /// By account: was it linked, and when was that read?
    seen: RefCell<HashMap<String, (bool, Duration)>>,
    /// The test's clock; it stands until the test moves it.
    now: Duration,
}

impl Cache {
    /// Is the account linked, as far as this service knows?
    pub fn look(&self, id: &str, linked: bool) -> bool {
        let mut seen = self.seen.borrow_mut();
        let known = seen.get(id).filter(|(_, read)| self.now < *read + KEPT);
        if let Some((linked, _)) = known {
            return *linked;
        }
        seen.insert(id.to_owned(), (linked, self.now));
        linked
    }

    pub fn advance(&mut self, time: Duration) {
        self.now += time;
    }

    pub fn forget(&mut self) {
        self.seen.get_mut().clear();
    }
}
