/* The words for the library's numbers, and texts from outside made harmless. */
#ifndef WORDS_H
#define WORDS_H

#include <stdint.h>
#include <stdio.h>

const char *applied_word(int32_t applied);
const char *three_word(int32_t answer); /* yes, no, unknown */
const char *method_word(int32_t method);
const char *account_status_word(int32_t status);
const char *role_word(int32_t role);
const char *next_word(int32_t next_sign_in);
const char *outcome_word(int32_t item_outcome);
const char *status_word(int32_t status); /* DSTFA_E_TIMEOUT -> TIMEOUT */
const char *reason_word(int32_t reason); /* DSTFA_REASON_NOT_LINKED -> NOT_LINKED */

/* The other way round; 0 if the word is none. */
int read_method(const char *word, int32_t *method);
int read_account_status(const char *word, int32_t *status);
int read_role(const char *word, int32_t *role);

/* The length of the UTF-8 character that begins here; 0 if none does. */
size_t utf8_length(const char *text);

/* The same; 0 also for a control character. */
size_t clean_length(const char *text);

/* Prints a text with control characters and broken UTF-8 replaced by "?". */
void print_clean(FILE *to, const char *text);

#endif
