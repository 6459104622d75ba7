/* The look before a change, which check, change and --dry-run share. */
#ifndef LOOK_H
#define LOOK_H

#include "admin.h"

/* Looks; the check is to be freed whatever is returned. Gives 0, or the exit
   code after it has told why. */
int look(const struct options *options, const dstfa_client *client, const char *id,
         dstfa_check **check);

/* Tells what the look has shown, as a result, and gives the exit code. */
int look_report(const struct options *options, const char *id, const dstfa_check *check);

#endif
