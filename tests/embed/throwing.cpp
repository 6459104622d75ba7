// An exception wants to leave the log callback. Argument: whether it does.
#include <cstdio>
#include <stdexcept>

#include "host.h"

extern "C" void hear(void *user_data, int32_t, const char *)
{
    int *lines = static_cast<int *>(user_data);

    ++*lines;
    if (world("HOST_THROWS")[0] == '1')
        throw std::runtime_error("from the callback");
    try {
        throw std::runtime_error("inside the callback");
    } catch (const std::exception &) {
        // Its own business.
    }
}

int main()
{
    int lines = 0;
    dstfa_options *options = world_options();
    dstfa_error *error = STALE_ERROR;

    CHECK_DONE(dstfa_options_set_log(options, DSTFA_LOG_INFO, hear, &lines, &error), error);
    dstfa_client *client = client_with(options);
    try {
        succeed(client, ANY_ID);
    } catch (...) {
        std::puts("went through the library");
        return 3;
    }
    CHECK(lines > 0);
    dstfa_client_free(client);
    return 0;
}
