#include "json.h"
#include "words.h"

static void text(FILE *to, const char *value)
{
    fputc('"', to);
    while (*value != '\0') {
        unsigned char byte = (unsigned char)*value;
        size_t length = utf8_length(value);
        if (length == 0)
            fputs("\\ufffd", to);
        else if (byte == '"' || byte == '\\')
            fprintf(to, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f)
            fprintf(to, "\\u%04x", byte);
        else
            fwrite(value, 1, length, to);
        value += length == 0 ? 1 : length;
    }
    fputc('"', to);
}

static void member(struct json *json, const char *name)
{
    if (json->separate)
        fputc(',', json->to);
    json->separate = 1;
    if (name != NULL) {
        text(json->to, name);
        fputc(':', json->to);
    }
}

void json_begin(struct json *json, FILE *to)
{
    json->to = to;
    json->separate = 0;
    fputc('{', to);
}

void json_end(struct json *json)
{
    fputs("}\n", json->to);
}

void json_text(struct json *json, const char *name, const char *value)
{
    member(json, name);
    text(json->to, value);
}

void json_number(struct json *json, const char *name, uint32_t value)
{
    member(json, name);
    fprintf(json->to, "%lu", (unsigned long)value);
}

void json_bool(struct json *json, const char *name, int value)
{
    member(json, name);
    fputs(value ? "true" : "false", json->to);
}

void json_null(struct json *json, const char *name)
{
    member(json, name);
    fputs("null", json->to);
}

void json_open(struct json *json, const char *name, char bracket)
{
    member(json, name);
    fputc(bracket, json->to);
    json->separate = 0;
}

void json_close(struct json *json, char bracket)
{
    fputc(bracket, json->to);
    json->separate = 1;
}
