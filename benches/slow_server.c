/*
 * slow_server DELAY_MS [ACCOUNTS]: a portal on a free port of 127.0.0.1, a
 * thread for each connection, that takes so long for every request. It makes
 * every change and knows every account that is asked for by id, each with an app
 * linked until it was changed; its pages list so many, and the owner, who asks,
 * last. Prints the port; at the end of its input, how many connections there were.
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

#define TAIL "-bca5-4fa1-ba8c-42058b4abf28"
static const char OWNER[] = "ffffffff" TAIL;
static useconds_t delay;
static int connections;
static unsigned int accounts;

enum { MOST = 4096, PAGE = 100, MANY = 1000000 };
static char unlinked[MANY + 1];

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

/* What a portal shows of an account, in some 600 bytes. The last one is the owner. */
static int show(char *to, size_t room, unsigned int number)
{
    int is_owner = number == accounts + 1;
    char id[37];
    if (is_owner)
        snprintf(id, sizeof id, "%s", OWNER);
    else
        snprintf(id, sizeof id, "%08x" TAIL, number);
    return snprintf(to, room,
                    "{\"id\":\"%s\",\"displayName\":\"Member %.8s\",\"firstName\":\"Member\","
                    "\"lastName\":\"%.8s\",\"userName\":\"%.8s\",\"email\":\"%.8s@example.com\","
                    "\"status\":1,\"activationStatus\":1,\"department\":\"\","
                    "\"workFrom\":\"2026-01-01T00:00:00.0000000Z\",\"isAdmin\":false,"
                    "\"isOwner\":%s,\"isRoomAdmin\":false,\"isVisitor\":false,"
                    "\"isCollaborator\":true,\"isSSO\":false,\"isLDAP\":false,"
                    "\"avatar\":\"/static/images/default_user_photo_size_82-82.png\","
                    "\"avatarSmall\":\"/static/images/default_user_photo_size_32-32.png\","
                    "\"profileUrl\":\"http://localhost/accounts/view/%.8s\","
                    "\"registrationDate\":\"2026-01-01T00:00:00.0000000Z\","
                    "\"usedSpace\":0,\"tfaAppEnabled\":%s}",
                    id, id, id, id, id, is_owner ? "true" : "false", id,
                    number <= MANY && unlinked[number] ? "false" : "true");
}

/* The page from this one on, counted from 0. */
static size_t show_page(char *to, size_t room, unsigned int start)
{
    unsigned int number;
    size_t length = 0;
    to[length++] = '[';
    for (number = start + 1; number <= start + PAGE && number <= accounts + 1; number++) {
        if (length > 1)
            to[length++] = ',';
        length += (size_t)show(to + length, room - length, number);
    }
    to[length++] = ']';
    to[length] = '\0';
    return length;
}

static size_t answer_to(const char *request, char *answer, size_t room)
{
    static const char PEOPLE[] = "GET /api/2.0/people/";
    static __thread char response[PAGE * 1024];
    char rest[160], total[32] = "";
    unsigned int count = 1;
    const char *at;
    strcpy(response, "\"\"");
    if (strncmp(request, PEOPLE, sizeof PEOPLE - 1) == 0) {
        const char *asked = request + sizeof PEOPLE - 1;
        if (strncmp(asked, "filter?", 7) == 0) {
            at = strstr(asked, "startIndex=");
            count = PAGE;
            snprintf(total, sizeof total, "\"total\":%u,", accounts + 1);
            show_page(response, sizeof response, at == NULL ? 0 : (unsigned int)atol(at + 11));
        } else if (strncmp(asked, "@self ", 6) == 0) {
            show(response, sizeof response, accounts + 1);
        } else {
            show(response, sizeof response, (unsigned int)strtoul(asked, NULL, 16));
        }
    } else if ((at = strstr(request, "\"id\":\"")) != NULL) {
        unsigned long number = strtoul(at + 6, NULL, 16);
        if (number <= MANY)
            unlinked[number] = 1;
    }
    snprintf(rest, sizeof rest,
             ",\"count\":%u,%s\"links\":[],\"status\":0,\"statusCode\":200,\"ok\":true}", count,
             total);
    return (size_t)snprintf(answer, room,
                            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                            "Content-Length: %zu\r\n\r\n{\"response\":%s%s",
                            12 + strlen(response) + strlen(rest), response, rest);
}

static void *serve(void *argument)
{
    int peer = (int)(intptr_t)argument, on = 1;
    enum { ROOM = PAGE * 1024 + 1024 };
    char request[MOST + 1], *answer = malloc(ROOM);
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (read_request(peer, request)) {
        size_t size = answer_to(request, answer, ROOM);
        if (delay > 0)
            usleep(delay);
        if (send(peer, answer, size, MSG_NOSIGNAL) < 0)
            break;
    }
    free(answer);
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
    accounts = argc > 2 ? (unsigned int)atoi(argv[2]) : 0;
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
