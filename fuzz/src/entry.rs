//! The C functions, called in any order with any bytes; no network. Changes are
//! asked for with a cancel object that was requested before, so none is sent.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::{null, null_mut};

// The functions are in the library, whether or not Rust can name them.
use docspace_tfa as _;

type Options = *mut c_void;
type Errors = *mut *mut c_void;
type OfText = unsafe extern "C" fn(Options, *const c_char, Errors) -> i32;
type OfNumber = unsafe extern "C" fn(Options, i32, Errors) -> i32;
type OfCount = unsafe extern "C" fn(Options, u32, Errors) -> i32;
type Text = unsafe extern "C" fn(*const c_void) -> *const c_char;
type Number = unsafe extern "C" fn(*const c_void) -> i32;

/// Declares what the header declares.
macro_rules! header {
    ($($name:ident: fn($($kind:ty),*) $(-> $result:ty)?;)*) => {
        unsafe extern "C" {
            $(fn $name($(_: $kind),*) $(-> $result)?;)*
        }
    };
}

header! {
    dstfa_options_new: fn() -> Options;
    dstfa_options_free: fn(Options);
    dstfa_options_set_portal_url: fn(Options, *const c_char, Errors) -> i32;
    dstfa_options_set_api_key: fn(Options, *const c_char, Errors) -> i32;
    dstfa_options_set_session_token: fn(Options, *const c_char, Errors) -> i32;
    dstfa_options_set_password: fn(Options, *const c_char, *const c_char, Errors) -> i32;
    dstfa_options_set_timeout_ms: fn(Options, u32, Errors) -> i32;
    dstfa_options_set_connect_timeout_ms: fn(Options, u32, Errors) -> i32;
    dstfa_options_set_max_attempts: fn(Options, u32, Errors) -> i32;
    dstfa_options_set_proxy: fn(Options, *const c_char, Errors) -> i32;
    dstfa_options_set_proxy_from_env: fn(Options, i32, Errors) -> i32;
    dstfa_options_set_trust: fn(Options, i32, Errors) -> i32;
    dstfa_options_add_ca_file: fn(Options, *const c_char, Errors) -> i32;
    dstfa_options_add_ca_pem: fn(Options, *const c_char, Errors) -> i32;
    dstfa_options_set_client_certificate:
        fn(Options, *const c_char, *const c_char, Errors) -> i32;
    dstfa_options_set_user_agent: fn(Options, *const c_char, Errors) -> i32;
    dstfa_options_set_allow_plain_http: fn(Options, i32, Errors) -> i32;
    dstfa_options_set_explain: fn(Options, i32, Errors) -> i32;
    dstfa_options_set_verify: fn(Options, i32, Errors) -> i32;
    dstfa_options_set_audit: fn(Options, i32, Errors) -> i32;
    dstfa_options_set_enrolment_url: fn(Options, i32, Errors) -> i32;
    dstfa_options_set_log: fn(Options, i32, *const c_void, *mut c_void, Errors) -> i32;
    dstfa_client_new: fn(Options, *mut *mut c_void, Errors) -> i32;
    dstfa_client_free: fn(*mut c_void);
    dstfa_client_change_method:
        fn(*const c_void, *const c_char, i32, *const c_void, *mut *mut c_void, Errors) -> i32;
    dstfa_cancel_new: fn() -> *mut c_void;
    dstfa_cancel_request: fn(*const c_void);
    dstfa_cancel_requested: fn(*const c_void) -> i32;
    dstfa_cancel_free: fn(*mut c_void);
    dstfa_error_free: fn(*mut c_void);
    dstfa_error_status: fn(*const c_void) -> i32;
    dstfa_error_applied: fn(*const c_void) -> i32;
    dstfa_error_reason: fn(*const c_void) -> i32;
    dstfa_error_retryable: fn(*const c_void) -> i32;
    dstfa_error_http_status: fn(*const c_void) -> i32;
    dstfa_error_app_link: fn(*const c_void) -> i32;
    dstfa_error_message: fn(*const c_void) -> *const c_char;
    dstfa_error_portal_message: fn(*const c_void) -> *const c_char;
    dstfa_change_free: fn(*mut c_void);
    dstfa_change_account_id: fn(*const c_void) -> *const c_char;
    dstfa_change_message: fn(*const c_void) -> *const c_char;
    dstfa_change_login_url: fn(*const c_void) -> *const c_char;
    dstfa_change_enrolment_url: fn(*const c_void) -> *const c_char;
    dstfa_change_applied: fn(*const c_void) -> i32;
    dstfa_status_name: fn(i32) -> *const c_char;
    dstfa_status_message: fn(i32) -> *const c_char;
    dstfa_reason_name: fn(i32) -> *const c_char;
    dstfa_reason_message: fn(i32) -> *const c_char;
}

const OF_TEXT: [OfText; 6] = [
    dstfa_options_set_portal_url,
    dstfa_options_set_api_key,
    dstfa_options_set_session_token,
    dstfa_options_set_proxy,
    dstfa_options_add_ca_pem,
    dstfa_options_set_user_agent,
];
const OF_NUMBER: [OfNumber; 7] = [
    dstfa_options_set_proxy_from_env,
    dstfa_options_set_trust,
    dstfa_options_set_allow_plain_http,
    dstfa_options_set_explain,
    dstfa_options_set_verify,
    dstfa_options_set_audit,
    dstfa_options_set_enrolment_url,
];
const OF_COUNT: [OfCount; 3] = [
    dstfa_options_set_timeout_ms,
    dstfa_options_set_connect_timeout_ms,
    dstfa_options_set_max_attempts,
];
const WORDS: [unsafe extern "C" fn(i32) -> *const c_char; 4] = [
    dstfa_status_name,
    dstfa_status_message,
    dstfa_reason_name,
    dstfa_reason_message,
];

const OK: i32 = 0;
const CANCELLED: i32 = 30;
const NOT_APPLIED: i32 = 1;
/// Refusals of calls that send nothing.
const REFUSALS: [i32; 4] = [1, 3, CANCELLED, 31];

/// What is left of an input.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Up to the next zero byte; now and then NULL.
    fn text(&mut self) -> Given {
        if self.0.first() == Some(&0xfe) {
            self.byte();
            return Given(None);
        }
        let end = self.0.iter().position(|byte| *byte == 0);
        let (text, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest.get(1..).unwrap_or_default();
        let mut text = text.to_vec();
        text.push(0);
        // Exactly as long as it is: reading on is a finding.
        Given(Some(text.into_boxed_slice()))
    }

    fn number(&mut self) -> i32 {
        match self.byte() {
            // Mostly numbers that mean something.
            Some(byte @ 0..=0x7f) => i32::from(byte) - 2,
            Some(_) => {
                let (front, rest) = self.0.split_at(self.0.len().min(4));
                self.0 = rest;
                front
                    .iter()
                    .fold(0, |sum, byte| sum << 8 | i32::from(*byte))
            }
            None => 0,
        }
    }
}

struct Given(Option<Box<[u8]>>);

impl Given {
    fn as_ptr(&self) -> *const c_char {
        self.0.as_ref().map_or(null(), |text| text.as_ptr().cast())
    }

    /// A name in this folder: no device is opened.
    fn is_plain_name(&self) -> bool {
        self.0.as_ref().is_none_or(|text| !text.contains(&b'/'))
    }
}

/// One run: each step is a byte that names a function, then its arguments.
pub fn calls(input: &[u8]) {
    let mut bytes = Bytes(input);
    // SAFETY: every function is called as the header says: with objects that it
    // made and that are alive, and texts that end in a zero byte.
    unsafe {
        let options = dstfa_options_new();
        assert!(!options.is_null());
        let mut steps = 0;
        while let Some(step) = bytes.byte() {
            steps += 1;
            if steps > 40 {
                break;
            }
            one(step, options, &mut bytes);
        }
        client(options, &mut Bytes(input));
        dstfa_options_free(options);
    }
}

unsafe fn one(step: u8, options: Options, bytes: &mut Bytes<'_>) {
    let (at, with_error) = (usize::from(step & 0x1f), step & 0x80 == 0);
    let options = if step & 0x60 == 0x60 {
        null_mut()
    } else {
        options
    };
    let mut error = null_mut();
    let place: Errors = if with_error {
        &raw mut error
    } else {
        null_mut()
    };
    // SAFETY: as in `calls`.
    let status = unsafe {
        match at {
            0..=5 => OF_TEXT[at](options, bytes.text().as_ptr(), place),
            6..=12 => OF_NUMBER[at - 6](options, bytes.number(), place),
            13..=15 => OF_COUNT[at - 13](options, bytes.number().cast_unsigned(), place),
            16 => {
                let (email, password) = (bytes.text(), bytes.text());
                dstfa_options_set_password(options, email.as_ptr(), password.as_ptr(), place)
            }
            17 => {
                let (certificate, key) = (bytes.text(), bytes.text());
                if !certificate.is_plain_name() || !key.is_plain_name() {
                    return;
                }
                let (certificate, key) = (certificate.as_ptr(), key.as_ptr());
                dstfa_options_set_client_certificate(options, certificate, key, place)
            }
            18 => {
                let path = bytes.text();
                if !path.is_plain_name() {
                    return;
                }
                dstfa_options_add_ca_file(options, path.as_ptr(), place)
            }
            19 => dstfa_options_set_log(options, bytes.number(), null(), null_mut(), place),
            20..=23 => {
                assert!(is_decent(WORDS[at - 20](bytes.number())));
                return;
            }
            24 => {
                nothing();
                return;
            }
            _ => return,
        }
    };
    // SAFETY: the error, if any, is this function's own.
    unsafe { judge(status, error, with_error) };
}

/// Makes a client of whatever the options have become, and asks it for changes
/// that are cancelled already.
unsafe fn client(options: Options, bytes: &mut Bytes<'_>) {
    // SAFETY: as in `calls`.
    unsafe {
        let (mut client, mut error) = (null_mut(), null_mut());
        // The system's authorities would cost a thousand times the rest.
        let trusts = bytes.byte().unwrap_or(0) % 16;
        if trusts != 0 {
            dstfa_options_set_trust(options, 2, null_mut());
        }
        let status = dstfa_client_new(options, &raw mut client, &raw mut error);
        assert_eq!(status == OK, !client.is_null());
        judge(status, error, true);
        let cancel = dstfa_cancel_new();
        dstfa_cancel_request(cancel);
        assert_eq!(dstfa_cancel_requested(cancel), 1);
        for _ in 0..2 {
            let (id, method) = (bytes.text(), bytes.number());
            let (mut change, mut error) = (null_mut(), null_mut());
            let status = dstfa_client_change_method(
                client,
                id.as_ptr(),
                method,
                cancel,
                &raw mut change,
                &raw mut error,
            );
            assert!(status != OK && change.is_null());
            judge(status, error, true);
        }
        dstfa_cancel_free(cancel);
        dstfa_client_free(client);
    }
}

/// Every getter takes NULL.
unsafe fn nothing() {
    let texts: [Text; 6] = [
        dstfa_error_message,
        dstfa_error_portal_message,
        dstfa_change_account_id,
        dstfa_change_message,
        dstfa_change_login_url,
        dstfa_change_enrolment_url,
    ];
    // SAFETY: NULL is allowed everywhere.
    unsafe {
        for text in texts {
            assert!(CStr::from_ptr(text(null())).is_empty());
        }
        assert_eq!(dstfa_error_status(null()), 99);
        assert_eq!(dstfa_change_applied(null()), 0);
        dstfa_error_free(null_mut());
        dstfa_change_free(null_mut());
        dstfa_client_free(null_mut());
        dstfa_cancel_free(null_mut());
        dstfa_cancel_request(null());
        dstfa_options_free(null_mut());
    }
}

/// Status and error agree, and nothing was changed. Frees the error.
unsafe fn judge(status: i32, error: *mut c_void, with_error: bool) {
    // SAFETY: as in `calls`.
    unsafe {
        assert!(
            status == OK || REFUSALS.contains(&status),
            "status {status}"
        );
        assert_eq!(!error.is_null(), status != OK && with_error);
        if error.is_null() {
            return;
        }
        assert_eq!(dstfa_error_status(error), status);
        assert_eq!(dstfa_error_applied(error), NOT_APPLIED);
        assert!(is_decent(dstfa_error_message(error)));
        assert!(CStr::from_ptr(dstfa_error_portal_message(error)).is_empty());
        let numbers: [Number; 4] = [
            dstfa_error_reason,
            dstfa_error_retryable,
            dstfa_error_http_status,
            dstfa_error_app_link,
        ];
        let sum: i32 = numbers.iter().map(|number| number(error)).sum();
        assert!(sum == i32::from(status == CANCELLED), "{status}: {sum}");
        dstfa_error_free(error);
    }
}

/// A line of UTF-8, and not an empty one.
unsafe fn is_decent(text: *const c_char) -> bool {
    assert!(!text.is_null());
    // SAFETY: it is a C string that lives as long as its object.
    let text = unsafe { CStr::from_ptr(text) };
    let text = text.to_str().expect("UTF-8");
    !text.is_empty() && !text.chars().any(char::is_control)
}
