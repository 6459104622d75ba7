/* Stands before the C library: names are looked up only when the gate is open. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int open_now, entered, left;

/* Waits until something is so, or for so many seconds; then it is as it is. */
#define AWAIT(so, seconds)                                                                        \
    do {                                                                                           \
        struct timespec end;                                                                       \
        clock_gettime(CLOCK_REALTIME, &end);                                                       \
        end.tv_sec += (seconds);                                                                   \
        while (!(so) && pthread_cond_timedwait(&changed, &lock, &end) == 0)                        \
            ;                                                                                      \
    } while (0)

/* How many look-ups have begun, once there are `count`. */
int names_entered(int count)
{
    int result;

    pthread_mutex_lock(&lock);
    AWAIT(entered >= count, 20);
    result = entered;
    pthread_mutex_unlock(&lock);
    return result;
}

/* How many look-ups have returned, once there are `count`. */
int names_left(int count)
{
    int result;

    pthread_mutex_lock(&lock);
    AWAIT(left >= count, 20);
    result = left;
    pthread_mutex_unlock(&lock);
    return result;
}

void names_open(void)
{
    pthread_mutex_lock(&lock);
    open_now = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    int result;

    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    pthread_mutex_lock(&lock);
    entered++;
    pthread_cond_broadcast(&changed);
    AWAIT(open_now, 120);
    pthread_mutex_unlock(&lock);
    result = real(name, service, hints, found);
    pthread_mutex_lock(&lock);
    left++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return result;
}
