/*
 * A clock that somebody has set: put before the system's own by LD_PRELOAD, it
 * is CLOCK_MOVED seconds ahead, or behind. What counts time is left alone.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

typedef int get_time(clockid_t clock, struct timespec *time);

int clock_gettime(clockid_t clock, struct timespec *time)
{
    static get_time *real;
    const char *moved = getenv("CLOCK_MOVED");
    int result;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    result = real(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME && moved != NULL)
        time->tv_sec += atol(moved);
    return result;
}
