/*
 * The least there is to do: one socket, a request made beforehand, one write,
 * one read, nothing looked at but the status. With -DTLS through OpenSSL.
 */
#include "client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef TLS
#include <openssl/ssl.h>
#endif

const int client_is_shared = 0;

struct limit {
    int socket;
    char request[1024];
    size_t length;
#ifdef TLS
    SSL_CTX *context;
    SSL *tls;
#endif
};

void *client_open(const char *url, const char *ca)
{
    struct limit *limit = calloc(1, sizeof *limit);
    struct addrinfo hints = {0}, *found = NULL;
    char host[128], port[16], prefix[32] = "";
    const char *body = "{\"type\":\"None\",\"id\":\"" ACCOUNT_ID "\"}";
    int on = 1;

    if (sscanf(url, "%*[a-z]://%127[^:]:%15[0-9]%31s", host, port, prefix) < 2)
        exit(2);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        exit(1);
    limit->socket = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(limit->socket, found->ai_addr, found->ai_addrlen) != 0)
        exit(1);
    freeaddrinfo(found);
    setsockopt(limit->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    limit->length = (size_t)snprintf(
        limit->request, sizeof limit->request,
        "PUT %s" API_PATH " HTTP/1.1\r\nHost: %s:%s\r\nAuthorization: Bearer " API_KEY
        "\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        prefix, host, port, strlen(body), body);
#ifdef TLS
    limit->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_load_verify_locations(limit->context, ca, NULL);
    SSL_CTX_set_verify(limit->context, SSL_VERIFY_PEER, NULL);
    limit->tls = SSL_new(limit->context);
    SSL_set_tlsext_host_name(limit->tls, host);
    SSL_set1_host(limit->tls, host);
    SSL_set_fd(limit->tls, limit->socket);
    if (SSL_connect(limit->tls) != 1)
        exit(1);
#else
    (void)ca;
#endif
    return limit;
}

int client_change(void *client)
{
    struct limit *limit = client;
    char answer[4096];
#ifdef TLS
    if (SSL_write(limit->tls, limit->request, (int)limit->length) <= 0)
        return 1;
    if (SSL_read(limit->tls, answer, sizeof answer) < 12)
        return 1;
#else
    if (send(limit->socket, limit->request, limit->length, MSG_NOSIGNAL) < 0)
        return 1;
    if (recv(limit->socket, answer, sizeof answer, 0) < 12)
        return 1;
#endif
    return memcmp(answer + 9, "200", 3) != 0;
}

void client_close(void *client)
{
    struct limit *limit = client;
#ifdef TLS
    SSL_free(limit->tls);
    SSL_CTX_free(limit->context);
#endif
    close(limit->socket);
    free(limit);
}
