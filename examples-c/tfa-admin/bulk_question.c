#include "bulk_question.h"
#include "known.h"
#include "report.h"
#include "signals.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

enum { QUESTION_SIZE = 4096, NUMBER_SIZE = 24, LEFT_SIZE = 512 };

/* The entries of the list, each once, by what the journal says of them. */
struct left {
    size_t settled;
    size_t open;
    size_t to_do; /* may be unlinked by this run */
};

static int count_left(const struct options *options, const struct list *list, const char *journal,
                      struct left *left)
{
    struct known known;
    size_t i;
    int code;
    memset(left, 0, sizeof *left);
    left->to_do = list->distinct;
    if (!options->resume)
        return EXIT_DONE;
    code = known_read(options, journal, &known);
    if (code != EXIT_DONE)
        return code;
    for (i = 0; i < list->count; i++) {
        enum known_state state = known_state(&known, list->entries[i]);
        if (!list_is_first(list, i))
            continue;
        left->settled += state == WAS_APPLIED || (state == WAS_REFUSED && !options->retry_unknown);
        left->open += state == OPEN;
    }
    left->to_do -= left->settled + (options->retry_unknown ? 0 : left->open);
    known_free(&known);
    return EXIT_DONE;
}

/* What a run that goes on finds; "" for one that begins. */
static const char *left_text(char *text, const struct options *options, const struct left *left)
{
    *text = '\0';
    if (options->resume)
        snprintf(text, LEFT_SIZE,
                 "Settled:  %lu by the journal; not asked for again\n"
                 "Unknown:  %lu; looked at, and %s\n"
                 "Left:     %lu\n",
                 (unsigned long)left->settled, (unsigned long)left->open,
                 options->retry_unknown
                     ? "ASKED FOR AGAIN if still linked, or linked again"
                     : "asked for again only with --retry-unknown",
                 (unsigned long)left->to_do);
    return text;
}

static const char *question(char *text, const struct options *options, const dstfa_account *self,
                            const struct left *left, const char *journal)
{
    char found[LEFT_SIZE];
    snprintf(
        text, QUESTION_SIZE,
        "Portal:   %s\n"
        "Acting:   %s <%s>, %s\n"
        "Journal:  %s\n"
        "%s"
        "%s"
        "This unlinks the authenticator apps of up to %lu accounts and ends their sessions%s.\n"
        "API keys and OAuth tokens of the accounts stay good.\n"
        "%s",
        options->portal, dstfa_account_display_name(self), dstfa_account_email(self),
        role_word(dstfa_account_role(self)), journal != NULL ? journal : "none",
        dstfa_account_is_owner(self) == 1
            ? ""
            : "Warning:  only the portal's owner may change others.\n",
        left_text(found, options, left), (unsigned long)left->to_do,
        options->include_self ? ", YOUR OWN INCLUDED if it is in the list" : "",
        left->to_do > 0 ? "Type the number of accounts to go on: " : "Go on? [y/N] ");
    return text;
}

/* What the members meet: asked once; a portal that does not tell is no fault. */
static int32_t next_sign_in(const dstfa_client *client)
{
    dstfa_policy *policy = NULL;
    int32_t next = DSTFA_NEXT_UNKNOWN;
    if (dstfa_client_policy(client, signals_cancel(), &policy, NULL) == DSTFA_OK) {
        switch (dstfa_policy_method(policy)) {
        case DSTFA_METHOD_APP:
            next = DSTFA_NEXT_ENROL;
            break;
        case DSTFA_METHOD_SMS:
            /* without a provider it is on and cannot be used */
            if (dstfa_policy_sms_available(policy) == DSTFA_YES)
                next = DSTFA_NEXT_SMS;
            break;
        default:
            break; /* some may be asked all the same */
        }
    }
    dstfa_policy_free(policy);
    return next;
}

int bulk_introduce(const struct options *options, const dstfa_client *client,
                     const struct list *list, const char *journal, dstfa_account **self,
                     int32_t *next)
{
    char text[QUESTION_SIZE];
    char number[NUMBER_SIZE];
    struct left left;
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    if (dstfa_client_find_account(client, "@self", signals_cancel(), self, &error) != DSTFA_OK) {
        code = report_error(options, error);
    } else if (!options->dry_run) {
        *next = next_sign_in(client);
        code = options->yes ? EXIT_DONE : count_left(options, list, journal, &left);
        if (code == EXIT_DONE && !options->yes) {
            snprintf(number, sizeof number, "%lu", (unsigned long)left.to_do);
            question(text, options, *self, &left, journal);
            code = confirm(options, text, left.to_do > 0 ? number : "y");
        }
    }
    dstfa_error_free(error);
    return code;
}
