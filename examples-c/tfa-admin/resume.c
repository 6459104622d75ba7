#include "resume.h"
#include "report.h"
#include "say.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *beside(const char *list)
{
    static const char ending[] = ".journal";
    char *path = malloc(strlen(list) + sizeof ending);
    if (path != NULL) {
        strcpy(path, list);
        strcat(path, ending);
    }
    return path;
}

/* A journal that is there holds an earlier run: never gone on with by accident,
   never missed by a slip in its name. */
static int judge(const struct options *options, const char *path)
{
    struct stat about;
    int there = stat(path, &about) == 0;
    if (!there && errno != ENOENT) {
        say("%s: %s", path, strerror(errno));
        return report_end(options, EXIT_USAGE, "the journal cannot be opened");
    }
    if (options->resume && !there) {
        say("%s: no such journal", path);
        return report_end(options, EXIT_USAGE, "there is no journal to resume");
    }
    if (!options->resume && !options->dry_run && there && about.st_size > 0) {
        say("%s: holds an earlier run; --resume goes on with it, --journal names another", path);
        return report_end(options, EXIT_USAGE, "the journal holds an earlier run");
    }
    return EXIT_DONE;
}

int journal_path(const struct options *options, char **path)
{
    const char *list = options->words[0];
    int code;
    *path = NULL;
    if (options->no_journal && (options->journal != NULL || options->resume))
        return report_usage(options, "bulk: --no-journal contradicts --journal and --resume");
    if (options->no_journal || (options->dry_run && !options->resume))
        return EXIT_DONE;
    if (options->journal == NULL && strcmp(list, "-") == 0)
        return report_usage(options, "bulk: a list from standard input needs --journal FILE "
                                     "(or --no-journal: nothing can be resumed then)");
    *path = options->journal != NULL ? strdup(options->journal) : beside(list);
    if (*path == NULL)
        return report_end(options, EXIT_INTERNAL, "out of memory");
    code = judge(options, *path);
    if (code != EXIT_DONE) {
        free(*path);
        *path = NULL;
    }
    return code;
}

/* As a shell reads it: in single quotes unless it is plain. */
static char *append_quoted(char *to, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./:@%+=,";
    if (*text != '\0' && strspn(text, plain) == strlen(text)) {
        strcpy(to, text);
        return to + strlen(text);
    }
    *to++ = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            strcpy(to, "'\\''");
            to += 4;
        } else {
            *to++ = *text;
        }
    }
    *to++ = '\'';
    *to = '\0';
    return to;
}

char *resume_command(const struct options *options)
{
    size_t size = 64;
    char *command;
    char *at;
    int i;
    for (i = 0; i < options->argc; i++)
        size += 4 * strlen(options->argv[i]) + 4;
    command = malloc(size);
    if (command == NULL)
        return NULL;
    at = command;
    for (i = 0; i < options->argc; i++) {
        if (i > 0)
            *at++ = ' ';
        at = append_quoted(at, options->argv[i]);
        if (i == 0 && !options->resume) {
            strcpy(at, " --resume");
            at += strlen(at);
        }
    }
    *at = '\0';
    return command;
}
