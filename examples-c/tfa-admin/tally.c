#include "tally.h"
#include "report.h"

#include <string.h>

const char *skip_word(const dstfa_bulk_item *item, const char *self_id)
{
    if (dstfa_bulk_item_from_journal(item) == 1)
        return "earlier";
    if (*self_id != '\0' && strcmp(dstfa_bulk_item_account_id(item), self_id) == 0)
        return "self";
    return "duplicate";
}

int has_sessions_unknown(const dstfa_bulk_item *item)
{
    return dstfa_bulk_item_outcome(item) == DSTFA_ITEM_APPLIED &&
           dstfa_bulk_item_sessions_ended(item) != DSTFA_YES;
}

static void add_skipped(struct tally *tally, const dstfa_bulk_item *item, const char *self_id)
{
    const char *why = skip_word(item, self_id);
    if (strcmp(why, "self") == 0) {
        tally->self++;
    } else if (strcmp(why, "duplicate") == 0) {
        tally->duplicates++;
    } else {
        tally->earlier++;
        if (dstfa_bulk_item_error(item) == NULL)
            tally->applied++;
        else
            tally->refused++;
    }
}

void tally_add(struct tally *tally, const dstfa_bulk_item *item, const char *self_id)
{
    switch (dstfa_bulk_item_outcome(item)) {
    case DSTFA_ITEM_APPLIED:
        tally->applied++;
        tally->earlier += dstfa_bulk_item_from_journal(item) == 1;
        tally->sessions_unknown += (uint32_t)has_sessions_unknown(item);
        break;
    case DSTFA_ITEM_REFUSED:
        tally->refused++;
        break;
    case DSTFA_ITEM_WOULD_APPLY:
        tally->would++;
        break;
    case DSTFA_ITEM_SKIPPED:
        add_skipped(tally, item, self_id);
        break;
    default:
        tally->unknown++;
        break;
    }
}

void tally_last(struct tally *tally, const dstfa_bulk *bulk)
{
    uint32_t unknown = dstfa_bulk_count(bulk, DSTFA_ITEM_UNKNOWN);
    uint32_t settled = tally->unknown > unknown ? tally->unknown - unknown : 0;
    tally->unknown -= settled;
    tally->applied += settled;
    tally->sessions_unknown += settled;
    tally->still_linked = dstfa_bulk_still_linked(bulk);
}

int tally_exit(const struct tally *tally, const dstfa_error *error)
{
    int good = tally->applied > 0 || tally->would > 0;
    if (tally->unknown > 0)
        return EXIT_UNKNOWN;
    if (error != NULL) {
        /* the portal is in trouble; it is said when to come back */
        int is_trouble = dstfa_error_status(error) == DSTFA_E_UNAVAILABLE &&
                         dstfa_error_retry_after_ms(error) > 0;
        int code = is_trouble ? EXIT_STOPPED : exit_of_error(error);
        int told_apart = code == EXIT_UNKNOWN || code == EXIT_STOPPED || code == EXIT_INTERNAL ||
                         code >= EXIT_SIGNAL;
        return told_apart || !good ? code : EXIT_PARTLY;
    }
    if (tally->refused > 0)
        return good ? EXIT_PARTLY : EXIT_REFUSED;
    if (tally->sessions_unknown > 0 || tally->still_linked > 0)
        return EXIT_PARTLY;
    return good ? EXIT_DONE : EXIT_REFUSED;
}
