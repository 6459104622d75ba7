#include <docspace_tfa.h>
#include <stdio.h>

void report(const dstfa_change *change)
{
    puts(dstfa_change_message(change));
    if (dstfa_change_is_self(change) == DSTFA_YES &&
        dstfa_change_login_url_same_origin(change) == 1)
        printf("Sign in again: %s\n", dstfa_change_login_url(change));
    if (dstfa_change_applied(change) != DSTFA_APPLIED_YES)
        puts("The app is unlinked, by this call or by somebody else's.");
    if (dstfa_change_sessions_ended(change) != DSTFA_YES)
        puts("End the sessions: dstfa_client_end_sessions().");
}
