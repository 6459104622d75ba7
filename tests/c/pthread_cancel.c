/* A thread is cancelled in a call with cancellation switched off around it, which
 * would end the process otherwise. Argument: a URL at which nobody answers. */
#define _POSIX_C_SOURCE 200112L

#include <pthread.h>

#include "docspace_tfa.h"

#include "check.h"

#define ID "11111111-2222-3333-4444-555555555555"

static dstfa_client *client;
static dstfa_cancel *cancel;
static dstfa_status status;

static void *work(void *unused)
{
    int former;

    (void)unused;
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &former) == 0);
    status = dstfa_client_change_method(client, ID, DSTFA_METHOD_NONE, cancel, NULL, NULL);
    CHECK(pthread_setcancelstate(former, NULL) == 0);
    pthread_testcancel();
    return NULL;
}

int main(int argc, char **argv)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_error *error = NULL;
    pthread_t thread;
    void *result = NULL;

    CHECK_INT(argc, 2);
    CHECK_DONE(dstfa_options_set_portal_url(options, argv[1], &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, "sk-0", &error), error);
    CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, &error), error);
    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    dstfa_options_free(options);
    cancel = dstfa_cancel_new();

    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_cancel(thread) == 0);
    dstfa_cancel_request(cancel);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK_INT(status, DSTFA_E_CANCELLED);
    CHECK(result == PTHREAD_CANCELED);
    dstfa_client_free(client);
    dstfa_cancel_free(cancel);
    return 0;
}
