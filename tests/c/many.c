/* Changing many accounts, against a stand-in portal. The arguments are in the
 * order of struct world. */
#include "docspace_tfa.h"

#include "check.h"

struct world {
    const char *url;
    const char *ca_file;
    const char *owner_key; /* a file */
    const char *owner_id;
    const char *member_id;
    const char *member2_email;
    const char *unlinked_id;
    const char *guest_id;
    const char *journal; /* a file that is not there */
};

#define STRANGER "nobody@portal.example"
#define ENTRIES 6

static struct world world;
static dstfa_error *error = STALE_ERROR;
static dstfa_status status;

static dstfa_client *connect_to_portal(void)
{
    char key[512];
    FILE *file = fopen(world.owner_key, "r");
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;

    CHECK(file != NULL);
    CHECK(fgets(key, sizeof key, file) != NULL);
    fclose(file);
    CHECK_DONE(dstfa_options_set_portal_url(options, world.url, &error), error);
    CHECK_DONE(dstfa_options_set_trust(options, DSTFA_TRUST_ADDED_ONLY, &error), error);
    CHECK_DONE(dstfa_options_add_ca_file(options, world.ca_file, &error), error);
    CHECK_DONE(dstfa_options_set_api_key(options, key, &error), error);
    CHECK_DONE(dstfa_client_new(options, &client, &error), error);
    dstfa_options_free(options);
    return client;
}

/* A bulk whose client is gone, with a journal if asked for. */
static dstfa_bulk *new_bulk(const char *journal, int32_t dry_run)
{
    dstfa_client *client = connect_to_portal();
    dstfa_bulk *bulk = STALE(dstfa_bulk);

    CHECK_DONE(dstfa_bulk_new(client, DSTFA_METHOD_NONE, &bulk, &error), error);
    CHECK(bulk != NULL && bulk != STALE(dstfa_bulk));
    dstfa_client_free(client);
    CHECK_DONE(dstfa_bulk_set_parallel(bulk, 3, &error), error);
    CHECK_DONE(dstfa_bulk_set_requests_per_minute(bulk, 0, &error), error);
    CHECK_DONE(dstfa_bulk_set_writes_per_day(bulk, 0, &error), error);
    CHECK_DONE(dstfa_bulk_set_include_self(bulk, 0, &error), error);
    CHECK_DONE(dstfa_bulk_set_retry_unknown(bulk, 0, &error), error);
    CHECK_DONE(dstfa_bulk_set_dry_run(bulk, dry_run, &error), error);
    if (journal != NULL)
        CHECK_DONE(dstfa_bulk_set_journal(bulk, journal, &error), error);
    return bulk;
}

/* Two to be changed, and one each that is not linked, nobody's, the caller's own
 * and there already. */
static void add_entries(dstfa_bulk *bulk)
{
    const char *entries[ENTRIES];
    uint32_t index;
    uint32_t i;

    entries[0] = world.member_id;
    entries[1] = world.member2_email;
    entries[2] = world.unlinked_id;
    entries[3] = STRANGER;
    entries[4] = world.owner_id;
    entries[5] = world.member_id;
    for (i = 0; i < ENTRIES; i++) {
        index = 99;
        CHECK_DONE(dstfa_bulk_add(bulk, entries[i], &index, &error), error);
        CHECK_INT(index, i);
    }
    CHECK_INT(dstfa_bulk_total(bulk), ENTRIES);
    CHECK_INT(dstfa_bulk_remaining(bulk), ENTRIES);
}

static void check_counts(const dstfa_bulk *bulk, uint32_t applied, uint32_t refused, uint32_t skipped,
                         uint32_t would)
{
    CHECK_INT(dstfa_bulk_count(bulk, DSTFA_ITEM_UNKNOWN), 0);
    CHECK_INT(dstfa_bulk_count(bulk, DSTFA_ITEM_APPLIED), applied);
    CHECK_INT(dstfa_bulk_count(bulk, DSTFA_ITEM_REFUSED), refused);
    CHECK_INT(dstfa_bulk_count(bulk, DSTFA_ITEM_SKIPPED), skipped);
    CHECK_INT(dstfa_bulk_count(bulk, DSTFA_ITEM_WOULD_APPLY), would);
    CHECK_INT(dstfa_bulk_count(bulk, -1), 0);
    CHECK_INT(dstfa_bulk_count(bulk, 5), 0);
    CHECK_INT(dstfa_bulk_remaining(bulk),
              dstfa_bulk_total(bulk) - applied - refused - skipped - would);
}

/* What an item has to say whatever its outcome. */
static void check_item(const dstfa_bulk_item *item, int is_dry)
{
    const dstfa_change *change = dstfa_bulk_item_change(item);
    const dstfa_error *why = dstfa_bulk_item_error(item);
    uint32_t index = dstfa_bulk_item_index(item);

    CHECK(index < ENTRIES);
    CHECK_INT(dstfa_bulk_item_from_journal(item), 0);
    switch (index) {
    case 0:
    case 1:
        CHECK_INT(dstfa_bulk_item_outcome(item), is_dry ? DSTFA_ITEM_WOULD_APPLY : DSTFA_ITEM_APPLIED);
        CHECK_STR(dstfa_bulk_item_entry(item), index == 0 ? world.member_id : world.member2_email);
        CHECK_INT(strlen(dstfa_bulk_item_account_id(item)), 36);
        CHECK(why == NULL && (change == NULL) == is_dry);
        if (!is_dry) {
            CHECK_STR(dstfa_change_account_id(change), dstfa_bulk_item_account_id(item));
            CHECK_STR(dstfa_change_login_url(change), "");
            CHECK_INT(dstfa_change_applied(change), DSTFA_APPLIED_YES);
        }
        break;
    case 2:
    case 3:
        CHECK_INT(dstfa_bulk_item_outcome(item), DSTFA_ITEM_REFUSED);
        CHECK(change == NULL && why != NULL);
        CHECK_INT(dstfa_error_reason(why),
                  index == 2 ? DSTFA_REASON_NOT_LINKED : DSTFA_REASON_NO_SUCH_ACCOUNT);
        CHECK_INT(dstfa_error_applied(why), DSTFA_APPLIED_NO);
        CHECK_STR(dstfa_bulk_item_account_id(item), index == 2 ? world.unlinked_id : "");
        break;
    default:
        CHECK_INT(dstfa_bulk_item_outcome(item), DSTFA_ITEM_SKIPPED);
        CHECK(change == NULL);
        break;
    }
}

static void dry_run(void)
{
    dstfa_bulk *bulk = new_bulk(NULL, 1);
    dstfa_bulk_item *item = STALE(dstfa_bulk_item);
    int items = 0;

    add_entries(bulk);
    while ((status = dstfa_bulk_step(bulk, NULL, &item, &error)) == DSTFA_OK) {
        CHECK(item != NULL && error == NULL);
        check_item(item, 1);
        dstfa_bulk_item_free(item);
        items++;
    }
    CHECK_INT(status, DSTFA_DONE);
    CHECK(item == NULL && error == NULL);
    error = STALE_ERROR;
    CHECK_INT(items, ENTRIES);
    check_counts(bulk, 0, 2, 2, 2);
    dstfa_bulk_free(bulk);
}

struct heard {
    dstfa_bulk *bulk;
    uint32_t items;
    int seen[ENTRIES];
};

static void hear(void *user_data, const dstfa_bulk *bulk, const dstfa_bulk_item *item)
{
    struct heard *heard = user_data;
    dstfa_error *refusal = STALE_ERROR;
    dstfa_bulk_item *none = STALE(dstfa_bulk_item);
    dstfa_status got;

    CHECK(bulk == heard->bulk);
    check_item(item, 0);
    heard->items++;
    heard->seen[dstfa_bulk_item_index(item)]++;
    CHECK_INT(dstfa_bulk_total(bulk), ENTRIES);
    CHECK_INT(dstfa_bulk_remaining(bulk), ENTRIES - heard->items);

    /* What runs cannot be set or run. */
    got = dstfa_bulk_set_parallel(heard->bulk, 1, &refusal);
    CHECK_UNSENT(DSTFA_E_STATE, got, refusal);
    dstfa_error_free(refusal);
    got = dstfa_bulk_step(heard->bulk, NULL, &none, &refusal);
    CHECK(none == NULL);
    CHECK_UNSENT(DSTFA_E_STATE, got, refusal);
    dstfa_error_free(refusal);
    got = dstfa_bulk_run(heard->bulk, NULL, NULL, NULL, &refusal);
    CHECK_UNSENT(DSTFA_E_STATE, got, refusal);
    dstfa_error_free(refusal);
}

static void run(void)
{
    struct heard heard;
    dstfa_bulk *bulk = new_bulk(world.journal, 0);
    dstfa_bulk *other = new_bulk(NULL, 0);
    uint32_t index = 99;
    int i;

    memset(&heard, 0, sizeof heard);
    heard.bulk = bulk;
    add_entries(bulk);
    CHECK_DONE(dstfa_bulk_run(bulk, NULL, hear, &heard, &error), error);
    CHECK_INT(heard.items, ENTRIES);
    for (i = 0; i < ENTRIES; i++)
        CHECK_INT(heard.seen[i], 1);
    status = dstfa_bulk_set_journal(other, world.journal, &error);
    CHECK_UNSENT(DSTFA_E_BUSY, status, error);
    dstfa_error_free(error);
    dstfa_bulk_free(other);
    check_counts(bulk, 2, 2, 2, 0);
    CHECK(dstfa_bulk_elapsed_ms(bulk) > 0);
    CHECK_INT(dstfa_bulk_estimate_ms(bulk), 0);
    CHECK_DONE(dstfa_bulk_run(bulk, NULL, hear, &heard, &error), error);
    CHECK_INT(heard.items, ENTRIES);
    status = dstfa_bulk_add(bulk, world.guest_id, &index, &error);
    CHECK_INT(index, 0);
    CHECK_UNSENT(DSTFA_E_STATE, status, error);
    dstfa_error_free(error);
    dstfa_bulk_free(bulk);
}

/* The journal knows what was done. */
static void resume(void)
{
    dstfa_bulk *bulk = new_bulk(world.journal, 0);
    dstfa_bulk_item *item = STALE(dstfa_bulk_item);

    CHECK_DONE(dstfa_bulk_add(bulk, world.member_id, NULL, &error), error);
    CHECK_DONE(dstfa_bulk_step(bulk, NULL, &item, &error), error);
    dstfa_bulk_free(bulk);
    CHECK_INT(dstfa_bulk_item_outcome(item), DSTFA_ITEM_SKIPPED);
    CHECK_INT(dstfa_bulk_item_from_journal(item), 1);
    CHECK(dstfa_bulk_item_error(item) == NULL);
    CHECK_STR(dstfa_bulk_item_entry(item), world.member_id);
    dstfa_bulk_item_free(item);
}

/* What the journal says of the four that were begun, in the order of its lines. */
static void journal(void)
{
    dstfa_journal *journal = STALE(dstfa_journal);
    dstfa_bulk_item *item = STALE(dstfa_bulk_item);
    uint32_t counts[5] = {0, 0, 0, 0, 0};
    uint32_t items = 0;

    CHECK_DONE(dstfa_journal_open(world.journal, &journal, &error), error);
    CHECK_INT(dstfa_journal_damage_line(journal), 0);
    while ((status = dstfa_journal_next(journal, &item, &error)) == DSTFA_OK) {
        CHECK(item != NULL && error == NULL);
        error = STALE_ERROR;
        CHECK_INT(dstfa_bulk_item_index(item), items);
        CHECK_INT(dstfa_bulk_item_from_journal(item), 1);
        counts[dstfa_bulk_item_outcome(item)]++;
        if (dstfa_bulk_item_outcome(item) == DSTFA_ITEM_APPLIED) {
            CHECK_INT(dstfa_bulk_item_sessions_ended(item), DSTFA_YES);
            CHECK_STR(dstfa_change_account_id(dstfa_bulk_item_change(item)),
                      dstfa_bulk_item_account_id(item));
            CHECK(strlen(dstfa_change_message(dstfa_bulk_item_change(item))) > 0);
        } else {
            CHECK_INT(dstfa_bulk_item_sessions_ended(item), DSTFA_UNKNOWN);
            CHECK_INT(dstfa_error_retryable(dstfa_bulk_item_error(item)), 1);
        }
        dstfa_bulk_item_free(item);
        items++;
    }
    CHECK_INT(status, DSTFA_DONE);
    CHECK(item == NULL && error == NULL);
    error = STALE_ERROR;
    CHECK_INT(counts[DSTFA_ITEM_APPLIED], 2);
    CHECK_INT(counts[DSTFA_ITEM_REFUSED], 2);
    CHECK_INT(items, 4);
    dstfa_journal_free(journal);

    status = dstfa_journal_open("/no/such/journal", &journal, &error);
    CHECK(journal == NULL);
    CHECK_UNSENT(DSTFA_E_IO, status, error);
    dstfa_error_free(error);
    error = STALE_ERROR;
    status = dstfa_journal_salvage(world.journal, world.journal, &error);
    CHECK_ARGUMENT(status, error, "journal");
}

static void never_heard(void *user_data, const dstfa_bulk *bulk, const dstfa_bulk_item *item)
{
    (void)bulk;
    (void)item;
    ++*(int *)user_data;
}

/* The portal has ended the sessions of all; a run that has begun is too late. */
static void end_sessions(void)
{
    int heard = 0;
    dstfa_bulk *bulk = new_bulk(world.journal, 0);
    CHECK_DONE(dstfa_bulk_end_sessions(bulk, NULL, never_heard, &heard, &error), error);
    CHECK_INT(heard, 0);
    CHECK_DONE(dstfa_bulk_end_sessions(bulk, NULL, NULL, NULL, &error), error);
    CHECK_DONE(dstfa_bulk_add(bulk, world.member_id, NULL, &error), error);
    CHECK_DONE(dstfa_bulk_run(bulk, NULL, NULL, NULL, &error), error);
    status = dstfa_bulk_end_sessions(bulk, NULL, NULL, NULL, &error);
    CHECK_UNSENT(DSTFA_E_STATE, status, error);
    dstfa_error_free(error);
    error = STALE_ERROR;
    dstfa_bulk_free(bulk);

    bulk = new_bulk(NULL, 0);
    status = dstfa_bulk_end_sessions(bulk, NULL, NULL, NULL, &error);
    CHECK_UNSENT(DSTFA_E_STATE, status, error);
    dstfa_error_free(error);
    error = STALE_ERROR;
    dstfa_bulk_free(bulk);
}

/* Nothing is done once it is cancelled, and then it goes on. */
static void cancelled(void)
{
    dstfa_cancel *cancel = dstfa_cancel_new();
    dstfa_bulk *bulk = new_bulk(NULL, 0);

    CHECK_DONE(dstfa_bulk_add(bulk, world.owner_id, NULL, &error), error);
    CHECK_DONE(dstfa_bulk_add(bulk, world.owner_id, NULL, &error), error);
    dstfa_cancel_request(cancel);
    status = dstfa_bulk_run(bulk, cancel, NULL, NULL, &error);
    CHECK_INT(status, DSTFA_E_CANCELLED);
    CHECK_INT(dstfa_error_status(error), DSTFA_E_CANCELLED);
    dstfa_error_free(error);
    error = STALE_ERROR;
    CHECK_INT(dstfa_bulk_remaining(bulk), 2);
    CHECK_DONE(dstfa_bulk_run(bulk, NULL, NULL, NULL, &error), error);
    check_counts(bulk, 0, 0, 2, 0);
    dstfa_bulk_free(bulk);
    dstfa_cancel_free(cancel);
}

static void wrong_values(void)
{
    static const uint32_t wrong_connections[] = {0, 16, 0xffffffffu};
    static const char *const wrong_entries[] = {"", "x", "{11111111-2222-3333-4444-555555555555}",
                                                "a b@c", "00000000-0000-0000-0000-000000000000"};
    dstfa_bulk *bulk = new_bulk(NULL, 0);
    dstfa_cancel *cancel = dstfa_cancel_new();
    uint32_t index = 99;
    size_t i;

    for (i = 0; i < sizeof wrong_connections / sizeof wrong_connections[0]; i++) {
        status = dstfa_bulk_set_parallel(bulk, wrong_connections[i], &error);
        CHECK_ARGUMENT(status, error, "parallel");
    }
    for (i = 0; i < sizeof wrong_entries / sizeof wrong_entries[0]; i++) {
        index = 99;
        status = dstfa_bulk_add(bulk, wrong_entries[i], &index, &error);
        CHECK_ARGUMENT(status, error, "");
        CHECK_INT(index, 0);
    }
    status = dstfa_bulk_set_dry_run(bulk, 2, &error);
    CHECK_ARGUMENT(status, error, "enabled");
    status = dstfa_bulk_set_include_self(bulk, -1, &error);
    CHECK_ARGUMENT(status, error, "enabled");
    status = dstfa_bulk_set_retry_unknown(bulk, 2, &error);
    CHECK_ARGUMENT(status, error, "enabled");
    status = dstfa_bulk_set_journal(bulk, NULL, &error);
    CHECK_ARGUMENT(status, error, "path");
    status = dstfa_bulk_set_journal(bulk, "\xff", &error);
    CHECK_ARGUMENT(status, error, "path");
    status = dstfa_bulk_set_journal(bulk, "/no/such/folder/journal", &error);
    CHECK_UNSENT(DSTFA_E_IO, status, error);
    dstfa_error_free(error);
    error = STALE_ERROR;
    CHECK_DONE(dstfa_bulk_run(bulk, cancel, NULL, NULL, &error), error);
    CHECK_INT(dstfa_bulk_total(bulk), 0);
    dstfa_cancel_free(cancel);
    dstfa_bulk_free(bulk);
}

int main(int argc, char **argv)
{
    CHECK_INT(argc - 1, sizeof world / sizeof(char *));
    memcpy(&world, argv + 1, sizeof world);
    wrong_values();
    dry_run();
    run();
    journal();
    resume();
    end_sessions();
    cancelled();
    return 0;
}
