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
#include "connect.h"

#include <signal.h>

enum { DONE = 0, NOT_DONE = 1, USAGE = 2, NOT_KNOWN = 3 };

struct request {
    struct place place;
    const char *account_id;
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
    int at;
    memset(request, 0, sizeof *request);
    request->place.program = "change_method";
    at = read_place(count, words, 2, &request->place);
    if (at == 0)
        return 0;
    request->account_id = words[at];
    return read_method(words[at + 1], &request->method);
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
    if (dstfa_error_applied(error) == DSTFA_APPLIED_NO) {
        print_failure(error);
        return NOT_DONE;
    }
    printf("unknown: %s\n", dstfa_error_message(error));
    if (*dstfa_error_portal_message(error) != '\0')
        printf("portal says: %s\n", dstfa_error_portal_message(error));
    return NOT_KNOWN;
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

    status = connect_to(&request.place, &client, &error);
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
