/* A bar on a terminal, a line now and then elsewhere; on standard error. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <docspace_tfa.h>

void progress_begin(int is_dry_run);
void progress_show(const dstfa_bulk *bulk);
/* Makes room for a line of the results; the bar comes back with the next show. */
void progress_hide(void);
void progress_end(void);

/* "2 min 3 s"; returns text. */
const char *duration_text(char *text, uint32_t ms);
enum { DURATION_SIZE = 40 };

#endif
