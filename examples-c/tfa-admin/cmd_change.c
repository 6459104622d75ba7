/* change: looks, asks, changes, and does what is left to do. */
#include "account.h"
#include "clock.h"
#include "connect.h"
#include "later.h"
#include "look.h"
#include "report.h"
#include "result.h"
#include "say.h"
#include "signals.h"
#include "words.h"

#include <stdio.h>
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
             "This unlinks the authenticator app and ends all sessions of the account. API\n"
             "keys and OAuth tokens of the account stay good.\n"
             "Go on? [y/N] ",
             options->portal, account != NULL ? dstfa_account_display_name(account) : "?",
             account != NULL ? dstfa_account_email(account) : "?", id,
             self ? "THIS IS YOUR OWN ACCOUNT: your own sessions end.\n" : "");
    return text;
}

/* Asks, and looks again where the answer took its time: what is changed is what
   was agreed to. Gives 0, or the exit code. */
static int agree(const struct options *options, const dstfa_client *client, const char *id,
                 struct look *seen)
{
    char text[QUESTION_SIZE];
    for (;;) {
        struct look newer = {NULL, 0};
        int same;
        int code = confirm(options, question(text, options, id, seen->check), "y");
        if (code != EXIT_DONE || !look_is_old(seen))
            return code;
        code = look(options, client, id, &newer);
        if (code != EXIT_DONE) {
            look_free(&newer);
            return code;
        }
        same = look_is_same(seen, &newer);
        look_free(seen);
        *seen = newer;
        if (same)
            return EXIT_DONE;
        say("the account is not as it was when you were asked");
        if (dstfa_check_would_apply(seen->check) == DSTFA_NO)
            return look_report(options, id, seen->check);
    }
}

static void end_sessions(const struct options *options, const dstfa_client *client,
                         struct result *result)
{
    fflush(stdout);
    /* Whoever wants it to stop is not asked. */
    if (signals_caught() == 0 &&
        agrees(options, "Whether the account's sessions were ended is not known. End them now?\n"
                        "Whoever is signed in as this account has to sign in again. [y/N] ")) {
        if (dstfa_client_end_sessions(client, result->id, signals_cancel(),
                                      &result->sessions_error) == DSTFA_OK)
            result->sessions_ended = DSTFA_YES;
    }
    if (!options->json)
        result_print_sessions(result);
    if (result->sessions_ended != DSTFA_YES)
        say("end the sessions with: " PROGRAM " sessions end %s", result->id);
}

/* Waits until a look shows how it is, and looks. */
static void look_late(const struct options *options, const dstfa_client *client,
                      struct result *result)
{
    dstfa_check *late = NULL;
    dstfa_error *error = NULL;
    fflush(stdout);
    if (!wait_until(result->answered + result->look_again_ms))
        return;
    if (dstfa_client_check(client, result->id, signals_cancel(), &late, &error) == DSTFA_OK)
        result_see(result, late);
    if (!result->is_late)
        say("the look has shown nothing: %s",
            error != NULL ? dstfa_error_message(error) : "the portal does not tell.");
    else if (!options->json)
        result_print_late(result);
    dstfa_check_free(late);
    dstfa_error_free(error);
}

static int change(const struct options *options, const dstfa_client *client, const char *id,
                  const dstfa_check *check)
{
    struct result result;
    int code;
    memset(&result, 0, sizeof result);
    result.id = id;
    result.check = check;
    dstfa_client_change_method_checked(client, check, method_for_accounts(options),
                                       signals_cancel(), &result.change, &result.error);
    result_take(&result);
    if (!options->json)
        result_print(&result);
    if (result_needs_ending(&result))
        end_sessions(options, client, &result);
    if (options->wait && result.look_again_ms > 0)
        look_late(options, client, &result);
    if (options->json)
        result_json(&result, options);
    else
        result_print_letter(&result, options);
    code = result_exit(&result);
    result_free(&result);
    return code;
}

int run_change(const struct options *options)
{
    char id[ID_SIZE];
    struct look seen = {NULL, 0};
    dstfa_client *client = NULL;
    int code = connect_client(options, &client);
    if (code == EXIT_DONE)
        code = resolve_account(options, client, options->words[0], id);
    if (code == EXIT_DONE)
        code = look(options, client, id, &seen);
    if (code == EXIT_DONE) {
        if (options->dry_run || dstfa_check_would_apply(seen.check) == DSTFA_NO) {
            code = look_report(options, id, seen.check);
        } else {
            code = agree(options, client, id, &seen);
            if (code == EXIT_DONE)
                code = change(options, client, id, seen.check);
        }
    }
    look_free(&seen);
    dstfa_client_free(client);
    return code;
}
