/* Checks for the C programs of the tests: the first that fails says where, and
 * ends the program with 1. CHECK_OUT may be defined before this is included. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef CHECK_OUT
#define CHECK_OUT stderr
#endif

#define CHECK(condition)                                                             \
    do {                                                                             \
        if (!(condition)) {                                                          \
            fprintf(CHECK_OUT, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                 \
        }                                                                            \
    } while (0)

#define CHECK_INT(actual, expected)                                                  \
    do {                                                                             \
        long check_actual = (long)(actual);                                          \
        long check_expected = (long)(expected);                                      \
        if (check_actual != check_expected) {                                        \
            fprintf(CHECK_OUT, "%s:%d: %s is %ld, not %ld\n", __FILE__, __LINE__,    \
                    #actual, check_actual, check_expected);                          \
            exit(1);                                                                 \
        }                                                                            \
    } while (0)

#define CHECK_STR(actual, expected)                                                  \
    do {                                                                             \
        const char *check_text = (actual);                                           \
        if (check_text == NULL || strcmp(check_text, (expected)) != 0) {             \
            fprintf(CHECK_OUT, "%s:%d: %s is \"%s\", not \"%s\"\n", __FILE__,        \
                    __LINE__, #actual, check_text ? check_text : "(NULL)", (expected)); \
            exit(1);                                                                 \
        }                                                                            \
    } while (0)

/* The text has the part somewhere in it. */
#define CHECK_HAS(text, part)                                                        \
    do {                                                                             \
        const char *check_text = (text);                                             \
        if (check_text == NULL || strstr(check_text, (part)) == NULL) {              \
            fprintf(CHECK_OUT, "%s:%d: %s, \"%s\", lacks \"%s\"\n", __FILE__,        \
                    __LINE__, #text, check_text ? check_text : "(NULL)", (part));    \
            exit(1);                                                                 \
        }                                                                            \
    } while (0)

/* What an out parameter points to before a call: nobody must free or read it. */
#define STALE(type) ((type *)check_stale)
#define STALE_ERROR ((dstfa_error *)check_stale)
#define STALE_CLIENT ((dstfa_client *)check_stale)
#define STALE_CHANGE ((dstfa_change *)check_stale)
static void *const check_stale = (void *)sizeof(void *);

/* The call failed with this status before anything was sent. */
#define CHECK_UNSENT(expected_status, status, error)                                 \
    do {                                                                             \
        CHECK_INT((status), (expected_status));                                      \
        CHECK((error) != NULL && (error) != STALE_ERROR);                            \
        CHECK_INT(dstfa_error_status(error), (expected_status));                     \
        CHECK_INT(dstfa_error_applied(error), DSTFA_APPLIED_NO);                     \
        CHECK_INT(dstfa_error_http_status(error), 0);                                \
        CHECK(strlen(dstfa_error_message(error)) > 0);                               \
        CHECK_STR(dstfa_error_portal_message(error), "");                            \
    } while (0)

/* The call refused its arguments. Its message has `word`; frees the error. */
#define CHECK_ARGUMENT(status, error, word)                                          \
    do {                                                                             \
        CHECK_UNSENT(DSTFA_E_ARGUMENT, status, error);                               \
        CHECK_INT(dstfa_error_reason(error), DSTFA_REASON_NONE);                     \
        CHECK_INT(dstfa_error_retryable(error), 0);                                  \
        CHECK_INT(dstfa_error_retry_after_ms(error), 0);                             \
        CHECK_INT(dstfa_error_attempts(error), 0);                                   \
        CHECK_INT(dstfa_error_app_link(error), DSTFA_UNKNOWN);                       \
        CHECK_HAS(dstfa_error_message(error), word);                                 \
        dstfa_error_free(error);                                                     \
        (error) = STALE_ERROR;                                                       \
    } while (0)

/* The call succeeded and left no error. */
#define CHECK_DONE(status, error)                                                    \
    do {                                                                             \
        dstfa_status check_status = (status);                                        \
        if (check_status != DSTFA_OK) {                                              \
            fprintf(CHECK_OUT, "%s:%d: %s: %s\n", __FILE__, __LINE__,                \
                    dstfa_status_name(check_status), dstfa_error_message(error));    \
            exit(1);                                                                 \
        }                                                                            \
        CHECK((error) == NULL);                                                      \
        (error) = STALE_ERROR;                                                       \
    } while (0)

#endif
