#include <docspace_tfa.h>
#include <stdio.h>

void report(const dstfa_error *error)
{
    fprintf(stderr, "%s: %s\n", dstfa_reason_name(dstfa_error_reason(error)),
            dstfa_error_message(error));
    switch (dstfa_error_applied(error)) {
    case DSTFA_APPLIED_NO:
        if (dstfa_error_retryable(error) == 1)
            fprintf(stderr, "Try again in %u ms.\n",
                    (unsigned)dstfa_error_retry_after_ms(error));
        break;
    default:
        if (dstfa_error_app_link(error) == DSTFA_NO)
            fprintf(stderr, "It is unlinked now. End its sessions.\n");
        else
            fprintf(stderr, "Look at the account before you try again.\n");
    }
}
