/* What is asked before a run over many accounts. */
#ifndef BULK_QUESTION_H
#define BULK_QUESTION_H

#include "admin.h"
#include "list.h"

/* Whose key it is, what a journal has settled, and the question; a dry run asks
   nothing. *self is to be freed; *next is what the members meet at their next
   sign-in. Gives 0, or the exit code after it has said what is wrong. */
int bulk_introduce(const struct options *options, const dstfa_client *client,
                   const struct list *list, const char *journal, dstfa_account **self,
                   int32_t *next);

#endif
