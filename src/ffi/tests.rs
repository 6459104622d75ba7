//! What no C program can look at: numbers, texts, and (in `panics`) panics.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::time::Duration;

use super::constants::*;
use super::text::Text;
use super::{
    account::*, backup_codes::*, bulk::*, change::*, client::*, error::*, numbers, options::*,
    version::*,
};
use crate::{
    Account, AccountId, AccountStatus, Applied, Change, Error, LoginUrl, NextSignIn, Reason, Role,
    Status, TfaMethod,
};

mod panics;

fn read(text: *const c_char) -> String {
    assert!(!text.is_null());
    // SAFETY: every string of the library ends in NUL and is alive here.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned()
}

/// What a call has put there.
fn given<T>(place: MaybeUninit<*mut T>) -> Option<Box<T>> {
    // SAFETY: every call puts NULL there at least.
    let object = unsafe { place.assume_init() };
    // SAFETY: an object of the library's, which the caller is to free.
    (!object.is_null()).then(|| unsafe { Box::from_raw(object) })
}

/// What a call gives that has to succeed.
fn made<T>(call: impl FnOnce(Option<&mut MaybeUninit<*mut T>>) -> dstfa_status) -> Box<T> {
    let mut place = MaybeUninit::uninit();
    assert_eq!(call(Some(&mut place)), DSTFA_OK);
    given(place).unwrap()
}

/// A client that would call nobody; sets what it needs in `options`.
fn a_client(mut options: Option<&mut dstfa_options>) -> Box<dstfa_client> {
    let url = c"https://portal.example.com".as_ptr();
    // SAFETY: a static string, here and below.
    let status = unsafe { dstfa_options_set_portal_url(options.as_deref_mut(), url, None) };
    assert_eq!(status, DSTFA_OK);
    let status = dstfa_options_set_trust(options.as_deref_mut(), DSTFA_TRUST_BUNDLED, None);
    assert_eq!(status, DSTFA_OK);
    let key = c"sk-0".as_ptr();
    // SAFETY: as above.
    let status = unsafe { dstfa_options_set_api_key(options.as_deref_mut(), key, None) };
    assert_eq!(status, DSTFA_OK);
    made(|client_out| dstfa_client_new(options.as_deref(), client_out, None))
}

#[test]
fn a_faulty_value_leaves_the_former_one() {
    let mut options = dstfa_options_new();
    dstfa_client_free(Some(a_client(options.as_deref_mut())));
    for key in [c"no key", c"", c"sk-\xff"] {
        // SAFETY: a static string.
        let status =
            unsafe { dstfa_options_set_api_key(options.as_deref_mut(), key.as_ptr(), None) };
        assert_eq!(status, DSTFA_E_ARGUMENT);
    }
    made(|client_out| dstfa_client_new(options.as_deref(), client_out, None));
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
    let change = dstfa_change::from(a_change());
    macro_rules! gives {
        ($($function:ident: $expected:expr),* $(,)?) => {$(
            assert_eq!($function(Some(&change)), $expected, stringify!($function));
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
            assert_eq!(read($function(Some(&change))), $expected, stringify!($function));
        )*};
    }
    says!(
        dstfa_change_login_url: "https://portal.example.com/login",
        dstfa_change_enrolment_url: "",
        dstfa_change_account_id: ID,
        dstfa_change_message: "Unlinked.",
    );
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
    let account = dstfa_account::from(an_account());
    macro_rules! gives {
        ($($function:ident: $expected:expr),* $(,)?) => {$(
            assert_eq!($function(Some(&account)), $expected, stringify!($function));
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
            assert_eq!(read($function(Some(&account))), $expected, stringify!($function));
        )*};
    }
    says!(
        dstfa_account_id: ID,
        dstfa_account_email: "max@example.com",
        dstfa_account_user_name: "max",
        dstfa_account_display_name: "Max Member",
    );
}

/// A list that has asked for nothing yet; its client is gone.
fn a_list() -> Box<dstfa_account_list> {
    let client = a_client(dstfa_options_new().as_deref_mut());
    made(|list_out| {
        let (status, role) = (DSTFA_ANY, DSTFA_ROLE_USER);
        let text = c"max".as_ptr();
        // SAFETY: a static string.
        unsafe { dstfa_client_list_accounts(Some(&client), text, status, role, list_out, None) }
    })
}

/// A bulk of one entry; its client is gone.
fn a_bulk() -> Box<dstfa_bulk> {
    let client = a_client(dstfa_options_new().as_deref_mut());
    let mut bulk =
        made(|bulk_out| dstfa_bulk_new(Some(&client), DSTFA_METHOD_NONE, bulk_out, None));
    let entry = c"max@example.com".as_ptr();
    let mut index = MaybeUninit::new(7);
    // SAFETY: a live handle and a static string.
    let status = unsafe { dstfa_bulk_add(&raw mut *bulk, entry, Some(&mut index), None) };
    // SAFETY: it has had a value all the time.
    assert_eq!((status, unsafe { index.assume_init() }), (DSTFA_OK, 0));
    bulk
}

fn some_codes() -> dstfa_backup_codes {
    let code = |text: &str, is_used| Code {
        text: Text::new(text),
        is_used,
    };
    dstfa_backup_codes {
        codes: vec![code("abc123", false), code("def456", true)],
    }
}

#[test]
fn codes_end_where_they_end() {
    let codes = some_codes();
    assert_eq!(dstfa_backup_codes_count(Some(&codes)), 2);
    for (index, text, is_used) in [
        (0, "abc123", 0),
        (1, "def456", 1),
        (2, "", 0),
        (u32::MAX, "", 0),
    ] {
        assert_eq!(read(dstfa_backup_codes_code(Some(&codes), index)), text);
        assert_eq!(dstfa_backup_codes_is_used(Some(&codes), index), is_used);
    }
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
    let error = dstfa_error::from(facts);
    macro_rules! gives {
        ($($function:ident: $expected:expr),* $(,)?) => {$(
            assert_eq!($function(Some(&error)), $expected, stringify!($function));
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
    assert_eq!(read(dstfa_error_message(Some(&error))), "Wait.");
    assert_eq!(read(dstfa_error_portal_message(Some(&error))), "Limit");
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
fn three_valued_answers_have_their_numbers() {
    assert_eq!(
        [None, Some(false), Some(true)].map(numbers::three_valued),
        [DSTFA_UNKNOWN, DSTFA_NO, DSTFA_YES]
    );
}

#[test]
fn version_and_number_agree() {
    let number = dstfa_version_number();
    let text = format!("{}.{}.{}", number >> 16, number >> 8 & 0xff, number & 0xff);
    assert_eq!(read(dstfa_version()), text);
}
