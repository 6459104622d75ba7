//! What no C program can look at: numbers, texts, and (in `panics`) panics.

use std::ffi::{CStr, c_char};
use std::ptr;
use std::time::Duration;

use super::constants::*;
use super::guard::{Text, boxed};
use super::{
    account::*, bulk::*, change::*, client::*, codes::*, error::*, library, library::*, numbers,
    options::*,
};
use crate::{
    Account, AccountId, AccountStatus, Applied, Change, Error, ItemOutcome, LogLevel, LoginUrl,
    NextSignIn, Reason, Role, Status, TfaMethod, Trust,
};

mod panics;

fn read(text: *const c_char) -> String {
    assert!(!text.is_null());
    // SAFETY: every string of the library ends in NUL and is alive here.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned()
}

/// A client that would call nobody; sets what it needs in `options`.
fn a_client(options: *mut dstfa_options) -> *mut dstfa_client {
    let url = c"https://portal.example.com".as_ptr();
    let mut client = ptr::null_mut();
    // SAFETY: a live handle and a static string, here and below.
    let status = unsafe { dstfa_options_set_portal_url(options, url, ptr::null_mut()) };
    assert_eq!(status, DSTFA_OK);
    // SAFETY: as above.
    let status = unsafe { dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, ptr::null_mut()) };
    assert_eq!(status, DSTFA_OK);
    // SAFETY: as above.
    let status = unsafe { dstfa_options_set_api_key(options, c"sk-0".as_ptr(), ptr::null_mut()) };
    assert_eq!(status, DSTFA_OK);
    // SAFETY: a live handle and a local variable.
    let status = unsafe { dstfa_client_new(options, &raw mut client, ptr::null_mut()) };
    assert_eq!(status, DSTFA_OK);
    client
}

#[test]
fn a_faulty_value_leaves_the_former_one() {
    let options = dstfa_options_new();
    // SAFETY: a handle of this test, not used any more.
    unsafe { dstfa_client_free(a_client(options)) };
    for key in [c"no key", c"", c"sk-\xff"] {
        // SAFETY: a live handle, a static string and no wish for an error.
        let status = unsafe { dstfa_options_set_api_key(options, key.as_ptr(), ptr::null_mut()) };
        assert_eq!(status, DSTFA_E_ARGUMENT);
    }
    let mut client = ptr::null_mut();
    // SAFETY: a live handle and a local variable.
    let status = unsafe { dstfa_client_new(options, &raw mut client, ptr::null_mut()) };
    assert_eq!(status, DSTFA_OK);
    // SAFETY: handles of this test, not used any more.
    unsafe { dstfa_client_free(client) };
    // SAFETY: as above.
    unsafe { dstfa_options_free(options) };
}

const ID: &str = "11111111-2222-3333-4444-555555555555";

fn a_change() -> Change {
    Change {
        account: AccountId::parse(ID).unwrap(),
        method: TfaMethod::App,
        login_url: LoginUrl::new(crate::wipe::Wiped::new(
            "https://portal.example.com/login".to_owned(),
        )),
        same_origin: true,
        enrolment_url: None,
        is_self: Some(true),
        applied: Applied::Yes,
        verified: true,
        sessions_ended: Some(true),
        look_again: Some(Duration::from_secs(7)),
        next_sign_in: NextSignIn::Enrol,
        http_status: 200,
        attempts: 2,
        message: "Unlinked.".to_owned(),
    }
}

#[test]
fn a_change_says_everything() {
    let change: *mut dstfa_change = boxed(a_change().into());
    macro_rules! gives {
        ($($function:ident: $expected:expr),* $(,)?) => {$(
            // SAFETY: a live handle.
            assert_eq!(unsafe { $function(change) }, $expected, stringify!($function));
        )*};
    }
    gives!(
        dstfa_change_login_url_same_origin: 1,
        dstfa_change_method_asked: DSTFA_METHOD_APP,
        dstfa_change_is_self: DSTFA_YES,
        dstfa_change_applied: DSTFA_APPLIED_YES,
        dstfa_change_verified: 1,
        dstfa_change_sessions_ended: DSTFA_YES,
        dstfa_change_look_again_ms: 7000,
        dstfa_change_next_sign_in: DSTFA_NEXT_ENROL,
        dstfa_change_http_status: 200,
        dstfa_change_attempts: 2,
    );
    macro_rules! says {
        ($($function:ident: $expected:expr),* $(,)?) => {$(
            // SAFETY: a live handle.
            assert_eq!(read(unsafe { $function(change) }), $expected, stringify!($function));
        )*};
    }
    says!(
        dstfa_change_login_url: "https://portal.example.com/login",
        dstfa_change_enrolment_url: "",
        dstfa_change_account_id: ID,
        dstfa_change_message: "Unlinked.",
    );
    // SAFETY: a handle of this test, not used any more.
    unsafe { dstfa_change_free(change) };
}

fn an_account() -> Account {
    Account {
        id: AccountId::parse(ID).unwrap(),
        email: "max@example.com".to_owned(),
        user_name: "max".to_owned(),
        display_name: "Max Member".to_owned(),
        status: AccountStatus::Pending,
        role: Role::Guest,
        is_owner: true,
        is_sso: Some(true),
        is_ldap: Some(false),
        app_link: Some(false),
    }
}

#[test]
fn an_account_says_everything() {
    let account: *mut dstfa_account = boxed(an_account().into());
    macro_rules! gives {
        ($($function:ident: $expected:expr),* $(,)?) => {$(
            // SAFETY: a live handle.
            assert_eq!(unsafe { $function(account) }, $expected, stringify!($function));
        )*};
    }
    gives!(
        dstfa_account_status: DSTFA_ACCOUNT_PENDING,
        dstfa_account_role: DSTFA_ROLE_GUEST,
        dstfa_account_is_owner: 1,
        dstfa_account_is_sso: DSTFA_YES,
        dstfa_account_is_ldap: DSTFA_NO,
        dstfa_account_app_link: DSTFA_NO,
    );
    macro_rules! says {
        ($($function:ident: $expected:expr),* $(,)?) => {$(
            // SAFETY: a live handle.
            assert_eq!(read(unsafe { $function(account) }), $expected, stringify!($function));
        )*};
    }
    says!(
        dstfa_account_id: ID,
        dstfa_account_email: "max@example.com",
        dstfa_account_user_name: "max",
        dstfa_account_display_name: "Max Member",
    );
    // SAFETY: a handle of this test, not used any more.
    unsafe { dstfa_account_free(account) };
}

/// A list that has asked for nothing yet; its client is gone.
fn a_list() -> *mut dstfa_account_list {
    let options = dstfa_options_new();
    let client = a_client(options);
    let mut list = ptr::null_mut();
    // SAFETY: a live handle, a static string and a local variable.
    let status = unsafe {
        dstfa_client_list_accounts(
            client,
            c"max".as_ptr(),
            DSTFA_ANY,
            DSTFA_ROLE_USER,
            &raw mut list,
            ptr::null_mut(),
        )
    };
    assert_eq!(status, DSTFA_OK);
    // SAFETY: handles of this function, not used any more.
    unsafe { dstfa_client_free(client) };
    // SAFETY: as above.
    unsafe { dstfa_options_free(options) };
    list
}

/// A bulk of one entry; its client is gone.
fn a_bulk() -> *mut dstfa_bulk {
    let options = dstfa_options_new();
    let client = a_client(options);
    let mut bulk = ptr::null_mut();
    // SAFETY: a live handle and a local variable.
    let status =
        unsafe { dstfa_bulk_new(client, DSTFA_METHOD_NONE, &raw mut bulk, ptr::null_mut()) };
    assert_eq!(status, DSTFA_OK);
    let entry = c"max@example.com".as_ptr();
    let mut index = 7;
    // SAFETY: a live handle, a static string and a local variable.
    let status = unsafe { dstfa_bulk_add(bulk, entry, &raw mut index, ptr::null_mut()) };
    assert_eq!((status, index), (DSTFA_OK, 0));
    // SAFETY: handles of this function, not used any more.
    unsafe { dstfa_client_free(client) };
    // SAFETY: as above.
    unsafe { dstfa_options_free(options) };
    bulk
}

fn some_codes() -> dstfa_codes {
    let code = |text: &str, is_used| Code {
        text: Text::new(text),
        is_used,
    };
    dstfa_codes {
        codes: vec![code("abc123", false), code("def456", true)],
    }
}

#[test]
fn codes_end_where_they_end() {
    let codes = boxed(some_codes());
    // SAFETY: a live handle.
    assert_eq!(unsafe { dstfa_codes_count(codes) }, 2);
    for (index, text, is_used) in [
        (0, "abc123", 0),
        (1, "def456", 1),
        (2, "", 0),
        (u32::MAX, "", 0),
    ] {
        // SAFETY: a live handle.
        assert_eq!(read(unsafe { dstfa_codes_code(codes, index) }), text);
        // SAFETY: a live handle.
        assert_eq!(unsafe { dstfa_codes_is_used(codes, index) }, is_used);
    }
    // SAFETY: a handle of this test, not used any more.
    unsafe { dstfa_codes_free(codes) };
}

#[test]
fn an_error_says_everything() {
    let facts = Error::new(Status::RateLimited, Applied::No, "Wait.")
        .with_reason(Reason::DailyLimit)
        .with_http_status(429)
        .with_retryable(true)
        .with_retry_after(Some(Duration::from_secs(90)))
        .with_attempts(3)
        .with_app_link(Some(false))
        .with_look_again(Duration::from_secs(9))
        .with_portal_message("Limit".to_owned());
    let error: *mut dstfa_error = boxed(facts.into());
    macro_rules! gives {
        ($($function:ident: $expected:expr),* $(,)?) => {$(
            // SAFETY: a live handle.
            assert_eq!(unsafe { $function(error) }, $expected, stringify!($function));
        )*};
    }
    gives!(
        dstfa_error_status: DSTFA_E_RATE_LIMITED,
        dstfa_error_applied: DSTFA_APPLIED_NO,
        dstfa_error_reason: DSTFA_REASON_DAILY_LIMIT,
        dstfa_error_http_status: 429,
        dstfa_error_retryable: 1,
        dstfa_error_retry_after_ms: 90_000,
        dstfa_error_attempts: 3,
        dstfa_error_look_again_ms: 9000,
        dstfa_error_app_link: DSTFA_NO,
    );
    // SAFETY: a live handle.
    assert_eq!(read(unsafe { dstfa_error_message(error) }), "Wait.");
    // SAFETY: a live handle.
    assert_eq!(read(unsafe { dstfa_error_portal_message(error) }), "Limit");
    // SAFETY: a handle of this test, not used any more.
    unsafe { dstfa_error_free(error) };
}

#[test]
fn texts_are_whole_for_c() {
    for (text, expected) in [
        ("", ""),
        ("abc", "abc"),
        ("a\0b\0", "a\u{FFFD}b\u{FFFD}"),
        ("王", "王"),
    ] {
        assert_eq!(read(Text::new(text).as_ptr()), expected);
    }
}

#[test]
fn the_numbers_of_c_and_rust_are_the_same() {
    macro_rules! same {
        ($to_number:path: $($value:path),* $(,)?) => {
            $(assert_eq!($to_number($value), $value as i32, stringify!($value));)*
        };
    }
    same!(numbers::status: Status::Argument, Status::State, Status::Unsupported, Status::Resolve,
        Status::Connect, Status::Proxy, Status::Tls, Status::Timeout, Status::Transport,
        Status::Unauthorized, Status::Forbidden, Status::NotFound, Status::Rejected,
        Status::Unavailable, Status::RateLimited, Status::Server, Status::Protocol,
        Status::Unverified, Status::Redirected, Status::Cancelled, Status::Io, Status::Busy,
        Status::Journal, Status::Internal);
    same!(numbers::reason: Reason::None, Reason::Unknown, Reason::BadCredential,
        Reason::MissingScope, Reason::NotOwner, Reason::NotAdmin, Reason::IpRestricted,
        Reason::SignInLocked, Reason::NoSuchAccount, Reason::AccountTerminated,
        Reason::NotLinked, Reason::HiddenByPortal, Reason::MethodUnavailable,
        Reason::InvalidRequest, Reason::PortalNotFound, Reason::Unpaid, Reason::Maintenance,
        Reason::RateLimited, Reason::DailyLimit, Reason::Redirected, Reason::NotAPortal,
        Reason::CertUntrusted, Reason::CertExpired, Reason::CertNotYetValid,
        Reason::CertWrongHost, Reason::CertClientNeeded, Reason::ProxyAuth);
    same!(numbers::applied: Applied::Maybe, Applied::No, Applied::Yes);
    same!(numbers::method: TfaMethod::None, TfaMethod::Sms, TfaMethod::App);
    same!(numbers::next_sign_in: NextSignIn::Unknown, NextSignIn::Nothing, NextSignIn::Enrol,
        NextSignIn::App, NextSignIn::Sms, NextSignIn::Sso);
    same!(numbers::account_status: AccountStatus::Unknown, AccountStatus::Active,
        AccountStatus::Terminated, AccountStatus::Pending);
    same!(numbers::role: Role::Unknown, Role::Owner, Role::Admin, Role::RoomAdmin, Role::User,
        Role::Guest);
    same!(numbers::item_outcome: ItemOutcome::Unknown, ItemOutcome::Applied,
        ItemOutcome::Refused, ItemOutcome::Skipped, ItemOutcome::Would);
    same!(numbers::level: LogLevel::Off, LogLevel::Error, LogLevel::Warn, LogLevel::Info,
        LogLevel::Debug);
    for trust in [Trust::System, Trust::Bundled, Trust::FileOnly] {
        assert_eq!(numbers::trust_from(trust as i32).unwrap(), trust);
    }
    assert_eq!(
        [None, Some(false), Some(true)].map(numbers::three_valued),
        [0, 1, 2]
    );
}

#[test]
fn every_status_and_reason_has_words_once() {
    for table in [library::STATUSES, library::REASONS] {
        for words in table {
            let same = table
                .iter()
                .filter(|other| other.number == words.number || other.name == words.name);
            assert_eq!(same.count(), 1, "{:?}", words.name);
        }
    }
    assert_eq!((library::STATUSES.len(), library::REASONS.len()), (26, 27));
}

#[test]
fn version_and_number_agree() {
    let number = dstfa_version_number();
    let text = format!("{}.{}.{}", number >> 16, number >> 8 & 0xff, number & 0xff);
    assert_eq!(read(dstfa_version()), text);
}
