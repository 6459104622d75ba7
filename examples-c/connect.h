/*
 * What the C programs of this folder share: the arguments that name a portal,
 * the API key, and the client made of them.
 */
#ifndef CONNECT_H
#define CONNECT_H

#include <docspace_tfa.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 4098 };

struct place {
    const char *program;
    const char *portal_url;
    const char *ca_file;
    const char *key_file;
};

/* Reads [--ca-file FILE] [--key-file FILE] PORTAL_URL and gives the place of the
 * first argument after them; 0 unless `rest` arguments follow. */
static int read_place(int count, char **words, int rest, struct place *place)
{
    int at = 1;
    while (at + 1 < count && strncmp(words[at], "--", 2) == 0) {
        if (strcmp(words[at], "--ca-file") == 0)
            place->ca_file = words[at + 1];
        else if (strcmp(words[at], "--key-file") == 0)
            place->key_file = words[at + 1];
        else
            return 0;
        at += 2;
    }
    if (count - at != 1 + rest)
        return 0;
    place->portal_url = words[at];
    return at + 1;
}

/* Writes that the compiler may not leave out. */
static void wipe(char *bytes, size_t size)
{
    volatile char *at = bytes;
    while (size-- > 0)
        *at++ = 0;
}

/* The key as a NUL-terminated text, without the line end of its file. */
static int read_key(const struct place *place, char *key, size_t size)
{
    size_t length;
    if (place->key_file == NULL) {
        const char *value = getenv("DOCSPACE_API_KEY");
        if (value == NULL) {
            fprintf(stderr, "%s: give --key-file, or set DOCSPACE_API_KEY\n", place->program);
            return 0;
        }
        length = strlen(value);
        if (length < size)
            memcpy(key, value, length);
    } else {
        FILE *file = fopen(place->key_file, "rb");
        if (file == NULL) {
            perror(place->key_file);
            return 0;
        }
        setvbuf(file, NULL, _IONBF, 0); /* no copy of the key in a stdio buffer */
        length = fread(key, 1, size, file);
        if (ferror(file)) {
            perror(place->key_file);
            fclose(file);
            return 0;
        }
        fclose(file);
    }
    if (length >= size) {
        fprintf(stderr, "%s: the API key is too long\n", place->program);
        return 0;
    }
    while (length > 0 && isspace((unsigned char)key[length - 1]))
        length--;
    key[length] = '\0';
    return 1;
}

/* The client holds its own copy of the key until it is freed. */
static dstfa_status connect_to(const struct place *place, dstfa_client **client,
                               dstfa_error **error)
{
    char key[KEY_SIZE];
    dstfa_status status;
    dstfa_options *options = dstfa_options_new();

    status = dstfa_options_set_portal_url(options, place->portal_url, error);
    if (status == DSTFA_OK && place->ca_file != NULL)
        status = dstfa_options_add_ca_file(options, place->ca_file, error);
    if (status == DSTFA_OK) {
        if (read_key(place, key, sizeof key))
            status = dstfa_options_set_api_key(options, key, error);
        else
            status = DSTFA_E_ARGUMENT; /* said already: no error object */
        wipe(key, sizeof key);
    }
    if (status == DSTFA_OK)
        status = dstfa_client_new(options, client, error);
    dstfa_options_free(options);
    return status;
}

/* DSTFA_REASON_NOT_LINKED -> NOT_LINKED, DSTFA_E_TIMEOUT -> TIMEOUT */
static const char *without(const char *name, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 ? name + length : name;
}

/* Why a call failed that changed nothing. Texts from the portal come without
 * control characters: they may go to a terminal. */
static void print_failure(const dstfa_error *error)
{
    int32_t reason = dstfa_error_reason(error);

    if (reason != DSTFA_REASON_NONE)
        printf("refused: %s \xe2\x80\x93 %s\n", without(dstfa_reason_name(reason), "DSTFA_REASON_"),
               dstfa_error_message(error));
    else
        printf("not done: %s \xe2\x80\x93 %s\n",
               without(dstfa_status_name(dstfa_error_status(error)), "DSTFA_E_"),
               dstfa_error_message(error));
    if (*dstfa_error_portal_message(error) != '\0')
        printf("portal says: %s\n", dstfa_error_portal_message(error));
}

#endif
