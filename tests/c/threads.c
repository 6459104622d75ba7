/* One client on several threads at once, each with the stack the header asks
 * for. Argument: a URL at which nothing listens. */
#define _POSIX_C_SOURCE 200112L

#include <pthread.h>

#include "docspace_tfa.h"

#include "check.h"

#define ID "11111111-2222-3333-4444-555555555555"
#define THREADS 8
#define STACK (256 * 1024)

static const char *url;
static const dstfa_client *client;
static dstfa_client *made[THREADS];
static dstfa_error *errors[THREADS];

static dstfa_client *client_of(void)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_client *fresh = NULL;
    dstfa_error *error = STALE_ERROR;

    CHECK_DONE(dstfa_options_set_portal_url(options, url, &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, "sk-0", &error), error);
    CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, &error), error);
    CHECK_DONE(dstfa_options_set_max_attempts(options, 2, &error), error);
    CHECK_DONE(dstfa_client_new(options, &fresh, &error), error);
    dstfa_options_free(options);
    return fresh;
}

static void *work(void *place)
{
    size_t number = (size_t)((dstfa_error **)place - errors);

    made[number] = client_of();
    CHECK_INT(dstfa_client_change_method(client, ID, DSTFA_METHOD_NONE, NULL, NULL, &errors[number]),
              DSTFA_E_CONNECT);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    pthread_attr_t attributes;
    dstfa_client *shared;
    size_t i;

    CHECK_INT(argc, 2);
    url = argv[1];
    client = shared = client_of();
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, STACK) == 0);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], &attributes, work, &errors[i]) == 0);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    dstfa_client_free(shared);
    /* Objects outlive the threads that made them, and the client. */
    for (i = 0; i < THREADS; i++) {
        CHECK_INT(dstfa_error_applied(errors[i]), DSTFA_APPLIED_NO);
        CHECK_INT(dstfa_error_attempts(errors[i]), 2);
        dstfa_error_free(errors[i]);
        dstfa_client_free(made[i]);
    }
    return 0;
}
