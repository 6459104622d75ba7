/* A bar on a terminal, a line now and then elsewhere; on standard error. It goes
   on while the run waits for the portal's limits: a thread looks once a second. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <docspace_tfa.h>

void progress_begin(const dstfa_bulk *bulk, int is_dry_run);
void progress_end(void);

/* Around everything that is done for an entry meanwhile. The bar is taken away
   first if something is going to be printed on the same terminal. */
void progress_hold(int will_print);
void progress_go_on(void);

/* "2 min 3 s"; returns text. */
const char *duration_text(char *text, uint32_t ms);
enum { DURATION_SIZE = 40 };

#endif
