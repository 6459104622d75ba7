/* Results and failures, in words and as JSON, and the exit code of each. */
#ifndef REPORT_H
#define REPORT_H

#include "admin.h"
#include "json.h"

int exit_of_reason(int32_t reason, int otherwise);
int exit_of_error(const dstfa_error *error);

/* Something went wrong that is no result of a change: on standard error, and
   with --json an object with "exit" too. Each gives the exit code. */
int report_error(const struct options *options, const dstfa_error *error);
int report_usage(const struct options *options, const char *text);
/* The same where the text was said already. */
int report_end(const struct options *options, int code, const char *text);

/* The members "status", "reason", "applied" and so on of an error. */
void json_error(struct json *json, const dstfa_error *error);

/* A word on standard output, in colour if that may be. */
enum colour { PLAIN = 0, RED = 31, GREEN = 32, YELLOW = 33 };
void print_word(const char *word, enum colour colour);

/* "refused: NOT_LINKED – …" or "unknown: …", on standard output. */
void print_failure(const dstfa_error *error);

/* What it means that the portal ended all sessions of an account. */
extern const char sessions_ended_text[];
void print_sessions_ended(void);

/* A question after the act: 1 if the answer is yes, and with --yes unasked. */
int agrees(const struct options *options, const char *question);

/* "Go on?"; gives 0, or the exit code after it has said why not. */
int confirm(const struct options *options, const char *question, const char *expected);

#endif
