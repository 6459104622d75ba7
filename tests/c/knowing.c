/* Finding, listing, looking, changing, backup codes and the portal's own method,
 * against a stand-in portal. The arguments are in the order of struct world. */
#include "docspace_tfa.h"

#include "check.h"

struct world {
    const char *url;
    const char *host;
    const char *ca_file;
    const char *owner_key; /* files */
    const char *admin_key;
    const char *unlinked_key;
    const char *owner_id;
    const char *member_id;
    const char *member_email;
    const char *member2_id;
    const char *unlinked_id;
    const char *hostile_email;
    const char *total;
};

#define STRANGER "0badf00d-0000-4000-8000-00000000dead"
#define GROUP "abcdef00-1111-2222-3333-444444444444"

static struct world world;
static dstfa_error *error = STALE_ERROR;
static dstfa_status status;

static void read_key(const char *path, char *key, size_t size)
{
    FILE *file = fopen(path, "r");

    CHECK(file != NULL);
    CHECK(fgets(key, (int)size, file) != NULL);
    fclose(file);
    key[strcspn(key, "\r\n")] = '\0';
}

static dstfa_client *client_of(const char *key_file)
{
    char key[512];
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;

    read_key(key_file, key, sizeof key);
    CHECK_DONE(dstfa_options_set_portal_url(options, world.url, &error), error);
    CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_ADDED_ONLY, &error), error);
    CHECK_DONE(dstfa_options_add_ca_file(options, world.ca_file, &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, key, &error), error);
    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    dstfa_options_free(options);
    return client;
}

/* The call failed with these and changed nothing; frees the error. */
static void refused(dstfa_status expected, int32_t reason)
{
    CHECK_INT(status, expected);
    CHECK_INT(dstfa_error_status(error), expected);
    CHECK_INT(dstfa_error_reason(error), reason);
    CHECK_INT(dstfa_error_applied(error), DSTFA_APPLIED_NO);
    CHECK(strlen(dstfa_error_message(error)) > 0);
    dstfa_error_free(error);
    error = STALE_ERROR;
}

static dstfa_account *found(const dstfa_client *client, const char *who)
{
    dstfa_account *account = STALE(dstfa_account);

    CHECK_DONE(dstfa_client_find_account(client, who, NULL, &account, &error), error);
    CHECK(account != NULL && account != STALE(dstfa_account));
    return account;
}

static void find(const dstfa_client *client)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_account *account = found(client, world.member_email);
    dstfa_account *again;

    CHECK_STR(dstfa_account_id(account), world.member_id);
    CHECK_STR(dstfa_account_email(account), world.member_email);
    CHECK_STR(dstfa_account_display_name(account), "Max Member");
    CHECK(strlen(dstfa_account_user_name(account)) > 0);
    CHECK_INT(dstfa_account_status(account), DSTFA_ACCOUNT_ACTIVE);
    CHECK_INT(dstfa_account_role(account), DSTFA_ROLE_USER);
    CHECK_INT(dstfa_account_is_owner(account), 0);
    CHECK_INT(dstfa_account_is_sso(account), DSTFA_NO);
    CHECK_INT(dstfa_account_is_ldap(account), DSTFA_NO);
    CHECK_INT(dstfa_account_app_link(account), DSTFA_YES);

    again = found(client, dstfa_account_user_name(account));
    CHECK_STR(dstfa_account_id(again), world.member_id);
    dstfa_account_free(again);
    again = found(client, dstfa_account_id(account));
    CHECK_STR(dstfa_account_email(again), world.member_email);
    dstfa_account_free(account);
    dstfa_account_free(again);

    account = found(client, "@self");
    CHECK_STR(dstfa_account_id(account), world.owner_id);
    CHECK_INT(dstfa_account_is_owner(account), 1);
    CHECK_INT(dstfa_account_role(account), DSTFA_ROLE_OWNER);
    dstfa_account_free(account);

    /* An escape character would move the terminal's cursor. */
    account = found(client, world.hostile_email);
    CHECK_STR(dstfa_account_display_name(account), "Eve\xef\xbf\xbd[31m Evil");
    dstfa_account_free(account);

    account = STALE(dstfa_account);
    status = dstfa_client_find_account(client, "nobody@portal.example", cancel, &account, &error);
    CHECK(account == NULL);
    refused(DSTFA_E_NOT_FOUND, DSTFA_REASON_NO_SUCH_ACCOUNT);
    dstfa_cancel_request(cancel);
    status = dstfa_client_find_account(client, world.member_email, cancel, &account, &error);
    refused(DSTFA_E_CANCELLED, DSTFA_REASON_NONE);
    dstfa_cancel_free(cancel);
}

/* Reads a list of a client that is gone to its end, and tells how many came. */
static long count(const char *text, int32_t of_status, int32_t of_role)
{
    dstfa_client *client = client_of(world.owner_key);
    dstfa_account_list *list = STALE(dstfa_account_list);
    dstfa_account *account = STALE(dstfa_account);
    dstfa_cancel *cancel = dstfa_cancel_new();
    long accounts = 0;

    CHECK_DONE(dstfa_client_list_accounts(client, text, of_status, of_role, &list, &error), error);
    dstfa_client_free(client);
    CHECK_INT(dstfa_account_list_total(list), 0);
    dstfa_cancel_request(cancel);
    status = dstfa_account_list_next(list, cancel, &account, &error);
    CHECK(account == NULL);
    refused(DSTFA_E_CANCELLED, DSTFA_REASON_NONE);
    dstfa_cancel_free(cancel);

    while ((status = dstfa_account_list_next(list, NULL, &account, &error)) == DSTFA_OK) {
        CHECK(error == NULL && account != NULL);
        CHECK_INT(strlen(dstfa_account_id(account)), 36);
        if (of_status != DSTFA_ANY)
            CHECK_INT(dstfa_account_status(account), of_status);
        if (of_role != DSTFA_ANY)
            CHECK_INT(dstfa_account_role(account), of_role);
        dstfa_account_free(account);
        accounts++;
    }
    CHECK_INT(status, DSTFA_DONE);
    CHECK(account == NULL && error == NULL);
    account = STALE(dstfa_account);
    error = STALE_ERROR;
    CHECK_INT(dstfa_account_list_next(list, NULL, &account, &error), DSTFA_DONE);
    CHECK(account == NULL && error == NULL);
    CHECK((long)dstfa_account_list_total(list) >= accounts);
    CHECK_INT(dstfa_account_list_changed(list), 0);
    dstfa_account_list_free(list);
    error = STALE_ERROR;
    return accounts;
}

static void list(void)
{
    CHECK_INT(count("", DSTFA_ANY, DSTFA_ANY), atol(world.total));
    CHECK_INT(count("max MEMBER", DSTFA_ANY, DSTFA_ANY), 1);
    CHECK_INT(count("no such name", DSTFA_ANY, DSTFA_ANY), 0);
    CHECK_INT(count("", DSTFA_ACCOUNT_TERMINATED, DSTFA_ANY), 2);
    CHECK_INT(count("", DSTFA_ACCOUNT_PENDING, DSTFA_ROLE_USER), 1);
    CHECK_INT(count("", DSTFA_ANY, DSTFA_ROLE_OWNER), 1);
    CHECK_INT(count("", DSTFA_ANY, DSTFA_ROLE_GUEST), 1);
}

/* What a look gives, freed with the account in it. */
static void look(const dstfa_client *client, const char *id, int32_t would_apply, int32_t reason)
{
    dstfa_check *check = STALE(dstfa_check);
    const dstfa_account *account;

    CHECK_DONE(dstfa_client_check(client, id, NULL, &check, &error), error);
    CHECK_INT(dstfa_check_would_apply(check), would_apply);
    CHECK_INT(dstfa_check_reason(check), reason);
    CHECK_INT(dstfa_check_portal_method(check), DSTFA_METHOD_APP);
    CHECK(strlen(dstfa_check_message(check)) > 0);
    account = dstfa_check_account(check);
    if (reason == DSTFA_REASON_NO_SUCH_ACCOUNT) {
        CHECK(account == NULL);
        CHECK_INT(dstfa_check_app_link(check), DSTFA_UNKNOWN);
    } else {
        CHECK_STR(dstfa_account_id(account), id);
        CHECK_INT(dstfa_check_app_link(check), dstfa_account_app_link(account));
    }
    if (would_apply == DSTFA_YES) {
        int is_self = strcmp(id, world.owner_id) == 0;
        CHECK_INT(dstfa_check_is_self(check), is_self ? DSTFA_YES : DSTFA_NO);
        CHECK_INT(dstfa_check_url_useful(check), is_self ? DSTFA_YES : DSTFA_NO);
        CHECK_INT(dstfa_check_next_sign_in(check), DSTFA_NEXT_ENROL);
        CHECK_INT(dstfa_check_app_link(check), DSTFA_YES);
    }
    dstfa_check_free(check);
}

static void looks(const dstfa_client *owner, const dstfa_client *admin)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_check *check = STALE(dstfa_check);

    look(owner, world.member_id, DSTFA_YES, DSTFA_REASON_NONE);
    look(owner, world.owner_id, DSTFA_YES, DSTFA_REASON_NONE);
    look(owner, world.unlinked_id, DSTFA_NO, DSTFA_REASON_NOT_LINKED);
    look(owner, STRANGER, DSTFA_NO, DSTFA_REASON_NO_SUCH_ACCOUNT);
    look(admin, world.member_id, DSTFA_NO, DSTFA_REASON_NOT_OWNER);
    dstfa_cancel_request(cancel);
    status = dstfa_client_check(owner, world.member_id, cancel, &check, &error);
    CHECK(check == NULL);
    refused(DSTFA_E_CANCELLED, DSTFA_REASON_NONE);
    dstfa_cancel_free(cancel);
}

static void sessions(const dstfa_client *owner, const dstfa_client *unlinked)
{
    dstfa_cancel *cancel = dstfa_cancel_new();

    CHECK_DONE(dstfa_client_end_sessions(owner, world.member_id, cancel, &error), error);
    CHECK_DONE(dstfa_client_end_sessions(unlinked, world.unlinked_id, NULL, &error), error);
    status = dstfa_client_end_sessions(owner, STRANGER, NULL, &error);
    refused(DSTFA_E_NOT_FOUND, DSTFA_REASON_NO_SUCH_ACCOUNT);
    status = dstfa_client_end_sessions(unlinked, world.member_id, NULL, &error);
    refused(DSTFA_E_REJECTED, DSTFA_REASON_NOT_ADMIN);
    dstfa_cancel_request(cancel);
    status = dstfa_client_end_sessions(owner, world.member_id, cancel, &error);
    refused(DSTFA_E_CANCELLED, DSTFA_REASON_NONE);
    dstfa_cancel_free(cancel);
}

static void codes(const dstfa_client *owner, const dstfa_client *unlinked)
{
    dstfa_backup_codes *old_codes = STALE(dstfa_backup_codes);
    dstfa_backup_codes *new_codes = STALE(dstfa_backup_codes);
    uint32_t i;

    CHECK_DONE(dstfa_client_backup_codes(owner, NULL, &old_codes, &error), error);
    CHECK_INT(dstfa_backup_codes_count(old_codes), 5);
    CHECK_DONE(dstfa_client_renew_backup_codes(owner, NULL, &new_codes, &error), error);
    CHECK_INT(dstfa_backup_codes_count(new_codes), 5);
    for (i = 0; i < 5; i++) {
        CHECK_INT(strlen(dstfa_backup_codes_code(new_codes, i)), 6);
        CHECK_INT(dstfa_backup_codes_is_used(new_codes, i), 0);
        CHECK(strcmp(dstfa_backup_codes_code(old_codes, i), dstfa_backup_codes_code(new_codes, i)) != 0);
    }
    CHECK_STR(dstfa_backup_codes_code(new_codes, 5), "");
    CHECK_STR(dstfa_backup_codes_code(new_codes, 0xffffffffu), "");
    CHECK_INT(dstfa_backup_codes_is_used(new_codes, 5), 0);
    dstfa_backup_codes_free(old_codes);
    dstfa_backup_codes_free(new_codes);

    old_codes = STALE(dstfa_backup_codes);
    status = dstfa_client_backup_codes(unlinked, NULL, &old_codes, &error);
    CHECK(old_codes == NULL);
    refused(DSTFA_E_REJECTED, DSTFA_REASON_NOT_LINKED);
    new_codes = STALE(dstfa_backup_codes);
    status = dstfa_client_renew_backup_codes(unlinked, NULL, &new_codes, &error);
    CHECK(new_codes == NULL);
    refused(DSTFA_E_REJECTED, DSTFA_REASON_NOT_LINKED);
}

static dstfa_client *client_of_another_portal(void)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;

    CHECK_DONE(dstfa_options_set_portal_url(options, "https://portal.invalid", &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, "sk-0", &error), error);
    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    dstfa_options_free(options);
    return client;
}

/* The look is handed on; another caller's does, another portal's does not. */
static void change_checked(const dstfa_client *owner, const dstfa_client *admin)
{
    static const int32_t wrong_methods[] = {-1, 3, DSTFA_METHOD_UNKNOWN};
    dstfa_client *elsewhere = client_of_another_portal();
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_check *check = STALE(dstfa_check);
    dstfa_change *change = STALE(dstfa_change);
    size_t i;

    CHECK_DONE(dstfa_client_check(admin, world.member_id, NULL, &check, &error), error);
    CHECK_INT(dstfa_check_app_link(check), DSTFA_YES);
    status = dstfa_client_change_method_checked(elsewhere, check, DSTFA_METHOD_NONE, NULL, &change,
                                                &error);
    CHECK(change == NULL);
    CHECK_ARGUMENT(status, error, "check");
    for (i = 0; i < sizeof wrong_methods / sizeof *wrong_methods; i++) {
        status = dstfa_client_change_method_checked(owner, check, wrong_methods[i], NULL, &change,
                                                    &error);
        CHECK_ARGUMENT(status, error, "method");
    }
    status = dstfa_client_change_method_checked(admin, check, DSTFA_METHOD_NONE, NULL, NULL, &error);
    CHECK_INT(dstfa_error_look_again_ms(error), 0);
    refused(DSTFA_E_REJECTED, DSTFA_REASON_NOT_OWNER);

    CHECK_DONE(dstfa_client_change_method_checked(owner, check, DSTFA_METHOD_NONE, cancel, &change,
                                                  &error),
               error);
    CHECK_STR(dstfa_change_account_id(change), world.member_id);
    CHECK_INT(dstfa_change_applied(change), DSTFA_APPLIED_YES);
    CHECK_INT(dstfa_change_sessions_ended(change), DSTFA_YES);
    CHECK_INT(dstfa_change_look_again_ms(change), 0);
    dstfa_change_free(change);
    dstfa_cancel_request(cancel);
    status = dstfa_client_change_method_checked(owner, check, DSTFA_METHOD_NONE, cancel, &change,
                                                &error);
    CHECK(change == NULL);
    refused(DSTFA_E_CANCELLED, DSTFA_REASON_NONE);
    dstfa_check_free(check);
    dstfa_cancel_free(cancel);
    dstfa_client_free(elsewhere);
}

static void change_others(const dstfa_client *owner, const dstfa_client *admin)
{
    char key[512];
    dstfa_change *change = STALE(dstfa_change);

    status = dstfa_client_change_method(admin, world.member_id, DSTFA_METHOD_NONE, NULL, &change,
                                        &error);
    CHECK(change == NULL);
    refused(DSTFA_E_REJECTED, DSTFA_REASON_NOT_OWNER);
    change_checked(owner, admin);
    look(owner, world.member_id, DSTFA_NO, DSTFA_REASON_NOT_LINKED);
    status = dstfa_client_change_method(owner, world.member_id, DSTFA_METHOD_NONE, NULL, NULL,
                                        &error);
    refused(DSTFA_E_REJECTED, DSTFA_REASON_NOT_LINKED);

    read_key(world.owner_key, key, sizeof key);
    CHECK_DONE(dstfa_change_method_once(world.url, key, world.ca_file, world.member2_id, DSTFA_METHOD_APP,
                                 &change, &error),
               error);
    CHECK_STR(dstfa_change_login_url(change), "");
    CHECK_STR(dstfa_change_account_id(change), world.member2_id);
    CHECK_INT(dstfa_change_is_self(change), DSTFA_NO);
    CHECK_INT(dstfa_change_applied(change), DSTFA_APPLIED_YES);
    CHECK_INT(dstfa_change_sessions_ended(change), DSTFA_YES);
    dstfa_change_free(change);
}

static void change_self(const dstfa_client *owner)
{
    dstfa_change *change = STALE(dstfa_change);

    CHECK_DONE(dstfa_client_change_method(owner, world.owner_id, DSTFA_METHOD_NONE, NULL, &change,
                                          &error),
               error);
    CHECK_HAS(dstfa_change_login_url(change), world.url);
    CHECK_INT(dstfa_change_login_url_same_origin(change), 1);
    CHECK_STR(dstfa_change_enrolment_url(change), "");
    CHECK_INT(dstfa_change_is_self(change), DSTFA_YES);
    CHECK_INT(dstfa_change_applied(change), DSTFA_APPLIED_YES);
    dstfa_change_free(change);
}

static dstfa_policy *policy_of(const dstfa_client *client)
{
    dstfa_policy *policy = STALE(dstfa_policy);

    CHECK_DONE(dstfa_client_policy(client, NULL, &policy, &error), error);
    CHECK(policy != NULL && policy != STALE(dstfa_policy));
    return policy;
}

/* Setters judge at once, and strings outlive their place in a list. */
static void set(dstfa_policy *policy)
{
    static const int32_t wrong_methods[] = {-1, 3, DSTFA_METHOD_UNKNOWN, 2147483647};
    static const char *const wrong_rules[] = {"", "192.0.2", "192.0.2.0/33", "example.com",
                                              "2001:db8::/64", "0.0.0.0/0", "192.0.2.7/24"};
    const char *former;
    size_t i;

    for (i = 0; i < sizeof wrong_methods / sizeof wrong_methods[0]; i++) {
        status = dstfa_policy_set_method(policy, wrong_methods[i], &error);
        CHECK_ARGUMENT(status, error, "method");
    }
    for (i = 0; i < sizeof wrong_rules / sizeof wrong_rules[0]; i++) {
        status = dstfa_policy_add_trusted_ip(policy, wrong_rules[i], &error);
        CHECK_ARGUMENT(status, error, "trusted address");
    }
    status = dstfa_policy_add_trusted_ip(policy, NULL, &error);
    CHECK_ARGUMENT(status, error, "rule");
    status = dstfa_policy_add_trusted_ip(policy, "\xff", &error);
    CHECK_ARGUMENT(status, error, "rule");
    status = dstfa_policy_add_mandatory_user(policy, NULL, &error);
    CHECK_ARGUMENT(status, error, "account_id");
    status = dstfa_policy_add_mandatory_user(policy, "\xff", &error);
    CHECK_ARGUMENT(status, error, "account_id");
    status = dstfa_policy_add_mandatory_user(policy, world.member_email, &error);
    CHECK_ARGUMENT(status, error, "account id");
    status = dstfa_policy_add_mandatory_group(policy, NULL, &error);
    CHECK_ARGUMENT(status, error, "group_id");
    status = dstfa_policy_add_mandatory_group(policy, "\xff", &error);
    CHECK_ARGUMENT(status, error, "group_id");
    status = dstfa_policy_add_mandatory_group(policy, "all", &error);
    CHECK_ARGUMENT(status, error, "group id");
    CHECK_INT(dstfa_policy_trusted_ip_count(policy), 0);
    CHECK_INT(dstfa_policy_mandatory_user_count(policy), 0);
    CHECK_INT(dstfa_policy_mandatory_group_count(policy), 0);

    CHECK_DONE(dstfa_policy_add_trusted_ip(policy, " 192.0.2.0/24 ", &error), error);
    former = dstfa_policy_trusted_ip(policy, 0);
    CHECK_DONE(dstfa_policy_clear_trusted_ips(policy, &error), error);
    CHECK_INT(dstfa_policy_trusted_ip_count(policy), 0);
    CHECK_STR(dstfa_policy_trusted_ip(policy, 0), "");
    CHECK_DONE(dstfa_policy_add_trusted_ip(policy, former, &error), error);
    CHECK_DONE(dstfa_policy_add_mandatory_user(policy, STRANGER, &error), error);
    CHECK_DONE(dstfa_policy_clear_mandatory_users(policy, &error), error);
    CHECK_DONE(dstfa_policy_add_mandatory_user(policy, world.member_id, &error), error);
    CHECK_DONE(dstfa_policy_add_mandatory_group(policy, STRANGER, &error), error);
    CHECK_DONE(dstfa_policy_clear_mandatory_groups(policy, &error), error);
    CHECK_DONE(dstfa_policy_add_mandatory_group(policy, GROUP, &error), error);
}

static void check_lists(const dstfa_policy *policy)
{
    CHECK_INT(dstfa_policy_trusted_ip_count(policy), 1);
    CHECK_STR(dstfa_policy_trusted_ip(policy, 0), "192.0.2.0/24");
    CHECK_STR(dstfa_policy_trusted_ip(policy, 1), "");
    CHECK_STR(dstfa_policy_trusted_ip_meaning(policy, 0), "");
    CHECK_STR(dstfa_policy_trusted_ip_meaning(policy, 0xffffffffu), "");
    CHECK_INT(dstfa_policy_mandatory_user_count(policy), 1);
    CHECK_STR(dstfa_policy_mandatory_user(policy, 0), world.member_id);
    CHECK_STR(dstfa_policy_mandatory_user(policy, 0xffffffffu), "");
    CHECK_INT(dstfa_policy_mandatory_group_count(policy), 1);
    CHECK_STR(dstfa_policy_mandatory_group(policy, 0), GROUP);
    CHECK_STR(dstfa_policy_mandatory_group(policy, 1), "");
}

static void portal_wide(const dstfa_client *owner, const dstfa_client *admin,
                        const dstfa_client *unlinked)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_policy *policy = policy_of(owner);
    dstfa_policy *late = policy_of(owner);
    dstfa_backup_codes *none = STALE(dstfa_backup_codes);

    CHECK_INT(dstfa_policy_method(policy), DSTFA_METHOD_APP);
    CHECK_INT(dstfa_policy_sms_available(policy), DSTFA_YES);
    CHECK_INT(dstfa_policy_app_available(policy), DSTFA_YES);
    set(policy);
    check_lists(policy);
    status = dstfa_client_apply_policy(owner, policy, world.host, NULL, &error);
    CHECK_UNSENT(DSTFA_E_STATE, status, error);
    dstfa_error_free(error);

    CHECK_DONE(dstfa_policy_set_method(policy, DSTFA_METHOD_SMS, &error), error);
    CHECK_INT(dstfa_policy_method(policy), DSTFA_METHOD_SMS);
    status = dstfa_client_apply_policy(owner, policy, "portal.example.com", NULL, &error);
    CHECK_ARGUMENT(status, error, "confirm host");
    status = dstfa_client_apply_policy(owner, policy, NULL, NULL, &error);
    CHECK_ARGUMENT(status, error, "confirm_host");
    status = dstfa_client_apply_policy(owner, policy, "\xff", NULL, &error);
    CHECK_ARGUMENT(status, error, "confirm_host");
    dstfa_cancel_request(cancel);
    status = dstfa_client_apply_policy(owner, policy, world.host, cancel, &error);
    refused(DSTFA_E_CANCELLED, DSTFA_REASON_NONE);
    status = dstfa_client_apply_policy(unlinked, policy, world.host, NULL, &error);
    refused(DSTFA_E_REJECTED, DSTFA_REASON_NOT_ADMIN);
    CHECK_DONE(dstfa_client_apply_policy(owner, policy, world.host, NULL, &error), error);
    dstfa_policy_free(policy);

    CHECK_DONE(dstfa_policy_set_method(late, DSTFA_METHOD_NONE, &error), error);
    status = dstfa_client_apply_policy(owner, late, world.host, NULL, &error);
    CHECK_UNSENT(DSTFA_E_STATE, status, error);
    dstfa_error_free(error);
    error = STALE_ERROR;
    dstfa_policy_free(late);
    status = dstfa_client_backup_codes(admin, NULL, &none, &error);
    CHECK(none == NULL);
    refused(DSTFA_E_REJECTED, DSTFA_REASON_METHOD_UNAVAILABLE);

    policy = policy_of(owner);
    CHECK_INT(dstfa_policy_method(policy), DSTFA_METHOD_SMS);
    check_lists(policy);
    CHECK_DONE(dstfa_policy_set_method(policy, DSTFA_METHOD_NONE, &error), error);
    CHECK_DONE(dstfa_client_apply_policy(owner, policy, world.host, NULL, &error), error);
    dstfa_policy_free(policy);

    /* Switched off, the portal has no lists any more. */
    policy = policy_of(owner);
    CHECK_INT(dstfa_policy_method(policy), DSTFA_METHOD_NONE);
    CHECK_INT(dstfa_policy_trusted_ip_count(policy), 0);
    CHECK_INT(dstfa_policy_mandatory_user_count(policy), 0);
    dstfa_policy_free(policy);
    dstfa_cancel_free(cancel);
}

int main(int argc, char **argv)
{
    dstfa_client *owner;
    dstfa_client *admin;
    dstfa_client *unlinked;

    CHECK_INT(argc - 1, sizeof world / sizeof(char *));
    memcpy(&world, argv + 1, sizeof world);
    owner = client_of(world.owner_key);
    admin = client_of(world.admin_key);
    unlinked = client_of(world.unlinked_key);
    find(owner);
    list();
    looks(owner, admin);
    sessions(owner, unlinked);
    codes(owner, unlinked);
    change_others(owner, admin);
    change_self(owner);
    portal_wide(owner, admin, unlinked);
    dstfa_client_free(owner);
    dstfa_client_free(admin);
    dstfa_client_free(unlinked);
    return 0;
}
