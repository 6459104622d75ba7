/* What every measured client has: the same PUT, once per call of change(). */
#ifndef CLIENT_H
#define CLIENT_H

#define ACCOUNT_ID "aae1e103-bca5-9fa1-ba8c-42058b4abf28"
#define API_KEY "sk-0123456789abcdef0123456789abcdef"
#define API_PATH "/api/2.0/settings/tfaappnewapp"
#define ACCOUNT_PATH "/api/2.0/people/" ACCOUNT_ID

/* 1 if threads use one client together, 0 if each has its own. */
extern const int client_is_shared;

/* ca: a file of certificate authorities; NULL for plain http. */
void *client_open(const char *url, const char *ca);
/* One request and its answer, read and freed. 0 if it went well. */
int client_change(void *client);
void client_close(void *client);

#endif
