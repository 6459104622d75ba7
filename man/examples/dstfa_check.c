#include <docspace_tfa.h>
#include <stdio.h>

/* Looks, and changes nothing. */
void look(const dstfa_client *client, const char *account_id)
{
    dstfa_check *check = NULL;
    dstfa_error *error = NULL;

    if (dstfa_client_check(client, account_id, NULL, &check, &error) == DSTFA_OK) {
        puts(dstfa_check_message(check));
        if (dstfa_check_would_apply(check) == DSTFA_NO)
            puts(dstfa_reason_message(dstfa_check_reason(check)));
    } else {
        puts(dstfa_error_message(error));
    }
    dstfa_check_free(check);
    dstfa_error_free(error);
}
