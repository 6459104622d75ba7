/* bulk report: what a journal says. */
#include "known.h"
#include "list.h"
#include "report.h"
#include "say.h"
#include "tally.h"
#include "words.h"

#include <string.h>

static const char never_begun[] = "Never begun: a run that goes on does it.";

/* What is counted beside the tally. */
struct counts {
    struct tally tally;
    uint32_t total;
    uint32_t not_begun;
};

static const char *message_of(const dstfa_bulk_item *item)
{
    const dstfa_error *error = dstfa_bulk_item_error(item);
    return error != NULL ? dstfa_error_message(error)
                         : dstfa_change_message(dstfa_bulk_item_change(item));
}

/* "-": there is none. */
static const char *why_of(const dstfa_bulk_item *item)
{
    const dstfa_error *error = dstfa_bulk_item_error(item);
    if (error == NULL)
        return "-";
    return dstfa_error_reason(error) != DSTFA_REASON_NONE ? reason_word(dstfa_error_reason(error))
                                                          : status_word(dstfa_error_status(error));
}

static void print_row(const struct options *options, const char *outcome, const char *entry,
                      const char *id, const char *why, const char *sessions, const char *message)
{
    struct json json;
    if (options->json) {
        json_begin(&json, stdout);
        json_text(&json, "entry", entry);
        json_text(&json, "account_id", id);
        json_text(&json, "outcome", outcome);
        json_text(&json, "reason", why);
        json_text(&json, "sessions_ended", sessions);
        json_text(&json, "message", message);
        json_end(&json);
        return;
    }
    printf("%s\t", outcome);
    print_clean(stdout, entry);
    printf("\t%s\t%s\t%s\n", why, sessions, message);
}

static void print_items(const struct options *options, dstfa_journal *journal,
                        struct counts *counts)
{
    dstfa_bulk_item *item;
    while (dstfa_journal_next(journal, &item, NULL) == DSTFA_OK) {
        tally_add(&counts->tally, item, "");
        counts->total++;
        print_row(options, outcome_word(dstfa_bulk_item_outcome(item)),
                  dstfa_bulk_item_entry(item), dstfa_bulk_item_account_id(item), why_of(item),
                  three_word(dstfa_bulk_item_sessions_ended(item)), message_of(item));
        dstfa_bulk_item_free(item);
    }
}

/* Those of the list that the journal does not name, each once. */
static int print_not_begun(const struct options *options, const struct known *known,
                           struct counts *counts)
{
    struct list list;
    size_t i;
    int code = list_read(&list, options->list, options->column);
    if (code != EXIT_DONE)
        return report_end(options, code, "the list cannot be used");
    for (i = 0; i < list.count; i++) {
        const char *entry = list.entries[i];
        if (known_state(known, entry) != NOT_BEGUN || !list_is_first(&list, i))
            continue;
        print_row(options, "not begun", entry, "", "-", three_word(DSTFA_UNKNOWN), never_begun);
        counts->total++;
        counts->not_begun++;
    }
    list_free(&list);
    return EXIT_DONE;
}

static int exit_of(const struct counts *counts, uint32_t damage_line)
{
    int code = tally_exit(&counts->tally, NULL);
    if (counts->tally.unknown == 0 && damage_line != 0)
        return EXIT_USAGE;
    return code == EXIT_DONE && counts->not_begun > 0 ? EXIT_PARTLY : code;
}

static void conclude(const struct options *options, const struct counts *counts, int code,
                     uint32_t damage_line)
{
    const struct tally *tally = &counts->tally;
    struct json json;
    if (options->json) {
        json_begin(&json, stdout);
        json_text(&json, "command", options->command->name);
        json_number(&json, "exit", (uint32_t)code);
        json_number(&json, "total", counts->total);
        json_number(&json, "applied", tally->applied);
        json_number(&json, "refused", tally->refused);
        json_number(&json, "unknown", tally->unknown);
        json_number(&json, "not_begun", counts->not_begun);
        json_number(&json, "sessions_unknown", tally->sessions_unknown);
        json_number(&json, "damage_line", damage_line);
        json_end(&json);
    }
    fflush(stdout);
    say("%lu applied, %lu refused, %lu unknown, sessions of %lu not known to be ended",
        (unsigned long)tally->applied, (unsigned long)tally->refused,
        (unsigned long)tally->unknown, (unsigned long)tally->sessions_unknown);
    if (options->list != NULL)
        say("%lu never begun", (unsigned long)counts->not_begun);
    else
        say("entries never begun are not in a journal; --list FILE adds them");
    if (tally->sessions_unknown > 0)
        say("end their sessions with: " PROGRAM " bulk end-sessions JOURNAL");
    if (damage_line != 0)
        say("DAMAGED from line %lu on: nothing behind it is told; copy what is sound with: " PROGRAM
            " bulk salvage OLD NEW",
            (unsigned long)damage_line);
}

/* The journal is read once for what it knows and once for printing. */
int run_bulk_report(const struct options *options)
{
    struct known known;
    struct counts counts;
    dstfa_journal *journal = NULL;
    int code = known_read(options, options->words[0], &known);
    if (code != EXIT_DONE)
        return code;
    memset(&counts, 0, sizeof counts);
    code = open_to_read(options, options->words[0], &journal);
    if (code == EXIT_DONE) {
        print_items(options, journal, &counts);
        if (options->list != NULL)
            code = print_not_begun(options, &known, &counts);
    }
    if (code == EXIT_DONE) {
        code = exit_of(&counts, dstfa_journal_damage_line(journal));
        conclude(options, &counts, code, dstfa_journal_damage_line(journal));
    }
    dstfa_journal_free(journal);
    known_free(&known);
    return code;
}
