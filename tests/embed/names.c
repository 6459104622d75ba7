/* Name look-ups that do not return until this host wants it. Argument: "wait",
 * to let them return, or "leave". */
#include "host.h"

#include <dlfcn.h>
#include <pthread.h>

/* As many may run or be left behind. */
#define MOST 8

/* How many look-ups there were, waited for until there are so many. */
static int (*names_entered)(int count);
static int (*names_left)(int count);
static void (*names_open)(void);

static void of_shim(void *function, const char *name)
{
    *(void **)function = dlsym(RTLD_DEFAULT, name);
    CHECK(*(void **)function != NULL);
}

static void *cancel_soon(void *cancel)
{
    names_entered(1);
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
    int call;

    CHECK_INT(argc, 2);
    of_shim(&names_open, "names_open");
    of_shim(&names_entered, "names_entered");
    of_shim(&names_left, "names_left");

    /* Cancelled, long before the deadline. */
    client = client_with(world_options());
    CHECK_INT(pthread_create(&thread, NULL, cancel_soon, cancel), 0);
    failure = fail(client, ANY_ID, cancel);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(failure.status, DSTFA_E_CANCELLED);
    CHECK_INT(failure.applied, DSTFA_APPLIED_NO);
    CHECK_INT(names_entered(0), 1);
    CHECK_INT(names_left(0), 0);
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
    CHECK_INT(names_left(0), 0);
    /* The last threads may only now begin. */
    CHECK_INT(names_entered(MOST + 1), MOST + 1);
    if (strcmp(argv[1], "leave") == 0)
        return 0;

    CHECK_STR(argv[1], "wait");
    names_open();
    CHECK_INT(names_left(MOST + 1), MOST + 1);
    dstfa_client_free(client);
    /* Names are looked up again, by a client with all its time. */
    client = world_client();
    succeed(client, ANY_ID);
    dstfa_client_free(client);
    dstfa_cancel_free(cancel);
    return 0;
}
