#include "progress.h"
#include "say.h"
#include "terminal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 24, LINE_EVERY_MS = 10000, BAR_EVERY_MS = 100, TEXT_SIZE = 256 };

static struct {
    pthread_mutex_t lock; /* over all of this, and over the terminal */
    pthread_cond_t over;
    pthread_t ticker;
    int has_ticker;
    int is_over;
    const dstfa_bulk *bulk;
    int is_dry;
    int has_bar;   /* standard error is a terminal that can redraw a line */
    int is_drawn;  /* the bar stands on it now */
    int was_shown; /* at least once */
    uint32_t last; /* when, in ms of the run */
} progress = {.lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};

const char *duration_text(char *text, uint32_t ms)
{
    unsigned long seconds = (ms + 500ul) / 1000;
    if (seconds < 60)
        snprintf(text, DURATION_SIZE, "%lu s", seconds);
    else if (seconds < 3600)
        snprintf(text, DURATION_SIZE, "%lu min %lu s", seconds / 60, seconds % 60);
    else
        snprintf(text, DURATION_SIZE, "%lu h %lu min", seconds / 3600, seconds / 60 % 60);
    return text;
}

static unsigned long count_of(int32_t outcome)
{
    return dstfa_bulk_count(progress.bulk, outcome);
}

static void counts(char *text)
{
    snprintf(text, TEXT_SIZE, "%lu %s, %lu refused, %lu unknown, %lu skipped",
             count_of(progress.is_dry ? DSTFA_ITEM_WOULD_APPLY : DSTFA_ITEM_APPLIED),
             progress.is_dry ? "would be applied" : "applied", count_of(DSTFA_ITEM_REFUSED),
             count_of(DSTFA_ITEM_UNKNOWN), count_of(DSTFA_ITEM_SKIPPED));
}

/* Shortened to the width of the terminal: a line that wraps cannot be redrawn. */
static void draw_bar(const char *rest, uint32_t done, uint32_t total)
{
    char bar[BAR_WIDTH + 1];
    char line[2 * TEXT_SIZE];
    size_t filled = total == 0 ? 0 : (size_t)((uint64_t)done * BAR_WIDTH / total);
    int width = terminal_width(STDERR_FILENO) - 1;
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', filled);
    bar[BAR_WIDTH] = '\0';
    snprintf(line, sizeof line, "[%s] %lu/%lu  %s", bar, (unsigned long)done, (unsigned long)total,
             rest);
    if (width > 0 && (size_t)width < strlen(line))
        line[width] = '\0';
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    progress.is_drawn = 1;
}

static void wipe_bar(void)
{
    if (progress.is_drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        progress.is_drawn = 0;
    }
}

/* A short run needs no lines: the summary follows at once. */
static int is_due(uint32_t remaining, uint32_t now)
{
    if (progress.has_bar)
        return !progress.is_drawn || remaining == 0 || now - progress.last >= BAR_EVERY_MS;
    return now - progress.last >= LINE_EVERY_MS || (remaining == 0 && progress.was_shown);
}

static void show(void)
{
    char text[TEXT_SIZE];
    char rest[TEXT_SIZE + 32 + DURATION_SIZE];
    char left[DURATION_SIZE];
    uint32_t total = dstfa_bulk_total(progress.bulk);
    uint32_t remaining = dstfa_bulk_remaining(progress.bulk);
    uint32_t now = dstfa_bulk_elapsed_ms(progress.bulk);
    uint32_t estimate = dstfa_bulk_estimate_ms(progress.bulk);

    if (!is_due(remaining, now))
        return;
    progress.was_shown = 1;
    progress.last = now;
    counts(text);
    if (dstfa_bulk_wait_ms(progress.bulk) > 0)
        snprintf(rest, sizeof rest, "%s  %s %s", text,
                 dstfa_bulk_phase(progress.bulk) == DSTFA_PHASE_WAITING
                     ? "the last look in"
                     : "the portal asks to wait",
                 duration_text(left, dstfa_bulk_wait_ms(progress.bulk)));
    else if (remaining > 0 && estimate > 0)
        snprintf(rest, sizeof rest, "%s  %s left", text, duration_text(left, estimate));
    else
        snprintf(rest, sizeof rest, "%s", text);
    if (progress.has_bar)
        draw_bar(rest, total - remaining, total);
    else
        say("%lu of %lu: %s", (unsigned long)(total - remaining), (unsigned long)total, rest);
}

static void *tick(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&progress.lock);
    while (!progress.is_over) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        if (pthread_cond_timedwait(&progress.over, &progress.lock, &until) == ETIMEDOUT &&
            !progress.is_over)
            show();
    }
    pthread_mutex_unlock(&progress.lock);
    return NULL;
}

/* Signals stay with the thread that works. Without a second thread there is
   progress all the same, at every entry. */
static int start_ticker(void)
{
    sigset_t all;
    sigset_t before;
    int started;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(&progress.ticker, NULL, tick, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

void progress_begin(const dstfa_bulk *bulk, int is_dry_run)
{
    progress.bulk = bulk;
    progress.is_dry = is_dry_run;
    progress.has_bar = terminal_redraws(STDERR_FILENO);
    progress.has_ticker = start_ticker();
}

void progress_end(void)
{
    pthread_mutex_lock(&progress.lock);
    progress.is_over = 1;
    progress.bulk = NULL;
    wipe_bar();
    pthread_cond_signal(&progress.over);
    pthread_mutex_unlock(&progress.lock);
    if (progress.has_ticker)
        pthread_join(progress.ticker, NULL);
    progress.has_ticker = 0;
}

void progress_hold(int will_print)
{
    pthread_mutex_lock(&progress.lock);
    if (will_print)
        wipe_bar();
}

void progress_go_on(void)
{
    if (progress.bulk != NULL)
        show();
    pthread_mutex_unlock(&progress.lock);
}
