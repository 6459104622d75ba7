#include "progress.h"
#include "say.h"
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 24, LINE_EVERY_MS = 10000, BAR_EVERY_MS = 100, TEXT_SIZE = 256 };

static int has_bar;   /* standard error is a terminal that can redraw a line */
static int is_drawn;  /* the bar stands on it now */
static uint32_t last; /* when something was shown, in ms of the run */
static int is_first;
static int is_dry;

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

void progress_begin(int is_dry_run)
{
    const char *kind = getenv("TERM");
    has_bar = isatty(STDERR_FILENO) && kind != NULL && strcmp(kind, "dumb") != 0;
    is_drawn = 0;
    is_first = 1;
    is_dry = is_dry_run;
    last = 0;
    say_before = progress_hide;
}

void progress_hide(void)
{
    if (is_drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        is_drawn = 0;
    }
}

void progress_end(void)
{
    progress_hide();
    say_before = NULL;
}

static void counts(char *text, const dstfa_bulk *bulk)
{
    snprintf(text, TEXT_SIZE, "%lu %s, %lu refused, %lu unknown, %lu skipped",
             (unsigned long)dstfa_bulk_count(bulk, is_dry ? DSTFA_ITEM_WOULD : DSTFA_ITEM_APPLIED),
             is_dry ? "would be applied" : "applied",
             (unsigned long)dstfa_bulk_count(bulk, DSTFA_ITEM_REFUSED),
             (unsigned long)dstfa_bulk_count(bulk, DSTFA_ITEM_UNKNOWN),
             (unsigned long)dstfa_bulk_count(bulk, DSTFA_ITEM_SKIPPED));
}

/* Shortened to the width of the terminal: a line that wraps cannot be redrawn. */
static void draw_bar(const char *rest, uint32_t done, uint32_t total)
{
    char bar[BAR_WIDTH + 1];
    char line[2 * TEXT_SIZE];
    int filled = total == 0 ? 0 : (int)((uint64_t)done * BAR_WIDTH / total);
    int width = terminal_width(STDERR_FILENO) - 1;
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', (size_t)filled);
    bar[BAR_WIDTH] = '\0';
    snprintf(line, sizeof line, "[%s] %lu/%lu  %s", bar, (unsigned long)done, (unsigned long)total,
             rest);
    if (width > 0 && (size_t)width < strlen(line))
        line[width] = '\0';
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    is_drawn = 1;
}

/* A short run needs no lines: the summary follows at once. */
static int is_due(uint32_t remaining, uint32_t now)
{
    if (has_bar)
        return is_first || !is_drawn || remaining == 0 || now - last >= BAR_EVERY_MS;
    return now - last >= LINE_EVERY_MS || (remaining == 0 && !is_first);
}

void progress_show(const dstfa_bulk *bulk)
{
    char text[TEXT_SIZE];
    char rest[TEXT_SIZE + 32 + DURATION_SIZE];
    char left[DURATION_SIZE];
    uint32_t total = dstfa_bulk_total(bulk);
    uint32_t remaining = dstfa_bulk_remaining(bulk);
    uint32_t now = dstfa_bulk_elapsed_ms(bulk);
    uint32_t estimate = dstfa_bulk_estimate_ms(bulk);

    if (!is_due(remaining, now))
        return;
    is_first = 0;
    last = now;
    counts(text, bulk);
    if (remaining > 0 && estimate > 0)
        snprintf(rest, sizeof rest, "%s  %s left", text, duration_text(left, estimate));
    else
        snprintf(rest, sizeof rest, "%s", text);
    if (has_bar)
        draw_bar(rest, total - remaining, total);
    else
        say("%lu of %lu: %s", (unsigned long)(total - remaining), (unsigned long)total, rest);
}
