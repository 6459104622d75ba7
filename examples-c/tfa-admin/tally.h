/* What the entries of a bulk run came to, and the exit code that makes. */
#ifndef TALLY_H
#define TALLY_H

#include "admin.h"

struct tally {
    uint32_t applied; /* now or in an earlier run */
    uint32_t would;   /* dry run */
    uint32_t refused; /* now or in an earlier run */
    uint32_t unknown;
    uint32_t earlier; /* of applied and refused: settled in the journal */
    uint32_t sessions_unknown; /* of applied: nobody knows that they were ended */
    uint32_t still_linked;     /* of applied: in the look at the end */
    uint32_t duplicates;
    uint32_t self; /* the own account, left out */
};

/* self_id is the caller's own account. */
void tally_add(struct tally *tally, const dstfa_bulk_item *item, const char *self_id);

/* What the looks at the end of the run have changed. */
void tally_last(struct tally *tally, const dstfa_bulk *bulk);

/* Whether it is unlinked, and its sessions are not known to be ended. */
int has_sessions_unknown(const dstfa_bulk_item *item);

/* Why an entry was skipped: "earlier", "self" or "duplicate". */
const char *skip_word(const dstfa_bulk_item *item, const char *self_id);

/* error is that of the run; NULL if it went to its end. */
int tally_exit(const struct tally *tally, const dstfa_error *error);

#endif
