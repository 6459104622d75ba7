//! Changes a user's two-factor (TFA) method on an ONLYOFFICE DocSpace portal
//! and says truthfully whether it was done.
//!
//! ```no_run
//! use docspace_tfa::{AccountId, Client, Credential, TfaMethod};
//!
//! # fn main() -> Result<(), docspace_tfa::Error> {
//! # let key = String::new();
//! let credential = Credential::api_key(&key)?;
//! let client = Client::builder("https://portal.example.com", credential)?.build()?;
//! let account = AccountId::parse("11111111-2222-3333-4444-555555555555")?;
//! let change = client.change_method(&account, TfaMethod::None)?;
//! println!("{}", change.message());
//! # Ok(())
//! # }
//! ```
//!
//! A failed call is an [`Error`]; [`Error::applied`] says whether the account
//! was changed all the same.

mod account;
mod address;
mod backup;
mod bulk;
mod cancel;
mod change;
mod client;
mod credential;
mod error;
#[cfg(feature = "ffi")]
mod ffi;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod id;
mod journal;
mod log;
mod message;
mod method;
mod numbers;
mod policy;
mod portal;
mod reading;
mod sending;
mod sessions;
mod shared;
mod text;
mod transport;
mod wipe;

pub use account::{Account, AccountFilter, AccountId, AccountStatus, Accounts, Role};
pub use bulk::{Bulk, Item, ItemOutcome, JournalReader, Phase, Progress};
pub use cancel::Cancel;
pub use change::check::Check;
pub use change::{Change, LoginUrl, NextSignIn};
pub use client::{Client, ClientBuilder};
pub use credential::Credential;
pub use error::{Applied, Error, Reason, Status};
pub use id::GroupId;
pub use log::{LogLevel, Sink as LogSink};
pub use method::TfaMethod;
pub use policy::Policy;
pub use portal::codes::BackupCodes;
pub use transport::Trust;

/// The Rust block of the README is compiled with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    use super::*;

    /// What may cross threads, and be used from several at once.
    #[test]
    fn objects_cross_threads() {
        fn moves<T: Send>() {}
        fn is_shared<T: Send + Sync>() {}
        is_shared::<Client>();
        is_shared::<Cancel>();
        is_shared::<Progress>();
        is_shared::<Account>();
        is_shared::<Change>();
        is_shared::<Check>();
        is_shared::<Error>();
        is_shared::<Item>();
        moves::<Accounts>();
        moves::<BackupCodes>();
        moves::<Bulk>();
        moves::<ClientBuilder>();
        moves::<JournalReader>();
        moves::<Policy>();
    }
}
