/* bulk end-sessions: ends the sessions that a run has left alive. */
#include "connect.h"
#include "known.h"
#include "options.h"
#include "report.h"
#include "say.h"
#include "signals.h"
#include "words.h"

#include <unistd.h>

enum { QUESTION_SIZE = 2048 };

struct ending {
    const struct options *options;
    uint32_t ended;
    uint32_t refused;
    uint32_t unknown;
    uint32_t left_out; /* the own account */
};

/* The outcomes are those of ending the sessions, not of the change. */
static const char *word_of(int32_t outcome)
{
    switch (outcome) {
    case DSTFA_ITEM_APPLIED:
        return "ended";
    case DSTFA_ITEM_REFUSED:
        return "refused";
    case DSTFA_ITEM_SKIPPED:
        return "left out";
    default:
        return "unknown";
    }
}

static void print_row(const struct options *options, const dstfa_bulk_item *item)
{
    const dstfa_error *error = dstfa_bulk_item_error(item);
    const char *word = word_of(dstfa_bulk_item_outcome(item));
    struct json json;
    if (options->json) {
        json_begin(&json, stdout);
        json_text(&json, "entry", dstfa_bulk_item_entry(item));
        json_text(&json, "account_id", dstfa_bulk_item_account_id(item));
        json_text(&json, "outcome", word);
        json_text(&json, "sessions_ended", three_word(dstfa_bulk_item_sessions_ended(item)));
        if (error != NULL)
            json_error(&json, error);
        json_end(&json);
        return;
    }
    printf("%s\t", word);
    print_clean(stdout, dstfa_bulk_item_entry(item));
    if (error != NULL)
        printf("\t%s\t%s",
               dstfa_error_reason(error) != DSTFA_REASON_NONE
                   ? reason_word(dstfa_error_reason(error))
                   : status_word(dstfa_error_status(error)),
               dstfa_error_message(error));
    else if (dstfa_bulk_item_outcome(item) == DSTFA_ITEM_SKIPPED)
        printf("\tself\tYour own account: --include-self ends your own sessions.");
    putchar('\n');
}

static void on_item(void *user_data, const dstfa_bulk *bulk, const dstfa_bulk_item *item)
{
    struct ending *ending = user_data;
    (void)bulk;
    switch (dstfa_bulk_item_outcome(item)) {
    case DSTFA_ITEM_APPLIED:
        ending->ended++;
        break;
    case DSTFA_ITEM_REFUSED:
        ending->refused++;
        break;
    case DSTFA_ITEM_SKIPPED:
        ending->left_out++;
        break;
    default:
        ending->unknown++;
        break;
    }
    print_row(ending->options, item);
    if (isatty(STDOUT_FILENO))
        fflush(stdout);
}

static int finish(const struct ending *ending, const dstfa_error *error)
{
    const struct options *options = ending->options;
    int code = ending->refused + ending->unknown > 0 ? EXIT_PARTLY : EXIT_DONE;
    struct json json;
    if (error != NULL)
        code = exit_of_error(error);
    if (options->json) {
        json_begin(&json, stdout);
        json_text(&json, "command", options->command->name);
        json_number(&json, "exit", (uint32_t)code);
        json_number(&json, "ended", ending->ended);
        json_number(&json, "refused", ending->refused);
        json_number(&json, "unknown", ending->unknown);
        json_number(&json, "self_left_out", ending->left_out);
        if (error != NULL) {
            json_open(&json, "error", '{');
            json_error(&json, error);
            json_close(&json, '}');
        } else {
            json_null(&json, "error");
        }
        json_end(&json);
    }
    fflush(stdout);
    if (error != NULL)
        say("stopped: %s", dstfa_error_message(error));
    say("sessions of %lu ended, of %lu refused, of %lu not known",
        (unsigned long)ending->ended, (unsigned long)ending->refused,
        (unsigned long)ending->unknown);
    if (error != NULL || ending->refused + ending->unknown > 0)
        say("the same command goes on with what is left");
    return code;
}

/* Up to so many: who was seen linked since, and who has ended their own, the
   library leaves out. */
static int count_open(const struct options *options, uint32_t *count)
{
    dstfa_journal *journal = NULL;
    dstfa_bulk_item *item;
    int code = open_to_read(options, options->words[0], &journal);
    *count = 0;
    if (code != EXIT_DONE)
        return code;
    while (dstfa_journal_next(journal, &item, NULL) == DSTFA_OK) {
        *count += dstfa_bulk_item_outcome(item) != DSTFA_ITEM_REFUSED &&
                  dstfa_bulk_item_sessions_ended(item) != DSTFA_YES;
        dstfa_bulk_item_free(item);
    }
    dstfa_journal_free(journal);
    return EXIT_DONE;
}

static int ask(const struct options *options, const dstfa_client *client, uint32_t count)
{
    char text[QUESTION_SIZE];
    dstfa_account *self = NULL;
    dstfa_error *error = NULL;
    int code;
    if (options->yes)
        return EXIT_DONE;
    if (dstfa_client_find_account(client, "@self", signals_cancel(), &self, &error) != DSTFA_OK) {
        code = report_error(options, error);
    } else {
        snprintf(text, sizeof text,
                 "Portal:   %s\n"
                 "Acting:   %s <%s>, %s\n"
                 "Journal:  %s\n"
                 "This ends all sessions of up to %lu accounts%s: whoever is signed in as one of\n"
                 "them has to sign in again. Linked apps, API keys and OAuth tokens stay as they\n"
                 "are%s.\n"
                 "Go on? [y/N] ",
                 options->portal, dstfa_account_display_name(self), dstfa_account_email(self),
                 role_word(dstfa_account_role(self)), options->words[0], (unsigned long)count,
                 options->all ? ", also of those seen linked since" : "",
                 options->include_self ? "; YOUR OWN SESSIONS END TOO if you are among them" : "");
        code = confirm(options, text, "y");
    }
    dstfa_account_free(self);
    dstfa_error_free(error);
    return code;
}

static dstfa_status set_up(const struct options *options, dstfa_bulk *bulk, dstfa_error **error)
{
    uint32_t number = 0;
    dstfa_status status = DSTFA_OK;
    if (options->requests_per_minute != NULL) {
        read_number(options->requests_per_minute, &number); /* options.c has judged it */
        status = dstfa_bulk_set_requests_per_minute(bulk, number, error);
    }
    if (status == DSTFA_OK)
        status = dstfa_bulk_set_include_self(bulk, options->include_self, error);
    if (status == DSTFA_OK)
        status = dstfa_bulk_set_retry_unknown(bulk, options->all, error);
    if (status == DSTFA_OK)
        status = dstfa_bulk_set_journal(bulk, options->words[0], error);
    return status;
}

static int perform(const struct options *options, const dstfa_client *client, dstfa_bulk *bulk,
                   uint32_t count)
{
    struct ending ending = {NULL, 0, 0, 0, 0};
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    ending.options = options;
    if (count > 0)
        code = ask(options, client, count);
    if (code == EXIT_DONE) {
        dstfa_bulk_end_sessions(bulk, signals_cancel(), on_item, &ending, &error);
        code = finish(&ending, error);
    }
    dstfa_error_free(error);
    return code;
}

/* The journal is judged before a key is asked for, and opened before the question. */
int run_bulk_end_sessions(const struct options *options)
{
    dstfa_client *client = NULL;
    dstfa_bulk *bulk = NULL;
    dstfa_error *error = NULL;
    uint32_t count;
    int code = count_open(options, &count);
    if (code == EXIT_DONE)
        code = connect_client(options, &client);
    if (code == EXIT_DONE) {
        if (dstfa_bulk_new(client, method_for_accounts(options), &bulk, &error) == DSTFA_OK &&
            set_up(options, bulk, &error) == DSTFA_OK)
            code = perform(options, client, bulk, count);
        else
            code = report_error(options, error);
    }
    dstfa_error_free(error);
    dstfa_bulk_free(bulk);
    dstfa_client_free(client);
    return code;
}
