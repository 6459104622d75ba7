/* Faults a watched program can have. Argument: which one. */
#include "host.h"

int main(int argc, char **argv)
{
    CHECK_INT(argc, 2);
    if (strcmp(argv[1], "leak") == 0) {
        /* Many: of one alone a copy may be left in a register or on the stack. */
        dstfa_options *volatile lost = NULL;
        int i;

        for (i = 0; i < 32; i++)
            lost = dstfa_options_new();
        lost = NULL;
        CHECK(lost == NULL);
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
