/* policy: the method of the whole portal. */
#include "connect.h"
#include "report.h"
#include "say.h"
#include "signals.h"
#include "words.h"

#include <string.h>

enum { QUESTION_SIZE = 2048 };

static const struct list {
    const char *name; /* as a member of JSON */
    const char *entry;
    uint32_t (*count)(const dstfa_policy *policy);
    const char *(*at)(const dstfa_policy *policy, uint32_t index);
} LISTS[] = {
    {"trusted_ips", "trusted address", dstfa_policy_trusted_ip_count, dstfa_policy_trusted_ip},
    {"mandatory_users", "always asked, account", dstfa_policy_mandatory_user_count,
     dstfa_policy_mandatory_user},
    {"mandatory_groups", "always asked, group", dstfa_policy_mandatory_group_count,
     dstfa_policy_mandatory_group},
};

enum { LIST_COUNT = sizeof LISTS / sizeof LISTS[0] };

static void print_lists(FILE *to, const char *before, const dstfa_policy *policy)
{
    uint32_t i, k;
    for (k = 0; k < LIST_COUNT; k++)
        for (i = 0; i < LISTS[k].count(policy); i++) {
            fprintf(to, "%s%s: ", before, LISTS[k].entry);
            print_clean(to, LISTS[k].at(policy, i));
            fputc('\n', to);
        }
}

/* As many meanings as there are rules; "" where a rule is matched as written. */
static void json_meanings(struct json *json, const dstfa_policy *policy)
{
    uint32_t i;
    for (i = 0; i < dstfa_policy_trusted_ip_count(policy); i++)
        json_text(json, NULL, dstfa_policy_trusted_ip_meaning(policy, i));
}

/* policy is NULL for empty lists. */
static void json_lists(struct json *json, const dstfa_policy *policy)
{
    uint32_t i, k;
    for (k = 0; k < LIST_COUNT; k++) {
        json_open(json, LISTS[k].name, '[');
        for (i = 0; policy != NULL && i < LISTS[k].count(policy); i++)
            json_text(json, NULL, LISTS[k].at(policy, i));
        json_close(json, ']');
    }
    json_open(json, "trusted_ip_meanings", '[');
    if (policy != NULL)
        json_meanings(json, policy);
    json_close(json, ']');
}

/* Of every rule that the portal matches otherwise than it is written. */
static void warn_of_rules(const dstfa_policy *policy)
{
    uint32_t i;
    for (i = 0; i < dstfa_policy_trusted_ip_count(policy); i++) {
        const char *meaning = dstfa_policy_trusted_ip_meaning(policy, i);
        if (meaning[0] != '\0')
            say("warning: trusted address %s: to the portal this is %s",
                dstfa_policy_trusted_ip(policy, i), meaning);
    }
}

/* What becomes of the lists of the method that is on. */
static void say_lists(const dstfa_policy *policy, int32_t now, int32_t then)
{
    unsigned long ips = dstfa_policy_trusted_ip_count(policy);
    unsigned long users = dstfa_policy_mandatory_user_count(policy);
    unsigned long groups = dstfa_policy_mandatory_group_count(policy);
    if (ips + users + groups == 0)
        return;
    say("%s %s: trusted addresses %lu, accounts always asked %lu, groups always asked %lu",
        then == DSTFA_METHOD_NONE ? "the portal will FORGET the lists of"
                                  : "the new method takes over the lists of",
        method_word(now), ips, users, groups);
    print_lists(stderr, "  ", policy);
}

/* outcome: "shown", or what came of setting it. */
static void show(const struct options *options, const dstfa_policy *policy, const char *outcome)
{
    struct json json;
    int is_set = strcmp(outcome, "set") == 0 || strcmp(outcome, "would be set") == 0;
    /* Switched off, the portal has no lists any more. */
    int forgotten = is_set && dstfa_policy_method(policy) == DSTFA_METHOD_NONE;
    if (!options->json) {
        if (strcmp(outcome, "shown") != 0)
            printf("%s\n", outcome);
        printf("portal method: %s\n", method_word(dstfa_policy_method(policy)));
        printf("SMS provider:  %s\n", three_word(dstfa_policy_sms_available(policy)));
        printf("app:           %s\n", three_word(dstfa_policy_app_available(policy)));
        print_lists(stdout, forgotten ? "forgotten: " : "", policy);
        return;
    }
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", EXIT_DONE);
    json_text(&json, "outcome", outcome);
    json_text(&json, "method", method_word(dstfa_policy_method(policy)));
    json_text(&json, "sms_available", three_word(dstfa_policy_sms_available(policy)));
    json_text(&json, "app_available", three_word(dstfa_policy_app_available(policy)));
    json_lists(&json, forgotten ? NULL : policy);
    if (forgotten) {
        json_open(&json, "forgotten", '{');
        json_lists(&json, policy);
        json_close(&json, '}');
    }
    json_end(&json);
}

static const char *question(char *text, const struct options *options, int32_t now)
{
    snprintf(text, QUESTION_SIZE,
             "\n*** WARNING: THIS IS THE METHOD OF THE WHOLE PORTAL ***\n"
             "Portal: %s\n"
             "Method: now %s, then %s\n"
             "It affects EVERY account%s.\n"
             "The portal forgets the lists of a method that is switched off or replaced.\n"
             "To change one account, use \"%s change\".\n"
             "Go on? Type yes in capitals: ",
             options->portal, method_word(now), method_word(options->method),
             options->method == DSTFA_METHOD_NONE ? ": nobody will be asked for a second factor"
                                                  : " and SIGNS EVERYONE OUT, yourself included",
             PROGRAM);
    return text;
}

static int apply(const struct options *options, const dstfa_client *client,
                 const dstfa_policy *policy)
{
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    if (dstfa_client_apply_policy(client, policy, options->confirm_host, signals_cancel(),
                                  &error) == DSTFA_OK)
        show(options, policy, "set");
    else
        code = report_error(options, error);
    dstfa_error_free(error);
    return code;
}

static int set(const struct options *options, const dstfa_client *client, dstfa_policy *policy)
{
    char text[QUESTION_SIZE];
    dstfa_error *error = NULL;
    int32_t now = dstfa_policy_method(policy);
    int code;

    if (now == options->method) {
        show(options, policy, "unchanged");
        return EXIT_DONE;
    }
    say_lists(policy, now, options->method);
    if (dstfa_policy_set_method(policy, options->method, &error) != DSTFA_OK) {
        code = report_error(options, error);
        dstfa_error_free(error);
        return code;
    }
    if (options->dry_run) {
        show(options, policy, "would be set");
        return EXIT_DONE;
    }
    if (options->yes)
        say("setting the method of the WHOLE PORTAL to %s: this affects every account",
            method_word(options->method));
    code = confirm(options, question(text, options, now), "YES");
    return code == EXIT_DONE ? apply(options, client, policy) : code;
}

/* Gives 0, or the exit code after it has said what is wrong. */
static int judge(const struct options *options, int *setting)
{
    const char *word = options->word_count > 0 ? options->words[0] : "show";
    *setting = strcmp(word, "set") == 0;
    if (!*setting && strcmp(word, "show") != 0)
        return report_usage(options, "policy: either show or set");
    if (*setting && (options->method == DSTFA_METHOD_UNKNOWN || options->confirm_host == NULL))
        return report_usage(options, "policy set: give --method METHOD and --confirm-host HOST");
    if (!*setting && (options->method != DSTFA_METHOD_UNKNOWN || options->confirm_host != NULL))
        return report_usage(options, "policy: --method and --confirm-host belong to policy set");
    return EXIT_DONE;
}

int run_policy(const struct options *options)
{
    dstfa_client *client = NULL;
    dstfa_policy *policy = NULL;
    dstfa_error *error = NULL;
    int setting;
    int code = judge(options, &setting);
    if (code == EXIT_DONE)
        code = connect_client(options, &client);
    if (code == EXIT_DONE &&
        dstfa_client_policy(client, signals_cancel(), &policy, &error) != DSTFA_OK)
        code = report_error(options, error);
    if (code == EXIT_DONE)
        warn_of_rules(policy);
    if (code == EXIT_DONE && setting)
        code = set(options, client, policy);
    else if (code == EXIT_DONE)
        show(options, policy, "shown");
    dstfa_policy_free(policy);
    dstfa_error_free(error);
    dstfa_client_free(client);
    return code;
}
