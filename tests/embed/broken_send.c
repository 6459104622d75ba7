/* Stands before the C library: every connection breaks just before something is
 * sent on it, too late for anybody to see it coming. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <sys/socket.h>

atomic_int sends_broken;

ssize_t send(int socket, const void *bytes, size_t size, int flags)
{
    ssize_t (*real)(int, const void *, size_t, int);

    *(void **)&real = dlsym(RTLD_NEXT, "send");
    atomic_fetch_add(&sends_broken, 1);
    shutdown(socket, SHUT_RDWR);
    return real(socket, bytes, size, flags);
}
