#include "report.h"
#include "say.h"
#include "signals.h"
#include "terminal.h"
#include "words.h"

#include <string.h>
#include <unistd.h>

int exit_of_reason(int32_t reason, int otherwise)
{
    switch (reason) {
    case DSTFA_REASON_NOT_OWNER:
    case DSTFA_REASON_NOT_ADMIN:
    case DSTFA_REASON_NO_SUCH_ACCOUNT:
    case DSTFA_REASON_ACCOUNT_TERMINATED:
    case DSTFA_REASON_NOT_LINKED:
    case DSTFA_REASON_HIDDEN_BY_PORTAL:
    case DSTFA_REASON_METHOD_UNAVAILABLE:
    case DSTFA_REASON_INVALID_REQUEST:
        return EXIT_REFUSED;
    case DSTFA_REASON_NOT_A_PORTAL:
    case DSTFA_REASON_PORTAL_NOT_FOUND:
    case DSTFA_REASON_REDIRECTED:
        return EXIT_NOT_REACHED;
    case DSTFA_REASON_BAD_CREDENTIAL:
    case DSTFA_REASON_MISSING_SCOPE:
    case DSTFA_REASON_IP_RESTRICTED:
    case DSTFA_REASON_SIGN_IN_LOCKED:
    case DSTFA_REASON_UNPAID:
    case DSTFA_REASON_MAINTENANCE:
    case DSTFA_REASON_RATE_LIMITED:
        return EXIT_STATE;
    case DSTFA_REASON_DAILY_LIMIT:
        return EXIT_STOPPED;
    default:
        return otherwise;
    }
}

static int exit_of_status(dstfa_status status)
{
    switch (status) {
    case DSTFA_E_ARGUMENT:
    case DSTFA_E_STATE:
    case DSTFA_E_UNSUPPORTED:
    case DSTFA_E_BUSY:
    case DSTFA_E_JOURNAL:
        return EXIT_USAGE;
    case DSTFA_E_RESOLVE:
    case DSTFA_E_CONNECT:
    case DSTFA_E_PROXY:
    case DSTFA_E_TLS:
    case DSTFA_E_TIMEOUT:
    case DSTFA_E_TRANSPORT:
    case DSTFA_E_PROTOCOL:
    case DSTFA_E_REDIRECTED:
        return EXIT_NOT_REACHED;
    case DSTFA_E_UNAUTHORIZED:
    case DSTFA_E_FORBIDDEN:
    case DSTFA_E_UNAVAILABLE:
    case DSTFA_E_RATE_LIMITED:
    case DSTFA_E_SERVER:
        return EXIT_STATE;
    case DSTFA_E_NOT_FOUND:
    case DSTFA_E_REJECTED:
        return EXIT_REFUSED;
    case DSTFA_E_UNVERIFIED:
        return EXIT_UNKNOWN;
    case DSTFA_E_CANCELLED:
        return signals_exit();
    case DSTFA_E_IO:
        return EXIT_STOPPED;
    default:
        return EXIT_INTERNAL;
    }
}

/* "May have been applied" comes before everything else. */
int exit_of_error(const dstfa_error *error)
{
    dstfa_status status = dstfa_error_status(error);
    if (error != NULL && dstfa_error_applied(error) != DSTFA_APPLIED_NO)
        return EXIT_UNKNOWN;
    return exit_of_reason(dstfa_error_reason(error), exit_of_status(status));
}

void json_error(struct json *json, const dstfa_error *error)
{
    json_text(json, "status", status_word(dstfa_error_status(error)));
    json_text(json, "reason", reason_word(dstfa_error_reason(error)));
    json_text(json, "applied", applied_word(dstfa_error_applied(error)));
    json_number(json, "http_status", (uint32_t)dstfa_error_http_status(error));
    json_bool(json, "retryable", dstfa_error_retryable(error) == 1);
    json_number(json, "retry_after_ms", dstfa_error_retry_after_ms(error));
    json_text(json, "app_link", three_word(dstfa_error_app_link(error)));
    json_number(json, "look_again_ms", dstfa_error_look_again_ms(error));
    json_text(json, "message", dstfa_error_message(error));
    json_text(json, "portal_message", dstfa_error_portal_message(error));
}

int report_error(const struct options *options, const dstfa_error *error)
{
    int code = exit_of_error(error);
    int32_t reason = dstfa_error_reason(error);
    say("%s: %s",
        reason != DSTFA_REASON_NONE ? reason_word(reason) : status_word(dstfa_error_status(error)),
        dstfa_error_message(error));
    if (*dstfa_error_portal_message(error) != '\0')
        say("the portal says: %s", dstfa_error_portal_message(error));
    if (options->json) {
        struct json json;
        json_begin(&json, stdout);
        json_text(&json, "command", options->command->name);
        json_number(&json, "exit", (uint32_t)code);
        json_error(&json, error);
        json_end(&json);
    }
    return code;
}

int report_end(const struct options *options, int code, const char *text)
{
    if (options->json) {
        struct json json;
        json_begin(&json, stdout);
        json_text(&json, "command", options->command->name);
        json_number(&json, "exit", (uint32_t)code);
        json_text(&json, "applied", applied_word(DSTFA_APPLIED_NO));
        json_text(&json, "message", text);
        json_end(&json);
    }
    return code;
}

int report_usage(const struct options *options, const char *text)
{
    say("%s", text);
    return report_end(options, EXIT_USAGE, text);
}

void print_word(const char *word, enum colour colour)
{
    if (colour != PLAIN && terminal_colours(STDOUT_FILENO))
        printf("\033[%dm%s\033[0m", (int)colour, word);
    else
        fputs(word, stdout);
}

void print_failure(const dstfa_error *error)
{
    int32_t reason = dstfa_error_reason(error);
    if (dstfa_error_applied(error) != DSTFA_APPLIED_NO) {
        print_word("unknown", YELLOW);
        printf(": ");
    } else {
        print_word(reason != DSTFA_REASON_NONE ? "refused" : "not done", RED);
        printf(": %s \xe2\x80\x93 ", reason != DSTFA_REASON_NONE
                                         ? reason_word(reason)
                                         : status_word(dstfa_error_status(error)));
    }
    printf("%s\n", dstfa_error_message(error));
    if (*dstfa_error_portal_message(error) != '\0')
        printf("the portal says: %s\n", dstfa_error_portal_message(error));
}

const char sessions_ended_text[] =
    "The portal says that it ended all sessions of the account. On some portals an old one may "
    "work for ten minutes more.";

void print_sessions_ended(void)
{
    print_word("sessions ended", GREEN);
    printf(": %s\n", sessions_ended_text);
}

static int is_yes(const char *answer)
{
    return strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0 || strcmp(answer, "Y") == 0;
}

int agrees(const struct options *options, const char *question)
{
    char answer[64];
    return options->yes ||
           (terminal_ask(question, 0, answer, sizeof answer) == ANSWER_GIVEN && is_yes(answer));
}

int confirm(const struct options *options, const char *question, const char *expected)
{
    char answer[64];
    int code;
    if (options->yes)
        return EXIT_DONE;
    switch (terminal_ask(question, 0, answer, sizeof answer)) {
    case ANSWER_GIVEN:
        if (strcmp(answer, expected) == 0 || (strcmp(expected, "y") == 0 && is_yes(answer)))
            return EXIT_DONE;
        return report_usage(options, "not confirmed; nothing was changed");
    case ANSWER_INTERRUPTED:
        code = signals_exit();
        say("interrupted; nothing was changed");
        return report_end(options, code, "interrupted; nothing was changed");
    case ANSWER_END:
        return report_usage(options, "no answer; nothing was changed");
    case ANSWER_NO_TERMINAL:
        break;
    }
    return report_usage(options,
                        "there is no terminal to ask on; give --yes if it is to be done without");
}
