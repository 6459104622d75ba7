/* Stands before the C library: names are looked up only when the gate is open. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>
#include <unistd.h>

atomic_int names_open, names_entered, names_left;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    int waited, result;

    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    atomic_fetch_add(&names_entered, 1);
    /* Two minutes at most. */
    for (waited = 0; waited < 120000 && !atomic_load(&names_open); waited++)
        usleep(1000);
    result = real(name, service, hints, found);
    atomic_fetch_add(&names_left, 1);
    return result;
}
