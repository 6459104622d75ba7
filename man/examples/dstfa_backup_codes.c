#include <docspace_tfa.h>
#include <stdio.h>

/* The codes of the key's own account that can still be used. */
void show_codes(const dstfa_client *client)
{
    dstfa_backup_codes *codes = NULL;
    uint32_t index;

    if (dstfa_client_backup_codes(client, NULL, &codes, NULL) == DSTFA_OK)
        for (index = 0; index < dstfa_backup_codes_count(codes); index++)
            if (dstfa_backup_codes_is_used(codes, index) == 0)
                puts(dstfa_backup_codes_code(codes, index));
    dstfa_backup_codes_free(codes);
}
