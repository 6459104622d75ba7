/* A text for the member, ready to be sent on. */
#ifndef MEMBER_H
#define MEMBER_H

#include "admin.h"

#include <stddef.h>

/* next_sign_in is one of DSTFA_NEXT_*; sessions_ended is DSTFA_YES only if the
   sessions are known to be ended. Returns text. */
const char *member_text(char *text, size_t size, const char *portal, int32_t next_sign_in,
                        int32_t sessions_ended);

/* The same for many members, some of whom may sign in by SSO. */
const char *members_text(char *text, size_t size, const char *portal, int32_t next_sign_in,
                         int32_t sessions_ended);
enum { MEMBER_TEXT_SIZE = 1024 };

#endif
