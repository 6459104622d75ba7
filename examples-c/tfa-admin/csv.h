/* Splits CSV into records and fields, in place. */
#ifndef CSV_H
#define CSV_H

#include <stddef.h>

enum { MOST_FIELDS = 256 };

struct csv {
    char *at;
    char separator; /* comma, semicolon or tab */
    size_t line;    /* of the record that is read next, from 1 */
};

enum csv_result { CSV_RECORD, CSV_END, CSV_OPEN_QUOTE, CSV_TOO_MANY };

/* text ends in NUL and is written to. */
void csv_begin(struct csv *csv, char *text);

/* The next record: its fields, trimmed, and the line it begins at. */
enum csv_result csv_next(struct csv *csv, char *fields[MOST_FIELDS], size_t *count, size_t *line);

#endif
