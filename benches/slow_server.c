/*
 * slow_server DELAY_MS: a portal on a free port of 127.0.0.1, a thread for
 * each connection, that takes so long for every request. It makes every change
 * and knows every account that is asked for by id, each with an app linked; who
 * asks is the owner. Prints the port; at the end of its input, how many
 * connections there were.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char OWNER[] = "ffffffff-bca5-4fa1-ba8c-42058b4abf28";
static useconds_t delay;
static int connections;

enum { MOST = 4096 };

/* Head and body, by the length that the head tells. */
static int read_request(int peer, char *request)
{
    size_t have = 0;
    for (;;) {
        const char *end, *length;
        ssize_t more = recv(peer, request + have, MOST - have, 0);
        if (more <= 0)
            return 0;
        have += (size_t)more;
        request[have] = '\0';
        end = strstr(request, "\r\n\r\n");
        if (end == NULL)
            continue;
        length = strcasestr(request, "content-length:");
        if (length == NULL || have >= (size_t)(end + 4 - request) + (size_t)atol(length + 15))
            return 1;
    }
}

static int answer_to(const char *request, char *answer, size_t room)
{
    static const char PEOPLE[] = "GET /api/2.0/people/";
    char response[256] = "\"\"", body[512];
    int length;
    if (strncmp(request, PEOPLE, sizeof PEOPLE - 1) == 0) {
        const char *id = request + sizeof PEOPLE - 1;
        int is_self = strncmp(id, "@self ", 6) == 0;
        snprintf(response, sizeof response,
                 "{\"id\":\"%.36s\",\"email\":\"%.8s@example.com\",\"status\":1,"
                 "\"isOwner\":%s,\"tfaAppEnabled\":true}",
                 is_self ? OWNER : id, is_self ? OWNER : id, is_self ? "true" : "false");
    }
    length = snprintf(body, sizeof body,
                      "{\"response\":%s,\"count\":1,\"links\":[],\"status\":0,"
                      "\"statusCode\":200,\"ok\":true}",
                      response);
    return snprintf(answer, room,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    "Content-Length: %d\r\n\r\n%s",
                    length, body);
}

static void *serve(void *argument)
{
    int peer = (int)(intptr_t)argument, on = 1;
    char request[MOST + 1], answer[1024];
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (read_request(peer, request)) {
        int size = answer_to(request, answer, sizeof answer);
        usleep(delay);
        if (send(peer, answer, (size_t)size, MSG_NOSIGNAL) < 0)
            break;
    }
    close(peer);
    return NULL;
}

static void *accept_all(void *argument)
{
    int listener = (int)(intptr_t)argument;
    for (;;) {
        pthread_t thread;
        int peer = accept(listener, NULL, NULL);
        if (peer < 0)
            return NULL;
        __atomic_add_fetch(&connections, 1, __ATOMIC_RELAXED);
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)peer) == 0)
            pthread_detach(thread);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof address;
    pthread_t thread;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    delay = (useconds_t)(argc > 1 ? atoi(argv[1]) : 20) * 1000;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return 1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    if (pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)listener) != 0)
        return 1;
    while (getchar() != EOF)
        ;
    printf("%d\n", __atomic_load_n(&connections, __ATOMIC_RELAXED));
    return 0;
}
