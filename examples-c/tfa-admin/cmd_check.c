/* check: would a change be done? */
#include "account.h"
#include "connect.h"
#include "look.h"

#include <stddef.h>

int run_check(const struct options *options)
{
    char id[ID_SIZE];
    dstfa_client *client = NULL;
    struct look seen = {NULL, 0};
    int code = connect_client(options, &client);
    if (code == EXIT_DONE)
        code = resolve_account(options, client, options->words[0], id);
    if (code == EXIT_DONE)
        code = look(options, client, id, &seen);
    if (code == EXIT_DONE)
        code = look_report(options, id, seen.check);
    look_free(&seen);
    dstfa_client_free(client);
    return code;
}
