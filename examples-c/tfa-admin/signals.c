#include "signals.h"
#include "admin.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { COUNT = sizeof numbers / sizeof *numbers };

static dstfa_cancel *cancel;
static const dstfa_bulk *volatile running;
static volatile sig_atomic_t caught;

/* The first lets a run over many accounts finish what is under way; every other
   one cuts. */
static void on_signal(int number)
{
    static const char text[] = "\n" PROGRAM ": stopping; what is under way finishes, and the "
                               "same once more cuts it\n";
    int is_first = caught == 0;
    int before = errno;
    if (is_first)
        caught = number;
    if (is_first && running != NULL) {
        dstfa_bulk_stop(running);
        /* where it cannot be said, it is done all the same */
        if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
            errno = before;
    } else {
        dstfa_cancel_request(cancel);
    }
    errno = before;
}

void signals_stop_first(const dstfa_bulk *bulk)
{
    running = bulk;
}

/* Without SA_RESTART: whoever waits for input wakes up. What was ignored when
   the program started, as SIGHUP under nohup, stays ignored. */
void signals_install(void)
{
    struct sigaction action;
    struct sigaction old;
    int i;
    cancel = dstfa_cancel_new();
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_signal;
    for (i = 0; i < COUNT; i++)
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    /* A reader that went away must not end a change half-way. */
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    /* Nor may a limit on the size of files: a journal that cannot grow stops the
       run in good order. */
    sigaction(SIGXFSZ, &action, NULL);
}

void signals_restore(void)
{
    int i;
    for (i = 0; i < COUNT; i++)
        signal(numbers[i], SIG_IGN);
    dstfa_cancel_free(cancel);
    cancel = NULL;
}

const dstfa_cancel *signals_cancel(void)
{
    return cancel;
}

int signals_caught(void)
{
    return caught;
}

int signals_exit(void)
{
    return EXIT_SIGNAL + (caught != 0 ? caught : SIGINT);
}

void signals_hold(sigset_t *before)
{
    sigset_t set;
    int i;
    sigemptyset(&set);
    for (i = 0; i < COUNT; i++)
        sigaddset(&set, numbers[i]);
    sigprocmask(SIG_BLOCK, &set, before);
}

void signals_release(const sigset_t *before)
{
    sigprocmask(SIG_SETMASK, before, NULL);
}
