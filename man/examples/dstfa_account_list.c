#include <docspace_tfa.h>
#include <stdio.h>

/* Everybody who has an app linked, as far as the portal shows it. */
dstfa_status linked(const dstfa_client *client, dstfa_error **error)
{
    dstfa_account_list *list = NULL;
    dstfa_account *account = NULL;
    dstfa_status status = dstfa_client_list_accounts(client, "", DSTFA_ACCOUNT_ACTIVE, DSTFA_ANY,
                                                     &list, error);

    if (status != DSTFA_OK)
        return status;
    while ((status = dstfa_account_list_next(list, NULL, &account, error)) == DSTFA_OK) {
        if (dstfa_account_app_link(account) == DSTFA_YES)
            puts(dstfa_account_email(account));
        dstfa_account_free(account);
    }
    dstfa_account_list_free(list);
    return status == DSTFA_DONE ? DSTFA_OK : status;
}
