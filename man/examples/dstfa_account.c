#include <docspace_tfa.h>
#include <stdio.h>

/* By e-mail, user name or id. */
void show(const dstfa_client *client, const char *who)
{
    dstfa_account *account = NULL;
    dstfa_error *error = NULL;

    if (dstfa_client_find_account(client, who, NULL, &account, &error) == DSTFA_OK)
        printf("%s <%s> %s\n", dstfa_account_display_name(account),
               dstfa_account_email(account), dstfa_account_id(account));
    else
        puts(dstfa_error_message(error));
    dstfa_account_free(account);
    dstfa_error_free(error);
}
