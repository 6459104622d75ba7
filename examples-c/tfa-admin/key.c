#include "key.h"
#include "admin.h"
#include "say.h"
#include "signals.h"
#include "terminal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

void key_guard(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void wipe(char *bytes, size_t size)
{
    volatile char *at = bytes;
    while (size-- > 0)
        *at++ = 0;
}

/* The file is judged by its descriptor, so it is the one that is read; it is
 * opened without waiting for whoever might write into a pipe. */
static int open_key_file(const char *path)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &about) != 0) {
        say("%s: %s", path, strerror(errno));
    } else if (S_ISDIR(about.st_mode)) {
        say("%s: is a directory", path);
    } else if (!S_ISREG(about.st_mode)) {
        say("%s: is not a regular file; set DOCSPACE_API_KEY for a key that is in no file", path);
    } else if (about.st_uid != geteuid()) {
        say("%s: this key file belongs to another user; use a copy of your own", path);
    } else if ((about.st_mode & 077) != 0) {
        say("%s: others can read or write this key file; chmod 600 it, and replace the key if "
            "others may have read it",
            path);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static int read_file(const char *path, char *key, size_t size)
{
    size_t length = 0;
    int fd = open_key_file(path);
    if (fd < 0)
        return EXIT_USAGE;
    for (;;) {
        ssize_t count = length < size ? read(fd, key + length, size - length) : 0;
        if (count < 0 && errno == EINTR && signals_caught() == 0)
            continue;
        if (count < 0) {
            int interrupted = errno == EINTR;
            if (!interrupted)
                say("%s: %s", path, strerror(errno));
            close(fd);
            return interrupted ? signals_exit() : EXIT_USAGE;
        }
        if (count == 0)
            break;
        length += (size_t)count;
    }
    close(fd);
    if (length >= size) {
        say("%s: too long for an API key", path);
        return EXIT_USAGE;
    }
    key[length] = '\0';
    if (strlen(key) != length) {
        say("%s: not a text file", path);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

/* The variable is wiped and forgotten once it is read. */
static int read_variable(char *value, char *key, size_t size)
{
    size_t length = strlen(value);
    int fits = length < size;
    if (fits)
        memcpy(key, value, length + 1);
    else
        say("DOCSPACE_API_KEY: too long for an API key");
    wipe(value, length);
    unsetenv("DOCSPACE_API_KEY");
    return fits ? EXIT_DONE : EXIT_USAGE;
}

static int read_typed(char *key, size_t size)
{
    switch (terminal_ask("API key (not shown): ", 1, key, size)) {
    case ANSWER_GIVEN:
        return EXIT_DONE;
    case ANSWER_INTERRUPTED:
        return signals_exit();
    case ANSWER_END:
        say("no API key was given");
        return EXIT_USAGE;
    case ANSWER_NO_TERMINAL:
        break;
    }
    say("no API key: give --key-file or set DOCSPACE_API_KEY; there is no terminal to ask on");
    return EXIT_USAGE;
}

static void trim(char *key)
{
    size_t length = strlen(key);
    while (length > 0 && isspace((unsigned char)key[length - 1]))
        key[--length] = '\0';
}

int key_read(const char *key_file, char *key, size_t size)
{
    char *variable = getenv("DOCSPACE_API_KEY");
    int code;
    if (key_file != NULL)
        code = read_file(key_file, key, size);
    else if (variable != NULL && *variable != '\0')
        code = read_variable(variable, key, size);
    else
        code = read_typed(key, size);
    if (code == EXIT_DONE) {
        trim(key);
        if (*key == '\0') {
            say("the API key is empty");
            code = EXIT_USAGE;
        }
    }
    return code;
}
