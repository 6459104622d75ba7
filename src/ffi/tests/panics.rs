//! Makes every export panic.

use std::process::Command;
use std::{env, ptr, thread};

use super::super::constants::*;
use super::super::guard::{boxed, inject};
use super::super::{cancel::*, change::*, client::*, error::*, library::*, log::*, options::*};
use super::{a_change, a_client, read};
use crate::{Applied, Error, Status};

/// Makes the call panic and checks that the panic really happened in it.
fn panicking<R>(call: impl FnOnce() -> R) -> R {
    inject::arm();
    let result = call();
    assert!(!inject::is_armed(), "the call is not guarded");
    result
}

/// A failing call's status and what its error says.
type Facts = (dstfa_status, i32, String);

fn panicking_call(call: impl FnOnce(*mut *mut dstfa_error) -> dstfa_status) -> Facts {
    let mut error = ptr::dangling_mut();
    let status = panicking(|| call(&raw mut error));
    // SAFETY: the call has put an error there.
    let applied = unsafe { dstfa_error_applied(error) };
    // SAFETY: as above.
    let message = read(unsafe { dstfa_error_message(error) });
    // SAFETY: as above; it is not used any more.
    unsafe { dstfa_error_free(error) };
    (status, applied, message)
}

fn panic_in_every_export() {
    let options = dstfa_options_new();
    let cancel = dstfa_cancel_new();
    let text = c"https://portal.example.com".as_ptr();
    let id = c"11111111-2222-3333-4444-555555555555".as_ptr();
    let nothing = ptr::null_mut();

    macro_rules! fails {
        ($applied:expr, $function:ident($($given:expr),*)) => {
            // SAFETY: live handles, static strings and a local variable.
            let facts = panicking_call(|error| unsafe { $function($($given,)* error) });
            assert_eq!((facts.0, facts.1), (DSTFA_E_INTERNAL, $applied), stringify!($function));
            assert!(facts.2.contains("defect"), "{}", facts.2);
        };
    }
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_portal_url(options, text)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_api_key(options, c"sk-0".as_ptr())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_session_token(options, c"0".as_ptr())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_password(options, c"a@b.c".as_ptr(), id)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_options_set_timeout_ms(options, 1));
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_connect_timeout_ms(options, 1)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_options_set_max_attempts(options, 1));
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_proxy(options, c"http://p:1".as_ptr())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_proxy_from_env(options, 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_options_add_ca_file(options, text));
    fails!(DSTFA_APPLIED_NO, dstfa_options_add_ca_pem(options, text));
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_client_certificate(options, text, text)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_user_agent(options, c"x".as_ptr())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_allow_plain_http(options, 1)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_options_set_explain(options, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_options_set_verify(options, 1));
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_enrolment_url(options, 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_log(options, DSTFA_LOG_OFF, None, nothing)
    );
    let mut client = ptr::dangling_mut();
    fails!(DSTFA_APPLIED_NO, dstfa_client_new(options, &raw mut client));
    assert!(client.is_null());
    let mut change = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_client_change_method(client, id, DSTFA_METHOD_NONE, cancel, &raw mut change)
    );
    assert!(change.is_null());
    let mut change = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_change_once(text, text, text, id, DSTFA_METHOD_NONE, &raw mut change)
    );
    assert!(change.is_null());

    let change: *mut dstfa_change = boxed(a_change().into());
    let error: *mut dstfa_error = boxed(Error::new(Status::Connect, Applied::Yes, "x").into());
    macro_rules! gives {
        ($expected:expr, $function:ident($handle:expr)) => {
            // SAFETY: NULL or a live handle.
            let given = panicking(|| unsafe { $function($handle) });
            assert_eq!(given, $expected, stringify!($function));
        };
    }
    gives!(DSTFA_E_INTERNAL, dstfa_error_status(error));
    gives!(0, dstfa_error_http_status(error));
    gives!(DSTFA_APPLIED_MAYBE, dstfa_error_applied(error));
    gives!(DSTFA_REASON_NONE, dstfa_error_reason(error));
    gives!(0, dstfa_error_retryable(error));
    gives!(0, dstfa_error_retry_after_ms(error));
    gives!(0, dstfa_error_attempts(error));
    gives!(DSTFA_UNKNOWN, dstfa_error_app_link(error));
    gives!(0, dstfa_change_login_url_same_origin(change));
    gives!(DSTFA_METHOD_UNKNOWN, dstfa_change_method_asked(change));
    gives!(DSTFA_UNKNOWN, dstfa_change_is_self(change));
    gives!(DSTFA_APPLIED_MAYBE, dstfa_change_applied(change));
    gives!(0, dstfa_change_verified(change));
    gives!(DSTFA_NEXT_UNKNOWN, dstfa_change_next_sign_in(change));
    gives!(0, dstfa_change_http_status(change));
    gives!(0, dstfa_change_attempts(change));
    gives!(0, dstfa_cancel_requested(cancel));

    macro_rules! gives_no_text {
        ($function:ident($($handle:expr)?)) => {
            // SAFETY: NULL or a live handle.
            #[allow(unused_unsafe, reason = "some take no pointer")]
            let text = panicking(|| unsafe { $function($($handle)?) });
            assert_eq!(read(text), "", stringify!($function));
        };
    }
    gives_no_text!(dstfa_error_message(error));
    gives_no_text!(dstfa_error_portal_message(error));
    gives_no_text!(dstfa_change_login_url(change));
    gives_no_text!(dstfa_change_enrolment_url(change));
    gives_no_text!(dstfa_change_account_id(change));
    gives_no_text!(dstfa_change_message(change));
    gives_no_text!(dstfa_version());
    gives_no_text!(dstfa_status_name(DSTFA_OK));
    gives_no_text!(dstfa_status_message(DSTFA_OK));
    gives_no_text!(dstfa_reason_name(DSTFA_REASON_NONE));
    gives_no_text!(dstfa_reason_message(DSTFA_REASON_NONE));
    assert_eq!(panicking(|| dstfa_version_number()), 0);
    assert!(panicking(|| dstfa_options_new()).is_null());
    assert!(panicking(|| dstfa_cancel_new()).is_null());

    let client = a_client(options);
    // SAFETY: handles of this function, not used any more.
    panicking(|| unsafe { dstfa_error_free(error) });
    // SAFETY: as above.
    panicking(|| unsafe { dstfa_change_free(change) });
    // SAFETY: as above.
    panicking(|| unsafe { dstfa_client_free(client) });
    // SAFETY: as above.
    panicking(|| unsafe { dstfa_options_free(options) });
    // SAFETY: as above.
    panicking(|| unsafe { dstfa_cancel_free(cancel) });
}

const CHILD: &str = "DSTFA_TEST_PANICKING_CHILD";

/// Panics are looked at in a process of their own, because the panic hook is
/// shared by all tests.
#[test]
fn a_panic_gives_the_documented_answer_and_prints_nothing() {
    if env::var_os(CHILD).is_some() {
        panic_in_every_export();
        let helper = thread::Builder::new().name("dstfa-test".into());
        assert!(
            helper
                .spawn(|| panic!("on a helper thread"))
                .unwrap()
                .join()
                .is_err()
        );
        assert!(thread::spawn(|| panic!("not ours")).join().is_err());
        return;
    }
    let name = "ffi::tests::panics::a_panic_gives_the_documented_answer_and_prints_nothing";
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stderr).into_owned();
    assert!(child.status.success(), "{said}");
    assert!(
        String::from_utf8_lossy(&child.stdout).contains("1 passed"),
        "no such test: {name}"
    );
    assert_eq!(said.matches("panicked").count(), 1, "{said}");
    assert!(said.contains("not ours"), "{said}");
}
