#include "member.h"

#include <stdio.h>
#include <string.h>

const char *member_text(char *text, size_t size, const char *portal, int32_t next_sign_in,
                        int32_t sessions_ended)
{
    const char *next;
    switch (next_sign_in) {
    case DSTFA_NEXT_ENROL:
        next = "After your password it will ask you to link an authenticator app again: have your "
               "new phone at hand.";
        break;
    case DSTFA_NEXT_NOTHING:
        next = "Your password is enough; no code is asked for.";
        break;
    case DSTFA_NEXT_SMS:
        next = "After your password it will send a code to your phone by text message.";
        break;
    case DSTFA_NEXT_SSO:
        next = "Single sign-on (SSO) asks for no code: there is no app that you must link.";
        break;
    default:
        next = "If it asks you to link an authenticator app, follow what it shows.";
        break;
    }
    snprintf(text, size,
             "Your authenticator app was unlinked from your account, and its old codes no longer "
             "work. %sPlease sign in again at %s as usual. %s",
             sessions_ended == DSTFA_YES ? "You were signed out everywhere. " : "", portal, next);
    return text;
}

const char *members_text(char *text, size_t size, const char *portal, int32_t next_sign_in,
                         int32_t sessions_ended)
{
    size_t length = strlen(member_text(text, size, portal, next_sign_in, sessions_ended));
    if (next_sign_in != DSTFA_NEXT_NOTHING && next_sign_in != DSTFA_NEXT_SSO)
        snprintf(text + length, size - length,
                 " If you sign in by single sign-on (SSO), no code and no app is asked for.");
    return text;
}
