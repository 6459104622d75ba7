/* A host without standard output and standard error, in good calls and bad
 * ones. Arguments: "closed" or "pipe", the URL of a portal that spoils its
 * answers, and how often. */
#define CHECK_OUT report
#include <stdio.h>
static FILE *report;

#include "host.h"

#include <fcntl.h>

static int lines;

static void hear(void *user_data, int32_t level, const char *message)
{
    (void)user_data;
    (void)level;
    CHECK(strlen(message) > 0);
    lines++;
}

int main(int argc, char **argv)
{
    dstfa_options *options;
    dstfa_client *good, *bad;
    dstfa_error *error = STALE_ERROR;
    int ends[2], call;

    report = fdopen(dup(2), "w");
    CHECK_INT(argc, 4);
    CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    if (strcmp(argv[1], "closed") == 0) {
        CHECK(close(1) == 0 && close(2) == 0);
    } else {
        CHECK_STR(argv[1], "pipe");
        CHECK(pipe(ends) == 0);
        CHECK(dup2(ends[1], 1) == 1 && dup2(ends[1], 2) == 2);
        close(ends[0]);
        close(ends[1]);
    }

    options = world_options();
    CHECK_DONE(dstfa_options_set_log(options, DSTFA_LOG_DEBUG, hear, NULL, &error), error);
    good = client_with(options);
    /* Where 1 and 2 are free, this connection gets one of them. */
    succeed(good, ANY_ID);
    if (strcmp(argv[1], "closed") == 0)
        CHECK(fcntl(1, F_GETFD) >= 0);

    options = world_options();
    CHECK_DONE(dstfa_options_set_portal_url(options, argv[2], &error), error);
    CHECK_DONE(dstfa_options_set_log(options, DSTFA_LOG_DEBUG, hear, NULL, &error), error);
    /* Looks at the account end with it. */
    CHECK_DONE(dstfa_options_set_timeout_ms(options, 4000, &error), error);
    bad = client_with(options);
    for (call = 0; call < atoi(argv[3]); call++)
        fail(bad, ANY_ID, NULL);
    dstfa_client_free(bad);
    succeed(good, ANY_ID);
    dstfa_client_free(good);
    CHECK(lines > 0);
    return 0;
}
