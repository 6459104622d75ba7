/* A fork between calls: parent and child go on with the same client, at the same
 * time. Arguments: an account to begin with, then pairs: one the parent can
 * change and one that the child cannot. */
#include "host.h"

#include <sys/wait.h>

int main(int argc, char **argv)
{
    dstfa_client *client = world_client();
    int argument, status;
    pid_t child;

    CHECK(argc > 3 && argc % 2 == 0);
    succeed(client, argv[1]);
    child = fork();
    CHECK(child >= 0);
    for (argument = 2; argument + 1 < argc; argument += 2) {
        if (child == 0)
            CHECK_INT(fail(client, argv[argument + 1], NULL).status, DSTFA_E_REJECTED);
        else
            succeed(client, argv[argument]);
    }
    dstfa_client_free(client);
    if (child == 0)
        return 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}
