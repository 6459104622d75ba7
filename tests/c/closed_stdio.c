/* A host without standard output and standard error: they are closed, or nobody
 * reads them any more. A line of the library would end this program by SIGPIPE,
 * or land in one of its own descriptors. Arguments: "closed" or "pipe", and a URL
 * at which nothing listens. */
#define _POSIX_C_SOURCE 200112L
#define CHECK_OUT report

#include <signal.h>
#include <unistd.h>

#include "docspace_tfa.h"

#include <stdio.h>

static FILE *report;

#include "check.h"

#define ID "11111111-2222-3333-4444-555555555555"

static void take_away(const char *how)
{
    int ends[2];

    if (strcmp(how, "closed") == 0) {
        CHECK(close(1) == 0 && close(2) == 0);
    } else {
        CHECK_STR(how, "pipe");
        CHECK(pipe(ends) == 0);
        CHECK(dup2(ends[1], 1) == 1 && dup2(ends[1], 2) == 2);
        close(ends[0]);
        close(ends[1]);
    }
}

static void calls(const char *url)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;
    dstfa_change *change = STALE_CHANGE;
    dstfa_error *error = STALE_ERROR;
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_status status;

    status = dstfa_options_set_api_key(options, "\xff", &error);
    CHECK_ARGUMENT(status, error, "api_key");
    CHECK_DONE(dstfa_options_set_portal_url(options, url, &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, "sk-0", &error), error);
    CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, &error), error);
    CHECK_DONE(dstfa_options_set_max_attempts(options, 1, &error), error);
    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    status = dstfa_client_change_method(client, ID, DSTFA_METHOD_NONE, cancel, &change, &error);
    CHECK_UNSENT(DSTFA_E_CONNECT, status, error);
    CHECK(change == NULL);
    dstfa_error_free(error);
    dstfa_cancel_request(cancel);
    status = dstfa_client_change_method(client, ID, DSTFA_METHOD_NONE, cancel, NULL, &error);
    CHECK_UNSENT(DSTFA_E_CANCELLED, status, error);
    dstfa_error_free(error);
    dstfa_cancel_free(cancel);
    dstfa_client_free(client);
    dstfa_options_free(options);
}

int main(int argc, char **argv)
{
    struct sigaction before, after;

    report = fdopen(dup(2), "w");
    CHECK_INT(argc, 3);
    CHECK(sigaction(SIGPIPE, NULL, &before) == 0);
    CHECK(before.sa_handler == SIG_DFL);
    take_away(argv[1]);
    calls(argv[2]);
    CHECK(sigaction(SIGPIPE, NULL, &after) == 0);
    CHECK(after.sa_handler == SIG_DFL);
    return 0;
}
