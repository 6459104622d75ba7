//! The library's version, and words for its numbers.

use std::ffi::{CStr, c_char};

use super::constants::*;
use super::guard;

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };
const VERSION_NUMBER: u32 = part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
    | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
    | part(env!("CARGO_PKG_VERSION_PATCH"));

const fn part(text: &str) -> u32 {
    match u32::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => 0,
    }
}

/// The version of the library that is running, as in DSTFA_VERSION. Static.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_version() -> *const c_char {
    guard::plain(guard::EMPTY, || VERSION.as_ptr())
}

/// The same as a number, major times 65536 plus minor times 256 plus patch, to
/// compare with DSTFA_VERSION_NUMBER. Use no function that is newer than the
/// library that is running.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_version_number() -> u32 {
    guard::plain(0, || VERSION_NUMBER)
}

/// The macro that stands for a status, "DSTFA_OK" for example; "DSTFA_E_?" for
/// a number that is none. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_status_name(status: dstfa_status) -> *const c_char {
    guard::plain(guard::EMPTY, || {
        look_up(STATUSES, status)
            .map_or(c"DSTFA_E_?", |words| words.name)
            .as_ptr()
    })
}

/// One English sentence about a status, whatever the number; for a particular
/// failure dstfa_error_message() says more. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_status_message(status: dstfa_status) -> *const c_char {
    guard::plain(guard::EMPTY, || {
        look_up(STATUSES, status)
            .map_or(
                c"The call failed in a way this version has no words for.",
                |words| words.message,
            )
            .as_ptr()
    })
}

/// The macro that stands for a reason, "DSTFA_REASON_NONE" for example;
/// "DSTFA_REASON_?" for a number that is none. Static, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_reason_name(reason: i32) -> *const c_char {
    guard::plain(guard::EMPTY, || {
        look_up(REASONS, reason)
            .map_or(c"DSTFA_REASON_?", |words| words.name)
            .as_ptr()
    })
}

/// One English sentence about a reason, whatever the number. Static, never
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_reason_message(reason: i32) -> *const c_char {
    guard::plain(guard::EMPTY, || {
        look_up(REASONS, reason)
            .map_or(
                c"The reason is one this version has no words for.",
                |words| words.message,
            )
            .as_ptr()
    })
}

pub(super) struct Words {
    pub(super) number: i32,
    pub(super) name: &'static CStr,
    message: &'static CStr,
}

fn look_up(table: &'static [Words], number: i32) -> Option<&'static Words> {
    table.iter().find(|words| words.number == number)
}

const fn words(number: i32, name: &'static CStr, message: &'static CStr) -> Words {
    Words {
        number,
        name,
        message,
    }
}

#[rustfmt::skip]
pub(super) static STATUSES: &[Words] = &[
    words(DSTFA_OK, c"DSTFA_OK", c"Done."),
    words(DSTFA_E_ARGUMENT, c"DSTFA_E_ARGUMENT", c"A parameter is wrong; nothing was sent."),
    words(DSTFA_E_STATE, c"DSTFA_E_STATE", c"The call came at the wrong moment; nothing was sent."),
    words(DSTFA_E_UNSUPPORTED, c"DSTFA_E_UNSUPPORTED", c"This build, platform or portal version cannot do that."),
    words(DSTFA_E_RESOLVE, c"DSTFA_E_RESOLVE", c"The host name was not found; check the portal URL and the name service."),
    words(DSTFA_E_CONNECT, c"DSTFA_E_CONNECT", c"No connection to the portal; check the address and the firewall."),
    words(DSTFA_E_PROXY, c"DSTFA_E_PROXY", c"The proxy opened no way to the portal."),
    words(DSTFA_E_TLS, c"DSTFA_E_TLS", c"No secure connection could be agreed on."),
    words(DSTFA_E_TIMEOUT, c"DSTFA_E_TIMEOUT", c"The time allowed for the call was over."),
    words(DSTFA_E_TRANSPORT, c"DSTFA_E_TRANSPORT", c"The connection broke before a whole answer was there."),
    words(DSTFA_E_UNAUTHORIZED, c"DSTFA_E_UNAUTHORIZED", c"The portal does not accept the credential."),
    words(DSTFA_E_FORBIDDEN, c"DSTFA_E_FORBIDDEN", c"The portal does not let this credential or address in."),
    words(DSTFA_E_NOT_FOUND, c"DSTFA_E_NOT_FOUND", c"There is no such account or portal."),
    words(DSTFA_E_REJECTED, c"DSTFA_E_REJECTED", c"The portal understood the request and refused it."),
    words(DSTFA_E_UNAVAILABLE, c"DSTFA_E_UNAVAILABLE", c"The portal is not in service, or this function of it is not."),
    words(DSTFA_E_RATE_LIMITED, c"DSTFA_E_RATE_LIMITED", c"The portal asks to wait before the next request."),
    words(DSTFA_E_SERVER, c"DSTFA_E_SERVER", c"The portal failed while it worked on the request."),
    words(DSTFA_E_PROTOCOL, c"DSTFA_E_PROTOCOL", c"The answer is none that a DocSpace portal gives."),
    words(DSTFA_E_UNVERIFIED, c"DSTFA_E_UNVERIFIED", c"The portal said yes, but shows another setting."),
    words(DSTFA_E_REDIRECTED, c"DSTFA_E_REDIRECTED", c"The portal sent the request elsewhere; redirects are not followed."),
    words(DSTFA_E_CANCELLED, c"DSTFA_E_CANCELLED", c"The call was cancelled."),
    words(DSTFA_E_IO, c"DSTFA_E_IO", c"The journal cannot be opened, read, locked or written."),
    words(DSTFA_E_BUSY, c"DSTFA_E_BUSY", c"The journal is in use by another run."),
    words(DSTFA_E_JOURNAL, c"DSTFA_E_JOURNAL", c"The journal belongs to another run or has another format."),
    words(DSTFA_E_INTERNAL, c"DSTFA_E_INTERNAL", c"A defect in docspace-tfa; please report it."),
    words(DSTFA_DONE, c"DSTFA_DONE", c"There is nothing more."),
];

#[rustfmt::skip]
pub(super) static REASONS: &[Words] = &[
    words(DSTFA_REASON_NONE, c"DSTFA_REASON_NONE", c"There is no reason beyond the status."),
    words(DSTFA_REASON_UNKNOWN, c"DSTFA_REASON_UNKNOWN", c"The portal gave no reason and none could be found."),
    words(DSTFA_REASON_BAD_CREDENTIAL, c"DSTFA_REASON_BAD_CREDENTIAL", c"The key, token or password is wrong, expired or disabled."),
    words(DSTFA_REASON_MISSING_SCOPE, c"DSTFA_REASON_MISSING_SCOPE", c"The API key may not write; make one that may."),
    words(DSTFA_REASON_NOT_OWNER, c"DSTFA_REASON_NOT_OWNER", c"Only the portal's owner may do this to another account."),
    words(DSTFA_REASON_NOT_ADMIN, c"DSTFA_REASON_NOT_ADMIN", c"Only the owner or a DocSpace administrator may do this."),
    words(DSTFA_REASON_IP_RESTRICTED, c"DSTFA_REASON_IP_RESTRICTED", c"The portal, or something in front of it, does not admit this address; the portal's list is that of IP Security."),
    words(DSTFA_REASON_SIGN_IN_LOCKED, c"DSTFA_REASON_SIGN_IN_LOCKED", c"Too many sign-ins were tried; wait before the next."),
    words(DSTFA_REASON_NO_SUCH_ACCOUNT, c"DSTFA_REASON_NO_SUCH_ACCOUNT", c"The portal has no such account."),
    words(DSTFA_REASON_ACCOUNT_TERMINATED, c"DSTFA_REASON_ACCOUNT_TERMINATED", c"The account is disabled; enable it first."),
    words(DSTFA_REASON_NOT_LINKED, c"DSTFA_REASON_NOT_LINKED", c"No authenticator app is linked, so there is nothing to unlink."),
    words(DSTFA_REASON_HIDDEN_BY_PORTAL, c"DSTFA_REASON_HIDDEN_BY_PORTAL", c"This installation hides the authenticator app."),
    words(DSTFA_REASON_METHOD_UNAVAILABLE, c"DSTFA_REASON_METHOD_UNAVAILABLE", c"The method cannot be had on this portal."),
    words(DSTFA_REASON_INVALID_REQUEST, c"DSTFA_REASON_INVALID_REQUEST", c"The portal could not read the request."),
    words(DSTFA_REASON_PORTAL_NOT_FOUND, c"DSTFA_REASON_PORTAL_NOT_FOUND", c"No portal answers at this address, or it is suspended."),
    words(DSTFA_REASON_UNPAID, c"DSTFA_REASON_UNPAID", c"The portal's subscription is not paid."),
    words(DSTFA_REASON_MAINTENANCE, c"DSTFA_REASON_MAINTENANCE", c"The portal is being moved, restored or encrypted."),
    words(DSTFA_REASON_RATE_LIMITED, c"DSTFA_REASON_RATE_LIMITED", c"Too many requests in a short time."),
    words(DSTFA_REASON_DAILY_LIMIT, c"DSTFA_REASON_DAILY_LIMIT", c"The portal takes no more writes today."),
    words(DSTFA_REASON_REDIRECTED, c"DSTFA_REASON_REDIRECTED", c"The answer was a redirect, which is never followed; the message of the error names where to."),
    words(DSTFA_REASON_NOT_A_PORTAL, c"DSTFA_REASON_NOT_A_PORTAL", c"A web page or another service answered; check the portal URL."),
    words(DSTFA_REASON_CERT_UNTRUSTED, c"DSTFA_REASON_CERT_UNTRUSTED", c"The issuer of the server's certificate is not trusted; add its CA file, or the server's own certificate if that is self-signed."),
    words(DSTFA_REASON_CERT_EXPIRED, c"DSTFA_REASON_CERT_EXPIRED", c"The server's certificate has expired."),
    words(DSTFA_REASON_CERT_NOT_YET_VALID, c"DSTFA_REASON_CERT_NOT_YET_VALID", c"The server's certificate is not valid yet; check this machine's clock."),
    words(DSTFA_REASON_CERT_WRONG_HOST, c"DSTFA_REASON_CERT_WRONG_HOST", c"The server's certificate is for another host; check the portal URL."),
    words(DSTFA_REASON_CERT_CLIENT_NEEDED, c"DSTFA_REASON_CERT_CLIENT_NEEDED", c"The server wants a client certificate, or not the one it was given."),
    words(DSTFA_REASON_PROXY_AUTH, c"DSTFA_REASON_PROXY_AUTH", c"The proxy asks for a user name and password."),
];
