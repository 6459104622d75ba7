/* Accounts: finding the one that is meant, and showing it. */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "admin.h"
#include "json.h"

enum { ID_SIZE = 37 };

/* Whether a text has the form of an account id. */
int is_account_id(const char *text);

/* The id of the account that is meant; asks the portal unless it is one. Gives
   0, or the exit code after it has told why. */
int resolve_account(const struct options *options, const dstfa_client *client, const char *who,
                    char id[ID_SIZE]);

/* The fields, one on a line. */
void print_account(const dstfa_account *account);

/* The members of an account, into the object that is open. */
void json_account(struct json *json, const dstfa_account *account);

#endif
