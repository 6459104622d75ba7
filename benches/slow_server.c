/*
 * slow_server DELAY_MS: a portal on a free port of 127.0.0.1, a thread for
 * each connection, that takes so long for every request. Prints the port;
 * at the end of its input, how many connections there were.
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

static const char BODY[] = "{\"response\":\"\",\"count\":1,\"links\":[],\"status\":0,"
                           "\"statusCode\":200,\"ok\":true}";
static useconds_t delay;
static int connections;

/* Head and body, by the length that the head tells. */
static int read_request(int peer)
{
    char request[4096 + 1];
    size_t have = 0;
    for (;;) {
        const char *end, *length;
        ssize_t more = recv(peer, request + have, sizeof request - 1 - have, 0);
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

static void *serve(void *argument)
{
    int peer = (int)(intptr_t)argument, on = 1;
    char answer[512];
    int size = snprintf(answer, sizeof answer,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        strlen(BODY), BODY);
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (read_request(peer)) {
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
