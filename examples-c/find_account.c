/*
 * find_account: finds one account and shows what the portal says of it; the id
 * is what the other programs ask for. Nothing is changed.
 *
 *   find_account [--ca-file FILE] [--key-file FILE] PORTAL_URL WHO
 *
 * WHO is an e-mail address, a user name, an id, or @self for the account of the
 * API key. The key comes from the file, or from the environment variable
 * DOCSPACE_API_KEY.
 *
 * Exit code: 0 found; 1 not found, or the portal could not be asked; 2 wrong
 * usage.
 */
#include "connect.h"

enum { FOUND = 0, NOT_FOUND = 1, USAGE = 2 };

static const char *status_word(int32_t status)
{
    switch (status) {
    case DSTFA_ACCOUNT_ACTIVE:
        return "active";
    case DSTFA_ACCOUNT_TERMINATED:
        return "terminated";
    case DSTFA_ACCOUNT_PENDING:
        return "invited, not yet accepted";
    default:
        return "not shown";
    }
}

static const char *role_word(int32_t role)
{
    switch (role) {
    case DSTFA_ROLE_OWNER:
        return "owner";
    case DSTFA_ROLE_ADMIN:
        return "DocSpace administrator";
    case DSTFA_ROLE_ROOM_ADMIN:
        return "room administrator";
    case DSTFA_ROLE_USER:
        return "user";
    case DSTFA_ROLE_GUEST:
        return "guest";
    default:
        return "not shown";
    }
}

static const char *link_word(int32_t app_link)
{
    switch (app_link) {
    case DSTFA_YES:
        return "linked";
    case DSTFA_NO:
        return "not linked";
    default:
        return "not shown";
    }
}

/* Members choose their names; the library has taken out what would steer a
 * terminal. */
static void print_account(const dstfa_account *account)
{
    printf("id: %s\n", dstfa_account_id(account));
    printf("name: %s\n", dstfa_account_display_name(account));
    printf("user name: %s\n", dstfa_account_user_name(account));
    printf("e-mail: %s\n", dstfa_account_email(account));
    printf("status: %s\n", status_word(dstfa_account_status(account)));
    printf("role: %s\n", role_word(dstfa_account_role(account)));
    printf("authenticator app: %s\n", link_word(dstfa_account_app_link(account)));
}

int main(int argc, char **argv)
{
    struct place place = {"find_account", NULL, NULL, NULL};
    dstfa_client *client = NULL;
    dstfa_account *account = NULL;
    dstfa_error *error = NULL;
    dstfa_status status;
    int at = read_place(argc, argv, 1, &place);

    if (at == 0) {
        fputs("usage: find_account [--ca-file FILE] [--key-file FILE] PORTAL_URL WHO\n", stderr);
        return USAGE;
    }
    status = connect_to(&place, &client, &error);
    if (status == DSTFA_OK)
        status = dstfa_client_find_account(client, argv[at], NULL, &account, &error);
    if (status == DSTFA_OK)
        print_account(account);
    else if (error != NULL)
        print_failure(error);

    dstfa_account_free(account);
    dstfa_error_free(error);
    dstfa_client_free(client);
    if (status == DSTFA_E_ARGUMENT)
        return USAGE;
    return status == DSTFA_OK ? FOUND : NOT_FOUND;
}
