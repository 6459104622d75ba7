/*
 * This library through its C interface, with everything on: deadline, cancel
 * object (not with BENCH_CANCEL=0), credential handling. BENCH_TRUST=roots
 * adds the CA file to the system's authorities instead of trusting it alone.
 */
#include "client.h"

#include <docspace_tfa.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const int client_is_shared = 1;

struct ours {
    dstfa_client *client;
    dstfa_cancel *cancel;
};

static void must(dstfa_status status, dstfa_error **error)
{
    if (status == DSTFA_OK)
        return;
    fprintf(stderr, "%s\n", dstfa_error_message(*error));
    exit(1);
}

static int says(const char *name, const char *value)
{
    const char *found = getenv(name);
    return found != NULL && strcmp(found, value) == 0;
}

void *client_open(const char *url, const char *ca)
{
    struct ours *ours = calloc(1, sizeof *ours);
    dstfa_options *options = dstfa_options_new();
    dstfa_error *error = NULL;

    must(dstfa_options_set_portal_url(options, url, &error), &error);
    must(dstfa_options_set_api_key(options, API_KEY, &error), &error);
    if (ca != NULL) {
        must(dstfa_options_add_ca_file(options, ca, &error), &error);
        if (!says("BENCH_TRUST", "roots"))
            must(dstfa_options_set_trust(options, DSTFA_TRUST_ADDED_ONLY, &error), &error);
    }
    must(dstfa_client_new(options, &ours->client, &error), &error);
    dstfa_options_free(options);
    if (!says("BENCH_CANCEL", "0"))
        ours->cancel = dstfa_cancel_new();
    return ours;
}

int client_change(void *client)
{
    const struct ours *ours = client;
    dstfa_change *change = NULL;
    dstfa_error *error = NULL;
    int failed = dstfa_client_change_method(ours->client, ACCOUNT_ID, DSTFA_METHOD_NONE,
                                            ours->cancel, &change, &error) != DSTFA_OK ||
                 dstfa_change_applied(change) != DSTFA_APPLIED_YES;
    if (error != NULL)
        fprintf(stderr, "%s\n", dstfa_error_message(error));
    dstfa_error_free(error);
    dstfa_change_free(change);
    return failed;
}

void client_close(void *client)
{
    struct ours *ours = client;
    dstfa_client_free(ours->client);
    dstfa_cancel_free(ours->cancel);
    free(ours);
}
