/* policy: the method of the whole portal. */
#include "connect.h"
#include "report.h"
#include "say.h"
#include "signals.h"
#include "words.h"

#include <string.h>

enum { QUESTION_SIZE = 2048 };

typedef const char *entry_of(const dstfa_policy *policy, uint32_t index);

static void list_entries(struct json *json, const char *name, const dstfa_policy *policy,
                         uint32_t count, entry_of *entry)
{
    uint32_t i;
    if (json != NULL)
        json_open(json, name, '[');
    for (i = 0; i < count; i++) {
        if (json != NULL)
            json_text(json, NULL, entry(policy, i));
        else
            printf("%s: %s\n", name, entry(policy, i));
    }
    if (json != NULL)
        json_close(json, ']');
}

static void list_all(struct json *json, const dstfa_policy *policy)
{
    list_entries(json, json != NULL ? "trusted_ips" : "trusted address", policy,
                 dstfa_policy_trusted_ip_count(policy), dstfa_policy_trusted_ip);
    list_entries(json, json != NULL ? "mandatory_users" : "always asked, account", policy,
                 dstfa_policy_mandatory_user_count(policy), dstfa_policy_mandatory_user);
    list_entries(json, json != NULL ? "mandatory_groups" : "always asked, group", policy,
                 dstfa_policy_mandatory_group_count(policy), dstfa_policy_mandatory_group);
}

/* outcome: "shown", or what came of setting it. */
static void show(const struct options *options, const dstfa_policy *policy, const char *outcome)
{
    struct json json;
    if (!options->json) {
        if (strcmp(outcome, "shown") != 0)
            printf("%s\n", outcome);
        printf("portal method: %s\n", method_word(dstfa_policy_method(policy)));
        printf("text message:  %s\n", three_word(dstfa_policy_sms_available(policy)));
        printf("app:           %s\n", three_word(dstfa_policy_app_available(policy)));
        list_all(NULL, policy);
        return;
    }
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", EXIT_DONE);
    json_text(&json, "outcome", outcome);
    json_text(&json, "method", method_word(dstfa_policy_method(policy)));
    json_text(&json, "sms_available", three_word(dstfa_policy_sms_available(policy)));
    json_text(&json, "app_available", three_word(dstfa_policy_app_available(policy)));
    list_all(&json, policy);
    json_end(&json);
}

static const char *question(char *text, const struct options *options, int32_t now)
{
    snprintf(text, QUESTION_SIZE,
             "\n*** WARNING: THIS IS THE METHOD OF THE WHOLE PORTAL ***\n"
             "Portal: %s\n"
             "Method: now %s, then %s\n"
             "It affects EVERY account%s.\n"
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
    else if (code == EXIT_DONE && setting)
        code = set(options, client, policy);
    else if (code == EXIT_DONE)
        show(options, policy, "shown");
    dstfa_policy_free(policy);
    dstfa_error_free(error);
    dstfa_client_free(client);
    return code;
}
