/*
 * check: looks what changing the two-factor method of one account would come to.
 * Nothing is changed.
 *
 *   check [--ca-file FILE] [--key-file FILE] PORTAL_URL ACCOUNT_ID
 *
 * find_account tells the id. The API key comes from the file, or from the
 * environment variable DOCSPACE_API_KEY.
 *
 * Exit code: 0 it would be done; 1 it would not, or the portal could not be
 * asked; 2 wrong usage; 3 not known: the portal does not show enough.
 */
#include "connect.h"

enum { WOULD = 0, WOULD_NOT = 1, USAGE = 2, NOT_KNOWN = 3 };

static int report_check(const dstfa_check *check)
{
    const dstfa_account *account = dstfa_check_account(check);
    const char *reason = dstfa_reason_name(dstfa_check_reason(check));

    if (account != NULL)
        printf("account: %s <%s>\n", dstfa_account_display_name(account),
               dstfa_account_email(account));
    if (dstfa_check_is_self(check) == DSTFA_YES)
        puts("account: your own");
    switch (dstfa_check_would_apply(check)) {
    case DSTFA_YES:
        printf("would be done: %s\n", dstfa_check_message(check));
        return WOULD;
    case DSTFA_NO:
        printf("would be refused: %s \xe2\x80\x93 %s\n", without(reason, "DSTFA_REASON_"),
               dstfa_check_message(check));
        return WOULD_NOT;
    default:
        printf("not known: %s\n", dstfa_check_message(check));
        return NOT_KNOWN;
    }
}

int main(int argc, char **argv)
{
    struct place place = {"check", NULL, NULL, NULL};
    dstfa_client *client = NULL;
    dstfa_check *check = NULL;
    dstfa_error *error = NULL;
    dstfa_status status;
    int code = WOULD_NOT;
    int at = read_place(argc, argv, 1, &place);

    if (at == 0) {
        fputs("usage: check [--ca-file FILE] [--key-file FILE] PORTAL_URL ACCOUNT_ID\n", stderr);
        return USAGE;
    }
    status = connect_to(&place, &client, &error);
    if (status == DSTFA_OK)
        status = dstfa_client_check(client, argv[at], NULL, &check, &error);
    if (status == DSTFA_OK)
        code = report_check(check);
    else if (error != NULL)
        print_failure(error);
    if (status == DSTFA_E_ARGUMENT)
        code = USAGE;

    dstfa_check_free(check);
    dstfa_error_free(error);
    dstfa_client_free(client);
    return code;
}
