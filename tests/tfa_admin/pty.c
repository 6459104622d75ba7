/*
 * Runs a program on a terminal of its own, or without any.
 *
 *   pty COLUMNS PROGRAM [ARGUMENT...]
 *
 * What comes on standard input is typed, what the terminal shows goes to standard
 * output. At the end "echo on" or "echo off" goes to standard error. With 0
 * columns there is no terminal: the program keeps input and output. The exit code
 * is the program's; 255 if a signal killed it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    exit(254);
}

static void copy(int from, int to)
{
    char bytes[4096];
    ssize_t count = read(from, bytes, sizeof bytes);
    ssize_t at = 0;
    while (at < count) {
        ssize_t written = write(to, bytes + at, (size_t)(count - at));
        if (written < 0)
            return;
        at += written;
    }
}

/* Whoever runs the tests in the background may have ignored them, and what is
 * ignored stays so in a program that is started. */
static void heed_signals(void)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

static void begin(int slave, char **words)
{
    if (setsid() < 0)
        fail("setsid");
    if (slave >= 0) {
        if (ioctl(slave, TIOCSCTTY, 0) != 0)
            fail("TIOCSCTTY");
        dup2(slave, 0);
        dup2(slave, 1);
        dup2(slave, 2);
        if (slave > 2)
            close(slave);
    }
    heed_signals();
    execv(words[0], words);
    fail(words[0]);
}

/* Until the program has ended and all it showed has been copied. */
static int serve(int master, pid_t child)
{
    struct pollfd both[2] = {{STDIN_FILENO, POLLIN, 0}, {master, POLLIN, 0}};
    int status = 0;
    int ended = 0;
    for (;;) {
        int ready = poll(both, 2, ended ? 0 : 20);
        if (ready < 0 && errno != EINTR)
            fail("poll");
        if (both[0].revents & POLLIN)
            copy(STDIN_FILENO, master);
        else if (both[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            both[0].fd = -1; /* nothing more is typed */
        if (both[1].revents & POLLIN)
            copy(master, STDOUT_FILENO);
        else if (ended)
            return status;
        if (!ended && waitpid(child, &status, WNOHANG) == child)
            ended = 1;
    }
}

int main(int argc, char **argv)
{
    struct winsize size = {24, 0, 0, 0};
    struct termios settings;
    int master;
    int slave;
    int status;
    pid_t child;

    if (argc < 3)
        return 254;
    size.ws_col = (unsigned short)atoi(argv[1]);
    if (size.ws_col == 0)
        begin(-1, argv + 2);
    if (openpty(&master, &slave, NULL, NULL, &size) != 0)
        fail("openpty");
    child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        close(master);
        begin(slave, argv + 2);
    }
    status = serve(master, child);
    tcgetattr(slave, &settings);
    fprintf(stderr, "echo %s\n", (settings.c_lflag & ECHO) != 0 ? "on" : "off");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}
