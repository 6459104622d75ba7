/* Memory runs out inside the library. */
#include "host.h"

#include <sys/resource.h>

int main(void)
{
    struct rlimit little = {64u << 20, 64u << 20};
    long i;

    CHECK(setrlimit(RLIMIT_AS, &little) == 0);
    /* Far more than fit; never freed, on purpose. */
    for (i = 0; i < 1000000; i++)
        CHECK(dstfa_options_new() != NULL);
    return 0;
}
