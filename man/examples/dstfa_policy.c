#include <docspace_tfa.h>
#include <stddef.h>

/* Every account of the portal is asked for an app, and signed out. */
dstfa_status demand_app(const dstfa_client *client, const char *portal_host, dstfa_error **error)
{
    dstfa_policy *policy = NULL;
    dstfa_status status = dstfa_client_policy(client, NULL, &policy, error);

    if (status == DSTFA_OK)
        status = dstfa_policy_set_method(policy, DSTFA_METHOD_APP, error);
    if (status == DSTFA_OK)
        status = dstfa_client_apply_policy(client, policy, portal_host, NULL, error);
    dstfa_policy_free(policy);
    return status;
}
