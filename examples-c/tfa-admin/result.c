#include "result.h"
#include "clock.h"
#include "later.h"
#include "member.h"
#include "report.h"
#include "words.h"

#include <string.h>

void result_take(struct result *result)
{
    const dstfa_change *change = result->change;
    const dstfa_error *error = result->error;
    result->answered = clock_ms();
    result->next_sign_in = dstfa_check_next_sign_in(result->check);
    if (change == NULL) {
        result->applied = dstfa_error_applied(error);
        result->link = dstfa_error_app_link(error);
        result->sessions_ended = DSTFA_UNKNOWN;
        result->look_again_ms = dstfa_error_look_again_ms(error);
        return;
    }
    result->applied = dstfa_change_applied(change);
    result->sessions_ended = dstfa_change_sessions_ended(change);
    result->look_again_ms = dstfa_change_look_again_ms(change);
    result->link = dstfa_change_verified(change) == 1 ? DSTFA_NO
                   : result->look_again_ms > 0        ? DSTFA_YES
                                                      : DSTFA_UNKNOWN;
    /* The change itself may know more than the look before it did. */
    if (dstfa_change_next_sign_in(change) != DSTFA_NEXT_UNKNOWN)
        result->next_sign_in = dstfa_change_next_sign_in(change);
}

void result_free(struct result *result)
{
    dstfa_change_free(result->change);
    dstfa_error_free(result->error);
    dstfa_error_free(result->sessions_error);
}

/* Where it shows nothing, what was known before stands. */
void result_see(struct result *result, const dstfa_check *late)
{
    if (dstfa_check_app_link(late) == DSTFA_UNKNOWN)
        return;
    result->link = dstfa_check_app_link(late);
    result->look_again_ms = 0;
    result->is_late = 1;
    if (dstfa_check_next_sign_in(late) != DSTFA_NEXT_UNKNOWN)
        result->next_sign_in = dstfa_check_next_sign_in(late);
}

uint32_t result_wait_ms(const struct result *result)
{
    uint64_t passed = clock_ms() - result->answered;
    return passed < result->look_again_ms ? result->look_again_ms - (uint32_t)passed : 0;
}

int result_is_settled(const struct result *result)
{
    if (result->applied == DSTFA_APPLIED_NO || (result->is_late && result->link == DSTFA_YES))
        return 0;
    return result->applied == DSTFA_APPLIED_YES || result->link == DSTFA_NO;
}

int result_needs_ending(const struct result *result)
{
    return result->applied != DSTFA_APPLIED_NO && result->sessions_ended != DSTFA_YES;
}

int result_exit(const struct result *result)
{
    if (result->applied == DSTFA_APPLIED_NO)
        return exit_of_error(result->error);
    if (!result_is_settled(result))
        return EXIT_UNKNOWN;
    return result->sessions_ended == DSTFA_YES ? EXIT_DONE : EXIT_PARTLY;
}

/* The portal's word, and five minutes later it is not so. */
static int is_unverified(const struct result *result)
{
    return result->applied == DSTFA_APPLIED_YES && result->is_late && result->link == DSTFA_YES;
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

void result_print(const struct result *result)
{
    char time[LATER_SIZE];
    if (result->applied == DSTFA_APPLIED_NO) {
        print_failure(result->error);
        return;
    }
    if (result->applied == DSTFA_APPLIED_YES)
        print_word("done", GREEN);
    else
        print_word(result->link == DSTFA_NO ? "unlinked" : "unknown", YELLOW);
    printf(": %s\n", result->change != NULL ? dstfa_change_message(result->change)
                                            : dstfa_error_message(result->error));
    if (*dstfa_error_portal_message(result->error) != '\0')
        printf("the portal says: %s\n", dstfa_error_portal_message(result->error));
    print_login_url(result->change);
    if (result->look_again_ms > 0)
        printf("look again: after %s, local time: " PROGRAM " find %s\n",
               later_text(time, result_wait_ms(result)), result->id);
}

void result_print_sessions(const struct result *result)
{
    if (result->sessions_ended == DSTFA_YES) {
        print_sessions_ended();
    } else if (result->sessions_error != NULL) {
        printf("sessions: ");
        print_failure(result->sessions_error);
    }
}

static const char *late_text(const struct result *result)
{
    if (is_unverified(result))
        return "The portal said that it was done, and the app is linked: it was not saved, or the "
               "app was linked again since. Ask the member before doing it again.";
    if (result->link == DSTFA_YES)
        return "The app is linked: it was not done, or the app was linked again since. Ask the "
               "member before doing it again.";
    if (result->applied == DSTFA_APPLIED_YES)
        return "The app is unlinked.";
    return "The app is unlinked now; whether by this call is not known.";
}

void result_print_late(const struct result *result)
{
    if (!result->is_late)
        return;
    if (result->link == DSTFA_YES)
        print_word(is_unverified(result) ? "unverified" : "unknown", YELLOW);
    else if (result->applied == DSTFA_APPLIED_YES)
        print_word("verified", GREEN);
    else
        print_word("unlinked", YELLOW);
    printf(": %s\n", late_text(result));
}

static int32_t is_self(const struct result *result)
{
    int32_t told = dstfa_change_is_self(result->change);
    return told != DSTFA_UNKNOWN ? told : dstfa_check_is_self(result->check);
}

/* Empty while there is nothing to tell. */
static const char *letter(const struct result *result, const struct options *options,
                          char text[MEMBER_TEXT_SIZE])
{
    *text = '\0';
    if (result_is_settled(result))
        member_text(text, MEMBER_TEXT_SIZE, options->portal, result->next_sign_in,
                    result->sessions_ended);
    return text;
}

void result_print_letter(const struct result *result, const struct options *options)
{
    char text[MEMBER_TEXT_SIZE];
    if (*letter(result, options, text) != '\0' && is_self(result) != DSTFA_YES)
        printf("\nFor the member%s:\n%s\n",
               result->look_again_ms > 0 ? ", once it is verified" : "", text);
}

static const char *message(const struct result *result)
{
    if (result->is_late)
        return late_text(result);
    return result->change != NULL ? dstfa_change_message(result->change)
                                  : dstfa_error_message(result->error);
}

static dstfa_status status(const struct result *result)
{
    if (is_unverified(result))
        return DSTFA_E_UNVERIFIED;
    return result->change != NULL ? DSTFA_OK : dstfa_error_status(result->error);
}

static const char *outcome(const struct result *result)
{
    if (result->applied == DSTFA_APPLIED_NO)
        return "refused";
    return result_is_settled(result) ? "applied" : "unknown";
}

void result_json(const struct result *result, const struct options *options)
{
    const dstfa_change *change = result->change;
    const dstfa_error *error = result->error;
    int usable = dstfa_change_login_url_same_origin(change) == 1;
    int http_status =
        change != NULL ? dstfa_change_http_status(change) : dstfa_error_http_status(error);
    char text[MEMBER_TEXT_SIZE];
    struct json json;
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", (uint32_t)result_exit(result));
    json_text(&json, "outcome", outcome(result));
    json_text(&json, "applied", applied_word(result->applied));
    json_text(&json, "status", status_word(status(result)));
    json_text(&json, "reason", reason_word(dstfa_error_reason(error)));
    json_text(&json, "account_id", result->id);
    json_text(&json, "method_asked", method_word(method_for_accounts(options)));
    json_text(&json, "is_self", three_word(is_self(result)));
    json_text(&json, "app_link", three_word(result->link));
    json_bool(&json, "verified", result->applied != DSTFA_APPLIED_NO && result->link == DSTFA_NO);
    json_text(&json, "sessions_ended", three_word(result->sessions_ended));
    json_number(&json, "look_again_ms", result_wait_ms(result));
    json_text(&json, "next_sign_in", next_word(result->next_sign_in));
    json_number(&json, "http_status", (uint32_t)http_status);
    json_number(&json, "attempts",
                change != NULL ? dstfa_change_attempts(change) : dstfa_error_attempts(error));
    json_bool(&json, "retryable", dstfa_error_retryable(error) == 1);
    json_number(&json, "retry_after_ms", dstfa_error_retry_after_ms(error));
    json_text(&json, "login_url", usable ? dstfa_change_login_url(change) : "");
    json_text(&json, "message", message(result));
    json_text(&json, "portal_message", dstfa_error_portal_message(error));
    json_text(&json, "member_text", letter(result, options, text));
    if (result->sessions_error != NULL) {
        json_open(&json, "sessions_error", '{');
        json_error(&json, result->sessions_error);
        json_close(&json, '}');
    } else {
        json_null(&json, "sessions_error");
    }
    json_end(&json);
}
