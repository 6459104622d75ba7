#include "say.h"
#include "admin.h"
#include "words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A long text gets room of its own; without memory it is cut. */
void say(const char *format, ...)
{
    char short_text[2048];
    char *text = short_text;
    size_t size = sizeof short_text;
    int length;
    va_list values;
    va_start(values, format);
    length = vsnprintf(text, size, format, values);
    va_end(values);
    if (length > 0 && (size_t)length >= size) {
        char *room = malloc((size_t)length + 1);
        if (room != NULL) {
            text = room;
            va_start(values, format);
            vsnprintf(text, (size_t)length + 1, format, values);
            va_end(values);
        }
    }
    fputs(PROGRAM ": ", stderr);
    print_clean(stderr, text);
    fputc('\n', stderr);
    if (text != short_text)
        free(text);
}
