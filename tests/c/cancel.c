/* Cancelling: before a call, and out of a signal handler while a call waits for
 * a server that never answers. Arguments: that server's host and port, and a URL
 * at which nothing listens. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "docspace_tfa.h"

#include "check.h"

#define ID "11111111-2222-3333-4444-555555555555"

static dstfa_cancel *cancel;
static volatile sig_atomic_t errno_kept;

static void on_alarm(int signal_number)
{
    (void)signal_number;
    errno = 12345;
    dstfa_cancel_request(cancel);
    errno_kept = errno == 12345;
}

static dstfa_client *client_of(const char *url)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;
    dstfa_error *error = STALE_ERROR;

    CHECK_DONE(dstfa_options_set_portal_url(options, url, &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, "sk-0", &error), error);
    CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, &error), error);
    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    dstfa_options_free(options);
    return client;
}

/* The call ends with CANCELLED long before its minute is over. */
static void cancelled(const char *url, int32_t applied)
{
    dstfa_client *client = client_of(url);
    dstfa_change *change = STALE_CHANGE;
    dstfa_error *error = STALE_ERROR;
    time_t started = time(NULL);
    dstfa_status status;

    status = dstfa_client_change_method(client, ID, DSTFA_METHOD_NONE, cancel, &change, &error);
    CHECK(change == NULL);
    CHECK_INT(status, DSTFA_E_CANCELLED);
    CHECK_INT(dstfa_error_status(error), DSTFA_E_CANCELLED);
    CHECK_INT(dstfa_error_reason(error), DSTFA_REASON_NONE);
    CHECK_INT(dstfa_error_applied(error), applied);
    CHECK_INT(dstfa_error_retryable(error), applied == DSTFA_APPLIED_NO);
    CHECK(time(NULL) - started < 10);
    dstfa_error_free(error);
    dstfa_client_free(client);
}

static void by_signal(const char *url, int32_t applied)
{
    struct itimerval soon;

    memset(&soon, 0, sizeof soon);
    soon.it_value.tv_usec = 300000;
    errno_kept = 0;
    cancel = dstfa_cancel_new();
    CHECK_INT(dstfa_cancel_requested(cancel), 0);
    CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    cancelled(url, applied);
    CHECK_INT(errno_kept, 1);
    CHECK_INT(dstfa_cancel_requested(cancel), 1);
    dstfa_cancel_free(cancel);
}

int main(int argc, char **argv)
{
    struct sigaction action;
    char url[200];

    CHECK_INT(argc, 3);
    cancel = dstfa_cancel_new();
    dstfa_cancel_request(cancel);
    dstfa_cancel_request(cancel);
    CHECK_INT(dstfa_cancel_requested(cancel), 1);
    cancelled(argv[2], DSTFA_APPLIED_NO);
    cancelled(argv[2], DSTFA_APPLIED_NO);
    dstfa_cancel_free(cancel);

    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    /* The handshake waits: nothing was asked of the portal yet. */
    sprintf(url, "https://%.100s", argv[1]);
    by_signal(url, DSTFA_APPLIED_NO);
    /* The answer waits: the request is on its way. */
    sprintf(url, "http://%.100s", argv[1]);
    by_signal(url, DSTFA_APPLIED_MAYBE);
    return 0;
}
