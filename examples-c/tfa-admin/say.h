/* Everything that is not a result: one line on standard error. */
#ifndef SAY_H
#define SAY_H

#if defined(__GNUC__)
#define LIKE_PRINTF __attribute__((format(printf, 1, 2)))
#else
#define LIKE_PRINTF
#endif

/* "tfa-admin: " and the text, without control characters. */
void say(const char *format, ...) LIKE_PRINTF;

#endif
