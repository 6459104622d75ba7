/*
 * peer_bulk URL
 *
 * What one would write to change every account but the owner's: one thread,
 * libcurl's multi interface with 15 handles, that lists the accounts by pages of
 * a hundred and sends one PUT for each. Answers are read with cJSON. The handles
 * share the pages, too, and begin with the changes as soon as no page is left.
 * Prints what the process used, as the driver does, and how many were changed:
 *   cpu_us wall_us changed
 */
#include "client.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { HANDLES = 15, PAGE = 100 };

struct handle {
    CURL *curl;
    int is_page;
    char body[128], *answer;
    size_t length, room;
};

static struct handle handles[HANDLES];
static struct curl_slist *headers;
static const char *url;
static char (*ids)[37];
static unsigned int known, begun, changed, failed, pages = 1, page;

static size_t keep(char *bytes, size_t size, size_t count, void *user_data)
{
    struct handle *handle = user_data;
    size_t more = size * count;
    if (handle->length + more + 1 > handle->room) {
        handle->room = 2 * (handle->length + more + 1);
        handle->answer = realloc(handle->answer, handle->room);
    }
    memcpy(handle->answer + handle->length, bytes, more);
    handle->length += more;
    handle->answer[handle->length] = '\0';
    return more;
}

/* Gives the handle its next request; 0 if there is none now. */
static int go_on(CURLM *multi, struct handle *handle)
{
    char address[512];
    handle->is_page = page < pages;
    handle->length = 0;
    if (handle->is_page) {
        snprintf(address, sizeof address,
                 "%s/api/2.0/people/filter?count=%d&startIndex=%u&sortBy=email&sortOrder=ascending",
                 url, PAGE, PAGE * page++);
        curl_easy_setopt(handle->curl, CURLOPT_CUSTOMREQUEST, NULL);
        curl_easy_setopt(handle->curl, CURLOPT_HTTPGET, 1L);
    } else if (begun < known) {
        snprintf(address, sizeof address, "%s" API_PATH, url);
        snprintf(handle->body, sizeof handle->body, "{\"type\":\"None\",\"id\":\"%s\"}", ids[begun++]);
        curl_easy_setopt(handle->curl, CURLOPT_CUSTOMREQUEST, "PUT");
        curl_easy_setopt(handle->curl, CURLOPT_POSTFIELDS, handle->body);
    } else {
        return 0;
    }
    curl_easy_setopt(handle->curl, CURLOPT_URL, address);
    curl_multi_add_handle(multi, handle->curl);
    return 1;
}

static void listed(const cJSON *answer)
{
    const cJSON *total = cJSON_GetObjectItem(answer, "total"), *account;
    if (cJSON_IsNumber(total))
        pages = ((unsigned int)total->valuedouble + PAGE - 1) / PAGE;
    ids = realloc(ids, (known + PAGE) * sizeof *ids);
    cJSON_ArrayForEach(account, cJSON_GetObjectItem(answer, "response")) {
        const cJSON *id = cJSON_GetObjectItem(account, "id");
        if (cJSON_IsString(id) && !cJSON_IsTrue(cJSON_GetObjectItem(account, "isOwner")) &&
            cJSON_IsTrue(cJSON_GetObjectItem(account, "tfaAppEnabled")))
            snprintf(ids[known++], sizeof *ids, "%s", id->valuestring);
    }
}

static void answered(struct handle *handle, CURLcode code)
{
    cJSON *answer = code == CURLE_OK ? cJSON_Parse(handle->answer) : NULL;
    long status = 0;
    int is_well;
    curl_easy_getinfo(handle->curl, CURLINFO_RESPONSE_CODE, &status);
    is_well = status == 200 && cJSON_IsNumber(cJSON_GetObjectItem(answer, "statusCode"));
    if (!is_well)
        failed++;
    else if (handle->is_page)
        listed(answer);
    else if (cJSON_IsString(cJSON_GetObjectItem(answer, "response")))
        changed++;
    cJSON_Delete(answer);
}

int main(int argc, char **argv)
{
    struct timespec start, end;
    struct rusage used;
    CURLM *multi;
    int at, running = 0, is_idle[HANDLES];

    if (argc < 2) {
        fputs("usage: peer_bulk URL\n", stderr);
        return 2;
    }
    url = argv[1];
    clock_gettime(CLOCK_MONOTONIC, &start);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    headers = curl_slist_append(headers, "Authorization: Bearer " API_KEY);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Accept: application/json");
    for (at = 0; at < HANDLES; at++) {
        CURL *curl = handles[at].curl = curl_easy_init();
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &handles[at]);
        curl_easy_setopt(curl, CURLOPT_PRIVATE, (char *)&handles[at]);
        is_idle[at] = !go_on(multi, &handles[at]);
    }
    do {
        CURLMsg *message;
        int left;
        curl_multi_perform(multi, &running);
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            struct handle *handle;
            CURL *curl = message->easy_handle;
            CURLcode code = message->data.result;
            curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&handle);
            curl_multi_remove_handle(multi, curl);
            answered(handle, code);
            is_idle[handle - handles] = 1;
        }
        for (at = 0; at < HANDLES; at++) {
            if (is_idle[at] && go_on(multi, &handles[at])) {
                is_idle[at] = 0;
                running++;
            }
        }
        if (running > 0)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    } while (running > 0);
    for (at = 0; at < HANDLES; at++) {
        curl_easy_cleanup(handles[at].curl);
        free(handles[at].answer);
    }
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    free(ids);
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_SELF, &used);
    printf("%ld %ld %u\n",
           (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec +
               used.ru_stime.tv_usec,
           (end.tv_sec - start.tv_sec) * 1000000L + (end.tv_nsec - start.tv_nsec) / 1000, changed);
    return failed > 0;
}
