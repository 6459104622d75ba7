#include <docspace_tfa.h>
#include <signal.h>
#include <stddef.h>

static dstfa_cancel *interrupt;

static void on_interrupt(int number)
{
    (void)number;
    dstfa_cancel_request(interrupt);
}

/* Ctrl-C ends the call, which then says whether the account was changed. */
dstfa_status change(const dstfa_client *client, const char *account_id, dstfa_error **error)
{
    dstfa_status status;

    interrupt = dstfa_cancel_new();
    signal(SIGINT, on_interrupt);
    status = dstfa_client_change_method(client, account_id, DSTFA_METHOD_NONE, interrupt,
                                        NULL, error);
    signal(SIGINT, SIG_DFL);
    dstfa_cancel_free(interrupt);
    return status;
}
