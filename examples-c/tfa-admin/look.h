/* The look before a change, which check, change and --dry-run share. */
#ifndef LOOK_H
#define LOOK_H

#include "admin.h"

struct look {
    dstfa_check *check;
    uint64_t begun; /* clock_ms() */
};

/* Looks, and frees what an earlier look showed. Gives 0, or the exit code after
   it has told why; look_free() is needed whatever it gives. */
int look(const struct options *options, const dstfa_client *client, const char *id,
         struct look *look);
void look_free(struct look *look);

/* Whether so much time has passed that it has to be done again. */
int look_is_old(const struct look *look);

/* Whether two looks show the same, as far as it matters. */
int look_is_same(const struct look *one, const struct look *other);

/* Tells what the look has shown, as a result, and gives the exit code. */
int look_report(const struct options *options, const char *id, const dstfa_check *check);

#endif
