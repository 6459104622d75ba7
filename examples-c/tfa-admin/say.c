#include "say.h"
#include "admin.h"
#include "words.h"

#include <stdarg.h>
#include <stdio.h>

void say(const char *format, ...)
{
    char text[2048];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    fputs(PROGRAM ": ", stderr);
    print_clean(stderr, text);
    fputc('\n', stderr);
}
