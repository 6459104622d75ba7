#include <docspace_tfa.h>
#include <stddef.h>

/* A client of a portal whose certificate comes from an authority of its own. */
dstfa_client *connect_to(const char *url, const char *key, const char *ca_file)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;

    if (dstfa_options_set_portal_url(options, url, NULL) == DSTFA_OK &&
        dstfa_options_set_api_key(options, key, NULL) == DSTFA_OK &&
        dstfa_options_set_trust(options, DSTFA_TRUST_ADDED_ONLY, NULL) == DSTFA_OK &&
        dstfa_options_add_ca_file(options, ca_file, NULL) == DSTFA_OK &&
        dstfa_options_set_timeout_ms(options, 20000, NULL) == DSTFA_OK)
        dstfa_client_new(options, &client, NULL);
    dstfa_options_free(options);
    return client;
}
