// The C header from C++98.
#include "docspace_tfa.h"

#include "check.h"

int main()
{
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;
    dstfa_error *error = NULL;

    CHECK(dstfa_version_number() >= DSTFA_VERSION_NUMBER);
    CHECK_INT(dstfa_client_new(options, &client, &error), DSTFA_E_ARGUMENT);
    CHECK_INT(dstfa_error_applied(error), DSTFA_APPLIED_NO);
    CHECK(client == NULL);
    dstfa_error_free(error);
    dstfa_options_free(options);
    return 0;
}
