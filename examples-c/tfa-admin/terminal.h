/* Asks on the terminal itself, wherever input and output lead. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stddef.h>

enum answer {
    ANSWER_GIVEN,
    ANSWER_NO_TERMINAL,
    ANSWER_INTERRUPTED, /* by a signal */
    ANSWER_END          /* end of input, or it cannot be read */
};

/* Reads one line, without its end. Hidden: it is not shown while it is typed.
   A line that is too long is given as an empty one. */
enum answer terminal_ask(const char *prompt, int hidden, char *answer, size_t size);

/* Shows a text on the terminal; nothing without one. */
void terminal_show(const char *text);

/* Whether colours may be used on this file descriptor. */
int terminal_colours(int fd);

/* Whether fd is a terminal on which a line can be drawn anew. */
int terminal_redraws(int fd);

/* The columns of the terminal behind fd; 80 if it does not tell. */
int terminal_width(int fd);

#endif
