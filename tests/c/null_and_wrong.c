/* NULL and wrong values for every parameter of every function. */
#include "docspace_tfa.h"

#include "check.h"

#define ID "11111111-2222-3333-4444-555555555555"

static const char *const not_utf8[] = {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80"};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int32_t wrong_numbers[] = {-1, 5, 98, 100, 2147483647, -2147483647 - 1};

typedef dstfa_status (*text_setter)(dstfa_options *, const char *, dstfa_error **);
typedef dstfa_status (*number_setter)(dstfa_options *, int32_t, dstfa_error **);
typedef dstfa_status (*count_setter)(dstfa_options *, uint32_t, dstfa_error **);

static dstfa_options *options;
static dstfa_error *error;
static dstfa_status status;

static void text_parameter(text_setter set, const char *parameter)
{
    size_t i;

    error = STALE_ERROR;
    status = set(options, NULL, &error);
    CHECK_ARGUMENT(status, error, parameter);
    CHECK_INT(set(options, NULL, NULL), DSTFA_E_ARGUMENT);
    for (i = 0; i < COUNT(not_utf8); i++) {
        status = set(options, not_utf8[i], &error);
        CHECK_ARGUMENT(status, error, parameter);
    }
    status = set(NULL, "x", &error);
    CHECK_ARGUMENT(status, error, "options");
    CHECK_INT(set(NULL, NULL, NULL), DSTFA_E_ARGUMENT);
}

static void number_parameter(number_setter set, const char *parameter)
{
    size_t i;

    error = STALE_ERROR;
    for (i = 0; i < COUNT(wrong_numbers); i++) {
        status = set(options, wrong_numbers[i], &error);
        CHECK_ARGUMENT(status, error, parameter);
    }
    status = set(NULL, 1, &error);
    CHECK_ARGUMENT(status, error, "options");
    CHECK_INT(set(NULL, -1, NULL), DSTFA_E_ARGUMENT);
}

static void count_parameter(count_setter set)
{
    error = STALE_ERROR;
    status = set(options, 0, &error);
    CHECK_ARGUMENT(status, error, "0 would");
    status = set(NULL, 1, &error);
    CHECK_ARGUMENT(status, error, "options");
    CHECK_INT(set(NULL, 0, NULL), DSTFA_E_ARGUMENT);
}

static void log_line(void *user_data, int32_t level, const char *message)
{
    (void)user_data;
    (void)level;
    (void)message;
}

static void setters(void)
{
    size_t i;

    text_parameter(dstfa_options_set_portal_url, "url");
    text_parameter(dstfa_options_set_api_key, "api_key");
    text_parameter(dstfa_options_set_session_token, "token");
    text_parameter(dstfa_options_set_proxy, "url");
    text_parameter(dstfa_options_add_ca_file, "path");
    text_parameter(dstfa_options_add_ca_pem, "pem");
    text_parameter(dstfa_options_set_user_agent, "value");
    number_parameter(dstfa_options_set_proxy_from_env, "enabled");
    number_parameter(dstfa_options_set_trust, "trust");
    number_parameter(dstfa_options_set_allow_plain_http, "enabled");
    number_parameter(dstfa_options_set_explain, "enabled");
    number_parameter(dstfa_options_set_verify, "enabled");
    number_parameter(dstfa_options_set_audit, "enabled");
    number_parameter(dstfa_options_set_enrolment_url, "enabled");
    count_parameter(dstfa_options_set_timeout_ms);
    count_parameter(dstfa_options_set_connect_timeout_ms);
    count_parameter(dstfa_options_set_max_attempts);

    status = dstfa_options_set_password(options, NULL, "x", &error);
    CHECK_ARGUMENT(status, error, "email");
    status = dstfa_options_set_password(options, "a@example.com", NULL, &error);
    CHECK_ARGUMENT(status, error, "password");
    status = dstfa_options_set_password(NULL, "a@example.com", "x", &error);
    CHECK_ARGUMENT(status, error, "options");
    status = dstfa_options_set_client_certificate(options, NULL, "x", &error);
    CHECK_ARGUMENT(status, error, "cert_path");
    status = dstfa_options_set_client_certificate(options, "x", NULL, &error);
    CHECK_ARGUMENT(status, error, "key_path");
    status = dstfa_options_set_client_certificate(NULL, "x", "x", &error);
    CHECK_ARGUMENT(status, error, "options");
    for (i = 0; i < COUNT(not_utf8); i++) {
        status = dstfa_options_set_password(options, not_utf8[i], "x", &error);
        CHECK_ARGUMENT(status, error, "email");
        status = dstfa_options_set_password(options, "a@example.com", not_utf8[i], &error);
        CHECK_ARGUMENT(status, error, "password");
        status = dstfa_options_set_client_certificate(options, not_utf8[i], "x", &error);
        CHECK_ARGUMENT(status, error, "cert_path");
        status = dstfa_options_set_client_certificate(options, "x", not_utf8[i], &error);
        CHECK_ARGUMENT(status, error, "key_path");
    }
    for (i = 0; i < COUNT(wrong_numbers); i++) {
        status = dstfa_options_set_log(options, wrong_numbers[i], log_line, NULL, &error);
        CHECK_ARGUMENT(status, error, "level");
    }
    status = dstfa_options_set_log(NULL, DSTFA_LOG_INFO, log_line, NULL, &error);
    CHECK_ARGUMENT(status, error, "options");
}

static dstfa_client *make_client(void)
{
    dstfa_client *client = STALE_CLIENT;

    status = dstfa_client_new(NULL, &client, &error);
    CHECK(client == NULL);
    CHECK_ARGUMENT(status, error, "options");
    status = dstfa_client_new(options, NULL, &error);
    CHECK_ARGUMENT(status, error, "client_out");
    CHECK_INT(dstfa_client_new(NULL, NULL, NULL), DSTFA_E_ARGUMENT);

    client = STALE_CLIENT;
    status = dstfa_client_new(options, &client, &error);
    CHECK(client == NULL);
    CHECK_ARGUMENT(status, error, "portal URL");
    CHECK_DONE(dstfa_options_set_portal_url(options, "https://portal.example.com", &error), error);
    status = dstfa_client_new(options, &client, &error);
    CHECK_ARGUMENT(status, error, "credential");
    CHECK_DONE(dstfa_options_set_api_key(options, "sk-0", &error), error);
    CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, &error), error);
    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    CHECK(client != NULL && client != STALE_CLIENT);
    return client;
}

static void change_method(const dstfa_client *client)
{
    static const char *const wrong_ids[] = {
        "", "x", "owner@example.com", "11111111222233334444555555555555",
        "00000000-0000-0000-0000-000000000000", " " ID, ID "/", "{" ID "}"};
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_change *change = STALE_CHANGE;
    size_t i;

    status = dstfa_client_change_method(NULL, ID, DSTFA_METHOD_NONE, cancel, &change, &error);
    CHECK(change == NULL);
    CHECK_ARGUMENT(status, error, "client");
    change = STALE_CHANGE;
    status = dstfa_client_change_method(client, NULL, DSTFA_METHOD_NONE, NULL, &change, &error);
    CHECK(change == NULL);
    CHECK_ARGUMENT(status, error, "account_id");
    for (i = 0; i < COUNT(not_utf8); i++) {
        status = dstfa_client_change_method(client, not_utf8[i], 0, NULL, &change, &error);
        CHECK_ARGUMENT(status, error, "account_id");
    }
    for (i = 0; i < COUNT(wrong_ids); i++) {
        status = dstfa_client_change_method(client, wrong_ids[i], 0, NULL, NULL, &error);
        CHECK_ARGUMENT(status, error, "account id");
    }
    for (i = 0; i < COUNT(wrong_numbers); i++) {
        status = dstfa_client_change_method(client, ID, wrong_numbers[i], cancel, NULL, &error);
        CHECK_ARGUMENT(status, error, "method");
    }
    status = dstfa_client_change_method(client, ID, DSTFA_METHOD_UNKNOWN, cancel, NULL, &error);
    CHECK_ARGUMENT(status, error, "method");
    CHECK_INT(dstfa_client_change_method(NULL, NULL, -1, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    dstfa_cancel_free(cancel);
}

/* A check that there is, is tried in knowing.c. */
static void change_method_checked(const dstfa_client *client)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_change *change = STALE_CHANGE;

    status = dstfa_client_change_method_checked(NULL, NULL, DSTFA_METHOD_NONE, cancel, &change,
                                                &error);
    CHECK(change == NULL);
    CHECK_ARGUMENT(status, error, "client");
    change = STALE_CHANGE;
    status = dstfa_client_change_method_checked(client, NULL, DSTFA_METHOD_NONE, cancel, &change,
                                                &error);
    CHECK(change == NULL);
    CHECK_ARGUMENT(status, error, "check");
    CHECK_INT(dstfa_client_change_method_checked(NULL, NULL, -1, NULL, NULL, NULL),
              DSTFA_E_ARGUMENT);
    dstfa_cancel_free(cancel);
}

static void change_once(void)
{
    static const char *const good[] = {"https://portal.example.com", "sk-0", NULL, ID};
    static const char *const parameters[] = {"portal_url", "api_key", "ca_file", "account_id"};
    static const char *const wrong[] = {"ftp://portal.example.com", "key", "no such file", "x"};
    static const char *const words[] = {"portal URL", "API key", "CA file", "account id"};
    dstfa_change *change = STALE_CHANGE;
    const char *given[4];
    size_t i, j;

    for (i = 0; i < COUNT(good); i++) {
        memcpy(given, good, sizeof good);
        if (good[i] != NULL) {
            given[i] = NULL;
            status = dstfa_change_method_once(given[0], given[1], given[2], given[3], 0, &change, &error);
            CHECK(change == NULL);
            CHECK_ARGUMENT(status, error, parameters[i]);
        }
        for (j = 0; j < COUNT(not_utf8); j++) {
            given[i] = not_utf8[j];
            status = dstfa_change_method_once(given[0], given[1], given[2], given[3], 0, NULL, &error);
            CHECK_ARGUMENT(status, error, parameters[i]);
        }
        given[i] = wrong[i];
        change = STALE_CHANGE;
        status = dstfa_change_method_once(given[0], given[1], given[2], given[3], 0, &change, &error);
        CHECK(change == NULL);
        CHECK_ARGUMENT(status, error, words[i]);
    }
    for (i = 0; i < COUNT(wrong_numbers); i++) {
        status = dstfa_change_method_once(good[0], good[1], NULL, ID, wrong_numbers[i], NULL, &error);
        CHECK_ARGUMENT(status, error, "method");
    }
    CHECK_INT(dstfa_change_method_once(NULL, NULL, NULL, NULL, -1, NULL, NULL), DSTFA_E_ARGUMENT);
}

static void find_account(const dstfa_client *client)
{
    static const char *const wrong[] = {"", "  ", "a\nb", "people/\x01"};
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_account *account = STALE(dstfa_account);
    size_t i;

    status = dstfa_client_find_account(NULL, "@self", cancel, &account, &error);
    CHECK(account == NULL);
    CHECK_ARGUMENT(status, error, "client");
    account = STALE(dstfa_account);
    status = dstfa_client_find_account(client, NULL, NULL, &account, &error);
    CHECK(account == NULL);
    CHECK_ARGUMENT(status, error, "who");
    for (i = 0; i < COUNT(not_utf8); i++) {
        status = dstfa_client_find_account(client, not_utf8[i], cancel, &account, &error);
        CHECK_ARGUMENT(status, error, "who");
    }
    for (i = 0; i < COUNT(wrong); i++) {
        status = dstfa_client_find_account(client, wrong[i], NULL, &account, &error);
        CHECK_ARGUMENT(status, error, "account");
    }
    status = dstfa_client_find_account(client, "@self", NULL, NULL, &error);
    CHECK_ARGUMENT(status, error, "account_out");
    CHECK_INT(dstfa_client_find_account(NULL, NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    dstfa_cancel_free(cancel);
}

static void list_accounts(const dstfa_client *client)
{
    static const int32_t wrong_statuses[] = {0, 3, 5, -2, 2147483647, -2147483647 - 1};
    static const int32_t wrong_roles[] = {0, 6, -2, 2147483647, -2147483647 - 1};
    dstfa_account_list *list = STALE(dstfa_account_list);
    dstfa_account *account = STALE(dstfa_account);
    dstfa_cancel *cancel = dstfa_cancel_new();
    size_t i;

    status = dstfa_client_list_accounts(NULL, "", DSTFA_ANY, DSTFA_ANY, &list, &error);
    CHECK(list == NULL);
    CHECK_ARGUMENT(status, error, "client");
    list = STALE(dstfa_account_list);
    status = dstfa_client_list_accounts(client, NULL, DSTFA_ANY, DSTFA_ANY, &list, &error);
    CHECK(list == NULL);
    CHECK_ARGUMENT(status, error, "text");
    for (i = 0; i < COUNT(not_utf8); i++) {
        status = dstfa_client_list_accounts(client, not_utf8[i], -1, -1, &list, &error);
        CHECK_ARGUMENT(status, error, "text");
    }
    status = dstfa_client_list_accounts(client, "a\nb", DSTFA_ANY, DSTFA_ANY, &list, &error);
    CHECK_ARGUMENT(status, error, "search text");
    for (i = 0; i < COUNT(wrong_statuses); i++) {
        status = dstfa_client_list_accounts(client, "", wrong_statuses[i], DSTFA_ANY, &list, &error);
        CHECK_ARGUMENT(status, error, "status");
    }
    for (i = 0; i < COUNT(wrong_roles); i++) {
        status = dstfa_client_list_accounts(client, "", DSTFA_ANY, wrong_roles[i], &list, &error);
        CHECK_ARGUMENT(status, error, "role");
    }
    status = dstfa_client_list_accounts(client, "", DSTFA_ANY, DSTFA_ANY, NULL, &error);
    CHECK_ARGUMENT(status, error, "list_out");
    CHECK_INT(dstfa_client_list_accounts(NULL, NULL, 0, 0, NULL, NULL), DSTFA_E_ARGUMENT);

    CHECK_DONE(dstfa_client_list_accounts(client, "", DSTFA_ACCOUNT_PENDING, DSTFA_ROLE_GUEST, &list,
                                          &error),
               error);
    CHECK(list != NULL && list != STALE(dstfa_account_list));
    CHECK_INT(dstfa_account_list_total(list), 0);
    CHECK_INT(dstfa_account_list_changed(list), 0);
    status = dstfa_account_list_next(NULL, cancel, &account, &error);
    CHECK(account == NULL);
    CHECK_ARGUMENT(status, error, "list");
    status = dstfa_account_list_next(list, NULL, NULL, &error);
    CHECK_ARGUMENT(status, error, "account_out");
    CHECK_INT(dstfa_account_list_next(NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    dstfa_account_list_free(list);
    dstfa_cancel_free(cancel);
}

static void check(const dstfa_client *client)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_check *found = STALE(dstfa_check);
    size_t i;

    status = dstfa_client_check(NULL, ID, cancel, &found, &error);
    CHECK(found == NULL);
    CHECK_ARGUMENT(status, error, "client");
    found = STALE(dstfa_check);
    status = dstfa_client_check(client, NULL, NULL, &found, &error);
    CHECK(found == NULL);
    CHECK_ARGUMENT(status, error, "account_id");
    for (i = 0; i < COUNT(not_utf8); i++) {
        status = dstfa_client_check(client, not_utf8[i], cancel, &found, &error);
        CHECK_ARGUMENT(status, error, "account_id");
    }
    status = dstfa_client_check(client, "owner@example.com", NULL, &found, &error);
    CHECK_ARGUMENT(status, error, "account id");
    status = dstfa_client_check(client, ID, NULL, NULL, &error);
    CHECK_ARGUMENT(status, error, "check_out");
    CHECK_INT(dstfa_client_check(NULL, NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    dstfa_cancel_free(cancel);
}

static void end_sessions(const dstfa_client *client)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    size_t i;

    status = dstfa_client_end_sessions(NULL, ID, cancel, &error);
    CHECK_ARGUMENT(status, error, "client");
    status = dstfa_client_end_sessions(client, NULL, NULL, &error);
    CHECK_ARGUMENT(status, error, "account_id");
    for (i = 0; i < COUNT(not_utf8); i++) {
        status = dstfa_client_end_sessions(client, not_utf8[i], cancel, &error);
        CHECK_ARGUMENT(status, error, "account_id");
    }
    status = dstfa_client_end_sessions(client, "owner@example.com", NULL, &error);
    CHECK_ARGUMENT(status, error, "account id");
    CHECK_INT(dstfa_client_end_sessions(NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    dstfa_cancel_free(cancel);
}

/* Values for a policy that there is are tried in knowing.c. */
static void policy(const dstfa_client *client)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_policy *read = STALE(dstfa_policy);

    status = dstfa_client_policy(NULL, cancel, &read, &error);
    CHECK(read == NULL);
    CHECK_ARGUMENT(status, error, "client");
    status = dstfa_client_policy(client, cancel, NULL, &error);
    CHECK_ARGUMENT(status, error, "policy_out");
    CHECK_INT(dstfa_client_policy(NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);

    status = dstfa_client_apply_policy(NULL, NULL, "portal.example.com", cancel, &error);
    CHECK_ARGUMENT(status, error, "client");
    status = dstfa_client_apply_policy(client, NULL, "portal.example.com", NULL, &error);
    CHECK_ARGUMENT(status, error, "policy");
    CHECK_INT(dstfa_client_apply_policy(NULL, NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);

    status = dstfa_policy_set_method(NULL, DSTFA_METHOD_APP, &error);
    CHECK_ARGUMENT(status, error, "policy");
    status = dstfa_policy_add_trusted_ip(NULL, "192.0.2.1", &error);
    CHECK_ARGUMENT(status, error, "policy");
    status = dstfa_policy_clear_trusted_ips(NULL, &error);
    CHECK_ARGUMENT(status, error, "policy");
    status = dstfa_policy_add_mandatory_user(NULL, ID, &error);
    CHECK_ARGUMENT(status, error, "policy");
    status = dstfa_policy_clear_mandatory_users(NULL, &error);
    CHECK_ARGUMENT(status, error, "policy");
    status = dstfa_policy_add_mandatory_group(NULL, ID, &error);
    CHECK_ARGUMENT(status, error, "policy");
    status = dstfa_policy_clear_mandatory_groups(NULL, &error);
    CHECK_ARGUMENT(status, error, "policy");
    CHECK_INT(dstfa_policy_set_method(NULL, -1, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_policy_add_trusted_ip(NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_policy_clear_trusted_ips(NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_policy_add_mandatory_user(NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_policy_clear_mandatory_users(NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_policy_add_mandatory_group(NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_policy_clear_mandatory_groups(NULL, NULL), DSTFA_E_ARGUMENT);
    dstfa_cancel_free(cancel);
}

static void backup_codes(const dstfa_client *client)
{
    typedef dstfa_status (*call)(const dstfa_client *, const dstfa_cancel *, dstfa_backup_codes **,
                                 dstfa_error **);
    static const call calls[] = {dstfa_client_backup_codes, dstfa_client_renew_backup_codes};
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_backup_codes *codes;
    size_t i;

    for (i = 0; i < COUNT(calls); i++) {
        codes = STALE(dstfa_backup_codes);
        status = calls[i](NULL, cancel, &codes, &error);
        CHECK(codes == NULL);
        CHECK_ARGUMENT(status, error, "client");
        status = calls[i](client, cancel, NULL, &error);
        CHECK_ARGUMENT(status, error, "codes_out");
        CHECK_INT(calls[i](NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    }
    dstfa_cancel_free(cancel);
}

static void journal(void)
{
    dstfa_journal *journal = STALE(dstfa_journal);
    dstfa_bulk_item *item = STALE(dstfa_bulk_item);

    status = dstfa_journal_open(NULL, &journal, &error);
    CHECK(journal == NULL);
    CHECK_ARGUMENT(status, error, "path");
    status = dstfa_journal_open("journal", NULL, &error);
    CHECK_ARGUMENT(status, error, "journal_out");
    status = dstfa_journal_next(NULL, &item, &error);
    CHECK(item == NULL);
    CHECK_ARGUMENT(status, error, "journal");
    status = dstfa_journal_salvage(NULL, "new", &error);
    CHECK_ARGUMENT(status, error, "old_path");
    status = dstfa_journal_salvage("old", NULL, &error);
    CHECK_ARGUMENT(status, error, "new_path");
    CHECK_INT(dstfa_journal_open(NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_journal_next(NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_journal_salvage(NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_journal_damage_line(NULL), 0);
    dstfa_journal_free(NULL);
}

/* Values for a bulk that there is are tried in many.c. */
static void bulk(const dstfa_client *client)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_bulk *many = STALE(dstfa_bulk);
    dstfa_bulk_item *item = STALE(dstfa_bulk_item);
    uint32_t index = 99;
    size_t i;

    status = dstfa_bulk_new(NULL, DSTFA_METHOD_NONE, &many, &error);
    CHECK(many == NULL);
    CHECK_ARGUMENT(status, error, "client");
    many = STALE(dstfa_bulk);
    for (i = 0; i < COUNT(wrong_numbers); i++) {
        status = dstfa_bulk_new(client, wrong_numbers[i], &many, &error);
        CHECK(many == NULL);
        CHECK_ARGUMENT(status, error, "method");
    }
    status = dstfa_bulk_new(client, DSTFA_METHOD_NONE, NULL, &error);
    CHECK_ARGUMENT(status, error, "bulk_out");
    CHECK_INT(dstfa_bulk_new(NULL, -1, NULL, NULL), DSTFA_E_ARGUMENT);

    status = dstfa_bulk_add(NULL, ID, &index, &error);
    CHECK_INT(index, 0);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_set_parallel(NULL, 1, &error);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_set_requests_per_minute(NULL, 1, &error);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_set_writes_per_day(NULL, 1, &error);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_set_dry_run(NULL, 1, &error);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_set_include_self(NULL, 1, &error);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_set_retry_unknown(NULL, 1, &error);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_set_journal(NULL, "journal", &error);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_step(NULL, cancel, &item, &error);
    CHECK(item == NULL);
    CHECK_ARGUMENT(status, error, "bulk");
    status = dstfa_bulk_run(NULL, cancel, NULL, NULL, &error);
    CHECK_ARGUMENT(status, error, "bulk");
    CHECK_INT(dstfa_bulk_add(NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_bulk_step(NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_bulk_run(NULL, NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    status = dstfa_bulk_end_sessions(NULL, cancel, NULL, NULL, &error);
    CHECK_ARGUMENT(status, error, "bulk");
    CHECK_INT(dstfa_bulk_end_sessions(NULL, NULL, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_bulk_item_sessions_ended(NULL), DSTFA_UNKNOWN);

    CHECK_DONE(dstfa_bulk_new(client, DSTFA_METHOD_APP, &many, &error), error);
    status = dstfa_bulk_add(many, NULL, &index, &error);
    CHECK_ARGUMENT(status, error, "id_or_email");
    for (i = 0; i < COUNT(not_utf8); i++) {
        index = 99;
        status = dstfa_bulk_add(many, not_utf8[i], &index, &error);
        CHECK_INT(index, 0);
        CHECK_ARGUMENT(status, error, "id_or_email");
        status = dstfa_bulk_set_journal(many, not_utf8[i], &error);
        CHECK_ARGUMENT(status, error, "path");
    }
    status = dstfa_bulk_step(many, NULL, NULL, &error);
    CHECK_ARGUMENT(status, error, "item_out");
    /* Nothing to do is done. */
    CHECK_INT(dstfa_bulk_step(many, NULL, &item, &error), DSTFA_DONE);
    CHECK(item == NULL && error == NULL);
    dstfa_bulk_free(many);
    dstfa_cancel_free(cancel);
}

static void getters_of_bulks(void)
{
    CHECK_INT(dstfa_bulk_total(NULL), 0);
    CHECK_INT(dstfa_bulk_count(NULL, DSTFA_ITEM_APPLIED), 0);
    CHECK_INT(dstfa_bulk_remaining(NULL), 0);
    CHECK_INT(dstfa_bulk_elapsed_ms(NULL), 0);
    CHECK_INT(dstfa_bulk_estimate_ms(NULL), 0);
    CHECK_INT(dstfa_bulk_item_index(NULL), 0);
    CHECK_STR(dstfa_bulk_item_entry(NULL), "");
    CHECK_STR(dstfa_bulk_item_account_id(NULL), "");
    CHECK_INT(dstfa_bulk_item_outcome(NULL), DSTFA_ITEM_UNKNOWN);
    CHECK_INT(dstfa_bulk_item_from_journal(NULL), 0);
    CHECK(dstfa_bulk_item_change(NULL) == NULL);
    CHECK(dstfa_bulk_item_error(NULL) == NULL);
    dstfa_bulk_free(NULL);
    dstfa_bulk_item_free(NULL);
}

static void getters_of_what_was_read(void)
{
    CHECK_INT(dstfa_account_list_total(NULL), 0);
    CHECK_INT(dstfa_account_list_changed(NULL), 0);
    CHECK_STR(dstfa_account_id(NULL), "");
    CHECK_STR(dstfa_account_email(NULL), "");
    CHECK_STR(dstfa_account_user_name(NULL), "");
    CHECK_STR(dstfa_account_display_name(NULL), "");
    CHECK_INT(dstfa_account_status(NULL), DSTFA_ACCOUNT_UNKNOWN);
    CHECK_INT(dstfa_account_role(NULL), DSTFA_ROLE_UNKNOWN);
    CHECK_INT(dstfa_account_is_owner(NULL), 0);
    CHECK_INT(dstfa_account_is_sso(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_account_is_ldap(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_account_app_link(NULL), DSTFA_UNKNOWN);

    CHECK_INT(dstfa_check_would_apply(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_check_reason(NULL), DSTFA_REASON_NONE);
    CHECK_INT(dstfa_check_is_self(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_check_app_link(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_check_portal_method(NULL), DSTFA_METHOD_UNKNOWN);
    CHECK_INT(dstfa_check_next_sign_in(NULL), DSTFA_NEXT_UNKNOWN);
    CHECK_INT(dstfa_check_url_useful(NULL), DSTFA_UNKNOWN);
    CHECK_STR(dstfa_check_message(NULL), "");
    CHECK(dstfa_check_account(NULL) == NULL);

    CHECK_INT(dstfa_policy_method(NULL), DSTFA_METHOD_UNKNOWN);
    CHECK_INT(dstfa_policy_sms_available(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_policy_app_available(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_policy_trusted_ip_count(NULL), 0);
    CHECK_STR(dstfa_policy_trusted_ip(NULL, 0), "");
    CHECK_STR(dstfa_policy_trusted_ip_meaning(NULL, 0), "");
    CHECK_INT(dstfa_policy_mandatory_user_count(NULL), 0);
    CHECK_STR(dstfa_policy_mandatory_user(NULL, 0xffffffffu), "");
    CHECK_INT(dstfa_policy_mandatory_group_count(NULL), 0);
    CHECK_STR(dstfa_policy_mandatory_group(NULL, 1), "");

    CHECK_INT(dstfa_backup_codes_count(NULL), 0);
    CHECK_STR(dstfa_backup_codes_code(NULL, 0), "");
    CHECK_INT(dstfa_backup_codes_is_used(NULL, 0xffffffffu), 0);

    dstfa_account_list_free(NULL);
    dstfa_account_free(NULL);
    dstfa_check_free(NULL);
    dstfa_policy_free(NULL);
    dstfa_backup_codes_free(NULL);
}

static void getters(void)
{
    CHECK_INT(dstfa_error_status(NULL), DSTFA_E_INTERNAL);
    CHECK_INT(dstfa_error_http_status(NULL), 0);
    CHECK_INT(dstfa_error_applied(NULL), DSTFA_APPLIED_MAYBE);
    CHECK_INT(dstfa_error_reason(NULL), DSTFA_REASON_NONE);
    CHECK_INT(dstfa_error_retryable(NULL), 0);
    CHECK_INT(dstfa_error_retry_after_ms(NULL), 0);
    CHECK_INT(dstfa_error_attempts(NULL), 0);
    CHECK_INT(dstfa_error_app_link(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_error_look_again_ms(NULL), 0);
    CHECK_STR(dstfa_error_message(NULL), "");
    CHECK_STR(dstfa_error_portal_message(NULL), "");

    CHECK_STR(dstfa_change_login_url(NULL), "");
    CHECK_INT(dstfa_change_login_url_same_origin(NULL), 0);
    CHECK_STR(dstfa_change_enrolment_url(NULL), "");
    CHECK_STR(dstfa_change_account_id(NULL), "");
    CHECK_INT(dstfa_change_method_asked(NULL), DSTFA_METHOD_UNKNOWN);
    CHECK_INT(dstfa_change_is_self(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_change_applied(NULL), DSTFA_APPLIED_MAYBE);
    CHECK_INT(dstfa_change_verified(NULL), 0);
    CHECK_INT(dstfa_change_sessions_ended(NULL), DSTFA_UNKNOWN);
    CHECK_INT(dstfa_change_look_again_ms(NULL), 0);
    CHECK_INT(dstfa_change_next_sign_in(NULL), DSTFA_NEXT_UNKNOWN);
    CHECK_INT(dstfa_change_http_status(NULL), 0);
    CHECK_INT(dstfa_change_attempts(NULL), 0);
    CHECK_STR(dstfa_change_message(NULL), "");

    dstfa_cancel_request(NULL);
    CHECK_INT(dstfa_cancel_requested(NULL), 0);

    dstfa_options_free(NULL);
    dstfa_client_free(NULL);
    dstfa_cancel_free(NULL);
    dstfa_change_free(NULL);
    dstfa_error_free(NULL);
}

int main(void)
{
    dstfa_client *client;

    options = dstfa_options_new();
    CHECK(options != NULL);
    getters();
    getters_of_what_was_read();
    getters_of_bulks();
    setters();
    client = make_client();
    dstfa_options_free(options);
    change_method(client);
    change_method_checked(client);
    change_once();
    find_account(client);
    end_sessions(client);
    list_accounts(client);
    check(client);
    policy(client);
    backup_codes(client);
    bulk(client);
    journal();
    dstfa_client_free(client);
    return 0;
}
