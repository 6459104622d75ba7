/* No thread can be had for looking up a name; then one can. */
#include "host.h"

#include <dlfcn.h>
#include <stdatomic.h>

int main(void)
{
    dstfa_client *client = world_client();
    atomic_int *allowed, *refused;
    struct failure failure;

    *(void **)&allowed = dlsym(RTLD_DEFAULT, "threads_allowed");
    *(void **)&refused = dlsym(RTLD_DEFAULT, "threads_refused");
    CHECK(allowed != NULL && refused != NULL);
    failure = fail(client, ANY_ID, NULL);
    CHECK_INT(failure.status, DSTFA_E_RESOLVE);
    CHECK_INT(failure.applied, DSTFA_APPLIED_NO);
    CHECK_INT(failure.retryable, 1);
    CHECK(atomic_load(refused) > 0);
    atomic_store(allowed, 1);
    succeed(client, ANY_ID);
    dstfa_client_free(client);
    return 0;
}
