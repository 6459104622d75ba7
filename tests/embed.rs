//! Hosts that make it hard for a library: their signals, threads, descriptors,
//! environment and end. Each is a small program in `tests/embed/`, linked to the
//! shared library and run against a portal of its own.
//!
//! `DSTFA_TEST_LIBRARY=path cargo test --test embed` tries another build of the
//! library, such as the one that is shipped.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;
mod support;

#[path = "embed/environment.rs"]
mod environment;
#[path = "embed/loading.rs"]
mod loading;
#[path = "embed/output.rs"]
mod output;
#[path = "embed/scarce.rs"]
mod scarce;
#[path = "embed/sharing.rs"]
mod sharing;
#[path = "embed/signals.rs"]
mod signals;
#[path = "embed/stack.rs"]
mod stack;
#[path = "embed/system_calls.rs"]
mod system_calls;
#[path = "embed/throwing.rs"]
mod throwing;
#[path = "embed/tools.rs"]
mod tools;
