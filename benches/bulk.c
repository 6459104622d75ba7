/*
 * bulk URL ACCOUNTS [JOURNAL [LOOKS]]
 *
 * Changes so many accounts, each its own, in one run with 15 connections and no
 * limits but those of the server: every second one is named by id, the others by
 * address. JOURNAL: a path, - for none; LOOKS: as dstfa_bulk_set_verify() has it.
 * Prints what the process used, and by how much its peak memory grew from before
 * the first entry was added:
 *   cpu_us wall_us growth_KiB
 */
#include "client.h"

#include <docspace_tfa.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static void must(dstfa_status status, dstfa_error **error)
{
    if (status == DSTFA_OK)
        return;
    fprintf(stderr, "%s\n", dstfa_error_message(*error));
    exit(1);
}

/* KiB in use (VmRSS) or at most in use (VmHWM). */
static long memory(const char *name)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[128];
    long found = 0;
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            found = atol(line + strlen(name) + 1);
    if (status != NULL)
        fclose(status);
    return found;
}

/* Tells the first that is neither changed nor done before; the run goes on. */
static void look(void *user_data, const dstfa_bulk *bulk, const dstfa_bulk_item *item)
{
    int *told = user_data, outcome = dstfa_bulk_item_outcome(item);
    (void)bulk;
    if (outcome != DSTFA_ITEM_APPLIED && outcome != DSTFA_ITEM_SKIPPED && !*told) {
        *told = 1;
        fprintf(stderr, "%s: %s\n", dstfa_bulk_item_entry(item),
                dstfa_error_message(dstfa_bulk_item_error(item)));
    }
}

int main(int argc, char **argv)
{
    unsigned int accounts = argc > 2 ? (unsigned int)atoi(argv[2]) : 0, at, done;
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;
    dstfa_bulk *bulk = NULL;
    dstfa_error *error = NULL;
    struct timespec start, end;
    struct rusage used;
    char entry[37];
    long before;
    int told = 0;

    if (accounts == 0) {
        fputs("usage: bulk URL ACCOUNTS [JOURNAL [LOOKS]]\n", stderr);
        return 2;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    must(dstfa_options_set_portal_url(options, argv[1], &error), &error);
    must(dstfa_options_set_api_key(options, API_KEY, &error), &error);
    must(dstfa_client_new(options, &client, &error), &error);
    dstfa_options_free(options);
    must(dstfa_bulk_new(client, DSTFA_METHOD_NONE, &bulk, &error), &error);
    must(dstfa_bulk_set_parallel(bulk, 15, &error), &error);
    must(dstfa_bulk_set_requests_per_minute(bulk, 0, &error), &error);
    must(dstfa_bulk_set_writes_per_day(bulk, 0, &error), &error);
    must(dstfa_bulk_set_verify(bulk, argc > 4 ? (uint32_t)atoi(argv[4]) : 0, &error), &error);
    before = memory("VmRSS");
    if (argc > 3 && strcmp(argv[3], "-") != 0)
        must(dstfa_bulk_set_journal(bulk, argv[3], &error), &error);
    for (at = 1; at <= accounts; at++) {
        snprintf(entry, sizeof entry, at % 2 ? "%08x-bca5-4fa1-ba8c-42058b4abf28" : "%08x@example.com",
                 at);
        must(dstfa_bulk_add(bulk, entry, NULL, &error), &error);
    }
    must(dstfa_bulk_run(bulk, NULL, look, &told, &error), &error);
    done = dstfa_bulk_count(bulk, DSTFA_ITEM_APPLIED) + dstfa_bulk_count(bulk, DSTFA_ITEM_SKIPPED);
    dstfa_bulk_free(bulk);
    dstfa_client_free(client);
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_SELF, &used);
    printf("%ld %ld %ld\n",
           (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec +
               used.ru_stime.tv_usec,
           (end.tv_sec - start.tv_sec) * 1000000L + (end.tv_nsec - start.tv_nsec) / 1000,
           memory("VmHWM") - before);
    return done != accounts;
}
