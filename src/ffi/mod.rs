//! The C ABI: a thin skin over the Rust calls.
//!
//! Reading order: [`guard`] is what every export goes through, [`call`] what can
//! fail, [`handle`] getters and what frees, with `answer` for what getters give;
//! after them there is one file an object. The rules that
//! hold for every function, and which the texts below do not repeat, stand at
//! the top of the header (`cbindgen.toml`).
//!
//! Signatures say what callers promise, and the compiler holds us to it:
//! - `Option<&T>`: NULL or an object of this library's, not freed yet, which
//!   nobody changes during the call;
//! - `Option<&mut T>`: one that no other call uses meanwhile, a callback's
//!   included;
//! - `Option<Box<T>>`: one that is given up, or given away;
//! - `Option<&mut MaybeUninit<...>>`: NULL or a place that may be written to and
//!   is not looked at before the call returns.
//!
//! No type says that a string ends in a NUL byte and stays as it is during the
//! call, nor that a bulk may be used while it runs: those are raw pointers, and
//! the functions that take them are `unsafe`.
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

// What the exports are made of.
mod answer;
mod call;
mod guard;
mod handle;
mod numbers;
#[cfg(windows)]
mod pin;
mod text;

// The exports, in the order of the header: simple things first. The blank lines
// keep rustfmt from sorting them; build.rs names the parts.
mod constants;

mod once;

mod options;

mod client;

mod account;

mod check;

mod change;

mod sessions;

mod error;

mod names;

mod bulk;

mod bulk_item;

mod journal;

mod policy;

mod backup_codes;

mod cancel;

mod log;

mod version;

#[cfg(test)]
mod tests;

/// Objects may move between threads, and some be used by several at once; the
/// header says which.
const _: () = {
    const fn moves<T: Send>() {}
    const fn is_shared<T: Send + Sync>() {}

    is_shared::<bulk::dstfa_bulk>();
    is_shared::<cancel::dstfa_cancel>();
    is_shared::<client::dstfa_client>();
    moves::<account::dstfa_account>();
    moves::<account::dstfa_account_list>();
    moves::<bulk_item::dstfa_bulk_item>();
    moves::<change::dstfa_change>();
    moves::<check::dstfa_check>();
    moves::<backup_codes::dstfa_backup_codes>();
    moves::<error::dstfa_error>();
    moves::<journal::dstfa_journal>();
    moves::<options::dstfa_options>();
    moves::<policy::dstfa_policy>();
};
