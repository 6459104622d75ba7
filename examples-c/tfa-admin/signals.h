/* Ctrl-C and SIGTERM end what is under way, and what happened is still told. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <docspace_tfa.h>
#include <signal.h>

void signals_install(void);
void signals_restore(void);

/* Given to every call of the library. */
const dstfa_cancel *signals_cancel(void);

/* While this bulk runs the first signal stops it and a second one cancels; NULL:
   the first cancels. */
void signals_stop_first(const dstfa_bulk *bulk);

/* The first signal that came; 0: none. */
int signals_caught(void);

/* What they come to: 128 and the number. */
int signals_exit(void);

/* Holds them back; the mask to wait with goes to before. */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

#endif
