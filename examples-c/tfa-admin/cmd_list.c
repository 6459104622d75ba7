/* list: one account on a line. */
#include "account.h"
#include "connect.h"
#include "report.h"
#include "say.h"
#include "signals.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* The words with a blank between them; free it. NULL without memory. */
static char *joined(const struct options *options)
{
    size_t size = 1;
    char *text;
    int i;
    for (i = 0; i < options->word_count; i++)
        size += strlen(options->words[i]) + 1;
    text = malloc(size);
    if (text == NULL)
        return NULL;
    text[0] = '\0';
    for (i = 0; i < options->word_count; i++) {
        if (i > 0)
            strcat(text, " ");
        strcat(text, options->words[i]);
    }
    return text;
}

static void show(const struct options *options, const dstfa_account *account)
{
    if (options->json) {
        struct json json;
        json_begin(&json, stdout);
        json_account(&json, account);
        json_end(&json);
    } else if (options->ids) {
        puts(dstfa_account_id(account));
    } else {
        int32_t link = dstfa_account_app_link(account);
        printf("%s  %-10s  %-10s  %-12s  %s  %s\n", dstfa_account_id(account),
               account_status_word(dstfa_account_status(account)),
               role_word(dstfa_account_role(account)),
               link == DSTFA_YES  ? "app linked"
               : link == DSTFA_NO ? "no app"
                                  : "app unknown",
               dstfa_account_email(account), dstfa_account_display_name(account));
    }
}

/* The next account. A page that the portal found no time for is asked for
   twice more, each time half of it. */
static dstfa_status next(dstfa_account_list *list, dstfa_account **account, dstfa_error **error)
{
    dstfa_status status = dstfa_account_list_next(list, signals_cancel(), account, error);
    int tries;
    for (tries = 0; status == DSTFA_E_TIMEOUT && tries < 2; tries++) {
        say("the portal takes its time; asking for half as many accounts at once");
        dstfa_error_free(*error);
        status = dstfa_account_list_next(list, signals_cancel(), account, error);
    }
    return status;
}

static int show_all(const struct options *options, dstfa_account_list *list)
{
    dstfa_error *error = NULL;
    dstfa_account *account = NULL;
    uint32_t count = 0;
    dstfa_status status;
    int code = EXIT_DONE;

    while ((status = next(list, &account, &error)) == DSTFA_OK) {
        show(options, account);
        dstfa_account_free(account);
        count++;
        if (ferror(stdout))
            return EXIT_INTERNAL; /* nobody reads on; main says so */
    }
    if (status != DSTFA_DONE) {
        code = report_error(options, error);
        dstfa_error_free(error);
    } else if (options->json) {
        struct json json;
        json_begin(&json, stdout);
        json_text(&json, "command", options->command->name);
        json_number(&json, "exit", EXIT_DONE);
        json_number(&json, "count", count);
        json_bool(&json, "changed", dstfa_account_list_changed(list) == 1);
        json_end(&json);
    }
    if (dstfa_account_list_changed(list) == 1)
        say("accounts changed while they were listed: some may be missing, list again");
    return code;
}

int run_list(const struct options *options)
{
    dstfa_client *client = NULL;
    dstfa_account_list *list = NULL;
    dstfa_error *error = NULL;
    char *text = joined(options);
    int code;

    if (text == NULL)
        return EXIT_INTERNAL;
    code = connect_client(options, &client);
    if (code == EXIT_DONE) {
        if (dstfa_client_list_accounts(client, text, options->status, options->role, &list,
                                       &error) == DSTFA_OK)
            code = show_all(options, list);
        else
            code = report_error(options, error);
    }
    free(text);
    dstfa_error_free(error);
    dstfa_account_list_free(list);
    dstfa_client_free(client);
    return code;
}
