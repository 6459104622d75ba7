/* SIGUSR1 cancels a call whose request has left and that waits in silence. */
#include "host.h"

static dstfa_cancel *cancel;
static volatile sig_atomic_t struck, errno_kept;

static void on_signal(int number)
{
    (void)number;
    errno = 12345;
    dstfa_cancel_request(cancel);
    errno_kept = errno == 12345;
    struck++;
}

int main(void)
{
    struct sigaction action;
    dstfa_client *client = world_client();
    struct failure failure;

    cancel = dstfa_cancel_new();
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    failure = fail(client, ANY_ID, cancel);
    CHECK_INT(struck, 1);
    CHECK_INT(errno_kept, 1);
    CHECK_INT(failure.status, DSTFA_E_CANCELLED);
    CHECK_INT(failure.applied, DSTFA_APPLIED_MAYBE);
    CHECK_INT(failure.retryable, 0);
    CHECK_INT(dstfa_cancel_requested(cancel), 1);
    dstfa_client_free(client);
    dstfa_cancel_free(cancel);
    return 0;
}
