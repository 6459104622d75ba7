#include "clock.h"
#include "signals.h"

#include <sys/select.h>
#include <time.h>

uint64_t clock_ms(void)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Signals come in only while it waits here, so none is missed. */
void clock_wait(uint32_t ms)
{
    struct timespec time;
    sigset_t open_mask;
    time.tv_sec = (time_t)(ms / 1000);
    time.tv_nsec = (long)(ms % 1000) * 1000000;
    signals_hold(&open_mask);
    if (signals_caught() == 0)
        pselect(0, NULL, NULL, NULL, &time, &open_mask);
    signals_release(&open_mask);
}
