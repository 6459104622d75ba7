/*
 * What one would write otherwise: libcurl and cJSON, one handle, kept alive.
 * With BENCH_LOOK=1 it reads the account before each change, as a bulk does.
 */
#include "client.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const int client_is_shared = 0;

struct peer {
    CURL *handle;
    struct curl_slist *headers;
    char address[512], account[512];
    int looks;
    char *answer;
    size_t length, room;
};

static size_t keep(char *bytes, size_t size, size_t count, void *user_data)
{
    struct peer *peer = user_data;
    size_t more = size * count;
    if (peer->length + more + 1 > peer->room) {
        peer->room = 2 * (peer->length + more + 1);
        peer->answer = realloc(peer->answer, peer->room);
    }
    memcpy(peer->answer + peer->length, bytes, more);
    peer->length += more;
    peer->answer[peer->length] = '\0';
    return more;
}

static void start_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void *client_open(const char *url, const char *ca)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    struct peer *peer = calloc(1, sizeof *peer);
    const char *looks = getenv("BENCH_LOOK");

    pthread_once(&started, start_curl);
    peer->handle = curl_easy_init();
    peer->looks = looks != NULL && strcmp(looks, "1") == 0;
    snprintf(peer->address, sizeof peer->address, "%s" API_PATH, url);
    snprintf(peer->account, sizeof peer->account, "%s" ACCOUNT_PATH, url);
    peer->headers = curl_slist_append(peer->headers, "Authorization: Bearer " API_KEY);
    peer->headers = curl_slist_append(peer->headers, "Content-Type: application/json");
    peer->headers = curl_slist_append(peer->headers, "Accept: application/json");
    curl_easy_setopt(peer->handle, CURLOPT_URL, peer->address);
    curl_easy_setopt(peer->handle, CURLOPT_CUSTOMREQUEST, "PUT");
    curl_easy_setopt(peer->handle, CURLOPT_HTTPHEADER, peer->headers);
    curl_easy_setopt(peer->handle, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(peer->handle, CURLOPT_WRITEDATA, peer);
    curl_easy_setopt(peer->handle, CURLOPT_NOSIGNAL, 1L);
    if (ca != NULL)
        curl_easy_setopt(peer->handle, CURLOPT_CAINFO, ca);
    return peer;
}

/* Whether the account has an app linked. */
static int is_linked(struct peer *peer)
{
    int linked = 0;
    curl_easy_setopt(peer->handle, CURLOPT_URL, peer->account);
    curl_easy_setopt(peer->handle, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(peer->handle, CURLOPT_HTTPGET, 1L);
    peer->length = 0;
    if (curl_easy_perform(peer->handle) == CURLE_OK) {
        cJSON *answer = cJSON_Parse(peer->answer);
        const cJSON *account = cJSON_GetObjectItem(answer, "response");
        linked = cJSON_IsTrue(cJSON_GetObjectItem(account, "tfaAppEnabled"));
        cJSON_Delete(answer);
    }
    curl_easy_setopt(peer->handle, CURLOPT_URL, peer->address);
    curl_easy_setopt(peer->handle, CURLOPT_CUSTOMREQUEST, "PUT");
    return linked;
}

int client_change(void *client)
{
    struct peer *peer = client;
    char body[128];
    long status = 0;
    int failed = 1;

    if (peer->looks && !is_linked(peer))
        return 1;
    snprintf(body, sizeof body, "{\"type\":\"%s\",\"id\":\"%s\"}", "None", ACCOUNT_ID);
    curl_easy_setopt(peer->handle, CURLOPT_POSTFIELDS, body);
    peer->length = 0;
    if (curl_easy_perform(peer->handle) == CURLE_OK) {
        cJSON *answer = cJSON_Parse(peer->answer);
        char *url = NULL;
        curl_easy_getinfo(peer->handle, CURLINFO_RESPONSE_CODE, &status);
        if (cJSON_IsString(cJSON_GetObjectItem(answer, "response")))
            url = strdup(cJSON_GetObjectItem(answer, "response")->valuestring);
        failed = status != 200 || url == NULL ||
                 !cJSON_IsNumber(cJSON_GetObjectItem(answer, "statusCode"));
        free(url);
        cJSON_Delete(answer);
    }
    return failed;
}

void client_close(void *client)
{
    struct peer *peer = client;
    curl_easy_cleanup(peer->handle);
    curl_slist_free_all(peer->headers);
    free(peer->answer);
    free(peer);
}
