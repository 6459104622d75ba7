/* The list of accounts: CSV, or one id or e-mail address on a line. */
#ifndef LIST_H
#define LIST_H

#include <stddef.h>

struct list {
    char *text;           /* all that was read */
    const char **entries; /* into text */
    const char **sorted;  /* the same in their order, those alike as they stand */
    size_t count;
    size_t distinct; /* without those that stand there twice */
};

/* Reads a file, or standard input for "-". column is a heading or a number from
   1, or NULL to have it found. Gives 0, or the exit code after it has said what
   is wrong; then nothing need be freed. */
int list_read(struct list *list, const char *path, const char *column);
void list_free(struct list *list);

/* Whether the entry at this place does not stand further up, too. */
int list_is_first(const struct list *list, size_t place);

#endif
