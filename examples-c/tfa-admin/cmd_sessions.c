/* sessions end: signs one account out everywhere. */
#include "account.h"
#include "connect.h"
#include "report.h"
#include "signals.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

enum { QUESTION_SIZE = 4096 };

static const char *question(char *text, const struct options *options, const dstfa_account *account,
                            int is_self)
{
    snprintf(text, QUESTION_SIZE,
             "Portal:  %s\n"
             "Account: %s <%s> (%s)\n"
             "%s"
             "This ends all sessions of the account: whoever is signed in as it has to sign in\n"
             "again. The linked app, API keys and OAuth tokens stay as they are.\n"
             "Go on? [y/N] ",
             options->portal, dstfa_account_display_name(account), dstfa_account_email(account),
             dstfa_account_id(account),
             is_self ? "THIS IS YOUR OWN ACCOUNT: your own sessions end, and the portal opens a "
                       "new one.\n"
                     : "");
    return text;
}

/* Whether it is the caller's own; one that cannot be read is not. */
static int is_self(const dstfa_client *client, const dstfa_account *account)
{
    dstfa_account *self = NULL;
    int same = dstfa_client_find_account(client, "@self", signals_cancel(), &self, NULL) ==
                   DSTFA_OK &&
               strcmp(dstfa_account_id(self), dstfa_account_id(account)) == 0;
    dstfa_account_free(self);
    return same;
}

static int report(const struct options *options, const dstfa_account *account,
                  const dstfa_error *error)
{
    int32_t applied = error != NULL ? dstfa_error_applied(error) : DSTFA_APPLIED_YES;
    int code = error != NULL ? exit_of_error(error) : EXIT_DONE;
    struct json json;
    if (!options->json) {
        if (error != NULL)
            print_failure(error);
        else
            print_sessions_ended();
        return code;
    }
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", (uint32_t)code);
    json_text(&json, "outcome",
              applied == DSTFA_APPLIED_YES  ? "ended"
              : applied == DSTFA_APPLIED_NO ? "refused"
                                            : "unknown");
    json_text(&json, "account_id", dstfa_account_id(account));
    json_text(&json, "sessions_ended",
              three_word(applied == DSTFA_APPLIED_YES  ? DSTFA_YES
                         : applied == DSTFA_APPLIED_NO ? DSTFA_NO
                                                       : DSTFA_UNKNOWN));
    if (error != NULL) {
        json_error(&json, error);
    } else {
        json_text(&json, "status", status_word(DSTFA_OK));
        json_text(&json, "reason", reason_word(DSTFA_REASON_NONE));
        json_text(&json, "applied", applied_word(applied));
        json_text(&json, "message", sessions_ended_text);
    }
    json_end(&json);
    return code;
}

static int end(const struct options *options, const dstfa_client *client,
               const dstfa_account *account)
{
    dstfa_error *error = NULL;
    int code;
    dstfa_client_end_sessions(client, dstfa_account_id(account), signals_cancel(), &error);
    code = report(options, account, error);
    dstfa_error_free(error);
    return code;
}

static int ask_and_end(const struct options *options, const dstfa_client *client, const char *who)
{
    char text[QUESTION_SIZE];
    dstfa_account *account = NULL;
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    if (dstfa_client_find_account(client, who, signals_cancel(), &account, &error) != DSTFA_OK) {
        code = report_error(options, error);
    } else {
        if (!options->yes) {
            question(text, options, account, is_self(client, account));
            code = confirm(options, text, "y");
        }
        if (code == EXIT_DONE)
            code = end(options, client, account);
    }
    dstfa_account_free(account);
    dstfa_error_free(error);
    return code;
}

int run_sessions(const struct options *options)
{
    dstfa_client *client = NULL;
    int code;
    if (strcmp(options->words[0], "end") != 0)
        return report_usage(options, "sessions: end is the only thing to do with them");
    code = connect_client(options, &client);
    if (code == EXIT_DONE)
        code = ask_and_end(options, client, options->words[1]);
    dstfa_client_free(client);
    return code;
}
