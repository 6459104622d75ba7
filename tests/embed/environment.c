/* Changes an account in an environment that wants to be noticed. Arguments: what
 * has to come of it, "changed", "distrusted" or "proxied", and an id. */
#include "host.h"

int main(int argc, char **argv)
{
    dstfa_options *options = world_options();
    dstfa_client *client;
    dstfa_error *error = STALE_ERROR;

    CHECK_INT(argc, 3);
    if (strcmp(argv[1], "proxied") == 0) {
        CHECK_DONE(dstfa_options_set_proxy_from_env(options, 1, &error), error);
        CHECK_DONE(dstfa_options_set_max_attempts(options, 1, &error), error);
        client = client_with(options);
        CHECK_INT(fail(client, argv[2], NULL).status, DSTFA_E_PROXY);
    } else if (strcmp(argv[1], "distrusted") == 0) {
        struct failure failure;

        client = client_with(options);
        failure = fail(client, argv[2], NULL);
        CHECK_INT(failure.status, DSTFA_E_TLS);
        CHECK_INT(failure.reason, DSTFA_REASON_CERT_UNTRUSTED);
    } else {
        CHECK_STR(argv[1], "changed");
        client = client_with(options);
        succeed(client, argv[2]);
    }
    dstfa_client_free(client);
    return 0;
}
