//! Makes every export panic.

use std::mem::MaybeUninit;
use std::process::Command;
use std::{env, ptr, thread};

use super::super::constants::*;
use super::super::guard::inject;
use super::super::{
    account::*, backup_codes::*, bulk::*, bulk_item::*, cancel::*, change::*, check::*, client::*,
    error::*, journal::*, log::*, names::*, once::*, options::*, policy::*, sessions::*,
    version::*,
};
use super::{a_bulk, a_change, a_client, a_list, an_account, given, read, some_codes};
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

fn panicking_call(
    call: impl FnOnce(Option<&mut MaybeUninit<*mut dstfa_error>>) -> dstfa_status,
) -> Facts {
    let mut place = MaybeUninit::new(ptr::dangling_mut());
    let status = panicking(|| call(Some(&mut place)));
    let error = given(place);
    let error = error.as_deref();
    (
        status,
        dstfa_error_applied(error),
        read(dstfa_error_message(error)),
    )
}

fn panic_in_every_export() {
    let mut options = dstfa_options_new();
    let cancel = dstfa_cancel_new();
    let text = c"https://portal.example.com".as_ptr();
    let id = c"11111111-2222-3333-4444-555555555555".as_ptr();
    let nothing = ptr::null_mut();

    macro_rules! fails {
        ($applied:expr, $function:ident($($given:expr),*)) => {
            // SAFETY: static strings, and NULL or a live handle of a bulk.
            #[allow(unused_unsafe, reason = "some take no string")]
            let facts = panicking_call(|error| unsafe { $function($($given,)* error) });
            assert_eq!((facts.0, facts.1), (DSTFA_E_INTERNAL, $applied), stringify!($function));
            assert!(facts.2.contains("defect"), "{}", facts.2);
        };
    }
    macro_rules! fails_and_gives_nothing {
        ($applied:expr, $function:ident($($given:expr),*)) => {
            let mut place = MaybeUninit::new(ptr::dangling_mut());
            fails!($applied, $function($($given,)* Some(&mut place)));
            assert!(given(place).is_none(), stringify!($function));
        };
    }
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_portal_url(options.as_deref_mut(), text)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_api_key(options.as_deref_mut(), c"sk-0".as_ptr())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_session_token(options.as_deref_mut(), c"0".as_ptr())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_password(options.as_deref_mut(), c"a@b.c".as_ptr(), id)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_timeout_ms(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_connect_timeout_ms(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_max_attempts(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_proxy(options.as_deref_mut(), c"http://p:1".as_ptr())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_proxy_from_env(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_trust(options.as_deref_mut(), DSTFA_TRUST_BUNDLED)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_add_ca_file(options.as_deref_mut(), text)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_add_ca_pem(options.as_deref_mut(), text)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_client_certificate(options.as_deref_mut(), text, text)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_user_agent(options.as_deref_mut(), c"x".as_ptr())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_allow_plain_http(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_explain(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_verify(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_audit(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_enrolment_url(options.as_deref_mut(), 1)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_options_set_log(options.as_deref_mut(), DSTFA_LOG_OFF, None, nothing)
    );
    fails_and_gives_nothing!(DSTFA_APPLIED_NO, dstfa_client_new(options.as_deref()));
    fails_and_gives_nothing!(
        DSTFA_APPLIED_MAYBE,
        dstfa_client_change_method(None, id, DSTFA_METHOD_NONE, cancel.as_deref())
    );
    fails_and_gives_nothing!(
        DSTFA_APPLIED_MAYBE,
        dstfa_client_change_method_checked(None, None, DSTFA_METHOD_NONE, cancel.as_deref())
    );
    fails_and_gives_nothing!(
        DSTFA_APPLIED_MAYBE,
        dstfa_change_method_once(text, text, text, id, DSTFA_METHOD_NONE)
    );

    fails_and_gives_nothing!(
        DSTFA_APPLIED_NO,
        dstfa_client_find_account(None, text, cancel.as_deref())
    );
    fails_and_gives_nothing!(
        DSTFA_APPLIED_NO,
        dstfa_client_list_accounts(None, text, DSTFA_ANY, DSTFA_ANY)
    );
    fails_and_gives_nothing!(
        DSTFA_APPLIED_NO,
        dstfa_account_list_next(None, cancel.as_deref())
    );
    fails_and_gives_nothing!(
        DSTFA_APPLIED_NO,
        dstfa_client_check(None, id, cancel.as_deref())
    );
    fails_and_gives_nothing!(
        DSTFA_APPLIED_NO,
        dstfa_client_policy(None, cancel.as_deref())
    );
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_client_end_sessions(None, text, cancel.as_deref())
    );
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_client_apply_policy(None, None, text, cancel.as_deref())
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_policy_set_method(None, DSTFA_METHOD_APP)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_policy_add_trusted_ip(None, text));
    fails!(DSTFA_APPLIED_NO, dstfa_policy_clear_trusted_ips(None));
    fails!(DSTFA_APPLIED_NO, dstfa_policy_add_mandatory_user(None, id));
    fails!(DSTFA_APPLIED_NO, dstfa_policy_clear_mandatory_users(None));
    fails!(DSTFA_APPLIED_NO, dstfa_policy_add_mandatory_group(None, id));
    fails!(DSTFA_APPLIED_NO, dstfa_policy_clear_mandatory_groups(None));
    fails_and_gives_nothing!(
        DSTFA_APPLIED_NO,
        dstfa_client_backup_codes(None, cancel.as_deref())
    );
    fails_and_gives_nothing!(
        DSTFA_APPLIED_MAYBE,
        dstfa_client_renew_backup_codes(None, cancel.as_deref())
    );

    fails_and_gives_nothing!(DSTFA_APPLIED_NO, dstfa_bulk_new(None, DSTFA_METHOD_NONE));
    let bulk = Box::into_raw(a_bulk());
    let mut index = MaybeUninit::new(7);
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_add(bulk, id, Some(&mut index)));
    // SAFETY: it has had a value all the time.
    assert_eq!(unsafe { index.assume_init() }, 0);
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_parallel(bulk, 1));
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_bulk_set_requests_per_minute(bulk, 1)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_writes_per_day(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_dry_run(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_include_self(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_retry_unknown(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_verify(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_journal(bulk, text));
    fails_and_gives_nothing!(
        DSTFA_APPLIED_MAYBE,
        dstfa_bulk_step(bulk, cancel.as_deref())
    );
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_bulk_run(bulk, cancel.as_deref(), None, nothing)
    );
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_bulk_end_sessions(bulk, cancel.as_deref(), None, nothing)
    );
    fails_and_gives_nothing!(DSTFA_APPLIED_NO, dstfa_journal_open(text));
    fails_and_gives_nothing!(DSTFA_APPLIED_NO, dstfa_journal_next(None));
    fails!(DSTFA_APPLIED_NO, dstfa_journal_salvage(text, text));

    let list = a_list();
    let account = dstfa_account::from(an_account());
    let codes = some_codes();
    let change = dstfa_change::from(a_change());
    let error = dstfa_error::from(Error::new(Status::Connect, Applied::Yes, "x"));
    // SAFETY: a live handle.
    let running = unsafe { bulk.as_ref() };
    macro_rules! gives {
        ($expected:expr, $function:ident($($given:expr),*)) => {
            let given = panicking(|| $function($($given),*));
            assert_eq!(given, $expected, stringify!($function));
        };
    }
    gives!(DSTFA_E_INTERNAL, dstfa_error_status(Some(&error)));
    gives!(0, dstfa_error_http_status(Some(&error)));
    gives!(DSTFA_APPLIED_MAYBE, dstfa_error_applied(Some(&error)));
    gives!(DSTFA_REASON_NONE, dstfa_error_reason(Some(&error)));
    gives!(0, dstfa_error_retryable(Some(&error)));
    gives!(0, dstfa_error_retry_after_ms(Some(&error)));
    gives!(0, dstfa_error_attempts(Some(&error)));
    gives!(0, dstfa_error_look_again_ms(Some(&error)));
    gives!(DSTFA_UNKNOWN, dstfa_error_app_link(Some(&error)));
    gives!(0, dstfa_change_login_url_same_origin(Some(&change)));
    gives!(
        DSTFA_METHOD_UNKNOWN,
        dstfa_change_method_asked(Some(&change))
    );
    gives!(DSTFA_UNKNOWN, dstfa_change_is_self(Some(&change)));
    gives!(DSTFA_APPLIED_MAYBE, dstfa_change_applied(Some(&change)));
    gives!(0, dstfa_change_verified(Some(&change)));
    gives!(DSTFA_NEXT_UNKNOWN, dstfa_change_next_sign_in(Some(&change)));
    gives!(0, dstfa_change_http_status(Some(&change)));
    gives!(0, dstfa_change_attempts(Some(&change)));
    gives!(DSTFA_UNKNOWN, dstfa_change_sessions_ended(Some(&change)));
    gives!(0, dstfa_change_look_again_ms(Some(&change)));
    gives!(0, dstfa_cancel_requested(cancel.as_deref()));
    gives!(0, dstfa_account_list_total(Some(&list)));
    gives!(0, dstfa_account_list_changed(Some(&list)));
    gives!(DSTFA_ACCOUNT_UNKNOWN, dstfa_account_status(Some(&account)));
    gives!(DSTFA_ROLE_UNKNOWN, dstfa_account_role(Some(&account)));
    gives!(0, dstfa_account_is_owner(Some(&account)));
    gives!(DSTFA_UNKNOWN, dstfa_account_is_sso(Some(&account)));
    gives!(DSTFA_UNKNOWN, dstfa_account_is_ldap(Some(&account)));
    gives!(DSTFA_UNKNOWN, dstfa_account_app_link(Some(&account)));
    gives!(DSTFA_UNKNOWN, dstfa_check_would_apply(None));
    gives!(DSTFA_REASON_NONE, dstfa_check_reason(None));
    gives!(DSTFA_UNKNOWN, dstfa_check_is_self(None));
    gives!(DSTFA_UNKNOWN, dstfa_check_app_link(None));
    gives!(DSTFA_METHOD_UNKNOWN, dstfa_check_portal_method(None));
    gives!(DSTFA_NEXT_UNKNOWN, dstfa_check_next_sign_in(None));
    gives!(DSTFA_UNKNOWN, dstfa_check_url_useful(None));
    assert!(panicking(|| dstfa_check_account(None)).is_none());
    gives!(DSTFA_METHOD_UNKNOWN, dstfa_policy_method(None));
    gives!(DSTFA_UNKNOWN, dstfa_policy_sms_available(None));
    gives!(DSTFA_UNKNOWN, dstfa_policy_app_available(None));
    gives!(0, dstfa_policy_trusted_ip_count(None));
    gives!(0, dstfa_policy_mandatory_user_count(None));
    gives!(0, dstfa_policy_mandatory_group_count(None));
    gives!(0, dstfa_bulk_total(running));
    gives!(0, dstfa_bulk_count(running, DSTFA_ITEM_APPLIED));
    gives!(0, dstfa_bulk_remaining(running));
    gives!(0, dstfa_bulk_elapsed_ms(running));
    gives!(0, dstfa_bulk_estimate_ms(running));
    gives!(DSTFA_PHASE_IDLE, dstfa_bulk_phase(running));
    gives!(0, dstfa_bulk_wait_ms(running));
    gives!(0, dstfa_bulk_still_linked(running));
    gives!(0, dstfa_bulk_item_index(None));
    gives!(DSTFA_ITEM_UNKNOWN, dstfa_bulk_item_outcome(None));
    gives!(DSTFA_UNKNOWN, dstfa_bulk_item_sessions_ended(None));
    gives!(0, dstfa_journal_damage_line(None));
    gives!(0, dstfa_bulk_item_from_journal(None));
    assert!(panicking(|| dstfa_bulk_item_change(None)).is_none());
    assert!(panicking(|| dstfa_bulk_item_error(None)).is_none());
    gives!(0, dstfa_backup_codes_count(Some(&codes)));
    gives!(0, dstfa_backup_codes_is_used(Some(&codes), 0));

    macro_rules! gives_no_text {
        ($function:ident($($given:expr),*)) => {
            let text = panicking(|| $function($($given),*));
            assert_eq!(read(text), "", stringify!($function));
        };
    }
    gives_no_text!(dstfa_error_message(Some(&error)));
    gives_no_text!(dstfa_error_portal_message(Some(&error)));
    gives_no_text!(dstfa_change_login_url(Some(&change)));
    gives_no_text!(dstfa_change_enrolment_url(Some(&change)));
    gives_no_text!(dstfa_change_account_id(Some(&change)));
    gives_no_text!(dstfa_change_message(Some(&change)));
    gives_no_text!(dstfa_account_id(Some(&account)));
    gives_no_text!(dstfa_account_email(Some(&account)));
    gives_no_text!(dstfa_account_user_name(Some(&account)));
    gives_no_text!(dstfa_account_display_name(Some(&account)));
    gives_no_text!(dstfa_check_message(None));
    gives_no_text!(dstfa_policy_trusted_ip(None, 0));
    gives_no_text!(dstfa_policy_trusted_ip_meaning(None, 0));
    gives_no_text!(dstfa_policy_mandatory_user(None, 0));
    gives_no_text!(dstfa_policy_mandatory_group(None, 0));
    gives_no_text!(dstfa_backup_codes_code(Some(&codes), 0));
    gives_no_text!(dstfa_bulk_item_entry(None));
    gives_no_text!(dstfa_bulk_item_account_id(None));
    gives_no_text!(dstfa_version());
    gives_no_text!(dstfa_status_name(DSTFA_OK));
    gives_no_text!(dstfa_status_message(DSTFA_OK));
    gives_no_text!(dstfa_reason_name(DSTFA_REASON_NONE));
    gives_no_text!(dstfa_reason_message(DSTFA_REASON_NONE));
    assert_eq!(panicking(|| dstfa_version_number()), 0);
    assert!(panicking(|| dstfa_options_new()).is_none());
    assert!(panicking(|| dstfa_cancel_new()).is_none());

    let client = a_client(options.as_deref_mut());
    panicking(|| dstfa_error_free(Some(Box::new(error))));
    panicking(|| dstfa_change_free(Some(Box::new(change))));
    panicking(|| dstfa_account_free(Some(Box::new(account))));
    panicking(|| dstfa_account_list_free(Some(list)));
    panicking(|| dstfa_backup_codes_free(Some(Box::new(codes))));
    panicking(|| dstfa_check_free(None));
    panicking(|| dstfa_policy_free(None));
    panicking(|| dstfa_bulk_item_free(None));
    panicking(|| dstfa_journal_free(None));
    // SAFETY: a handle of this function, not used any more.
    let bulk = unsafe { Box::from_raw(bulk) };
    panicking(|| dstfa_bulk_free(Some(bulk)));
    panicking(|| dstfa_client_free(Some(client)));
    panicking(|| dstfa_options_free(options));
    panicking(|| dstfa_cancel_free(cancel));
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
