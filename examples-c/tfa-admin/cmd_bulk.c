/* bulk: many accounts, at the pace the portal allows. */
#include "bulk_question.h"
#include "connect.h"
#include "later.h"
#include "list.h"
#include "member.h"
#include "options.h"
#include "progress.h"
#include "report.h"
#include "resume.h"
#include "say.h"
#include "signals.h"
#include "tally.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the callback needs. */
struct run {
    const struct options *options;
    const char *self_id;
    struct tally tally;
    int has_terminal; /* results go to one */
};

static void json_item(const dstfa_bulk_item *item, const char *self_id)
{
    const dstfa_error *error = dstfa_bulk_item_error(item);
    const dstfa_change *change = dstfa_bulk_item_change(item);
    struct json json;
    json_begin(&json, stdout);
    json_number(&json, "index", dstfa_bulk_item_index(item));
    json_text(&json, "entry", dstfa_bulk_item_entry(item));
    json_text(&json, "account_id", dstfa_bulk_item_account_id(item));
    json_text(&json, "outcome", outcome_word(dstfa_bulk_item_outcome(item)));
    json_bool(&json, "from_journal", dstfa_bulk_item_from_journal(item) == 1);
    if (dstfa_bulk_item_outcome(item) == DSTFA_ITEM_SKIPPED)
        json_text(&json, "skipped", skip_word(item, self_id));
    if (dstfa_bulk_item_outcome(item) == DSTFA_ITEM_APPLIED)
        json_text(&json, "sessions_ended", three_word(dstfa_change_sessions_ended(change)));
    if (error != NULL) {
        json_error(&json, error);
    } else if (change != NULL) {
        json_text(&json, "applied", applied_word(dstfa_change_applied(change)));
        json_bool(&json, "verified", dstfa_change_verified(change) == 1);
        json_number(&json, "look_again_ms", dstfa_change_look_again_ms(change));
        json_text(&json, "message", dstfa_change_message(change));
    }
    json_end(&json);
}

static enum colour colour_of(const dstfa_bulk_item *item)
{
    int32_t outcome = dstfa_bulk_item_outcome(item);
    if (outcome == DSTFA_ITEM_REFUSED)
        return RED;
    return outcome == DSTFA_ITEM_UNKNOWN || has_sessions_unknown(item) ? YELLOW : GREEN;
}

/* Why it is refused or unknown, or what is left to do. */
static void print_reason(const dstfa_bulk_item *item)
{
    const dstfa_error *error = dstfa_bulk_item_error(item);
    int32_t reason = dstfa_error_reason(error);
    if (has_sessions_unknown(item))
        printf("\tSESSIONS_UNKNOWN\t%s", error != NULL
                                              ? dstfa_error_message(error)
                                              : dstfa_change_message(dstfa_bulk_item_change(item)));
    else if (error != NULL)
        printf("\t%s\t%s",
               reason != DSTFA_REASON_NONE ? reason_word(reason)
                                           : status_word(dstfa_error_status(error)),
               dstfa_error_message(error));
}

/* The outcome, the entry, the reason and the message, with tabs between. */
static void print_item(const dstfa_bulk_item *item, const char *self_id)
{
    int32_t outcome = dstfa_bulk_item_outcome(item);
    const dstfa_error *error = dstfa_bulk_item_error(item);
    print_word(outcome_word(outcome), colour_of(item));
    putchar('\t');
    print_clean(stdout, dstfa_bulk_item_entry(item));
    if (outcome != DSTFA_ITEM_SKIPPED)
        print_reason(item);
    else if (error != NULL)
        printf("\t%s\t%s", skip_word(item, self_id), dstfa_error_message(error));
    else
        printf("\t%s", skip_word(item, self_id));
    putchar('\n');
}

/* On a terminal what went well is told by the bar alone. */
static int is_worth_a_line(const struct run *run, const dstfa_bulk_item *item)
{
    int32_t outcome = dstfa_bulk_item_outcome(item);
    if (!run->has_terminal || run->options->json)
        return 1;
    return outcome == DSTFA_ITEM_REFUSED || outcome == DSTFA_ITEM_UNKNOWN ||
           has_sessions_unknown(item);
}

static void on_item(void *user_data, const dstfa_bulk *bulk, const dstfa_bulk_item *item)
{
    struct run *run = user_data;
    int will_print = is_worth_a_line(run, item);
    (void)bulk;
    tally_add(&run->tally, item, run->self_id);
    progress_hold(will_print && run->has_terminal);
    if (will_print) {
        if (run->options->json)
            json_item(item, run->self_id);
        else
            print_item(item, run->self_id);
        if (run->has_terminal)
            fflush(stdout);
    }
    progress_go_on();
}

static dstfa_status set_number(dstfa_bulk *bulk, const char *text, dstfa_error **error,
                               dstfa_status set(dstfa_bulk *, uint32_t, dstfa_error **))
{
    uint32_t number = 0;
    if (text == NULL)
        return DSTFA_OK;
    read_number(text, &number); /* options.c has judged it */
    return set(bulk, number, error);
}

static dstfa_status set_up(dstfa_bulk *bulk, const struct options *options, const struct list *list,
                           dstfa_error **error)
{
    size_t i;
    dstfa_status status = set_number(bulk, options->parallel, error, dstfa_bulk_set_parallel);
    if (status == DSTFA_OK)
        status = set_number(bulk, options->requests_per_minute, error,
                            dstfa_bulk_set_requests_per_minute);
    if (status == DSTFA_OK)
        status = set_number(bulk, options->writes_per_day, error, dstfa_bulk_set_writes_per_day);
    if (status == DSTFA_OK && options->dry_run)
        status = dstfa_bulk_set_dry_run(bulk, 1, error);
    if (status == DSTFA_OK && options->include_self)
        status = dstfa_bulk_set_include_self(bulk, 1, error);
    if (status == DSTFA_OK && options->retry_unknown)
        status = dstfa_bulk_set_retry_unknown(bulk, 1, error);
    if (status == DSTFA_OK && !options->dry_run && !options->no_verify)
        status = dstfa_bulk_set_verify(bulk, options->wait ? 2 : 1, error);
    for (i = 0; status == DSTFA_OK && i < list->count; i++)
        status = dstfa_bulk_add(bulk, list->entries[i], NULL, error);
    return status;
}

static void json_summary(const struct run *run, const dstfa_bulk *bulk, int code,
                         const dstfa_error *error, const char *resume, const char *text)
{
    const struct tally *tally = &run->tally;
    struct json json;
    json_begin(&json, stdout);
    json_text(&json, "command", run->options->command->name);
    json_number(&json, "exit", (uint32_t)code);
    json_bool(&json, "dry_run", run->options->dry_run);
    json_number(&json, "total", dstfa_bulk_total(bulk));
    json_number(&json, "applied", tally->applied);
    json_number(&json, "would", tally->would);
    json_number(&json, "refused", tally->refused);
    json_number(&json, "unknown", tally->unknown);
    json_number(&json, "sessions_unknown", tally->sessions_unknown);
    json_number(&json, "still_linked", tally->still_linked);
    json_number(&json, "from_journal", tally->earlier);
    json_number(&json, "duplicates", tally->duplicates);
    json_number(&json, "self_left_out", tally->self);
    json_number(&json, "remaining", dstfa_bulk_remaining(bulk));
    json_number(&json, "elapsed_ms", dstfa_bulk_elapsed_ms(bulk));
    if (error != NULL) {
        json_open(&json, "error", '{');
        json_error(&json, error);
        json_close(&json, '}');
    } else {
        json_null(&json, "error");
    }
    if (resume != NULL)
        json_text(&json, "resume", resume);
    else
        json_null(&json, "resume");
    if (text != NULL)
        json_text(&json, "member_text", text);
    json_end(&json);
}

static void print_summary(const struct run *run, const dstfa_bulk *bulk, const char *text)
{
    const struct tally *tally = &run->tally;
    uint32_t total = dstfa_bulk_total(bulk);
    uint32_t remaining = dstfa_bulk_remaining(bulk);
    char time[DURATION_SIZE];
    printf("%lu of %lu entries in %s: ", (unsigned long)(total - remaining), (unsigned long)total,
           duration_text(time, dstfa_bulk_elapsed_ms(bulk)));
    if (run->options->dry_run)
        printf("%lu would be applied", (unsigned long)tally->would);
    else
        printf("%lu applied", (unsigned long)tally->applied);
    printf(", %lu refused, %lu unknown", (unsigned long)tally->refused,
           (unsigned long)tally->unknown);
    if (tally->sessions_unknown > 0)
        printf(", sessions of %lu not known to be ended", (unsigned long)tally->sessions_unknown);
    if (tally->still_linked > 0)
        printf(", %lu still linked five minutes later (not saved, or linked again)",
               (unsigned long)tally->still_linked);
    if (tally->duplicates > 0)
        printf(", %lu twice in the list", (unsigned long)tally->duplicates);
    if (tally->self > 0)
        printf(", your own left out");
    if (tally->earlier > 0)
        printf(" (%lu settled by the journal)", (unsigned long)tally->earlier);
    putchar('\n');
    if (text != NULL)
        printf("\nFor the members:\n%s\n", text);
}

/* One text for all: it claims what is known of each. */
static int32_t sessions_of_all(const struct tally *tally)
{
    int is_known = tally->sessions_unknown == 0 && tally->earlier == 0;
    return is_known ? DSTFA_YES : DSTFA_UNKNOWN;
}

static int finish(const struct run *run, const dstfa_bulk *bulk, const dstfa_error *error,
                  const char *journal, int32_t next)
{
    char buffer[MEMBER_TEXT_SIZE];
    char time[LATER_SIZE];
    const char *text = NULL;
    char *resume = NULL;
    char *sessions = NULL;
    int code;
    int unfinished;
    /* only the wait for the last look was cut short */
    if (dstfa_error_status(error) == DSTFA_E_CANCELLED && dstfa_bulk_remaining(bulk) == 0)
        error = NULL;
    code = tally_exit(&run->tally, error);
    unfinished = dstfa_bulk_remaining(bulk) > 0 || run->tally.unknown > 0 || error != NULL;

    if (run->tally.applied > 0 && !run->options->dry_run)
        text = members_text(buffer, sizeof buffer, run->options->portal, next,
                            sessions_of_all(&run->tally));
    if (unfinished && journal != NULL)
        resume = resume_command(run->options);
    if (run->tally.sessions_unknown > 0 && journal != NULL)
        sessions = end_sessions_command(run->options, journal);
    if (error != NULL) {
        if (dstfa_error_status(error) == DSTFA_E_CANCELLED)
            say("stopped; what was under way is told above");
        else
            say("stopped: %s", dstfa_error_message(error));
        if (dstfa_error_retry_after_ms(error) > 0)
            say("come back after %s, local time",
                later_text(time, dstfa_error_retry_after_ms(error)));
    }
    if (run->options->json)
        json_summary(run, bulk, code, error, resume, text);
    else
        print_summary(run, bulk, text);
    fflush(stdout);
    if (run->tally.sessions_unknown > 0 && journal != NULL)
        say("end the sessions with: %s", sessions != NULL ? sessions : "");
    else if (run->tally.sessions_unknown > 0)
        say("end the sessions of each with: " PROGRAM " sessions end ACCOUNT");
    if (resume != NULL) {
        say("go on with: %s", resume);
        if (key_is_from_environment(run->options))
            say("the key is not in it: DOCSPACE_API_KEY has to be set again");
    }
    free(sessions);
    free(resume);
    return code;
}

static int open_journal(const struct options *options, dstfa_bulk *bulk, const char *journal)
{
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    if (dstfa_bulk_set_journal(bulk, journal, &error) != DSTFA_OK)
        code = report_error(options, error);
    dstfa_error_free(error);
    return code;
}

/* A journal to go on with is judged before anything is asked; a new one is made
   only when the answer was yes. */
static int perform(const struct options *options, const dstfa_client *client, dstfa_bulk *bulk,
                   const struct list *list, const char *journal)
{
    struct run run;
    dstfa_account *self = NULL;
    dstfa_error *error = NULL;
    int32_t next = DSTFA_NEXT_UNKNOWN;
    int code = EXIT_DONE;

    if (options->resume)
        code = open_journal(options, bulk, journal);
    if (code == EXIT_DONE)
        code = bulk_introduce(options, client, list, journal, &self, &next);
    if (code == EXIT_DONE && journal != NULL && !options->resume)
        code = open_journal(options, bulk, journal);
    if (code == EXIT_DONE) {
        memset(&run, 0, sizeof run);
        run.options = options;
        run.self_id = dstfa_account_id(self);
        run.has_terminal = isatty(STDOUT_FILENO);
        progress_begin(bulk, options->dry_run);
        signals_stop_first(bulk);
        dstfa_bulk_run(bulk, signals_cancel(), on_item, &run, &error);
        signals_stop_first(NULL);
        progress_end();
        tally_last(&run.tally, bulk);
        code = error != NULL && exit_of_error(error) == EXIT_USAGE
                   ? report_error(options, error) /* somebody else's journal */
                   : finish(&run, bulk, error, journal, next);
    }
    dstfa_error_free(error);
    dstfa_account_free(self);
    return code;
}

static int check_list(const struct options *options, const struct list *list)
{
    struct json json;
    if (!options->json) {
        printf("%lu entries, %lu of them distinct\n", (unsigned long)list->count,
               (unsigned long)list->distinct);
        return EXIT_DONE;
    }
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", EXIT_DONE);
    json_number(&json, "entries", (uint32_t)list->count);
    json_number(&json, "distinct", (uint32_t)list->distinct);
    json_end(&json);
    return EXIT_DONE;
}

static int start(const struct options *options, const struct list *list, const char *journal)
{
    dstfa_client *client = NULL;
    dstfa_bulk *bulk = NULL;
    dstfa_error *error = NULL;
    int code = connect_client(options, &client);
    if (code == EXIT_DONE) {
        if (dstfa_bulk_new(client, method_for_accounts(options), &bulk, &error) == DSTFA_OK &&
            set_up(bulk, options, list, &error) == DSTFA_OK)
            code = perform(options, client, bulk, list, journal);
        else
            code = report_error(options, error);
    }
    dstfa_error_free(error);
    dstfa_bulk_free(bulk);
    dstfa_client_free(client);
    return code;
}

/* The list comes first: with a wrong one nothing is asked and nothing sent. */
int run_bulk(const struct options *options)
{
    struct list list;
    char *journal = NULL;
    int code = list_read(&list, options->words[0], options->column);
    if (code != EXIT_DONE)
        return report_end(options, code, "the list cannot be used");
    if (options->check_list) {
        code = check_list(options, &list);
    } else {
        code = journal_path(options, &journal);
        if (code == EXIT_DONE)
            code = start(options, &list, journal);
    }
    free(journal);
    list_free(&list);
    return code;
}
