//! `dstfa_options`: what a client is made with.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::time::Duration;

use super::call::{self, Given};
use super::constants::{DSTFA_OK, dstfa_status};
use super::error::dstfa_error;
use super::handle;
use super::numbers;
use crate::client::Settings;
use crate::{Applied, Credential, Error};

/// What a client is made with. Made by dstfa_options_new(), freed with
/// dstfa_options_free(); one thread at a time.
///
/// Every setter copies what it is given and judges it at once: a value it
/// refuses changes nothing and gives DSTFA_E_ARGUMENT, or another status where
/// the setter's own text says so, with DSTFA_APPLIED_NO. Setting again
/// replaces. Rules over several options are judged by dstfa_client_new(), so
/// the order of setters never matters.
pub struct dstfa_options {
    pub(super) settings: Settings,
}

/// What every setter does. `store` judges before it stores, so that a fault or a
/// panic leaves the options as they were.
pub(super) fn set(
    options: Option<&mut dstfa_options>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
    store: impl FnOnce(&mut Settings) -> Result<(), Error>,
) -> dstfa_status {
    call::run(error_out, Applied::No, || {
        store(&mut call::required("options", options)?.settings)?;
        Ok(DSTFA_OK)
    })
}

/// New options with the default settings. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_new() -> Option<Box<dstfa_options>> {
    handle::new(|| dstfa_options {
        settings: Settings::default(),
    })
}

/// Frees the options and wipes their copy of the credential; NULL does nothing.
/// Clients made from them stay valid. A client certificate's key is not wiped, see
/// dstfa_options_set_client_certificate().
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_free(options: Option<Box<dstfa_options>>) {
    handle::release(options);
}

/// The portal: https:// and the host, a port and a path prefix if there are
/// any; without /api/2.0 at its end. Required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_set_portal_url(
    options: Option<&mut dstfa_options>,
    url: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let url = unsafe { Given::new("url", url) };
    set(options, error_out, |to| to.set_portal_url(url.read()?))
}

/// An API key ("sk-" and more), made by the account that shall act: the
/// portal's owner to change others. Replaces a session token or password. One
/// of the three is required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_set_api_key(
    options: Option<&mut dstfa_options>,
    api_key: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let api_key = unsafe { Given::new("api_key", api_key) };
    set(options, error_out, |to| {
        to.credential = Some(Credential::api_key(api_key.read()?)?);
        Ok(())
    })
}

/// The token of a signed-in session. Changing one's own account ends that
/// session. Replaces an API key or password.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_set_session_token(
    options: Option<&mut dstfa_options>,
    token: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let token = unsafe { Given::new("token", token) };
    set(options, error_out, |to| {
        to.credential = Some(Credential::session_token(token.read()?)?);
        Ok(())
    })
}

/// E-mail address and password of the account that shall act. An API key is
/// the better choice: it can be withdrawn alone. Replaces an API key or
/// session token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_set_password(
    options: Option<&mut dstfa_options>,
    email: *const c_char,
    password: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let email = unsafe { Given::new("email", email) };
    // SAFETY: NULL or a string of the caller's.
    let password = unsafe { Given::new("password", password) };
    set(options, error_out, |to| {
        to.credential = Some(Credential::password(email.read()?, password.read()?)?);
        Ok(())
    })
}

/// The one deadline of a call in milliseconds, over everything it does: name
/// look-up, connecting, every try, looking at the account. Default 60000; 0 is
/// refused.
///
/// What changes something is sent until a quarter of it (5 s at most) before the
/// deadline: a call of which no byte has left by then ends so much early. What
/// remains is kept for finding out what became of the change.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_timeout_ms(
    options: Option<&mut dstfa_options>,
    ms: u32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.set_timeout(Duration::from_millis(ms.into()))
    })
}

/// How long one connection may take in milliseconds: name look-up, connect,
/// proxy and TLS together. Default 10000; 0 is refused.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_connect_timeout_ms(
    options: Option<&mut dstfa_options>,
    ms: u32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.set_connect_timeout(Duration::from_millis(ms.into()))
    })
}

/// How often a change may be tried. It is only tried again when nothing of it
/// left this machine or the portal answered 429, with or without a wait, and that
/// fits the deadline. (What ends another account's sessions is also sent once more
/// after a lost answer.) Calls that only read try each read as often, where that
/// may help; the reads that follow a change are not repeated so. Default 3; 0 is
/// refused.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_max_attempts(
    options: Option<&mut dstfa_options>,
    attempts: u32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| to.set_max_attempts(attempts))
}

/// A proxy to tunnel through: http://, with user and password if it wants
/// them. Default: none. DSTFA_E_UNSUPPORTED for SOCKS and https:// proxies.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_set_proxy(
    options: Option<&mut dstfa_options>,
    url: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let url = unsafe { Given::new("url", url) };
    set(options, error_out, |to| to.set_proxy(url.read()?))
}

/// 1: the proxy is taken from HTTPS_PROXY, ALL_PROXY and NO_PROXY when the
/// client is made; the names count in small letters too; ignored on Linux in
/// set-user-id programs. A proxy is http://[user:password@]host[:port], and http:// may be
/// left out. NO_PROXY holds entries between commas or blanks: "*", a host, a
/// domain above it (example.com, .example.com, *.example.com), an address, each
/// with :port if it is meant for that port alone, or a network (10.0.0.0/8,
/// fd00::/8). 0 (default): the environment is not read. Other numbers are
/// refused.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_proxy_from_env(
    options: Option<&mut dstfa_options>,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.set_proxy_from_env(numbers::switch_from(enabled)?);
        Ok(())
    })
}

/// Which certificate authorities are trusted, one of DSTFA_TRUST_*. Default
/// DSTFA_TRUST_SYSTEM. There is no way to switch verification off.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_trust(
    options: Option<&mut dstfa_options>,
    trust: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.roots.set_trust(numbers::known("trust", trust)?);
        Ok(())
    })
}

/// Trusts the certificate authorities in a PEM file too, besides those added
/// before. A portal's own, self-signed certificate may stand in it (openssl req
/// -x509 makes such): that very certificate is then trusted as it is, within
/// its dates and for its names. path is UTF-8 on every system; the file is read
/// now and not opened again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_add_ca_file(
    options: Option<&mut dstfa_options>,
    path: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let path = unsafe { Given::new("path", path) };
    set(options, error_out, |to| {
        to.add_ca_file(path.read()?.as_ref())
    })
}

/// Trusts the certificate authorities in a PEM text too, besides those added
/// before; as dstfa_options_add_ca_file does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_add_ca_pem(
    options: Option<&mut dstfa_options>,
    pem: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let pem = unsafe { Given::new("pem", pem) };
    set(options, error_out, |to| to.add_ca_pem(pem.read()?))
}

/// A client certificate (with its chain) and its key, PEM files; for portals
/// behind a gateway that asks for one. Read now and not opened again. Paths are
/// UTF-8 on every system.
///
/// The key must not be encrypted; it is in PKCS#8 (PRIVATE KEY), PKCS#1 (RSA
/// PRIVATE KEY) or SEC1 form (EC PRIVATE KEY), and for RSA, P-256, P-384 or
/// Ed25519. What was read is wiped before this returns. The numbers it was taken
/// apart into, which signing needs, are shared by the options and all that is made
/// from them; their memory is given back with the last of those, but is not wiped.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_set_client_certificate(
    options: Option<&mut dstfa_options>,
    cert_path: *const c_char,
    key_path: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let cert_path = unsafe { Given::new("cert_path", cert_path) };
    // SAFETY: NULL or a string of the caller's.
    let key_path = unsafe { Given::new("key_path", key_path) };
    set(options, error_out, |to| {
        to.set_client_certificate(cert_path.read()?.as_ref(), key_path.read()?.as_ref())
    })
}

/// The User-Agent header: visible ASCII and blanks, at most 256 bytes. Default
/// "docspace-tfa/" and the version.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_options_set_user_agent(
    options: Option<&mut dstfa_options>,
    value: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let value = unsafe { Given::new("value", value) };
    set(options, error_out, |to| to.set_user_agent(value.read()?))
}

/// 1: http:// is allowed to other machines too, where everybody on the way can
/// read the credential. 0 (default): only to this machine. Other numbers are
/// refused.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_allow_plain_http(
    options: Option<&mut dstfa_options>,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.allow_plain_http = numbers::switch_from(enabled)?;
        Ok(())
    })
}

/// 1 (default): after a refusal at most three reads look for its reason: caller,
/// account and the portal's setting, or the key's scopes. 0: they do not, and the
/// reason stays DSTFA_REASON_UNKNOWN where the answer itself does not tell. That
/// a change with an open outcome is looked at does not depend on this. Other
/// numbers are refused.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_explain(
    options: Option<&mut dstfa_options>,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.manners.explain = numbers::switch_from(enabled)?;
        Ok(())
    })
}

/// 1: after a change that the portal says it did, the account is looked at: at
/// once, after 1 s and after 4 s, until the app is seen unlinked; then the
/// portal's setting is read once. See dstfa_change_verified(),
/// dstfa_change_look_again_ms() and dstfa_change_next_sign_in(). A look never
/// takes the portal's word back. 0 (default): its word is taken. Other numbers
/// are refused.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_verify(
    options: Option<&mut dstfa_options>,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.manners.verify = numbers::switch_from(enabled)?;
        Ok(())
    })
}

/// 1: where the outcome of a change is open, the portal's audit trail is asked.
/// The change then carries a mark: the header "Referer" with the portal's own
/// address, "/?" and 32 random hexadecimal digits, nothing of the account. The
/// portal keeps it in its audit trail, where owner and administrators see it; so
/// do gateways that log headers. An event with the mark proves that the portal
/// made this very change: DSTFA_OK, DSTFA_APPLIED_YES, with
/// dstfa_change_http_status() 0 and dstfa_change_sessions_ended() unknown; whether
/// the portal's save held, and whether the sessions ended, it does not prove. It
/// is asked after the looks at the account, and 1 s and 4 s later until it is
/// found; and once, 1 s later, after a refusal that says "not linked", that
/// nothing explains, or after which the app was seen unlinked: at most three
/// reads, within the deadline. No event proves nothing: it may be written late or
/// never. A trail that is not offered (portals before 2.6 show their 20 newest
/// events only; some plans have none), refused (it is for owner and
/// administrators, keys need *:read) or failing counts as not found, and never
/// makes a result worse. Where the address is too long for it (300 characters in
/// all), no mark is sent and nothing asked. 0 (default): no mark, no question.
/// Other numbers are refused.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_audit(
    options: Option<&mut dstfa_options>,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.manners.audit = numbers::switch_from(enabled)?;
        Ok(())
    })
}

/// 1: a change of the caller's own account hands out the enrolment URL, see
/// dstfa_change_enrolment_url(). 0 (default): its key is thrown away. Other
/// numbers are refused.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_options_set_enrolment_url(
    options: Option<&mut dstfa_options>,
    enabled: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(options, error_out, |to| {
        to.manners.enrolment_url = numbers::switch_from(enabled)?;
        Ok(())
    })
}
