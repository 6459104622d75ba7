#include "resume.h"
#include "report.h"
#include "say.h"
#include "words.h"

#include <errno.h>
#include <stdio.h>
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

/* Whether it can be shown as it is: no control characters, and UTF-8. */
static int is_clean(const char *text)
{
    size_t length = 1;
    while (*text != '\0' && (length = clean_length(text)) > 0)
        text += length;
    return length > 0;
}

/* Every byte in octal, for a name that no terminal should get to see. */
static char *append_octal(char *to, const char *text)
{
    to += sprintf(to, "\"$(printf '");
    for (; *text != '\0'; text++)
        to += sprintf(to, "\\%03o", (unsigned)(unsigned char)*text);
    return to + sprintf(to, "')\"");
}

/* A blank, and the text as a shell reads it: in single quotes unless it is plain. */
static char *append_quoted(char *to, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./:@%+=,";
    *to++ = ' ';
    if (!is_clean(text))
        return append_octal(to, text);
    if (*text != '\0' && strspn(text, plain) == strlen(text))
        return to + sprintf(to, "%s", text);
    *to++ = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            to += sprintf(to, "'\\''");
        else
            *to++ = *text;
    }
    *to++ = '\'';
    *to = '\0';
    return to;
}

static size_t size_of(const char *text)
{
    return 4 * strlen(text) + 24;
}

/* The portal comes before "--", behind which everything is a word. */
static char *append_portal(char *to, const struct options *options)
{
    return append_quoted(to + sprintf(to, " --portal"), options->portal);
}

char *resume_command(const struct options *options)
{
    size_t size = size_of(options->portal) + 64;
    int has_portal = !options->portal_from_environment;
    char *command;
    char *at;
    int i;
    for (i = 0; i < options->argc; i++)
        size += size_of(options->argv[i]);
    command = malloc(size);
    if (command == NULL)
        return NULL;
    at = command + sprintf(command, "%s%s", PROGRAM, options->resume ? "" : " --resume");
    for (i = 1; i < options->argc; i++) {
        if (!has_portal && strcmp(options->argv[i], "--") == 0) {
            at = append_portal(at, options);
            has_portal = 1;
        }
        at = append_quoted(at, options->argv[i]);
    }
    if (!has_portal)
        append_portal(at, options);
    return command;
}

char *end_sessions_command(const struct options *options, const char *journal)
{
    static const char words[] = PROGRAM " bulk end-sessions";
    char *command =
        malloc(sizeof words + size_of(options->portal) + size_of(journal) + sizeof " --portal");
    if (command != NULL)
        append_quoted(append_portal(command + sprintf(command, "%s", words), options), journal);
    return command;
}

int key_is_from_environment(const struct options *options)
{
    return options->key_file == NULL && options->key_from_environment;
}
