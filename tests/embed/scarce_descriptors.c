/* No descriptor can be had; then some can. Argument: the URL by name. */
#include "host.h"

#include <sys/resource.h>

int main(int argc, char **argv)
{
    struct rlimit limit, none;
    dstfa_options *options = world_options();
    dstfa_options *named = world_options();
    dstfa_options *systems = dstfa_options_new();
    dstfa_client *client, *by_name, *late = NULL;
    dstfa_error *error = STALE_ERROR;
    dstfa_cancel *cancel;
    struct failure failure;
    dstfa_status status;
    int next = dup(0);

    CHECK_INT(argc, 2);
    close(next);
    client = client_with(options);
    CHECK_DONE(dstfa_options_set_portal_url(named, argv[1], &error), error);
    by_name = client_with(named);
    CHECK_DONE(dstfa_options_set_portal_url(systems, "https://127.0.0.1", &error), error);
    CHECK_DONE(dstfa_options_set_api_key(systems, "sk-0", &error), error);

    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    none = limit;
    none.rlim_cur = (rlim_t)next;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    CHECK(dup(0) < 0);

    failure = fail(client, ANY_ID, NULL);
    CHECK_INT(failure.status, DSTFA_E_CONNECT);
    CHECK_INT(failure.applied, DSTFA_APPLIED_NO);
    CHECK_INT(failure.retryable, 1);
    failure = fail(by_name, ANY_ID, NULL);
    /* The C library needs one to look the name up. */
    CHECK(failure.status == DSTFA_E_CONNECT || failure.status == DSTFA_E_RESOLVE);
    CHECK_INT(failure.applied, DSTFA_APPLIED_NO);
    /* A cancel object does without. */
    cancel = dstfa_cancel_new();
    CHECK(cancel != NULL);
    CHECK_INT(fail(client, ANY_ID, cancel).status, DSTFA_E_CONNECT);
    /* The system's authorities cannot be read. */
    status = dstfa_client_new(systems, &late, &error);
    CHECK((status == DSTFA_OK) == (late != NULL));
    CHECK((status == DSTFA_OK) == (error == NULL));
    dstfa_client_free(late);
    dstfa_error_free(error);
    error = STALE_ERROR;
    status = dstfa_options_add_ca_file(systems, world("HOST_KEY_FILE"), &error);
    CHECK(status != DSTFA_OK);
    dstfa_error_free(error);

    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    succeed(client, ANY_ID);
    succeed(by_name, ANY_ID);
    dstfa_cancel_request(cancel);
    CHECK_INT(fail(client, ANY_ID, cancel).status, DSTFA_E_CANCELLED);
    dstfa_cancel_free(cancel);
    dstfa_client_free(client);
    dstfa_client_free(by_name);
    dstfa_options_free(systems);
    return 0;
}
