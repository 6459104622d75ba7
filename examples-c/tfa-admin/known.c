#include "known.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int open_to_read(const struct options *options, const char *path, dstfa_journal **journal)
{
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    dstfa_status status = dstfa_journal_open(path, journal, &error);
    if (status == DSTFA_E_IO)
        code = report_usage(options, dstfa_error_message(error)); /* a wrong path */
    else if (status != DSTFA_OK)
        code = report_error(options, error);
    dstfa_error_free(error);
    return code;
}

static enum known_state state_of(const dstfa_bulk_item *item)
{
    switch (dstfa_bulk_item_outcome(item)) {
    case DSTFA_ITEM_APPLIED:
        return WAS_APPLIED;
    case DSTFA_ITEM_REFUSED:
        return dstfa_error_retryable(dstfa_bulk_item_error(item)) == 1 ? AGAIN : WAS_REFUSED;
    default:
        return OPEN;
    }
}

static int add(struct known *known, size_t *room, const char *key, enum known_state state)
{
    if (*key == '\0')
        return 1; /* nobody's id */
    if (known->count == *room) {
        size_t more = *room == 0 ? 256 : *room * 2;
        struct known_row *grown = realloc(known->rows, more * sizeof *grown);
        if (grown == NULL)
            return 0;
        known->rows = grown;
        *room = more;
    }
    known->rows[known->count].state = state;
    known->rows[known->count].key = strdup(key);
    return known->rows[known->count].key != NULL && ++known->count;
}

static int compare(const void *left, const void *right)
{
    const struct known_row *one = left;
    const struct known_row *other = right;
    return strcasecmp(one->key, other->key);
}

int known_read(const struct options *options, const char *path, struct known *known)
{
    dstfa_journal *journal = NULL;
    dstfa_bulk_item *item;
    size_t room = 0;
    int fine = 1;
    int code = open_to_read(options, path, &journal);
    memset(known, 0, sizeof *known);
    if (code != EXIT_DONE)
        return code;
    while (fine && dstfa_journal_next(journal, &item, NULL) == DSTFA_OK) {
        const char *entry = dstfa_bulk_item_entry(item);
        const char *id = dstfa_bulk_item_account_id(item);
        fine = add(known, &room, entry, state_of(item)) &&
               (strcmp(entry, id) == 0 || add(known, &room, id, state_of(item)));
        dstfa_bulk_item_free(item);
    }
    known->damage_line = dstfa_journal_damage_line(journal);
    dstfa_journal_free(journal);
    if (!fine) {
        known_free(known);
        return report_end(options, EXIT_INTERNAL, "out of memory");
    }
    if (known->count > 0)
        qsort(known->rows, known->count, sizeof *known->rows, compare);
    return EXIT_DONE;
}

void known_free(struct known *known)
{
    size_t i;
    for (i = 0; i < known->count; i++)
        free(known->rows[i].key);
    free(known->rows);
    memset(known, 0, sizeof *known);
}

enum known_state known_state(const struct known *known, const char *entry)
{
    const struct known_row *found = NULL;
    struct known_row wanted = {NULL, NOT_BEGUN};
    wanted.key = (char *)entry;
    if (known->count > 0)
        found = bsearch(&wanted, known->rows, known->count, sizeof wanted, compare);
    return found != NULL ? found->state : NOT_BEGUN;
}
