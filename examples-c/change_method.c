/*
 * change_method: changes the two-factor method of one account, then shows the
 * URL the portal returned.
 *
 *   change_method [--ca-file FILE] [--key-file FILE] PORTAL_URL ACCOUNT_ID none|sms|app
 *
 * The API key comes from the file, or from the environment variable
 * DOCSPACE_API_KEY; never from the command line, where every user of the
 * machine could read it.
 *
 * Exit code: 0 done; 1 nothing was changed; 2 wrong usage; 3 not known whether
 * the account was changed.
 */
#include <docspace_tfa.h>

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DONE = 0, NOT_DONE = 1, USAGE = 2, NOT_KNOWN = 3 };
enum { KEY_SIZE = 4098 };

struct request {
    const char *portal_url;
    const char *account_id;
    const char *ca_file;
    const char *key_file;
    int32_t method;
};

/* Ctrl-C ends the call, and the outcome is still reported. */
static dstfa_cancel *interrupt;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    dstfa_cancel_request(interrupt);
}

static int usage(void)
{
    fputs("usage: change_method [--ca-file FILE] [--key-file FILE] "
          "PORTAL_URL ACCOUNT_ID none|sms|app\n"
          "The API key is read from the key file, or from DOCSPACE_API_KEY.\n",
          stderr);
    return USAGE;
}

static int read_method(const char *word, int32_t *method)
{
    if (strcmp(word, "none") == 0)
        *method = DSTFA_METHOD_NONE;
    else if (strcmp(word, "sms") == 0)
        *method = DSTFA_METHOD_SMS;
    else if (strcmp(word, "app") == 0)
        *method = DSTFA_METHOD_APP;
    else
        return 0;
    return 1;
}

static int read_arguments(int count, char **words, struct request *request)
{
    int at = 1;
    memset(request, 0, sizeof *request);
    while (at + 1 < count && strncmp(words[at], "--", 2) == 0) {
        if (strcmp(words[at], "--ca-file") == 0)
            request->ca_file = words[at + 1];
        else if (strcmp(words[at], "--key-file") == 0)
            request->key_file = words[at + 1];
        else
            return 0;
        at += 2;
    }
    if (count - at != 3)
        return 0;
    request->portal_url = words[at];
    request->account_id = words[at + 1];
    return read_method(words[at + 2], &request->method);
}

/* Writes that the compiler may not leave out. */
static void wipe(char *bytes, size_t size)
{
    volatile char *at = bytes;
    while (size-- > 0)
        *at++ = 0;
}

/* The key as a NUL-terminated text, without the line end of its file. */
static int read_key(const char *path, char *key, size_t size)
{
    size_t length;
    if (path == NULL) {
        const char *value = getenv("DOCSPACE_API_KEY");
        if (value == NULL) {
            fputs("change_method: give --key-file, or set DOCSPACE_API_KEY\n", stderr);
            return 0;
        }
        length = strlen(value);
        if (length < size)
            memcpy(key, value, length);
    } else {
        FILE *file = fopen(path, "rb");
        if (file == NULL) {
            perror(path);
            return 0;
        }
        setvbuf(file, NULL, _IONBF, 0); /* no copy of the key in a stdio buffer */
        length = fread(key, 1, size, file);
        if (ferror(file)) {
            perror(path);
            fclose(file);
            return 0;
        }
        fclose(file);
    }
    if (length >= size) {
        fputs("change_method: the API key is too long\n", stderr);
        return 0;
    }
    while (length > 0 && isspace((unsigned char)key[length - 1]))
        length--;
    key[length] = '\0';
    return 1;
}

/* The client holds its own copy of the key until it is freed. */
static dstfa_status connect_to(const struct request *request, dstfa_client **client,
                               dstfa_error **error)
{
    char key[KEY_SIZE];
    dstfa_status status;
    dstfa_options *options = dstfa_options_new();

    status = dstfa_options_set_portal_url(options, request->portal_url, error);
    if (status == DSTFA_OK && request->ca_file != NULL)
        status = dstfa_options_add_ca_file(options, request->ca_file, error);
    if (status == DSTFA_OK) {
        if (read_key(request->key_file, key, sizeof key))
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

static void print_login_url(const dstfa_change *change)
{
    const char *url = dstfa_change_login_url(change);
    if (*url != '\0' && dstfa_change_login_url_same_origin(change))
        printf("login URL: %s\n", url);
    else if (*url != '\0')
        puts("login URL: not shown (it does not lead to this portal)");
    else if (dstfa_change_is_self(change) == DSTFA_NO)
        puts("login URL: none (the account is another member's)");
    else
        puts("login URL: none");
}

static int report_change(const dstfa_change *change)
{
    if (dstfa_change_applied(change) != DSTFA_APPLIED_YES) {
        printf("unknown: %s\n", dstfa_change_message(change));
        return NOT_KNOWN;
    }
    printf("done: %s\n", dstfa_change_message(change));
    print_login_url(change);
    return DONE;
}

static int report_error(const dstfa_error *error)
{
    int32_t reason = dstfa_error_reason(error);
    int code = NOT_DONE;

    if (dstfa_error_applied(error) != DSTFA_APPLIED_NO) {
        printf("unknown: %s\n", dstfa_error_message(error));
        code = NOT_KNOWN;
    } else if (reason != DSTFA_REASON_NONE) {
        printf("refused: %s \xe2\x80\x93 %s\n", without(dstfa_reason_name(reason), "DSTFA_REASON_"),
               dstfa_error_message(error));
    } else {
        printf("not done: %s \xe2\x80\x93 %s\n",
               without(dstfa_status_name(dstfa_error_status(error)), "DSTFA_E_"),
               dstfa_error_message(error));
    }
    if (*dstfa_error_portal_message(error) != '\0')
        printf("portal says: %s\n", dstfa_error_portal_message(error));
    return code;
}

int main(int argc, char **argv)
{
    struct request request;
    dstfa_client *client = NULL;
    dstfa_change *change = NULL;
    dstfa_error *error = NULL;
    dstfa_status status;
    int code;

    if (!read_arguments(argc, argv, &request))
        return usage();
    if (dstfa_version_number() != DSTFA_VERSION_NUMBER)
        fprintf(stderr, "note: built with header %s, running with library %s\n", DSTFA_VERSION,
                dstfa_version());
    interrupt = dstfa_cancel_new();
    signal(SIGINT, on_interrupt);

    status = connect_to(&request, &client, &error);
    if (status == DSTFA_OK)
        status = dstfa_client_change_method(client, request.account_id, request.method, interrupt,
                                            &change, &error);

    if (status == DSTFA_OK)
        code = report_change(change);
    else if (error != NULL)
        code = report_error(error);
    else
        code = NOT_DONE;
    if (status == DSTFA_E_ARGUMENT)
        code = USAGE;

    signal(SIGINT, SIG_DFL);
    dstfa_change_free(change);
    dstfa_error_free(error);
    dstfa_client_free(client);
    dstfa_cancel_free(interrupt);
    return code;
}
