/* The journal of a bulk run, and the command that goes on with it. */
#ifndef RESUME_H
#define RESUME_H

#include "admin.h"

/* Where the journal is to be: *path is NULL for none, to be freed otherwise.
   Gives 0, or the exit code after it has said what is wrong. */
int journal_path(const struct options *options, char **path);

/* The command of this run with --resume, and the portal if that came from the
   environment, quoted for a shell; free it. NULL without memory. */
char *resume_command(const struct options *options);

/* The command that ends the sessions which the journal shows as left; free it.
   NULL without memory. */
char *end_sessions_command(const struct options *options, const char *journal);

/* Whether the key cannot be in it and has to be set again. */
int key_is_from_environment(const struct options *options);

#endif
