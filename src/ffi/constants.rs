//! The numbers of the header; they stand in src/numbers/table.rs.

pub(super) use crate::numbers::constants::*;

/// What a call came to: DSTFA_OK, DSTFA_DONE or one of DSTFA_E_*. Treat a
/// number you do not know as a failure: later versions may add some.
pub type dstfa_status = i32;
