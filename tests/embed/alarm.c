/* A signal every millisecond, with a handler that interrupts system calls: calls
 * succeed all the same. Argument: how many to make. */
#include "host.h"

#include <sys/time.h>

static volatile sig_atomic_t alarms;

static void on_alarm(int number)
{
    (void)number;
    alarms++;
}

int main(int argc, char **argv)
{
    struct sigaction action;
    struct itimerval storm = {{0, 1000}, {0, 1000}};
    dstfa_client *client = world_client();
    int call;

    CHECK_INT(argc, 2);
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &storm, NULL) == 0);
    for (call = 0; call < atoi(argv[1]); call++) {
        sig_atomic_t before = alarms;

        succeed(client, ANY_ID);
        /* It really struck during the call. */
        CHECK(alarms - before >= 3);
    }
    dstfa_client_free(client);
    return 0;
}
