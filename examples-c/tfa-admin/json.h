/* Writes JSON, one object on a line. */
#ifndef JSON_H
#define JSON_H

#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *to;
    int separate; /* a comma comes before the next member */
};

void json_begin(struct json *json, FILE *to);
void json_end(struct json *json); /* ends the line */

/* Members; name is NULL inside an array. */
void json_text(struct json *json, const char *name, const char *value);
void json_number(struct json *json, const char *name, uint32_t value);
void json_bool(struct json *json, const char *name, int value);
void json_null(struct json *json, const char *name);
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);

#endif
