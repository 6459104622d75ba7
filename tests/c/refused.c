/* Nothing listens at the portal's address. Arguments: its URL and a CA file. */
#include "docspace_tfa.h"

#include "check.h"

#define ID "11111111-2222-3333-4444-555555555555"
#define KEY "sk-0123456789abcdef"

struct heard {
    int lines;
    int32_t highest;
};

static void hear(void *user_data, int32_t level, const char *message)
{
    struct heard *heard = user_data;

    heard->lines++;
    if (level > heard->highest)
        heard->highest = level;
    CHECK(level > DSTFA_LOG_OFF);
    CHECK(strlen(message) > 0);
    CHECK(strchr(message, '\n') == NULL);
    CHECK(strstr(message, KEY) == NULL);
    /* A callback may call the library. */
    CHECK_HAS(dstfa_version(), ".");
    CHECK_INT(dstfa_client_change_method(NULL, ID, 0, NULL, NULL, NULL), DSTFA_E_ARGUMENT);
}

static void check_error(dstfa_status status, dstfa_error *error, uint32_t attempts)
{
    CHECK_UNSENT(DSTFA_E_CONNECT, status, error);
    CHECK_INT(dstfa_error_reason(error), DSTFA_REASON_NONE);
    CHECK_INT(dstfa_error_retryable(error), 1);
    CHECK_INT(dstfa_error_attempts(error), attempts);
    CHECK_INT(dstfa_error_app_link(error), DSTFA_UNKNOWN);
    CHECK(strstr(dstfa_error_message(error), KEY) == NULL);
    dstfa_error_free(error);
}

static dstfa_change *const nothing = NULL;

/* A list and a bulk go on telling after their client is freed, and nothing is
 * told while objects are freed. */
static void outlive(dstfa_client *client, struct heard *heard)
{
    dstfa_account_list *list = NULL;
    dstfa_bulk *bulk = NULL;
    dstfa_account *account = NULL;
    dstfa_bulk_item *item = NULL;
    dstfa_error *error = NULL;
    int before;

    CHECK_DONE(dstfa_client_list_accounts(client, "", DSTFA_ANY, DSTFA_ANY, &list, &error), error);
    CHECK_DONE(dstfa_bulk_new(client, DSTFA_METHOD_NONE, &bulk, &error), error);
    CHECK_DONE(dstfa_bulk_add(bulk, ID, NULL, &error), error);
    before = heard->lines;
    dstfa_client_free(client);
    CHECK_INT(heard->lines, before);
    CHECK_INT(dstfa_account_list_next(list, NULL, &account, NULL), DSTFA_E_CONNECT);
    CHECK(heard->lines > before);
    before = heard->lines;
    CHECK_INT(dstfa_bulk_step(bulk, NULL, &item, NULL), DSTFA_E_CONNECT);
    CHECK(heard->lines > before);
    before = heard->lines;
    dstfa_account_list_free(list);
    dstfa_bulk_free(bulk);
    CHECK_INT(heard->lines, before);
}

/* Calls with a log at that level, and tells how much was heard. */
static struct heard call(const char *url, int32_t level, uint32_t attempts)
{
    struct heard heard = {0, 0};
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;
    dstfa_change *change = STALE_CHANGE;
    dstfa_error *error = STALE_ERROR;
    dstfa_status status;

    CHECK_DONE(dstfa_options_set_portal_url(options, url, &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, KEY, &error), error);
    CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, &error), error);
    CHECK_DONE(dstfa_options_set_max_attempts(options, attempts, &error), error);
    CHECK_DONE(dstfa_options_set_log(options, level, hear, &heard, &error), error);
    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    dstfa_options_free(options);

    status = dstfa_client_change_method(client, ID, DSTFA_METHOD_APP, NULL, &change, &error);
    CHECK(change == nothing);
    if (level >= DSTFA_LOG_INFO)
        outlive(client, &heard);
    else
        dstfa_client_free(client);
    check_error(status, error, attempts);
    return heard;
}

int main(int argc, char **argv)
{
    static const int32_t levels[] = {DSTFA_LOG_ERROR, DSTFA_LOG_WARN, DSTFA_LOG_INFO, DSTFA_LOG_DEBUG};
    dstfa_change *change = STALE_CHANGE;
    dstfa_error *error = STALE_ERROR;
    dstfa_status status;
    struct heard heard;
    size_t i;

    CHECK_INT(argc, 3);
    CHECK_INT(call(argv[1], DSTFA_LOG_OFF, 2).lines, 0);
    for (i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        heard = call(argv[1], levels[i], 1);
        CHECK(heard.lines > 0);
        CHECK(heard.highest <= levels[i]);
    }

    status = dstfa_change_method_once(argv[1], KEY, argv[2], ID, DSTFA_METHOD_NONE, &change, &error);
    CHECK(change == nothing);
    check_error(status, error, 3);
    return 0;
}
