/* The library stays loaded when a host unloads it after a call on a thread that
 * has ended. Argument: the shared library. */
#define _POSIX_C_SOURCE 200112L

#include <dlfcn.h>
#include <pthread.h>

#include "docspace_tfa.h"

#include "check.h"

static dstfa_cancel *(*cancel_new)(void);
static void (*cancel_free)(dstfa_cancel *);

static void *call(void *nothing)
{
    cancel_free(cancel_new());
    return nothing;
}

int main(int argc, char **argv)
{
    void *library;
    pthread_t thread;

    CHECK_INT(argc, 2);
    CHECK(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) == NULL);
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    *(void **)&cancel_new = dlsym(library, "dstfa_cancel_new");
    *(void **)&cancel_free = dlsym(library, "dstfa_cancel_free");
    CHECK(cancel_new != NULL && cancel_free != NULL);
    CHECK(pthread_create(&thread, NULL, call, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(dlclose(library) == 0);
    CHECK(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL);
    call(NULL);
    return 0;
}
