//! The sentences of this library: what happened, and what to do next.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::change::NextSignIn;
use crate::error::{Applied, Reason, Status};

/// After a change that may have stopped half-way.
pub(crate) const SESSIONS_UNKNOWN: &str =
    "Whether the account's sessions were ended is not known: end them.";
/// After a change of which nothing could be seen.
pub(crate) const FIND_OUT: &str =
    "Whether the account was changed is not known: look at it in the portal before trying again.";

/// What a failure is said to be: the reason where one is known, else the
/// status.
pub(crate) fn of_failure(status: Status, reason: Reason, applied: Applied) -> String {
    of_detailed_failure(status, reason, applied, "")
}

/// The same, with a sentence more unless `detail` is empty.
pub(crate) fn of_detailed_failure(
    status: Status,
    reason: Reason,
    applied: Applied,
    detail: &str,
) -> String {
    let what = match (status, reason) {
        // The only argument that is judged on the way.
        (Status::Argument, _) => {
            "portal URL: localhost has an address beyond this machine, where plain http is \
             refused; use https, or 127.0.0.1."
        }
        (status, Reason::None | Reason::Unknown) => of_status(status),
        (_, reason) => of_reason(reason),
    };
    let outcome = match applied {
        Applied::No => "Nothing was changed.",
        Applied::Maybe => FIND_OUT,
        Applied::Yes => "The account was changed.",
    };
    format!("{} {outcome}", with_detail(what, detail))
}

/// `what`, with a sentence more unless `detail` is empty.
pub(crate) fn with_detail(what: &str, detail: &str) -> String {
    let space = if detail.is_empty() { "" } else { " " };
    format!("{what}{space}{detail}")
}

/// The time of day in UTC: no time zone is read.
pub(crate) fn clock(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
        % 86_400;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02} UTC", seconds % 60)
}

/// One sentence for a status.
pub(crate) fn of_status(status: Status) -> &'static str {
    match status {
        Status::Argument => "A parameter is wrong; correct it.",
        Status::State => "This call does not fit the object's state; check the order of calls.",
        Status::Unsupported => "This is not supported here; see the documentation.",
        Status::Resolve => {
            "The host name could not be resolved; check its spelling and the network."
        }
        Status::Connect => {
            "No connection to the portal; check address, port, firewall and whether it runs."
        }
        Status::Proxy => {
            "The proxy did not open a tunnel to the portal; check its address and rules."
        }
        Status::Tls => {
            "The TLS handshake failed; check that the address is the portal's https port."
        }
        Status::Timeout => {
            "The time allowed for the call was over; check the network or allow more."
        }
        Status::Transport => "The connection broke before the answer was complete.",
        Status::Unauthorized => "The portal does not accept the credential; check or renew it.",
        Status::Forbidden => "The portal does not let the credential or this address in.",
        Status::NotFound => "There is no such thing at this address; check the portal URL.",
        Status::Rejected => "The portal refused; its own words may tell why.",
        Status::Unavailable => "The portal is not in service now; try later.",
        Status::RateLimited => "The portal asks to slow down; try later.",
        Status::Server => "The portal failed; its log may tell why.",
        Status::Protocol => {
            "The answer is not one of DocSpace; check that the URL is the portal's."
        }
        Status::Unverified => {
            "The portal accepted the setting, but shows another one, which may be up to five \
             minutes old; look again after that."
        }
        Status::Redirected => {
            "A redirect was answered, which is never followed; use the portal's own https address."
        }
        Status::Cancelled => "The call was cancelled.",
        Status::Io => {
            "The journal cannot be opened, read, locked or written; check the file and its disk."
        }
        Status::Busy => "The journal is in use by another run; wait for that to end.",
        Status::Journal => "The journal belongs to another run; use a new file.",
        Status::Internal => "A defect in this library; please report it.",
    }
}

/// One sentence for a reason.
pub(crate) fn of_reason(reason: Reason) -> &'static str {
    match reason {
        Reason::None => "There is no reason beyond the status.",
        Reason::Unknown => "The reason is not known; the portal's own words may tell.",
        Reason::BadCredential => {
            "The portal does not accept the credential; it is wrong, expired, disabled or its \
             account is: make a new API key."
        }
        Reason::MissingScope => {
            "The key lacks a permission that this needs; make one with all permissions (a change \
             needs the scope *:write)."
        }
        Reason::NotOwner => {
            "Only the portal's owner may do this for another account; use a key made by the owner."
        }
        Reason::NotAdmin => "Only the owner or a DocSpace administrator may do this.",
        Reason::IpRestricted => {
            "The portal, or something in front of it, does not admit this address; add it to the \
             list of IP Security in the portal's settings, or use the owner's key."
        }
        Reason::SignInLocked => "Sign-in is locked after too many attempts; wait a few minutes.",
        Reason::NoSuchAccount => "There is no such account; check the id.",
        Reason::AccountTerminated => {
            "The account is terminated (disabled); enable it first if it shall be changed."
        }
        Reason::NotLinked => {
            "The account has no linked authenticator app; there is nothing to unlink."
        }
        Reason::HiddenByPortal => "The installation hides the authenticator app; ask who runs it.",
        Reason::MethodUnavailable => "The method is not available on this portal.",
        Reason::InvalidRequest => "The portal could not read the request; its words tell what.",
        Reason::PortalNotFound => {
            "No portal answers at this address; check the URL, or whether the portal is suspended."
        }
        Reason::Unpaid => "The portal's subscription is not paid; the owner must renew it.",
        Reason::Maintenance => "The portal is being moved, restored or encrypted; try later.",
        Reason::RateLimited => "The portal asks to slow down; try later.",
        Reason::DailyLimit => {
            "The portal's daily number of writes is used up; try after the time it named."
        }
        Reason::Redirected => {
            "A redirect was answered, which is never followed; use the portal's own https address."
        }
        Reason::NotAPortal => {
            "A page or another service answered, not DocSpace; check that the URL is the portal's."
        }
        Reason::CertUntrusted => {
            "The certificate's issuer is not trusted; add its CA file, or, where the portal's \
             certificate is self-signed, that certificate itself as the CA file."
        }
        Reason::CertExpired => "The certificate has expired; renew it on the portal.",
        Reason::CertNotYetValid => "The certificate is not valid yet; check both clocks.",
        Reason::CertWrongHost => {
            "The certificate is for another host; use the name it was made for."
        }
        Reason::CertClientNeeded => {
            "The server asks for a client certificate it accepts; give one with its key."
        }
        Reason::ProxyAuth => {
            "The proxy asks for authentication; give user and password in the proxy URL."
        }
    }
}

/// One sentence for what comes next.
pub(crate) fn of_next_sign_in(next: NextSignIn) -> &'static str {
    match next {
        NextSignIn::Unknown => "What its next sign-in asks for is the portal's own setting.",
        NextSignIn::Nothing => "Its next sign-in asks for no second factor.",
        NextSignIn::Enrol => "Its next sign-in asks to link an app again.",
        NextSignIn::App => "Its next sign-in asks for a code from the app.",
        NextSignIn::Sms => "Its next sign-in asks for a code by text message.",
        NextSignIn::Sso => {
            "It signs in by single sign-on (SSO), which asks for no second factor and no new app."
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_clock_is_read_in_utc() {
        let time = UNIX_EPOCH + Duration::from_secs(86_400 + 3 * 3600 + 62);
        assert_eq!(clock(time), "03:01:02 UTC");
    }
}
