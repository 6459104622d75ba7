/* The command line: one table for reading it, the help and the completion. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "admin.h"

#include <stdio.h>

enum {
    ON_CHECK = 1,
    ON_CHANGE = 2,
    ON_FIND = 4,
    ON_LIST = 8,
    ON_POLICY = 16,
    ON_BULK = 32,
    ON_WHOAMI = 64,
    ON_COMPLETION = 128,
    ON_SESSIONS = 256,
    ON_REPORT = 512,
    ON_END_SESSIONS = 1024,
    ON_SALVAGE = 2048,
    ON_PORTAL = ON_CHECK | ON_CHANGE | ON_SESSIONS | ON_FIND | ON_LIST | ON_POLICY | ON_BULK |
                ON_WHOAMI | ON_END_SESSIONS,
    ON_ALL = 4095
};

/* What an option takes, and so what stands in its place in struct options. */
enum option_kind { FLAG, TEXT, NUMBER, SECONDS, METHOD, STATUS, ROLE };

struct option_row {
    const char *name;
    int letter;        /* 0: none */
    unsigned commands; /* ON_* */
    const char *value; /* NULL: takes none */
    enum option_kind kind;
    size_t place; /* in struct options */
    const char *help;
};

extern const struct option_row option_rows[]; /* ends with a NULL name */

/* Gives 0 and says why on standard error when the command line is wrong. */
int options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

/* The help of a command; of the program for NULL. */
void options_help(FILE *to, const struct command *command);

/* A number from 0 to 4294967295; 0 if the text is none. */
int read_number(const char *text, uint32_t *number);

#endif
