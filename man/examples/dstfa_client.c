#include <docspace_tfa.h>
#include <stdio.h>

/* One client serves any number of calls, and of threads. */
int unlink_app(const dstfa_client *client, const char *account_id)
{
    dstfa_change *change = NULL;
    dstfa_error *error = NULL;
    dstfa_status status = dstfa_client_change_method(client, account_id, DSTFA_METHOD_NONE,
                                                     NULL, &change, &error);

    puts(status == DSTFA_OK ? dstfa_change_message(change) : dstfa_error_message(error));
    dstfa_change_free(change);
    dstfa_error_free(error);
    return status == DSTFA_OK;
}
