/* Everything on a thread with a small stack. Arguments: its size in KiB, and the
 * URL of a portal that refuses. */
#include "host.h"

#include <pthread.h>

static const char *refusing;

static void hear(void *user_data, int32_t level, const char *message)
{
    (void)user_data;
    (void)level;
    (void)message;
}

static void *calls(void *unused)
{
    dstfa_options *options = world_options();
    dstfa_client *client;
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_error *error = STALE_ERROR;
    int32_t trust;

    CHECK_DONE(dstfa_options_set_log(options, DSTFA_LOG_DEBUG, hear, NULL, &error), error);
    CHECK_DONE(dstfa_options_set_verify(options, 1, &error), error);
    client = client_with(options);
    succeed(client, ANY_ID);
    dstfa_client_free(client);

    options = world_options();
    CHECK_DONE(dstfa_options_set_portal_url(options, refusing, &error), error);
    CHECK_DONE(dstfa_options_set_explain(options, 1, &error), error);
    client = client_with(options);
    CHECK_INT(fail(client, ANY_ID, cancel).status, DSTFA_E_REJECTED);
    dstfa_cancel_request(cancel);
    CHECK_INT(fail(client, ANY_ID, cancel).status, DSTFA_E_CANCELLED);
    dstfa_client_free(client);
    dstfa_cancel_free(cancel);

    /* Reads more certificates than a file of a test has, if the system has them. */
    for (trust = DSTFA_TRUST_SYSTEM; trust <= DSTFA_TRUST_BUNDLED; trust++) {
        options = world_options();
        CHECK_DONE(dstfa_options_set_trust(options, trust, &error), error);
        client = NULL;
        dstfa_client_new(options, &client, NULL);
        dstfa_client_free(client);
        dstfa_options_free(options);
    }
    return unused;
}

int main(int argc, char **argv)
{
    pthread_attr_t attributes;
    pthread_t thread;

    CHECK_INT(argc, 3);
    refusing = argv[2];
    CHECK_INT(pthread_attr_init(&attributes), 0);
    CHECK_INT(pthread_attr_setstacksize(&attributes, (size_t)atoi(argv[1]) * 1024), 0);
    CHECK_INT(pthread_create(&thread, &attributes, calls, NULL), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    return 0;
}
