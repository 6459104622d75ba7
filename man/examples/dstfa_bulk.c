#include <docspace_tfa.h>
#include <stdio.h>

/* Many accounts; a run that was killed goes on where it was when repeated. */
dstfa_status unlink_all(const dstfa_client *client, const char **accounts, dstfa_error **error)
{
    dstfa_bulk *bulk = NULL;
    dstfa_bulk_item *item = NULL;
    dstfa_status status = dstfa_bulk_new(client, DSTFA_METHOD_NONE, &bulk, error);

    for (; status == DSTFA_OK && *accounts != NULL; accounts++)
        status = dstfa_bulk_add(bulk, *accounts, NULL, error);
    if (status == DSTFA_OK)
        status = dstfa_bulk_set_journal(bulk, "unlink.journal", error);
    while (status == DSTFA_OK) {
        status = dstfa_bulk_step(bulk, NULL, &item, error);
        if (status == DSTFA_OK)
            printf("%s: %d\n", dstfa_bulk_item_entry(item), (int)dstfa_bulk_item_outcome(item));
        dstfa_bulk_item_free(item);
    }
    dstfa_bulk_free(bulk);
    return status == DSTFA_DONE ? DSTFA_OK : status;
}
