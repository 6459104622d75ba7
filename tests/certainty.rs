//! After every failure the library says truthfully whether the account was
//! changed, within its deadline, and ends at once when told to.
#![allow(
    missing_docs,
    unreachable_pub,
    missing_debug_implementations,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests stop with a plain message"
)]

mod portal;

#[path = "certainty/audit.rs"]
mod audit;
#[path = "certainty/before.rs"]
mod before;
#[path = "certainty/cancel.rs"]
mod cancel;
#[path = "certainty/connections.rs"]
mod connections;
#[path = "certainty/deadline.rs"]
mod deadline;
#[path = "certainty/framing.rs"]
mod framing;
#[path = "certainty/half_way.rs"]
mod half_way;
#[path = "certainty/proxy.rs"]
mod proxy;
#[path = "certainty/readback.rs"]
mod readback;
#[path = "certainty/retry.rs"]
mod retry;
#[path = "certainty/support.rs"]
mod support;
#[path = "certainty/trust.rs"]
mod trust;
#[path = "certainty/verify.rs"]
mod verify;
