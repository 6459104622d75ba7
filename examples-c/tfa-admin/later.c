#include "later.h"
#include "clock.h"
#include "progress.h"
#include "say.h"
#include "signals.h"
#include "terminal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 1000, LINE_EVERY_MS = 60000, LINE_SIZE = 128 };

const char *later_text(char *text, uint32_t ms)
{
    struct tm local;
    /* Rounded up: a moment too early is too early. */
    time_t then = time(NULL) + (time_t)(ms / 1000) + 1;
    if (localtime_r(&then, &local) == NULL ||
        strftime(text, LATER_SIZE, "%H:%M:%S", &local) == 0)
        strcpy(text, "?");
    return text;
}

static void show(uint64_t left, int can_redraw)
{
    char time[DURATION_SIZE];
    char line[LINE_SIZE];
    int width = terminal_width(STDERR_FILENO) - 1;
    snprintf(line, sizeof line, "waiting %s for one more look; Ctrl-C ends the waiting only",
             duration_text(time, (uint32_t)left));
    if (!can_redraw) {
        say("%s", line);
        return;
    }
    if (width > 0 && (size_t)width < strlen(line))
        line[width] = '\0';
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
}

int wait_until(uint64_t moment)
{
    int can_redraw = terminal_redraws(STDERR_FILENO);
    uint64_t every = can_redraw ? STEP_MS : LINE_EVERY_MS;
    uint64_t next = 0; /* when to show the next time */
    uint64_t now;
    while (signals_caught() == 0 && (now = clock_ms()) < moment) {
        uint64_t left = moment - now;
        if (now >= next) {
            show(left, can_redraw);
            next = now + every;
        }
        clock_wait(left < STEP_MS ? (uint32_t)left : STEP_MS);
    }
    if (can_redraw && next != 0) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    return signals_caught() == 0;
}
