/* A small program from beginning to end: a change, a refusal, a cancelled call,
 * and everything freed. Arguments: an account that can be changed, one that
 * cannot. */
#include "host.h"

static void hear(void *user_data, int32_t level, const char *message)
{
    (void)level;
    *(size_t *)user_data += strlen(message);
}

int main(int argc, char **argv)
{
    size_t heard = 0;
    dstfa_options *options = world_options();
    dstfa_client *client;
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_error *error = STALE_ERROR;
    struct failure failure;

    CHECK_INT(argc, 3);
    CHECK_DONE(dstfa_options_set_log(options, DSTFA_LOG_DEBUG, hear, &heard, &error), error);
    CHECK_DONE(dstfa_options_set_explain(options, 1, &error), error);
    CHECK_DONE(dstfa_options_set_verify(options, 1, &error), error);
    CHECK_DONE(dstfa_options_set_timeout_ms(options, 120000, &error), error);
    CHECK_DONE(dstfa_options_set_connect_timeout_ms(options, 60000, &error), error);
    client = client_with(options);
    succeed(client, argv[1]);
    failure = fail(client, argv[2], cancel);
    CHECK_INT(failure.status, DSTFA_E_REJECTED);
    CHECK_INT(failure.applied, DSTFA_APPLIED_NO);
    CHECK_INT(failure.reason, DSTFA_REASON_NOT_LINKED);
    dstfa_cancel_request(cancel);
    CHECK_INT(fail(client, argv[2], cancel).status, DSTFA_E_CANCELLED);
    CHECK(heard > 0);
    dstfa_client_free(client);
    dstfa_cancel_free(cancel);
    return 0;
}
