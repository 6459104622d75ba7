/* main() returns while another thread is in a call. Argument: the exit code. */
#include "host.h"

#include <pthread.h>

static void *call(void *client)
{
    fail(client, ANY_ID, NULL);
    return NULL;
}

static void last(void)
{
    /* Handlers of the host may still call. */
    CHECK_STR(dstfa_version(), DSTFA_VERSION);
    dstfa_client_free(world_client());
}

int main(int argc, char **argv)
{
    pthread_t thread;

    CHECK_INT(argc, 2);
    CHECK_INT(atexit(last), 0);
    CHECK_INT(pthread_create(&thread, NULL, call, world_client()), 0);
    wait_for_test();
    return atoi(argv[1]);
}
