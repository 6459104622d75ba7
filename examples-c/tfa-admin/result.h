/* The result of a change: what is known of it, and how it is told. */
#ifndef RESULT_H
#define RESULT_H

#include "admin.h"

struct result {
    const char *id;
    const dstfa_check *check; /* the look before */
    dstfa_change *change;     /* one of these two */
    dstfa_error *error;
    int32_t applied;        /* DSTFA_APPLIED_* */
    int32_t link;           /* as it was seen last */
    int32_t sessions_ended; /* DSTFA_YES or DSTFA_UNKNOWN */
    int32_t next_sign_in;
    uint32_t look_again_ms; /* from the answer on */
    uint64_t answered;      /* clock_ms() */
    int is_late;            /* the look was so late that it shows no old picture */
    dstfa_error *sessions_error;
};

/* Takes what the change has given: change or error. */
void result_take(struct result *result);
void result_free(struct result *result);

/* A look five minutes later. */
void result_see(struct result *result, const dstfa_check *late);

/* How long from now until a look can tell more; 0: there is no reason to. */
uint32_t result_wait_ms(const struct result *result);

/* Whether the app is unlinked, by the portal's word or as it was seen. */
int result_is_settled(const struct result *result);
/* Whether the sessions may be left over by a change that was made. */
int result_needs_ending(const struct result *result);
int result_exit(const struct result *result);

/* In words: first what the change came to, then what ending the sessions did and
   a late look has shown, last a text for the member. */
void result_print(const struct result *result);
void result_print_sessions(const struct result *result);
void result_print_late(const struct result *result);
void result_print_letter(const struct result *result, const struct options *options);

/* All of it in one object. */
void result_json(const struct result *result, const struct options *options);

#endif
