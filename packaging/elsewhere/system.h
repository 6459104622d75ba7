/*
 * What differs between systems, for host.c: a socket, a thread and a clock.
 */
#ifndef SYSTEM_H
#define SYSTEM_H

#ifdef _WIN32

#include <winsock2.h>

#include <windows.h>

typedef SOCKET system_socket;
typedef int socket_length;
typedef HANDLE system_thread;
#define THREAD(name, argument) DWORD WINAPI name(LPVOID argument)
#define NO_SOCKET INVALID_SOCKET

static int start_sockets(void)
{
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data) == 0;
}

static void close_socket(system_socket socket)
{
    closesocket(socket);
}

static int start_thread(system_thread *thread, LPTHREAD_START_ROUTINE run, void *argument)
{
    *thread = CreateThread(NULL, 0, run, argument, 0, NULL);
    return *thread != NULL;
}

static void join_thread(system_thread thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static long milliseconds(void)
{
    return (long)(GetTickCount64() & 0x3fffffff);
}

#else

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef int system_socket;
typedef socklen_t socket_length;
typedef pthread_t system_thread;
#define THREAD(name, argument) void *name(void *argument)
#define NO_SOCKET (-1)

static int start_sockets(void)
{
    return 1;
}

static void close_socket(system_socket socket)
{
    close(socket);
}

static int start_thread(system_thread *thread, void *(*run)(void *), void *argument)
{
    return pthread_create(thread, NULL, run, argument) == 0;
}

static void join_thread(system_thread thread)
{
    pthread_join(thread, NULL);
}

static long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)(now.tv_sec & 0xfffff) * 1000 + now.tv_nsec / 1000000;
}

#endif

/* A socket on this machine with a port of its own, which does not listen yet. */
static system_socket bind_here(unsigned *port)
{
    struct sockaddr_in address;
    socket_length length = sizeof address;
    system_socket bound = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bound == NO_SOCKET || bind(bound, (struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(bound, (struct sockaddr *)&address, &length) != 0)
        return NO_SOCKET;
    *port = ntohs(address.sin_port);
    return bound;
}

#endif
