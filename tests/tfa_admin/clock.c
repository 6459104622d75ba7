/*
 * The clock of a tool that is tested: nobody waits five minutes. It takes the
 * place of the tool's own clock.c.
 *
 *   TEST_STRIDE_MS   so much passes each time it is asked
 *   TEST_GATE        waiting ends once this file is there; then its time has
 *                    passed at once
 */
#include "clock.h"
#include "signals.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uint64_t now = 1000;

uint64_t clock_ms(void)
{
    const char *stride = getenv("TEST_STRIDE_MS");
    if (stride != NULL)
        now += strtoul(stride, NULL, 10);
    return now;
}

void clock_wait(uint32_t ms)
{
    const struct timespec moment = {0, 2000000};
    const char *gate = getenv("TEST_GATE");
    while (gate != NULL && access(gate, F_OK) != 0 && signals_caught() == 0)
        nanosleep(&moment, NULL);
    now += ms;
}
