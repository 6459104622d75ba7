/* Many threads on one client. Arguments: how many threads, then ids in pairs: one
 * that can be changed and one that cannot. */
#include "host.h"

#include <pthread.h>

static dstfa_client *client;
static int count;
static char **ids;
static int pairs;
static pthread_barrier_t barrier;

static void *calls(void *number)
{
    int pair;

    pthread_barrier_wait(&barrier);
    for (pair = *(int *)number; pair < pairs; pair += count) {
        succeed(client, ids[pair * 2]);
        CHECK_INT(fail(client, ids[pair * 2 + 1], NULL).status, DSTFA_E_REJECTED);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[64];
    int numbers[64], i;

    CHECK(argc > 3);
    count = atoi(argv[1]);
    CHECK(count > 0 && count <= 64);
    ids = argv + 2;
    pairs = (argc - 2) / 2;
    client = world_client();
    CHECK_INT(pthread_barrier_init(&barrier, NULL, (unsigned)count), 0);
    for (i = 0; i < count; i++) {
        numbers[i] = i;
        CHECK_INT(pthread_create(&threads[i], NULL, calls, &numbers[i]), 0);
    }
    for (i = 0; i < count; i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    dstfa_client_free(client);
    return 0;
}
