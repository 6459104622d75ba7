#include "slurp.h"
#include "admin.h"
#include "say.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BYTES = 64 * 1024 * 1024, FIRST_BYTES = 64 * 1024 };

static int read_all(int fd, const char *path, char **text, size_t *length)
{
    size_t size = FIRST_BYTES;
    *length = 0;
    *text = malloc(size);
    while (*text != NULL) {
        ssize_t count = read(fd, *text + *length, size - *length - 1);
        if (count < 0 && errno == EINTR && signals_caught() == 0)
            continue;
        if (count < 0) {
            if (errno == EINTR)
                return signals_exit();
            say("%s: %s", path, strerror(errno));
            return EXIT_USAGE;
        }
        *length += (size_t)count;
        (*text)[*length] = '\0';
        if (count == 0)
            return EXIT_DONE;
        if (*length > MOST_BYTES) {
            say("%s: longer than 64 MiB", path);
            return EXIT_USAGE;
        }
        if (size - *length < FIRST_BYTES / 2) {
            char *more = realloc(*text, size * 2);
            if (more == NULL)
                break;
            *text = more;
            size *= 2;
        }
    }
    say("out of memory");
    return EXIT_INTERNAL;
}

static int is_same(const struct stat *before, const struct stat *after)
{
    return before->st_size == after->st_size && before->st_mtim.tv_sec == after->st_mtim.tv_sec &&
           before->st_mtim.tv_nsec == after->st_mtim.tv_nsec;
}

/* A file that changes meanwhile may give half of one list and half of another. */
static int read_file(const char *path, char **text, size_t *length)
{
    struct stat before;
    struct stat after;
    int code;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &before) != 0) {
        say("%s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return EXIT_USAGE;
    }
    code = read_all(fd, path, text, length);
    if (code == EXIT_DONE && S_ISREG(before.st_mode) &&
        (fstat(fd, &after) != 0 || !is_same(&before, &after) || (size_t)after.st_size != *length)) {
        say("%s: changed while it was read; try again when it is complete", path);
        code = EXIT_USAGE;
    }
    close(fd);
    return code;
}

int slurp(const char *path, char **text, size_t *length)
{
    int code;
    *text = NULL;
    if (strcmp(path, "-") == 0)
        code = read_all(STDIN_FILENO, "standard input", text, length);
    else
        code = read_file(path, text, length);
    if (code != EXIT_DONE) {
        free(*text);
        *text = NULL;
    }
    return code;
}
