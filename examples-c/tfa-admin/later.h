/* Looking again once that can tell more. */
#ifndef LATER_H
#define LATER_H

#include <stdint.h>

/* "03:05:07", the local time so many milliseconds from now; returns text. */
const char *later_text(char *text, uint32_t ms);
enum { LATER_SIZE = 16 };

/* Waits until clock_ms() gives this, with progress on standard error. 0: a
   signal has ended the waiting. */
int wait_until(uint64_t moment);

#endif
