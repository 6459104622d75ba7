/* What the hosts of these tests have in common. They get the world by their
 * environment: HOST_URL, HOST_CA_FILE, HOST_KEY_FILE. */
#ifndef HOST_H
#define HOST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "docspace_tfa.h"

#include "../c/check.h"

#define ANY_ID "11111111-2222-3333-4444-555555555555"
#define MAYBE_UNUSED __attribute__((unused))

MAYBE_UNUSED static const char *world(const char *name)
{
    const char *value = getenv(name);

    CHECK(value != NULL);
    return value;
}

/* Options for the portal of this world. */
MAYBE_UNUSED static dstfa_options *world_options(void)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_error *error = STALE_ERROR;
    const char *ca = getenv("HOST_CA_FILE");
    char key[512] = "";
    FILE *file = fopen(world("HOST_KEY_FILE"), "r");

    CHECK(file != NULL && fgets(key, sizeof key, file) != NULL);
    fclose(file);
    CHECK_DONE(dstfa_options_set_portal_url(options, world("HOST_URL"), &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, key, &error), error);
    if (ca != NULL) {
        CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_ADDED_ONLY, &error), error);
        CHECK_DONE(dstfa_options_add_ca_file(options, ca, &error), error);
    }
    CHECK_DONE(dstfa_options_set_explain(options, 0, &error), error);
    return options;
}

/* A client with these options, which are freed. */
MAYBE_UNUSED static dstfa_client *client_with(dstfa_options *options)
{
    dstfa_client *client = NULL;
    dstfa_error *error = STALE_ERROR;

    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    dstfa_options_free(options);
    return client;
}

MAYBE_UNUSED static dstfa_client *world_client(void)
{
    return client_with(world_options());
}

/* A change that has to succeed. */
MAYBE_UNUSED static void succeed(const dstfa_client *client, const char *id)
{
    dstfa_change *change = NULL;
    dstfa_error *error = STALE_ERROR;

    CHECK_DONE(dstfa_client_change_method(client, id, DSTFA_METHOD_NONE, NULL, &change, &error),
               error);
    CHECK_INT(dstfa_change_applied(change), DSTFA_APPLIED_YES);
    CHECK_STR(dstfa_change_account_id(change), id);
    CHECK_INT(dstfa_change_http_status(change), 200);
    dstfa_change_free(change);
}

/* What a call that has to fail said. */
struct failure {
    dstfa_status status;
    int32_t applied;
    int32_t reason;
    int32_t retryable;
};

MAYBE_UNUSED static struct failure fail(const dstfa_client *client, const char *id,
                                        const dstfa_cancel *cancel)
{
    struct failure failure;
    dstfa_change *change = STALE_CHANGE;
    dstfa_error *error = STALE_ERROR;

    failure.status =
        dstfa_client_change_method(client, id, DSTFA_METHOD_NONE, cancel, &change, &error);
    CHECK(failure.status != DSTFA_OK);
    CHECK(change == NULL);
    CHECK(error != NULL && error != STALE_ERROR);
    CHECK_INT(dstfa_error_status(error), failure.status);
    CHECK(strlen(dstfa_error_message(error)) > 0);
    failure.applied = dstfa_error_applied(error);
    failure.reason = dstfa_error_reason(error);
    failure.retryable = dstfa_error_retryable(error);
    dstfa_error_free(error);
    return failure;
}

/* Waits until the test says so, or is gone. */
MAYBE_UNUSED static void wait_for_test(void)
{
    char byte;

    CHECK(read(0, &byte, 1) == 1);
}

#endif
