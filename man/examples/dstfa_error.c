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
        fprintf(stderr, "Look at the account before you try again.\n");
    }
}
