/*
 * bulk URL ACCOUNTS [JOURNAL]
 *
 * Changes so many accounts, each its own, in one run with 15 connections and no
 * limits but those of the server. Prints what the process used, as the driver
 * does:
 *   cpu_us wall_us
 */
#include "client.h"

#include <docspace_tfa.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static void must(dstfa_status status, dstfa_error *error)
{
    if (status == DSTFA_OK)
        return;
    fprintf(stderr, "%s\n", dstfa_error_message(error));
    exit(1);
}

/* Tells the first that is not changed; the run goes on. */
static void look(void *user_data, const dstfa_bulk *bulk, const dstfa_bulk_item *item)
{
    int *told = user_data;
    (void)bulk;
    if (dstfa_bulk_item_outcome(item) != DSTFA_ITEM_APPLIED && !*told) {
        *told = 1;
        fprintf(stderr, "%s: %s\n", dstfa_bulk_item_entry(item),
                dstfa_error_message(dstfa_bulk_item_error(item)));
    }
}

int main(int argc, char **argv)
{
    unsigned int accounts = argc > 2 ? (unsigned int)atoi(argv[2]) : 0, at, changed;
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;
    dstfa_bulk *bulk = NULL;
    dstfa_error *error = NULL;
    struct timespec start, end;
    struct rusage used;
    char id[37];
    int told = 0;

    if (accounts == 0) {
        fputs("usage: bulk URL ACCOUNTS [JOURNAL]\n", stderr);
        return 2;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    must(dstfa_options_set_portal_url(options, argv[1], &error), error);
    must(dstfa_options_set_api_key(options, API_KEY, &error), error);
    must(dstfa_client_new(options, &client, &error), error);
    dstfa_options_free(options);
    must(dstfa_bulk_new(client, DSTFA_METHOD_NONE, &bulk, &error), error);
    must(dstfa_bulk_set_parallel(bulk, 15, &error), error);
    must(dstfa_bulk_set_requests_per_minute(bulk, 0, &error), error);
    must(dstfa_bulk_set_writes_per_day(bulk, 0, &error), error);
    if (argc > 3)
        must(dstfa_bulk_set_journal(bulk, argv[3], &error), error);
    for (at = 1; at <= accounts; at++) {
        snprintf(id, sizeof id, "%08x-bca5-4fa1-ba8c-42058b4abf28", at);
        must(dstfa_bulk_add(bulk, id, NULL, &error), error);
    }
    must(dstfa_bulk_run(bulk, NULL, look, &told, &error), error);
    changed = dstfa_bulk_count(bulk, DSTFA_ITEM_APPLIED);
    dstfa_bulk_free(bulk);
    dstfa_client_free(client);
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_SELF, &used);
    printf("%ld %ld\n",
           (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec +
               used.ru_stime.tv_usec,
           (end.tv_sec - start.tv_sec) * 1000000L + (end.tv_nsec - start.tv_nsec) / 1000);
    return changed != accounts;
}
