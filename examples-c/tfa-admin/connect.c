#include "connect.h"
#include "key.h"
#include "progress.h"
#include "report.h"
#include "say.h"

#include <stddef.h>
#include <string.h>

/* The bar makes room. */
static void on_log(void *unused, int32_t level, const char *message)
{
    (void)unused;
    (void)level;
    progress_hold(1);
    say("%s", message);
    progress_go_on();
}

static dstfa_status set_all(dstfa_options *set, const struct options *options, dstfa_error **error)
{
    dstfa_status status = dstfa_options_set_portal_url(set, options->portal, error);
    if (status == DSTFA_OK && options->ca_file != NULL)
        status = dstfa_options_add_ca_file(set, options->ca_file, error);
    if (status == DSTFA_OK && options->proxy != NULL) {
        if (strcmp(options->proxy, "env") == 0)
            status = dstfa_options_set_proxy_from_env(set, 1, error);
        else
            status = dstfa_options_set_proxy(set, options->proxy, error);
    }
    if (status == DSTFA_OK && options->timeout_ms != 0)
        status = dstfa_options_set_timeout_ms(set, options->timeout_ms, error);
    /* A bulk looks by itself, at a page of accounts at a time. */
    if (status == DSTFA_OK && options->command->run == run_change && !options->no_verify)
        status = dstfa_options_set_verify(set, 1, error);
    /* What is lost is worth a few reads. */
    if (status == DSTFA_OK &&
        (options->command->run == run_change || options->command->run == run_bulk))
        status = dstfa_options_set_audit(set, 1, error);
    if (status == DSTFA_OK && options->verbose)
        status = dstfa_options_set_log(set, DSTFA_LOG_INFO, on_log, NULL, error);
    if (status == DSTFA_OK)
        status = dstfa_options_set_user_agent(set, PROGRAM "/" DSTFA_VERSION, error);
    return status;
}

/* The key is asked for last: nobody types it for a command that cannot go on.
   The client holds its own copy of it until it is freed. */
int connect_client(const struct options *options, dstfa_client **client)
{
    char key[KEY_SIZE];
    dstfa_error *error = NULL;
    dstfa_status status;
    dstfa_options *set;
    int code = EXIT_DONE;

    if (options->portal == NULL || *options->portal == '\0')
        return report_usage(options, "no portal: give --portal URL or set DOCSPACE_PORTAL");
    set = dstfa_options_new();
    status = set_all(set, options, &error);
    if (status == DSTFA_OK) {
        key_guard();
        code = key_read(options->key_file, key, sizeof key);
        if (code == EXIT_DONE)
            status = dstfa_options_set_api_key(set, key, &error);
        wipe(key, sizeof key);
    }
    if (code == EXIT_DONE && status == DSTFA_OK)
        status = dstfa_client_new(set, client, &error);
    dstfa_options_free(set);
    if (code != EXIT_DONE)
        report_end(options, code, "no API key");
    else if (status != DSTFA_OK)
        code = report_error(options, error);
    dstfa_error_free(error);
    return code;
}
