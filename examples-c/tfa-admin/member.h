/* A text for the member, ready to be sent on. */
#ifndef MEMBER_H
#define MEMBER_H

#include "admin.h"

#include <stddef.h>

/* next_sign_in is one of DSTFA_NEXT_*. Returns text. */
const char *member_text(char *text, size_t size, const char *portal, int32_t next_sign_in);

/* The same for many members, some of whom may sign in by SSO. */
const char *members_text(char *text, size_t size, const char *portal, int32_t next_sign_in);
enum { MEMBER_TEXT_SIZE = 1024 };

#endif
