//! The C ABI: a thin skin over the Rust calls.
//!
//! Reading order: [`guard`] holds everything that is unsafe about strings,
//! handles and panics; after it there is one file an object. The rules that
//! hold for every function, and which the texts below do not repeat, stand at
//! the top of the header (`cbindgen.toml`).
//!
//! What callers promise, and every `SAFETY` comment here leans on: a handle is
//! NULL or came from this library and was not freed; a string is NULL or ends
//! in a NUL byte and stays as it is during the call; an out-pointer is NULL or
//! may be written to.
#![allow(unsafe_code, reason = "a C ABI takes raw pointers")]
#![allow(
    unreachable_pub,
    reason = "the header is made from the public items of private modules"
)]
#![allow(non_camel_case_types, reason = "the type names are the C names")]

#[cfg(panic = "abort")]
compile_error!(
    "the feature `ffi` promises that a panic becomes DSTFA_E_INTERNAL, which needs \
     panic = \"unwind\""
);

mod account;
mod bulk;
mod bulk_item;
mod cancel;
mod change;
mod check;
mod client;
mod codes;
mod constants;
mod error;
mod guard;
mod library;
mod log;
mod numbers;
mod options;
#[cfg(windows)]
mod pin;
mod policy;
mod sessions;
#[cfg(test)]
mod tests;
