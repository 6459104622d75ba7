/* Changes on one connection, with deadline and cancel object armed; or on a
 * client of its own each. Arguments: how many, and perhaps "anew". */
#include "host.h"

int main(int argc, char **argv)
{
    dstfa_client *client = world_client();
    dstfa_cancel *cancel = dstfa_cancel_new();
    int change;

    CHECK(argc == 2 || argc == 3);
    for (change = 0; change < atoi(argv[1]); change++) {
        dstfa_error *error = STALE_ERROR;
        dstfa_change *done = NULL;

        CHECK_DONE(dstfa_client_change_method(client, ANY_ID, DSTFA_METHOD_NONE, cancel, &done,
                                              &error),
                   error);
        CHECK_INT(dstfa_change_applied(done), DSTFA_APPLIED_YES);
        dstfa_change_free(done);
        if (argc == 3) {
            dstfa_client_free(client);
            client = world_client();
        }
    }
    dstfa_cancel_free(cancel);
    dstfa_client_free(client);
    return 0;
}
