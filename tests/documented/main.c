/* What surrounds a piece of code that the documentation shows. The piece stands
 * before this text; CLIENT and CALL are put in by tests/documented.rs.
 *
 *   PROGRAM PORTAL-URL KEY-FILE [MORE]... */
#include <docspace_tfa.h>
#include <stdio.h>
#include <string.h>

dstfa_client *client_of(const char *url, const char *key)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;

    if (dstfa_options_set_portal_url(options, url, NULL) == DSTFA_OK &&
        dstfa_options_set_api_key(options, key, NULL) == DSTFA_OK)
        dstfa_client_new(options, &client, NULL);
    dstfa_options_free(options);
    return client;
}

int main(int argc, char **argv)
{
    const char *url = argv[1];
    const char **more = (const char **)(argv + 3);
    char key[512] = "";
    FILE *file = argc > 2 ? fopen(argv[2], "r") : NULL;
    dstfa_client *client;
    dstfa_error *error = NULL;

    if (file == NULL || fgets(key, sizeof key, file) == NULL)
        return 2;
    fclose(file);
    client = CLIENT;
    (void)url;
    (void)more;
    CALL;
    fflush(stdout);
    if (error != NULL)
        printf("%s, applied: %d\n", dstfa_status_name(dstfa_error_status(error)),
               (int)dstfa_error_applied(error));
    dstfa_error_free(error);
    dstfa_client_free(client);
    return 0;
}
