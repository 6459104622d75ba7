/* Every connection breaks, SIGPIPE kills: the host lives, and no disposition of
 * any signal is another one afterwards. Argument: how many calls to make; 0 shows
 * that SIGPIPE does kill this host. With broken_send.c before the C library, every
 * call has to have met it. */
#include "host.h"

#include <dlfcn.h>
#include <stdatomic.h>

#include <sys/socket.h>

#define SIGNALS 65

static struct sigaction all[SIGNALS];

static void look_at_all(struct sigaction *actions)
{
    int number;

    memset(actions, 0, sizeof all);
    for (number = 1; number < SIGNALS; number++)
        /* Two numbers belong to the C library and cannot be asked for. */
        if (sigaction(number, NULL, &actions[number]) != 0)
            CHECK_INT(errno, EINVAL);
}

int main(int argc, char **argv)
{
    static struct sigaction after[SIGNALS];
    dstfa_options *options;
    dstfa_client *client;
    dstfa_error *error = STALE_ERROR;
    atomic_int *sends_broken;
    int calls, call, number, member, pair[2];

    CHECK_INT(argc, 2);
    calls = atoi(argv[1]);
    CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    if (calls == 0) {
        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
        close(pair[0]);
        return write(pair[1], "", 1) == 1;
    }

    look_at_all(all);
    options = world_options();
    CHECK_DONE(dstfa_options_set_max_attempts(options, 1, &error), error);
    /* Looks at the account end with it. */
    CHECK_DONE(dstfa_options_set_timeout_ms(options, 4000, &error), error);
    client = client_with(options);
    for (call = 0; call < calls; call++) {
        struct failure failure = fail(client, ANY_ID, NULL);

        CHECK(failure.status == DSTFA_E_CONNECT || failure.status == DSTFA_E_TLS ||
              failure.status == DSTFA_E_TRANSPORT);
        CHECK_INT(failure.applied, failure.status == DSTFA_E_TRANSPORT ? DSTFA_APPLIED_MAYBE
                                                                       : DSTFA_APPLIED_NO);
    }
    *(void **)&sends_broken = dlsym(RTLD_DEFAULT, "sends_broken");
    CHECK(sends_broken == NULL || atomic_load(sends_broken) >= calls);
    dstfa_client_free(client);
    look_at_all(after);
    for (number = 1; number < SIGNALS; number++) {
        CHECK(after[number].sa_handler == all[number].sa_handler);
        CHECK(after[number].sa_flags == all[number].sa_flags);
        for (member = 1; member < SIGNALS; member++)
            CHECK_INT(sigismember(&after[number].sa_mask, member),
                      sigismember(&all[number].sa_mask, member));
    }
    return 0;
}
