/* Name look-ups that do not return until this host wants it. Argument: "wait",
 * to let them return, or "leave". */
#include "host.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

/* As many may run or be left behind. */
#define MOST 8

static atomic_int *names_open, *names_entered, *names_left;

static atomic_int *of_shim(const char *name)
{
    atomic_int *it;

    *(void **)&it = dlsym(RTLD_DEFAULT, name);
    CHECK(it != NULL);
    return it;
}

static void *cancel_soon(void *cancel)
{
    int waited;

    for (waited = 0; waited < 20000 && atomic_load(names_entered) == 0; waited++)
        usleep(1000);
    dstfa_cancel_request(cancel);
    return NULL;
}

int main(int argc, char **argv)
{
    dstfa_options *options = world_options();
    dstfa_client *client;
    dstfa_error *error = STALE_ERROR;
    dstfa_cancel *cancel = dstfa_cancel_new();
    struct failure failure;
    pthread_t thread;
    int call, waited;

    CHECK_INT(argc, 2);
    names_open = of_shim("names_open");
    names_entered = of_shim("names_entered");
    names_left = of_shim("names_left");

    /* Cancelled, long before the deadline. */
    client = client_with(world_options());
    CHECK_INT(pthread_create(&thread, NULL, cancel_soon, cancel), 0);
    failure = fail(client, ANY_ID, cancel);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(failure.status, DSTFA_E_CANCELLED);
    CHECK_INT(failure.applied, DSTFA_APPLIED_NO);
    CHECK_INT(atomic_load(names_entered), 1);
    CHECK_INT(atomic_load(names_left), 0);
    dstfa_client_free(client);

    /* Over, although nothing has returned. */
    CHECK_DONE(dstfa_options_set_timeout_ms(options, 400, &error), error);
    CHECK_DONE(dstfa_options_set_max_attempts(options, 1, &error), error);
    client = client_with(options);
    for (call = 0; call < MOST + 4; call++) {
        failure = fail(client, ANY_ID, NULL);
        /* Beyond so many, a call waits for one to return. */
        CHECK_INT(failure.status, DSTFA_E_TIMEOUT);
        CHECK_INT(failure.applied, DSTFA_APPLIED_NO);
        CHECK_INT(failure.retryable, 1);
    }
    CHECK_INT(atomic_load(names_left), 0);
    /* The last threads may only now begin. */
    for (waited = 0; waited < 10000 && atomic_load(names_entered) < MOST + 1; waited++)
        usleep(1000);
    CHECK_INT(atomic_load(names_entered), MOST + 1);
    if (strcmp(argv[1], "leave") == 0)
        return 0;

    CHECK_STR(argv[1], "wait");
    atomic_store(names_open, 1);
    for (waited = 0; waited < 10000 && atomic_load(names_left) < MOST + 1; waited++)
        usleep(1000);
    CHECK_INT(atomic_load(names_left), MOST + 1);
    dstfa_client_free(client);
    /* Names are looked up again, by a client with all its time. */
    client = world_client();
    succeed(client, ANY_ID);
    dstfa_client_free(client);
    dstfa_cancel_free(cancel);
    return 0;
}
