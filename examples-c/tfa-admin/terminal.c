#include "terminal.h"
#include "key.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

static int open_terminal(void)
{
    return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static void show(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t written = write(fd, text, left);
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0) {
            text += written;
            left -= (size_t)written;
        }
    }
}

/* No echo but of the line end. Stopping and SIGQUIT are switched off meanwhile:
   they would leave the terminal without echo. */
static int hide(int fd, struct termios *before)
{
    struct termios quiet;
    if (tcgetattr(fd, before) != 0)
        return 0;
    quiet = *before;
    quiet.c_lflag &= (tcflag_t) ~(ECHO | ECHOE | ECHOK);
    quiet.c_lflag |= ECHONL | ICANON | ISIG;
    quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
    quiet.c_cc[VQUIT] = _POSIX_VDISABLE;
    return tcsetattr(fd, TCSAFLUSH, &quiet) == 0;
}

/* Signals come in only while it waits here, so none is missed. */
static enum answer wait_for_input(int fd, const sigset_t *open_mask)
{
    fd_set set;
    for (;;) {
        if (signals_caught() != 0)
            return ANSWER_INTERRUPTED;
        FD_ZERO(&set);
        FD_SET(fd, &set);
        if (pselect(fd + 1, &set, NULL, NULL, NULL, open_mask) > 0)
            return ANSWER_GIVEN;
        if (errno != EINTR)
            return ANSWER_END;
    }
}

static enum answer read_line(int fd, const sigset_t *open_mask, char *answer, size_t size)
{
    size_t length = 0;
    for (;;) {
        char byte;
        ssize_t count;
        enum answer waited = wait_for_input(fd, open_mask);
        if (waited != ANSWER_GIVEN)
            return waited;
        count = read(fd, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count <= 0)
            return ANSWER_END;
        if (byte == '\n') {
            answer[length < size ? length : 0] = '\0';
            return ANSWER_GIVEN;
        }
        if (length < size)
            answer[length++] = byte;
    }
}

enum answer terminal_ask(const char *prompt, int hidden, char *answer, size_t size)
{
    struct termios before;
    sigset_t open_mask;
    enum answer result;
    int fd = open_terminal();

    answer[0] = '\0';
    if (fd < 0 || fd >= FD_SETSIZE) {
        if (fd >= 0)
            close(fd);
        return ANSWER_NO_TERMINAL;
    }
    signals_hold(&open_mask);
    if (hidden && !hide(fd, &before)) {
        result = ANSWER_NO_TERMINAL;
    } else {
        show(fd, prompt);
        result = read_line(fd, &open_mask, answer, size);
        if (hidden)
            tcsetattr(fd, TCSAFLUSH, &before);
        if (result != ANSWER_GIVEN) {
            wipe(answer, size);
            show(fd, "\n");
        }
    }
    signals_release(&open_mask);
    close(fd);
    return result;
}

void terminal_show(const char *text)
{
    int fd = open_terminal();
    if (fd >= 0) {
        show(fd, text);
        close(fd);
    }
}

int terminal_colours(int fd)
{
    const char *no = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    return isatty(fd) && (no == NULL || *no == '\0') && kind != NULL && strcmp(kind, "dumb") != 0;
}

int terminal_redraws(int fd)
{
    const char *kind = getenv("TERM");
    return isatty(fd) && kind != NULL && strcmp(kind, "dumb") != 0;
}

int terminal_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}
