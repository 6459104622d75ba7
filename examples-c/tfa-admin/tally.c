#include "tally.h"
#include "report.h"

#include <string.h>

void tally_add(struct tally *tally, const dstfa_bulk_item *item, const char *self_id)
{
    int earlier = dstfa_bulk_item_from_journal(item) == 1;
    switch (dstfa_bulk_item_outcome(item)) {
    case DSTFA_ITEM_APPLIED:
        tally->applied++;
        tally->earlier += (uint32_t)earlier;
        break;
    case DSTFA_ITEM_REFUSED:
        tally->refused++;
        break;
    case DSTFA_ITEM_WOULD:
        tally->would++;
        break;
    case DSTFA_ITEM_SKIPPED:
        if (earlier) {
            tally->earlier++;
            if (dstfa_bulk_item_error(item) == NULL)
                tally->applied++;
            else
                tally->refused++;
        } else if (*self_id != '\0' && strcmp(dstfa_bulk_item_account_id(item), self_id) == 0) {
            tally->self++;
        } else {
            tally->duplicates++;
        }
        break;
    default:
        tally->unknown++;
        break;
    }
}

int tally_exit(const struct tally *tally, const dstfa_error *error)
{
    int good = tally->applied > 0 || tally->would > 0;
    if (tally->unknown > 0)
        return EXIT_UNKNOWN;
    if (error != NULL) {
        int code = exit_of_error(error);
        int told_apart = code == EXIT_UNKNOWN || code == EXIT_STOPPED || code == EXIT_INTERNAL ||
                         code >= EXIT_SIGNAL;
        return told_apart || !good ? code : EXIT_PARTLY;
    }
    if (tally->refused > 0)
        return good ? EXIT_PARTLY : EXIT_REFUSED;
    return good ? EXIT_DONE : EXIT_REFUSED;
}
