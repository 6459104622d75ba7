/*
 * The clock of a tool that is tested: nobody waits five minutes. It takes the
 * place of the tool's own clock.c.
 *
 *   TEST_STRIDE_MS   so much passes each time it is asked
 *   TEST_GATE        waiting ends once this pipe was written to; then its time has
 *                    passed at once
 */
#include "clock.h"
#include "signals.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

static uint64_t now = 1000;

uint64_t clock_ms(void)
{
    const char *stride = getenv("TEST_STRIDE_MS");
    if (stride != NULL)
        now += strtoul(stride, NULL, 10);
    return now;
}

/* What was written is never read: the gate stays open. */
static void wait_at(int gate)
{
    fd_set set;
    sigset_t open_mask;
    FD_ZERO(&set);
    FD_SET(gate, &set);
    signals_hold(&open_mask);
    if (signals_caught() == 0)
        pselect(gate + 1, &set, NULL, NULL, NULL, &open_mask);
    signals_release(&open_mask);
}

void clock_wait(uint32_t ms)
{
    const char *path = getenv("TEST_GATE");
    int gate = path == NULL ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (gate >= 0) {
        wait_at(gate);
        close(gate);
    }
    now += ms;
}
