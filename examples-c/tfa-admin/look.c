#include "look.h"
#include "account.h"
#include "clock.h"
#include "report.h"
#include "signals.h"
#include "words.h"

#include <string.h>

/* A change is told what a look of at most a minute ago has shown: half of that
   is left for sending it. */
enum { FRESH_MS = 30000 };

int look(const struct options *options, const dstfa_client *client, const char *id,
         struct look *look)
{
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    look_free(look);
    look->begun = clock_ms();
    if (dstfa_client_check(client, id, signals_cancel(), &look->check, &error) != DSTFA_OK)
        code = report_error(options, error);
    dstfa_error_free(error);
    return code;
}

void look_free(struct look *look)
{
    dstfa_check_free(look->check);
    look->check = NULL;
}

int look_is_old(const struct look *look)
{
    return clock_ms() - look->begun > FRESH_MS;
}

static int is_same_account(const dstfa_account *one, const dstfa_account *other)
{
    if (one == NULL || other == NULL)
        return one == other;
    return strcmp(dstfa_account_email(one), dstfa_account_email(other)) == 0 &&
           strcmp(dstfa_account_display_name(one), dstfa_account_display_name(other)) == 0 &&
           dstfa_account_status(one) == dstfa_account_status(other) &&
           dstfa_account_role(one) == dstfa_account_role(other);
}

int look_is_same(const struct look *one, const struct look *other)
{
    const dstfa_check *a = one->check;
    const dstfa_check *b = other->check;
    return dstfa_check_would_apply(a) == dstfa_check_would_apply(b) &&
           dstfa_check_reason(a) == dstfa_check_reason(b) &&
           dstfa_check_app_link(a) == dstfa_check_app_link(b) &&
           dstfa_check_is_self(a) == dstfa_check_is_self(b) &&
           dstfa_check_portal_method(a) == dstfa_check_portal_method(b) &&
           dstfa_check_next_sign_in(a) == dstfa_check_next_sign_in(b) &&
           is_same_account(dstfa_check_account(a), dstfa_check_account(b));
}

/* A change that goes no further is refused already. */
static const char *verdict(const struct options *options, int32_t would_apply)
{
    if (would_apply == DSTFA_YES)
        return "would be done";
    if (would_apply != DSTFA_NO)
        return "not known";
    return options->command->run == run_change && !options->dry_run ? "refused"
                                                                    : "would be refused";
}

/* The words of bulk's outcomes. */
static int32_t outcome(int32_t would_apply)
{
    return would_apply == DSTFA_YES  ? DSTFA_ITEM_WOULD_APPLY
           : would_apply == DSTFA_NO ? DSTFA_ITEM_REFUSED
                                     : DSTFA_ITEM_UNKNOWN;
}

static enum colour colour(int32_t would_apply)
{
    return would_apply == DSTFA_YES ? GREEN : would_apply == DSTFA_NO ? RED : YELLOW;
}

/* A "no" is an answer and no failure, whatever its reason. */
static int exit_of(const dstfa_check *check)
{
    int32_t would_apply = dstfa_check_would_apply(check);
    if (would_apply == DSTFA_YES)
        return EXIT_DONE;
    if (would_apply == DSTFA_NO)
        return EXIT_REFUSED;
    return exit_of_reason(dstfa_check_reason(check), EXIT_REFUSED);
}

int look_report(const struct options *options, const char *id, const dstfa_check *check)
{
    int32_t would_apply = dstfa_check_would_apply(check);
    int32_t reason = dstfa_check_reason(check);
    const dstfa_account *account = dstfa_check_account(check);
    int code = exit_of(check);
    struct json json;

    if (!options->json) {
        print_word(verdict(options, would_apply), colour(would_apply));
        printf(": ");
        if (reason != DSTFA_REASON_NONE)
            printf("%s \xe2\x80\x93 ", reason_word(reason));
        printf("%s\n", dstfa_check_message(check));
        if (account != NULL)
            print_account(account);
        return code;
    }
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", (uint32_t)code);
    json_text(&json, "outcome", outcome_word(outcome(would_apply)));
    json_text(&json, "applied", applied_word(DSTFA_APPLIED_NO));
    json_text(&json, "would_apply", three_word(would_apply));
    json_text(&json, "reason", reason_word(reason));
    json_text(&json, "account_id", id);
    json_text(&json, "is_self", three_word(dstfa_check_is_self(check)));
    json_text(&json, "app_link", three_word(dstfa_check_app_link(check)));
    json_text(&json, "portal_method", method_word(dstfa_check_portal_method(check)));
    json_text(&json, "next_sign_in", next_word(dstfa_check_next_sign_in(check)));
    json_text(&json, "message", dstfa_check_message(check));
    if (account != NULL) {
        json_open(&json, "account", '{');
        json_account(&json, account);
        json_close(&json, '}');
    } else {
        json_null(&json, "account");
    }
    json_end(&json);
    return code;
}
