//! Makes every export panic.

use std::process::Command;
use std::{env, ptr, thread};

use super::super::constants::*;
use super::super::guard::{boxed, inject};
use super::super::{
    account::*, bulk::*, bulk_item::*, cancel::*, change::*, check::*, client::*, codes::*,
    error::*, library::*, log::*, options::*, policy::*,
};
use super::{a_bulk, a_change, a_client, a_list, an_account, read, some_codes};
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
        dstfa_client_change_method_checked(
            client,
            ptr::null(),
            DSTFA_METHOD_NONE,
            cancel,
            &raw mut change
        )
    );
    assert!(change.is_null());
    let mut change = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_change_once(text, text, text, id, DSTFA_METHOD_NONE, &raw mut change)
    );
    assert!(change.is_null());

    let mut account = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_client_find_account(client, text, cancel, &raw mut account)
    );
    assert!(account.is_null());
    let mut list = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_client_list_accounts(client, text, DSTFA_ANY, DSTFA_ANY, &raw mut list)
    );
    assert!(list.is_null());
    let mut account = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_account_list_next(list, cancel, &raw mut account)
    );
    assert!(account.is_null());
    let mut check = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_client_check(client, id, cancel, &raw mut check)
    );
    assert!(check.is_null());
    let mut policy = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_client_policy(client, cancel, &raw mut policy)
    );
    assert!(policy.is_null());
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_client_apply_policy(client, policy, text, cancel)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_policy_set_method(policy, DSTFA_METHOD_APP)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_policy_add_trusted_ip(policy, text));
    fails!(DSTFA_APPLIED_NO, dstfa_policy_clear_trusted_ips(policy));
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_policy_add_mandatory_user(policy, id)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_policy_clear_mandatory_users(policy));
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_policy_add_mandatory_group(policy, id)
    );
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_policy_clear_mandatory_groups(policy)
    );
    let mut codes = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_client_backup_codes(client, cancel, &raw mut codes)
    );
    assert!(codes.is_null());
    let mut codes = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_client_renew_backup_codes(client, cancel, &raw mut codes)
    );
    assert!(codes.is_null());

    let mut bulk = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_bulk_new(client, DSTFA_METHOD_NONE, &raw mut bulk)
    );
    assert!(bulk.is_null());
    let bulk = a_bulk();
    let mut index = 7;
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_add(bulk, id, &raw mut index));
    assert_eq!(index, 0);
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_parallel(bulk, 1));
    fails!(
        DSTFA_APPLIED_NO,
        dstfa_bulk_set_requests_per_minute(bulk, 1)
    );
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_writes_per_day(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_dry_run(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_include_self(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_retry_unknown(bulk, 1));
    fails!(DSTFA_APPLIED_NO, dstfa_bulk_set_journal(bulk, text));
    let mut item = ptr::dangling_mut();
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_bulk_step(bulk, cancel, &raw mut item)
    );
    assert!(item.is_null());
    fails!(
        DSTFA_APPLIED_MAYBE,
        dstfa_bulk_run(bulk, cancel, None, nothing)
    );

    let list = a_list();
    let account: *mut dstfa_account = boxed(an_account().into());
    let codes = boxed(some_codes());
    let change: *mut dstfa_change = boxed(a_change().into());
    let error: *mut dstfa_error = boxed(Error::new(Status::Connect, Applied::Yes, "x").into());
    macro_rules! gives {
        ($expected:expr, $function:ident($($given:expr),*)) => {
            // SAFETY: NULL or a live handle.
            let given = panicking(|| unsafe { $function($($given),*) });
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
    gives!(0, dstfa_error_look_again_ms(error));
    gives!(DSTFA_UNKNOWN, dstfa_error_app_link(error));
    gives!(0, dstfa_change_login_url_same_origin(change));
    gives!(DSTFA_METHOD_UNKNOWN, dstfa_change_method_asked(change));
    gives!(DSTFA_UNKNOWN, dstfa_change_is_self(change));
    gives!(DSTFA_APPLIED_MAYBE, dstfa_change_applied(change));
    gives!(0, dstfa_change_verified(change));
    gives!(DSTFA_NEXT_UNKNOWN, dstfa_change_next_sign_in(change));
    gives!(0, dstfa_change_http_status(change));
    gives!(0, dstfa_change_attempts(change));
    gives!(DSTFA_UNKNOWN, dstfa_change_sessions_ended(change));
    gives!(0, dstfa_change_look_again_ms(change));
    gives!(0, dstfa_cancel_requested(cancel));
    gives!(0, dstfa_account_list_total(list));
    gives!(0, dstfa_account_list_changed(list));
    gives!(DSTFA_ACCOUNT_UNKNOWN, dstfa_account_status(account));
    gives!(DSTFA_ROLE_UNKNOWN, dstfa_account_role(account));
    gives!(0, dstfa_account_is_owner(account));
    gives!(DSTFA_UNKNOWN, dstfa_account_is_sso(account));
    gives!(DSTFA_UNKNOWN, dstfa_account_is_ldap(account));
    gives!(DSTFA_UNKNOWN, dstfa_account_app_link(account));
    gives!(DSTFA_UNKNOWN, dstfa_check_would_apply(check));
    gives!(DSTFA_REASON_NONE, dstfa_check_reason(check));
    gives!(DSTFA_UNKNOWN, dstfa_check_is_self(check));
    gives!(DSTFA_UNKNOWN, dstfa_check_app_link(check));
    gives!(DSTFA_METHOD_UNKNOWN, dstfa_check_portal_method(check));
    gives!(DSTFA_NEXT_UNKNOWN, dstfa_check_next_sign_in(check));
    gives!(DSTFA_UNKNOWN, dstfa_check_url_useful(check));
    gives!(ptr::null(), dstfa_check_account(check));
    gives!(DSTFA_METHOD_UNKNOWN, dstfa_policy_method(policy));
    gives!(DSTFA_UNKNOWN, dstfa_policy_sms_available(policy));
    gives!(DSTFA_UNKNOWN, dstfa_policy_app_available(policy));
    gives!(0, dstfa_policy_trusted_ip_count(policy));
    gives!(0, dstfa_policy_mandatory_user_count(policy));
    gives!(0, dstfa_policy_mandatory_group_count(policy));
    gives!(0, dstfa_bulk_total(bulk));
    gives!(0, dstfa_bulk_count(bulk, DSTFA_ITEM_APPLIED));
    gives!(0, dstfa_bulk_remaining(bulk));
    gives!(0, dstfa_bulk_elapsed_ms(bulk));
    gives!(0, dstfa_bulk_estimate_ms(bulk));
    gives!(0, dstfa_bulk_item_index(item));
    gives!(DSTFA_ITEM_UNKNOWN, dstfa_bulk_item_outcome(item));
    gives!(0, dstfa_bulk_item_from_journal(item));
    gives!(ptr::null(), dstfa_bulk_item_change(item));
    gives!(ptr::null(), dstfa_bulk_item_error(item));
    gives!(0, dstfa_codes_count(codes));
    gives!(0, dstfa_codes_is_used(codes, 0));

    macro_rules! gives_no_text {
        ($function:ident($($given:expr),*)) => {
            // SAFETY: NULL or a live handle.
            #[allow(unused_unsafe, reason = "some take no pointer")]
            let text = panicking(|| unsafe { $function($($given),*) });
            assert_eq!(read(text), "", stringify!($function));
        };
    }
    gives_no_text!(dstfa_error_message(error));
    gives_no_text!(dstfa_error_portal_message(error));
    gives_no_text!(dstfa_change_login_url(change));
    gives_no_text!(dstfa_change_enrolment_url(change));
    gives_no_text!(dstfa_change_account_id(change));
    gives_no_text!(dstfa_change_message(change));
    gives_no_text!(dstfa_account_id(account));
    gives_no_text!(dstfa_account_email(account));
    gives_no_text!(dstfa_account_user_name(account));
    gives_no_text!(dstfa_account_display_name(account));
    gives_no_text!(dstfa_check_message(check));
    gives_no_text!(dstfa_policy_trusted_ip(policy, 0));
    gives_no_text!(dstfa_policy_mandatory_user(policy, 0));
    gives_no_text!(dstfa_policy_mandatory_group(policy, 0));
    gives_no_text!(dstfa_codes_code(codes, 0));
    gives_no_text!(dstfa_bulk_item_entry(item));
    gives_no_text!(dstfa_bulk_item_account_id(item));
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
    panicking(|| unsafe { dstfa_account_free(account) });
    // SAFETY: as above.
    panicking(|| unsafe { dstfa_account_list_free(list) });
    // SAFETY: as above.
    panicking(|| unsafe { dstfa_codes_free(codes) });
    // SAFETY: NULL.
    panicking(|| unsafe { dstfa_check_free(check) });
    // SAFETY: NULL.
    panicking(|| unsafe { dstfa_policy_free(policy) });
    // SAFETY: NULL.
    panicking(|| unsafe { dstfa_bulk_item_free(item) });
    // SAFETY: as above.
    panicking(|| unsafe { dstfa_bulk_free(bulk) });
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
