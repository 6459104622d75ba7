/* What a journal says of the entries of a list. */
#ifndef KNOWN_H
#define KNOWN_H

#include "admin.h"

#include <stddef.h>

enum known_state {
    NOT_BEGUN,
    WAS_APPLIED,
    WAS_REFUSED, /* after it was sent */
    AGAIN,       /* refused, and judged anew */
    OPEN         /* asked for, and nobody knows what came of it */
};

struct known_row {
    char *key; /* the entry, or the id of its account */
    enum known_state state;
};

struct known {
    struct known_row *rows; /* sorted by key */
    size_t count;
    uint32_t damage_line; /* 0: none */
};

/* Reads the journal. Gives 0, or the exit code after it has said what is wrong;
   then nothing need be freed. */
int known_read(const struct options *options, const char *path, struct known *known);
void known_free(struct known *known);

enum known_state known_state(const struct known *known, const char *entry);

/* Opens a journal to read; gives 0, or the exit code after it has said why not. */
int open_to_read(const struct options *options, const char *path, dstfa_journal **journal);

#endif
