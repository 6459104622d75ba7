/* Reads a whole file or standard input. */
#ifndef SLURP_H
#define SLURP_H

#include <stddef.h>

/* A NUL is put behind the bytes; free *text. Gives 0, or the exit code after it
   has said what is wrong. */
int slurp(const char *path, char **text, size_t *length);

#endif
