//! What every call of a client works with.

use std::time::Duration;

use crate::portal::Portal;

/// A portal, and how calls to it behave.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) portal: Portal,
    pub(crate) manners: Manners,
}

/// How calls behave, beyond the wire.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manners {
    pub(crate) timeout: Duration,
    pub(crate) max_attempts: u32,
    pub(crate) explain: bool,
    pub(crate) verify: bool,
    pub(crate) enrolment_url: bool,
    pub(crate) audit: bool,
}
