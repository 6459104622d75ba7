#include <docspace_tfa.h>
#include <stdio.h>

void report(const dstfa_bulk_item *item)
{
    const dstfa_error *error = dstfa_bulk_item_error(item);

    switch (dstfa_bulk_item_outcome(item)) {
    case DSTFA_ITEM_APPLIED:
        printf("%s: %s\n", dstfa_bulk_item_entry(item),
               error != NULL ? dstfa_error_message(error)
                             : dstfa_change_message(dstfa_bulk_item_change(item)));
        break;
    case DSTFA_ITEM_REFUSED:
        printf("%s: %s\n", dstfa_bulk_item_entry(item), dstfa_error_message(error));
        break;
    case DSTFA_ITEM_UNKNOWN:
        printf("%s: look at the account\n", dstfa_bulk_item_entry(item));
        break;
    }
}
