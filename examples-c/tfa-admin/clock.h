/* Time that passes: how old a look is, and waiting. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment. */
uint64_t clock_ms(void);

/* Lets time pass; ends early when a signal comes or has come. */
void clock_wait(uint32_t ms);

#endif
