#include <docspace_tfa.h>
#include <stdio.h>

int print_journal(const char *path)
{
    dstfa_journal *journal;
    dstfa_bulk_item *item;

    if (dstfa_journal_open(path, &journal, NULL) != DSTFA_OK)
        return 1;
    while (dstfa_journal_next(journal, &item, NULL) == DSTFA_OK) {
        printf("%s: %s\n", dstfa_bulk_item_entry(item),
               dstfa_bulk_item_outcome(item) == DSTFA_ITEM_APPLIED   ? "applied"
               : dstfa_bulk_item_outcome(item) == DSTFA_ITEM_REFUSED ? "refused"
                                                                     : "unknown");
        dstfa_bulk_item_free(item);
    }
    if (dstfa_journal_damage_line(journal) != 0)
        printf("damaged from line %lu on\n", (unsigned long)dstfa_journal_damage_line(journal));
    dstfa_journal_free(journal);
    return 0;
}
