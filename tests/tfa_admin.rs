//! The administrator's tool as it is used: in pipes and on a terminal, against
//! the stand-in portal.
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

#[path = "tfa_admin/after.rs"]
mod after;
#[path = "tfa_admin/bulk.rs"]
mod bulk;
#[path = "tfa_admin/codes.rs"]
mod codes;
#[path = "tfa_admin/commands.rs"]
mod commands;
#[path = "tfa_admin/journal.rs"]
mod journal;
#[path = "tfa_admin/key.rs"]
mod key;
#[path = "tfa_admin/list.rs"]
mod list;
#[path = "tfa_admin/page.rs"]
mod page;
#[path = "tfa_admin/sessions.rs"]
mod sessions;
#[path = "tfa_admin/shown.rs"]
mod shown;
#[path = "tfa_admin/stopping.rs"]
mod stopping;
#[path = "tfa_admin/terminal.rs"]
mod terminal;
#[path = "tfa_admin/texts.rs"]
mod texts;
#[path = "tfa_admin/tool.rs"]
mod tool;

/// The end of the path of the change.
const UNLINK: &str = "settings/tfaappnewapp";
/// The path of ending sessions, up to the id.
const LOG_OUT: &str = "security/activeconnections/logoutall/";
