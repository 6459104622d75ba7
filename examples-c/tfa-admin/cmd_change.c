/* change: looks, asks, changes, and says what came of it. */
#include "account.h"
#include "connect.h"
#include "look.h"
#include "member.h"
#include "report.h"
#include "signals.h"
#include "words.h"

#include <string.h>

enum { QUESTION_SIZE = 4096 };

static const char *question(char *text, const struct options *options, const char *id,
                            const dstfa_check *check)
{
    const dstfa_account *account = dstfa_check_account(check);
    int self = dstfa_check_is_self(check) == DSTFA_YES;
    snprintf(text, QUESTION_SIZE,
             "Portal:  %s\n"
             "Account: %s <%s> (%s)\n"
             "%s"
             "This unlinks the authenticator app and ends all sessions of the account.\n"
             "Go on? [y/N] ",
             options->portal, account != NULL ? dstfa_account_display_name(account) : "?",
             account != NULL ? dstfa_account_email(account) : "?", id,
             self ? "THIS IS YOUR OWN ACCOUNT: your own sessions end.\n" : "");
    return text;
}

/* The change itself may know more than the look before it did. */
static int32_t next_sign_in(const dstfa_check *check, const dstfa_change *change)
{
    int32_t next = dstfa_change_next_sign_in(change);
    return next != DSTFA_NEXT_UNKNOWN ? next : dstfa_check_next_sign_in(check);
}

static void print_login_url(const dstfa_change *change)
{
    const char *url = dstfa_change_login_url(change);
    if (*url == '\0')
        return;
    if (dstfa_change_login_url_same_origin(change) == 1)
        printf("login URL: %s\n", url);
    else
        puts("login URL: not shown (it does not lead to this portal)");
}

static void json_change(const struct options *options, const dstfa_change *change, int32_t next,
                        int code, const char *text)
{
    int applied = dstfa_change_applied(change);
    int usable = dstfa_change_login_url_same_origin(change) == 1;
    struct json json;
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", (uint32_t)code);
    json_text(&json, "outcome", applied == DSTFA_APPLIED_YES ? "applied" : "unknown");
    json_text(&json, "applied", applied_word(applied));
    json_text(&json, "status", status_word(DSTFA_OK));
    json_text(&json, "reason", reason_word(DSTFA_REASON_NONE));
    json_text(&json, "account_id", dstfa_change_account_id(change));
    json_text(&json, "method_asked", method_word(dstfa_change_method_asked(change)));
    json_text(&json, "is_self", three_word(dstfa_change_is_self(change)));
    json_bool(&json, "verified", dstfa_change_verified(change) == 1);
    json_text(&json, "next_sign_in", next_word(next));
    json_number(&json, "http_status", (uint32_t)dstfa_change_http_status(change));
    json_number(&json, "attempts", dstfa_change_attempts(change));
    json_text(&json, "login_url", usable ? dstfa_change_login_url(change) : "");
    json_text(&json, "message", dstfa_change_message(change));
    json_text(&json, "member_text", text);
    json_end(&json);
}

static int report_change(const struct options *options, const dstfa_check *check,
                         const dstfa_change *change)
{
    char buffer[MEMBER_TEXT_SIZE];
    int32_t next = next_sign_in(check, change);
    const char *text = member_text(buffer, sizeof buffer, options->portal, next);
    int done = dstfa_change_applied(change) == DSTFA_APPLIED_YES;
    int code = done ? EXIT_DONE : EXIT_UNKNOWN;
    if (options->json) {
        json_change(options, change, next, code, text);
        return code;
    }
    print_word(done ? "done" : "unknown", done ? GREEN : YELLOW);
    printf(": %s\n", dstfa_change_message(change));
    print_login_url(change);
    /* Even if it is not known who did it, the app is unlinked now. */
    if (dstfa_change_is_self(change) != DSTFA_YES)
        printf("\nFor the member:\n%s\n", text);
    return code;
}

static int report_failure(const struct options *options, const char *id, const dstfa_error *error)
{
    int code = exit_of_error(error);
    struct json json;
    if (!options->json) {
        print_failure(error);
        return code;
    }
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", (uint32_t)code);
    json_text(&json, "outcome",
              dstfa_error_applied(error) == DSTFA_APPLIED_NO ? "refused" : "unknown");
    json_text(&json, "account_id", id);
    json_error(&json, error);
    json_end(&json);
    return code;
}

static int change(const struct options *options, const dstfa_client *client, const char *id,
                  const dstfa_check *check)
{
    int method = options->method == DSTFA_METHOD_UNKNOWN ? DSTFA_METHOD_NONE : options->method;
    dstfa_change *done = NULL;
    dstfa_error *error = NULL;
    int code;
    if (dstfa_client_change_method(client, id, method, signals_cancel(), &done, &error) == DSTFA_OK)
        code = report_change(options, check, done);
    else
        code = report_failure(options, id, error);
    dstfa_change_free(done);
    dstfa_error_free(error);
    return code;
}

int run_change(const struct options *options)
{
    char id[ID_SIZE];
    char text[QUESTION_SIZE];
    dstfa_client *client = NULL;
    dstfa_check *check = NULL;
    int code = connect_client(options, &client);
    if (code == EXIT_DONE)
        code = resolve_account(options, client, options->words[0], id);
    if (code == EXIT_DONE)
        code = look(options, client, id, &check);
    if (code == EXIT_DONE) {
        if (options->dry_run || dstfa_check_would_apply(check) == DSTFA_NO) {
            code = look_report(options, id, check);
        } else {
            code = confirm(options, question(text, options, id, check), "y");
            if (code == EXIT_DONE)
                code = change(options, client, id, check);
        }
    }
    dstfa_check_free(check);
    dstfa_client_free(client);
    return code;
}
