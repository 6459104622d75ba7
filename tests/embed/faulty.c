/* Faults a watched program can have. Argument: which one. */
#include "host.h"

#include <pthread.h>

/* Loses options in a thread of its own. LeakSanitizer takes registers of a running
 * thread for holders, also one that nobody uses any more, and one of the options may
 * hold all others: in bytes that it does not use the address of the one before may
 * be left. What only an ended thread knew is lost for certain. */
static void *lose(void *unused)
{
    dstfa_options *volatile lost = NULL;
    int i;

    (void)unused;
    for (i = 0; i < 32; i++)
        lost = dstfa_options_new();
    lost = NULL;
    CHECK(lost == NULL);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK_INT(argc, 2);
    if (strcmp(argv[1], "leak") == 0) {
        pthread_t thread;

        CHECK_INT(pthread_create(&thread, NULL, lose, NULL), 0);
        CHECK_INT(pthread_join(thread, NULL), 0);
    } else if (strcmp(argv[1], "read") == 0) {
        char *volatile freed = strdup(dstfa_version());

        free(freed);
        return freed[0] == 'x';
    } else {
        char *volatile raw = malloc(16);
        int code;

        CHECK_STR(argv[1], "jump");
        code = raw[20] == 'x' ? 0 : 1;
        free(raw);
        return code - 1;
    }
    return 0;
}
