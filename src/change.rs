//! A change of one account: the call itself, what answers to it mean, and what
//! it tells its caller.

pub(crate) mod check;
mod failed;
pub(crate) mod mark;
pub(crate) mod outcome;
pub(crate) mod read_back;
pub(crate) mod run;
pub(crate) mod settled;
pub(crate) mod why;

use std::fmt;
use std::time::Duration;

use crate::account::AccountId;
use crate::address::Origin;
use crate::error::Applied;
use crate::message;
use crate::method::TfaMethod;
pub use crate::numbers::NextSignIn;
use crate::text;
use crate::wipe::Wiped;

/// A URL a portal handed out. It may let its holder sign in, so `Debug` and
/// `Display` do not show it and it is wiped when dropped.
#[derive(Clone)]
pub struct LoginUrl {
    url: Wiped<String>,
    /// As the portal sent it, nothing replaced or cut off.
    is_whole: bool,
}

impl LoginUrl {
    /// Cleans and caps what the portal sent; `None` for an empty text.
    pub(crate) fn new(url: Wiped<String>) -> Option<Self> {
        if url.is_empty() {
            return None;
        }
        let is_whole = text::is_clean(&url, text::URL);
        let url = if is_whole {
            url
        } else {
            Wiped::new(text::clean(&url, text::URL))
        };
        Some(LoginUrl { url, is_whole })
    }

    /// The URL itself.
    pub fn expose(&self) -> &str {
        &self.url
    }

    /// It is whole, and scheme, host and port are the portal's own.
    pub(crate) fn is_of(&self, portal: &Origin) -> bool {
        self.is_whole && Origin::of_url(&self.url).as_ref() == Some(portal)
    }

    /// The login URL made a credential of its own: the key a browser would have
    /// had in a cookie joins its query.
    pub(crate) fn joined(&self, key: &[u8]) -> Option<LoginUrl> {
        let plain =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'%');
        let key = std::str::from_utf8(key)
            .ok()
            .filter(|key| key.bytes().all(|byte| plain(&byte)))?;
        if key.is_empty() || self.url.contains('#') {
            return None;
        }
        let joiner = if self.url.contains('?') {
            "&key="
        } else {
            "?key="
        };
        let mut joined = Wiped::new(String::with_capacity(
            self.url.len() + joiner.len() + key.len(),
        ));
        joined.push_str(&self.url);
        joined.push_str(joiner);
        joined.push_str(key);
        LoginUrl::new(joined)
    }
}

impl fmt::Debug for LoginUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginUrl(…)")
    }
}

impl fmt::Display for LoginUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(login URL not shown)")
    }
}

/// A change that the portal says it did, or an account that was seen unlinked
/// after an answer that did not tell.
#[derive(Debug, Clone)]
pub struct Change {
    pub(crate) account: AccountId,
    pub(crate) method: TfaMethod,
    pub(crate) login_url: Option<LoginUrl>,
    pub(crate) same_origin: bool,
    pub(crate) enrolment_url: Option<LoginUrl>,
    pub(crate) is_self: Option<bool>,
    pub(crate) applied: Applied,
    pub(crate) verified: bool,
    pub(crate) sessions_ended: Option<bool>,
    pub(crate) look_again: Option<Duration>,
    pub(crate) next_sign_in: NextSignIn,
    pub(crate) http_status: u16,
    pub(crate) attempts: u32,
    pub(crate) message: String,
}

impl Change {
    /// The app was seen unlinked after an answer that did not tell: anybody may
    /// have done it, and nothing is known of the sessions.
    pub(crate) fn seen_unlinked(
        account: AccountId,
        method: TfaMethod,
        attempts: u32,
        message: String,
    ) -> Self {
        Change {
            account,
            method,
            login_url: None,
            same_origin: false,
            enrolment_url: None,
            is_self: None,
            applied: Applied::Maybe,
            verified: true,
            sessions_ended: None,
            look_again: None,
            next_sign_in: NextSignIn::Unknown,
            http_status: 0,
            attempts,
            message,
        }
    }

    /// The portal's audit trail shows this very change; `link` as it was seen
    /// last.
    pub(crate) fn proven(
        account: AccountId,
        method: TfaMethod,
        attempts: u32,
        link: Option<bool>,
        message: String,
    ) -> Self {
        Change {
            applied: Applied::Yes,
            verified: link == Some(false),
            ..Change::seen_unlinked(account, method, attempts, message)
        }
    }

    /// The same once it was looked at, which shows how it is after `wait`.
    pub(crate) fn looked_at(self, is_linked: bool, wait: Duration) -> Self {
        let seen = match is_linked {
            true => message::not_yet_verified(wait),
            false => "The app was seen unlinked afterwards.".to_owned(),
        };
        Change {
            verified: !is_linked,
            look_again: is_linked.then_some(wait).filter(|wait| !wait.is_zero()),
            message: format!("{} {seen}", self.message),
            ..self
        }
    }

    /// The URL the portal returned: only when the account is the caller's own.
    /// It does nothing in another browser; the portal's plain address leads a
    /// user to the same place.
    pub fn login_url(&self) -> Option<&LoginUrl> {
        self.login_url.as_ref()
    }

    /// Whether the login URL is whole and has the portal's own scheme, host and
    /// port. Do not show it as a link otherwise.
    pub fn same_origin(&self) -> bool {
        self.same_origin
    }

    /// The login URL joined with its one-hour key, when asked for by
    /// `ClientBuilder::enrolment_url`: whoever holds it enrols *their* app.
    pub fn enrolment_url(&self) -> Option<&LoginUrl> {
        self.enrolment_url.as_ref()
    }

    /// The account that was changed.
    pub fn account_id(&self) -> &AccountId {
        &self.account
    }

    /// The method as it was asked for. The portal ignores it.
    pub fn method_asked(&self) -> TfaMethod {
        self.method
    }

    /// Whether the account is the caller's own, if the answer told.
    pub fn is_self(&self) -> Option<bool> {
        self.is_self
    }

    /// `Yes` is the portal's word that it did it, in its answer or in its audit
    /// trail. `Maybe`: the answer was lost or
    /// did not tell, and the app is unlinked now, without proof that this call did
    /// it.
    pub fn applied(&self) -> Applied {
        self.applied
    }

    /// Whether the app was seen unlinked afterwards.
    pub fn verified(&self) -> bool {
        self.verified
    }

    /// `Some(true)` if the portal says that it ended the account's sessions:
    /// its word, and an old session may still work for some minutes elsewhere.
    /// `None` if nothing is known of them; end them with
    /// [`Client::end_sessions`](crate::Client::end_sessions).
    pub fn sessions_ended(&self) -> Option<bool> {
        self.sessions_ended
    }

    /// How long to wait, from the end of the call, until another look can tell
    /// more: the account was still shown as linked, which may be old. `None`
    /// if there is no reason to.
    pub fn look_again(&self) -> Option<Duration> {
        self.look_again
    }

    /// What the account meets at its next sign-in. It is looked for only by
    /// [`verify`](crate::ClientBuilder::verify), once the app is seen unlinked.
    pub fn next_sign_in(&self) -> NextSignIn {
        self.next_sign_in
    }

    /// The HTTP status of the answer; `None` where a look at the account or the
    /// audit trail stands in its place.
    pub fn http_status(&self) -> Option<u16> {
        (self.http_status != 0).then_some(self.http_status)
    }

    /// How often the change was tried, failed connections included.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What happened and what comes next, in one or two sentences.
    pub fn message(&self) -> &str {
        &self.message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enrolment_url_joins_key_and_query() {
        let url = LoginUrl::new(Wiped::new(
            "https://p.example/confirm/TfaActivation?type=a&uid=b".to_owned(),
        ))
        .unwrap();
        let joined = url.joined(b"123456.ABCDEF").unwrap();
        assert_eq!(
            joined.expose(),
            "https://p.example/confirm/TfaActivation?type=a&uid=b&key=123456.ABCDEF"
        );
        assert!(url.joined(b"a&b=c").is_none());
        assert!(url.joined(b"").is_none());
    }
}
