/* Loads the library, calls on a thread that ends, unloads it, over and over.
 * Arguments: the library, and how often. */
#include "host.h"

#include <dlfcn.h>
#include <pthread.h>

struct library {
    dstfa_options *(*options_new)(void);
    void (*options_free)(dstfa_options *);
    dstfa_status (*set_portal_url)(dstfa_options *, const char *, dstfa_error **);
    dstfa_status (*set_api_key)(dstfa_options *, const char *, dstfa_error **);
    dstfa_status (*set_trust)(dstfa_options *, int32_t, dstfa_error **);
    dstfa_status (*add_ca_file)(dstfa_options *, const char *, dstfa_error **);
    dstfa_status (*client_new)(const dstfa_options *, dstfa_client **, dstfa_error **);
    void (*client_free)(dstfa_client *);
    dstfa_status (*change_method)(const dstfa_client *, const char *, int32_t,
                                  const dstfa_cancel *, dstfa_change **, dstfa_error **);
};

static void *symbol(void *handle, const char *name)
{
    void *found = dlsym(handle, name);

    CHECK(found != NULL);
    return found;
}

static void *call(void *handle)
{
    struct library it;
    dstfa_options *options;
    dstfa_client *client = NULL;

    *(void **)&it.options_new = symbol(handle, "dstfa_options_new");
    *(void **)&it.options_free = symbol(handle, "dstfa_options_free");
    *(void **)&it.set_portal_url = symbol(handle, "dstfa_options_set_portal_url");
    *(void **)&it.set_api_key = symbol(handle, "dstfa_options_set_api_key");
    *(void **)&it.set_trust = symbol(handle, "dstfa_options_set_trust");
    *(void **)&it.add_ca_file = symbol(handle, "dstfa_options_add_ca_file");
    *(void **)&it.client_new = symbol(handle, "dstfa_client_new");
    *(void **)&it.client_free = symbol(handle, "dstfa_client_free");
    *(void **)&it.change_method = symbol(handle, "dstfa_client_change_method");

    options = it.options_new();
    CHECK_INT(it.set_portal_url(options, world("HOST_URL"), NULL), DSTFA_OK);
    CHECK_INT(it.set_api_key(options, "sk-0", NULL), DSTFA_OK);
    CHECK_INT(it.set_trust(options, DSTFA_TRUST_ADDED_ONLY, NULL), DSTFA_OK);
    CHECK_INT(it.add_ca_file(options, world("HOST_CA_FILE"), NULL), DSTFA_OK);
    CHECK_INT(it.client_new(options, &client, NULL), DSTFA_OK);
    it.options_free(options);
    CHECK_INT(it.change_method(client, ANY_ID, DSTFA_METHOD_NONE, NULL, NULL, NULL), DSTFA_OK);
    it.client_free(client);
    return NULL;
}

static int lines_in(const char *path)
{
    FILE *file = fopen(path, "r");
    int lines = 0, byte;

    CHECK(file != NULL);
    while ((byte = getc(file)) != EOF)
        lines += byte == '\n';
    fclose(file);
    return lines;
}

static int mapped(const char *library)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_NOLOAD);

    if (handle == NULL)
        return 0;
    dlclose(handle);
    return 1;
}

int main(int argc, char **argv)
{
    int round, early = 0, first = dup(0), next;

    CHECK_INT(argc, 3);
    close(first);
    CHECK(!mapped(argv[1]));
    for (round = 1; round <= atoi(argv[2]); round++) {
        pthread_t thread;
        void *handle = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);

        CHECK(handle != NULL);
        CHECK_INT(pthread_create(&thread, NULL, call, handle), 0);
        CHECK_INT(pthread_join(thread, NULL), 0);
        CHECK_INT(dlclose(handle), 0);
        CHECK(mapped(argv[1]));
        if (round == 20)
            early = lines_in("/proc/self/maps");
    }
    /* The C library may have taken one more piece of memory for itself. */
    CHECK(lines_in("/proc/self/maps") <= early + 3);
    /* No descriptor was left open. */
    next = dup(0);
    CHECK_INT(next, first);
    return 0;
}
