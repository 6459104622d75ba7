#include "csv.h"

#include <string.h>

/* The first of the three that stands outside quotes in the first record. */
static char find_separator(const char *text)
{
    int quoted = 0;
    while (*text == '\n' || *text == '\r')
        text++;
    for (; *text != '\0' && (quoted || (*text != '\n' && *text != '\r')); text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (!quoted && (*text == ',' || *text == ';' || *text == '\t'))
            return *text;
    }
    return ',';
}

void csv_begin(struct csv *csv, char *text)
{
    csv->at = text;
    csv->line = 1;
    csv->separator = find_separator(text);
}

static int ends_field(const struct csv *csv, char byte)
{
    return byte == '\0' || byte == '\n' || byte == '\r' || byte == csv->separator;
}

static int is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Quotes in the middle of a field stay as they are. */
static int read_field(struct csv *csv, char **field)
{
    char *from = csv->at;
    char *to;
    char *end;
    while (is_blank(*from) && *from != csv->separator)
        from++;
    *field = to = from;
    if (*from == '"') {
        for (from++; *from != '\0'; *to++ = *from++) {
            if (*from == '"') {
                if (from[1] != '"')
                    break;
                from++;
            }
            if (*from == '\n')
                csv->line++;
        }
        if (*from == '\0')
            return 0;
        from++;
    }
    while (!ends_field(csv, *from))
        *to++ = *from++;
    csv->at = from;
    /* The end is marked by the caller, who needs the byte there first. */
    for (end = to; end > *field && is_blank(end[-1]);)
        end--;
    if (end < from)
        *end = '\0';
    return 1;
}

enum csv_result csv_next(struct csv *csv, char *fields[MOST_FIELDS], size_t *count, size_t *line)
{
    *count = 0;
    *line = csv->line;
    if (*csv->at == '\0')
        return CSV_END;
    for (;;) {
        char end;
        if (*count == MOST_FIELDS)
            return CSV_TOO_MANY;
        if (!read_field(csv, &fields[(*count)++]))
            return CSV_OPEN_QUOTE;
        end = *csv->at;
        *csv->at = '\0';
        if (end == '\0')
            return CSV_RECORD;
        csv->at++;
        if (end == '\r' && *csv->at == '\n')
            csv->at++;
        if (end != csv->separator) {
            csv->line++;
            return CSV_RECORD;
        }
    }
}
