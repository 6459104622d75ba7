/* A client from the options and the key. */
#ifndef CONNECT_H
#define CONNECT_H

#include "admin.h"

/* Gives 0, or the exit code after it has said what is wrong. Sends nothing. */
int connect_client(const struct options *options, dstfa_client **client);

#endif
