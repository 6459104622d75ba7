//! What a failed call tells its caller: status, reason, and whether the
//! account was changed all the same.

use std::fmt;
use std::time::Duration;

pub use crate::numbers::{Applied, Reason, Status};

/// A failed call.
///
/// [`applied`](Error::applied) answers the question that matters after a
/// failure; `Display` gives one sentence with what to do next. No secret is
/// ever part of an error.
#[derive(Clone)]
pub struct Error(Box<Facts>);

#[derive(Clone)]
struct Facts {
    status: Status,
    reason: Reason,
    applied: Applied,
    http_status: u16,
    retryable: bool,
    retry_after: Option<Duration>,
    attempts: u32,
    app_link: Option<bool>,
    look_again: Option<Duration>,
    message: String,
    portal_message: String,
}

impl Error {
    /// Status, see [`Status`].
    pub fn status(&self) -> Status {
        self.0.status
    }

    /// Reason, see [`Reason`].
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// Whether the account was changed although the call failed.
    pub fn applied(&self) -> Applied {
        self.0.applied
    }

    /// The HTTP status of the deciding answer, if there was one.
    pub fn http_status(&self) -> Option<u16> {
        (self.0.http_status != 0).then_some(self.0.http_status)
    }

    /// True when nothing was changed and the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// How long the portal asked to wait, if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the change was tried, failed connections included, reads not.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether an authenticator app was linked when the account was looked at
    /// after a change with an open outcome, if that could be seen. `Some(false)`:
    /// it is unlinked now, and whether by this call is not known, nor whether its
    /// sessions were ended: end them.
    pub fn app_link(&self) -> Option<bool> {
        self.0.app_link
    }

    /// How long to wait, from the end of the call, until another look at the
    /// account can tell more: it was still shown as linked, which may be up to
    /// five minutes old. `None` if there is no reason to.
    pub fn look_again(&self) -> Option<Duration> {
        self.0.look_again
    }

    /// What went wrong and what to do next, in the words of this library.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The portal's own text, cleaned and capped; empty if it gave none. Its
    /// language is the portal's choice: show it, never branch on it.
    pub fn portal_message(&self) -> &str {
        &self.0.portal_message
    }

    /// The app was seen unlinked afterwards, by whomever: nothing is left to
    /// send.
    pub(crate) fn is_settled(&self) -> bool {
        self.0.applied == Applied::Maybe && self.0.app_link == Some(false)
    }

    pub(crate) fn new(status: Status, applied: Applied, message: impl Into<String>) -> Self {
        Error(Box::new(Facts {
            status,
            reason: Reason::None,
            applied,
            http_status: 0,
            retryable: false,
            retry_after: None,
            attempts: 0,
            app_link: None,
            look_again: None,
            message: message.into(),
            portal_message: String::new(),
        }))
    }

    /// A parameter is wrong. `message` names it and the remedy.
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(Status::Argument, Applied::No, message)
    }

    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(Status::Unsupported, Applied::No, message)
    }

    pub(crate) fn with_status(mut self, status: Status) -> Self {
        self.0.status = status;
        self
    }

    pub(crate) fn with_reason(mut self, reason: Reason) -> Self {
        self.0.reason = reason;
        self
    }

    pub(crate) fn with_applied(mut self, applied: Applied) -> Self {
        self.0.applied = applied;
        self
    }

    pub(crate) fn with_http_status(mut self, http_status: u16) -> Self {
        self.0.http_status = http_status;
        self
    }

    pub(crate) fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_app_link(mut self, link: Option<bool>) -> Self {
        self.0.app_link = link;
        self
    }

    pub(crate) fn with_look_again(mut self, wait: Duration) -> Self {
        self.0.look_again = Some(wait);
        self
    }

    /// `text` must have gone through [`crate::text::clean`].
    pub(crate) fn with_portal_message(mut self, text: String) -> Self {
        self.0.portal_message = text;
        self
    }

    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("status", &self.0.status)
            .field("reason", &self.0.reason)
            .field("applied", &self.0.applied)
            .field("http_status", &self.0.http_status)
            .field("retryable", &self.0.retryable)
            .field("attempts", &self.0.attempts)
            .field("app_link", &self.0.app_link)
            .field("message", &self.0.message)
            .field("portal_message", &self.0.portal_message)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {}
