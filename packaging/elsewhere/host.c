/*
 * What has to hold on every system the library is built for. The portal it is
 * tried against comes from the environment, as `cargo run --example portal`
 * names it; one account that is linked is changed.
 *
 * Ends with 0 if all went as it must; the first thing that did not ends it.
 */
#define _POSIX_C_SOURCE 200809L

#include <docspace_tfa.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

#define HERE_URL "%s://127.0.0.1:%u"
#define ROUNDS 5

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                         \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static const char *given(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        printf("%s is not set\n", name);
        exit(2);
    }
    return value;
}

static void read_key(const char *path, char *key, size_t size)
{
    FILE *file = fopen(path, "rb");
    MUST(file != NULL);
    MUST(fgets(key, (int)size, file) != NULL);
    fclose(file);
    key[strcspn(key, "\r\n")] = '\0';
}

/* What a call came to; message is for the reader. */
struct outcome {
    dstfa_status status;
    int32_t reason;
    int32_t applied;
    char message[400];
};

static struct outcome outcome_of(dstfa_status status, dstfa_change *change, dstfa_error *error)
{
    struct outcome outcome;
    outcome.status = status;
    outcome.reason = dstfa_error_reason(error);
    outcome.applied = error != NULL ? dstfa_error_applied(error) : dstfa_change_applied(change);
    snprintf(outcome.message, sizeof outcome.message, "%s",
             error != NULL ? dstfa_error_message(error) : dstfa_change_message(change));
    dstfa_change_free(change);
    dstfa_error_free(error);
    return outcome;
}

static void expect(const char *what, struct outcome outcome, dstfa_status status, int32_t reason,
                   int32_t applied)
{
    if (outcome.status == status && outcome.reason == reason && outcome.applied == applied) {
        printf("ok: %s\n", what);
        return;
    }
    printf("%s: %s, %s, applied %d: %s\n", what, dstfa_status_name(outcome.status),
           dstfa_reason_name(outcome.reason), (int)outcome.applied, outcome.message);
    exit(1);
}

/* What a client is made of. */
struct settings {
    const char *url;
    const char *key;
    int32_t trust;
    const char *ca_file; /* may be NULL */
    uint32_t timeout_ms;
};

static dstfa_client *client_of(const struct settings *settings)
{
    dstfa_options *options = dstfa_options_new();
    dstfa_client *client = NULL;

    MUST(dstfa_options_set_portal_url(options, settings->url, NULL) == DSTFA_OK);
    MUST(dstfa_options_set_api_key(options, settings->key, NULL) == DSTFA_OK);
    MUST(dstfa_options_set_trust(options, settings->trust, NULL) == DSTFA_OK);
    MUST(dstfa_options_set_timeout_ms(options, settings->timeout_ms, NULL) == DSTFA_OK);
    if (settings->ca_file != NULL)
        MUST(dstfa_options_add_ca_file(options, settings->ca_file, NULL) == DSTFA_OK);
    MUST(dstfa_client_new(options, &client, NULL) == DSTFA_OK);
    dstfa_options_free(options);
    return client;
}

static struct outcome change(const struct settings *settings, const char *account,
                             const dstfa_cancel *cancel)
{
    dstfa_client *client = client_of(settings);
    dstfa_change *change = NULL;
    dstfa_error *error = NULL;
    dstfa_status status =
        dstfa_client_change_method(client, account, DSTFA_METHOD_NONE, cancel, &change, &error);
    dstfa_client_free(client);
    return outcome_of(status, change, error);
}

static void with_the_portal(struct settings settings)
{
    const char *member = given("MEMBER_ID");
    char admin_key[512];
    char by_name[100];

    expect("a change over TLS", change(&settings, member, NULL), DSTFA_OK, DSTFA_REASON_NONE,
           DSTFA_APPLIED_YES);
    expect("the same again is refused", change(&settings, member, NULL), DSTFA_E_REJECTED,
           DSTFA_REASON_NOT_LINKED, DSTFA_APPLIED_NO);

    snprintf(by_name, sizeof by_name, "https://localhost%s", strrchr(settings.url, ':'));
    settings.url = by_name;
    expect("the portal is found by its name", change(&settings, member, NULL), DSTFA_E_REJECTED,
           DSTFA_REASON_NOT_LINKED, DSTFA_APPLIED_NO);
    settings.url = given("PORTAL_URL");

    read_key(given("ADMIN_KEY_FILE"), admin_key, sizeof admin_key);
    settings.key = admin_key;
    expect("an administrator is refused", change(&settings, member, NULL), DSTFA_E_REJECTED,
           DSTFA_REASON_NOT_OWNER, DSTFA_APPLIED_NO);

    settings.ca_file = NULL;
    settings.trust = DSTFA_TRUST_BUNDLED;
    expect("bundled authorities do not vouch for it", change(&settings, member, NULL), DSTFA_E_TLS,
           DSTFA_REASON_CERT_UNTRUSTED, DSTFA_APPLIED_NO);
    settings.trust = DSTFA_TRUST_SYSTEM;
    expect("the system's do not, either", change(&settings, member, NULL), DSTFA_E_TLS,
           DSTFA_REASON_CERT_UNTRUSTED, DSTFA_APPLIED_NO);
}

/* Many accounts at once, on threads of the library, with a journal. */
static void in_bulk(const struct settings *settings)
{
    dstfa_client *client = client_of(settings);
    dstfa_bulk *bulk = NULL;
    dstfa_bulk *other = NULL;

    MUST(dstfa_bulk_new(client, DSTFA_METHOD_NONE, &bulk, NULL) == DSTFA_OK);
    MUST(dstfa_bulk_set_journal(bulk, given("JOURNAL"), NULL) == DSTFA_OK);
    MUST(dstfa_bulk_add(bulk, given("MEMBER2_ID"), NULL, NULL) == DSTFA_OK);
    MUST(dstfa_bulk_add(bulk, given("UNLINKED_ID"), NULL, NULL) == DSTFA_OK);
    MUST(dstfa_bulk_run(bulk, NULL, NULL, NULL, NULL) == DSTFA_OK);
    MUST(dstfa_bulk_count(bulk, DSTFA_ITEM_APPLIED) == 1);
    MUST(dstfa_bulk_count(bulk, DSTFA_ITEM_REFUSED) == 1);
    puts("ok: many accounts");

    MUST(dstfa_bulk_new(client, DSTFA_METHOD_NONE, &other, NULL) == DSTFA_OK);
    MUST(dstfa_bulk_set_journal(other, given("JOURNAL"), NULL) == DSTFA_E_BUSY);
    dstfa_bulk_free(bulk);
    MUST(dstfa_bulk_set_journal(other, given("JOURNAL"), NULL) == DSTFA_OK);
    MUST(dstfa_bulk_add(other, given("MEMBER2_ID"), NULL, NULL) == DSTFA_OK);
    MUST(dstfa_bulk_run(other, NULL, NULL, NULL, NULL) == DSTFA_OK);
    MUST(dstfa_bulk_count(other, DSTFA_ITEM_SKIPPED) == 1);
    puts("ok: the journal knows what was done");
    dstfa_bulk_free(other);
    dstfa_client_free(client);
}

/* The library calls, and this is what it calls: it takes the request, says
 * nothing, and cancels the call. */
struct silence {
    system_socket listener;
    dstfa_cancel *cancel;
    long cancelled_at;
};

static THREAD(take_and_cancel, argument)
{
    struct silence *silence = argument;
    char byte;
    system_socket caller = accept(silence->listener, NULL, NULL);

    MUST(caller != NO_SOCKET);
    MUST(recv(caller, &byte, 1, 0) == 1);
    silence->cancelled_at = milliseconds();
    dstfa_cancel_request(silence->cancel);
    /* It ends when the call has left it, so that no loss ends the call. */
    while (recv(caller, &byte, 1, 0) == 1)
        ;
    close_socket(caller);
    return 0;
}

static void while_it_waits(struct settings settings, const char *scheme, system_socket listener,
                           unsigned port, int32_t applied)
{
    struct silence silence;
    system_thread thread;
    char url[40], what[100];
    struct outcome outcome;
    long longest = 0, took;
    int round;

    snprintf(url, sizeof url, HERE_URL, scheme, port);
    settings.url = url;
    settings.timeout_ms = 60000;
    for (round = 0; round < ROUNDS; round++) {
        silence.listener = listener;
        silence.cancel = dstfa_cancel_new();
        MUST(start_thread(&thread, take_and_cancel, &silence));
        outcome = change(&settings, given("MEMBER_ID"), silence.cancel);
        took = milliseconds();
        join_thread(thread);
        took -= silence.cancelled_at;
        if (took > longest)
            longest = took;
        dstfa_cancel_free(silence.cancel);
    }
    snprintf(what, sizeof what, "cancel ends a wait on %s, %d times within %ld ms", scheme, ROUNDS,
             longest);
    expect(what, outcome, DSTFA_E_CANCELLED, DSTFA_REASON_NONE, applied);
}

static void without_an_answer(struct settings settings)
{
    unsigned port = 0;
    system_socket listener;
    char url[40];
    dstfa_cancel *cancel = dstfa_cancel_new();

    MUST(start_sockets());
    listener = bind_here(&port);
    MUST(listener != NO_SOCKET);
    snprintf(url, sizeof url, HERE_URL, "http", port);
    settings.url = url;
    expect("nobody listens", change(&settings, given("MEMBER_ID"), NULL), DSTFA_E_CONNECT,
           DSTFA_REASON_NONE, DSTFA_APPLIED_NO);

    MUST(listen(listener, 8) == 0);
    dstfa_cancel_request(cancel);
    expect("cancelled before it began", change(&settings, given("MEMBER_ID"), cancel),
           DSTFA_E_CANCELLED, DSTFA_REASON_NONE, DSTFA_APPLIED_NO);
    dstfa_cancel_free(cancel);

    while_it_waits(settings, "https", listener, port, DSTFA_APPLIED_NO);
    while_it_waits(settings, "http", listener, port, DSTFA_APPLIED_MAYBE);

    settings.timeout_ms = 1000;
    expect("the deadline ends a call whose answer does not come",
           change(&settings, given("MEMBER_ID"), NULL), DSTFA_E_TIMEOUT, DSTFA_REASON_NONE,
           DSTFA_APPLIED_MAYBE);
    close_socket(listener);
}

int main(void)
{
    char key[512];
    struct settings settings;

    MUST(dstfa_version_number() == DSTFA_VERSION_NUMBER);
    read_key(given("OWNER_KEY_FILE"), key, sizeof key);
    settings.url = given("PORTAL_URL");
    settings.key = key;
    settings.trust = DSTFA_TRUST_ADDED_ONLY;
    settings.ca_file = given("CA_FILE");
    settings.timeout_ms = 60000;
    with_the_portal(settings);
    in_bulk(&settings);
    without_an_answer(settings);
    return 0;
}
