/* The API key: from a file, the environment or the terminal, never from the
   command line, where every user of the machine could read it. */
#ifndef KEY_H
#define KEY_H

#include <stddef.h>

enum { KEY_SIZE = 4098 };

/* No core dump and no debugger from now on. */
void key_guard(void);

/* Gives 0, or the exit code after it has said what is wrong. */
int key_read(const char *key_file, char *key, size_t size);

/* Writes that the compiler may not leave out. */
void wipe(char *bytes, size_t size);

#endif
