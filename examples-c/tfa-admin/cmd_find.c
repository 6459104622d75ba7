/* find and whoami: show one account. */
#include "account.h"
#include "connect.h"
#include "report.h"
#include "signals.h"

static void show(const struct options *options, const dstfa_account *account)
{
    struct json json;
    if (!options->json) {
        print_account(account);
        return;
    }
    json_begin(&json, stdout);
    json_text(&json, "command", options->command->name);
    json_number(&json, "exit", EXIT_DONE);
    json_account(&json, account);
    json_end(&json);
}

static int find(const struct options *options, const char *who)
{
    dstfa_client *client = NULL;
    dstfa_account *account = NULL;
    dstfa_error *error = NULL;
    int code = connect_client(options, &client);
    if (code == EXIT_DONE) {
        if (dstfa_client_find_account(client, who, signals_cancel(), &account, &error) == DSTFA_OK)
            show(options, account);
        else
            code = report_error(options, error);
    }
    dstfa_account_free(account);
    dstfa_error_free(error);
    dstfa_client_free(client);
    return code;
}

int run_find(const struct options *options)
{
    return find(options, options->words[0]);
}

int run_whoami(const struct options *options)
{
    return find(options, "@self");
}
