/*
 * PROGRAM REQUESTS URL [CA_FILE|-] [THREADS] [PAUSE_MS]
 *
 * Runs a client and prints what the process used:
 *   cpu_us wall_us peak_kb kb_after_1000 kb_at_the_end
 */
#include "client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MOST_THREADS = 64, WARM = 1000 };

struct job {
    const char *url, *ca;
    void *client;
    long requests;
    long pause_ms;
    long warm_kb;
};

static long status_kb(const char *field)
{
    char line[256];
    long value = 0;
    FILE *status = fopen("/proc/self/status", "r");
    if (status == NULL)
        return 0;
    while (fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, field, strlen(field)) == 0)
            value = atol(line + strlen(field));
    fclose(status);
    return value;
}

static void *work(void *argument)
{
    struct job *job = argument;
    void *client = job->client != NULL ? job->client : client_open(job->url, job->ca);
    long done;
    for (done = 1; done <= job->requests; done++) {
        if (client_change(client) != 0) {
            fprintf(stderr, "request %ld failed\n", done);
            exit(1);
        }
        if (done == WARM)
            job->warm_kb = status_kb("VmRSS:");
        if (job->pause_ms > 0)
            usleep((useconds_t)job->pause_ms * 1000);
    }
    if (job->client == NULL)
        client_close(client);
    return NULL;
}

static long micros(struct timeval time)
{
    return time.tv_sec * 1000000L + time.tv_usec;
}

int main(int argc, char **argv)
{
    struct job job = {0};
    pthread_t threads[MOST_THREADS];
    struct timespec start, end;
    struct rusage used;
    long wall;
    int count = argc > 4 ? atoi(argv[4]) : 1, at;

    if (argc < 3 || count < 1 || count > MOST_THREADS) {
        fputs("usage: PROGRAM REQUESTS URL [CA_FILE|-] [THREADS] [PAUSE_MS]\n", stderr);
        return 2;
    }
    job.requests = atol(argv[1]);
    job.url = argv[2];
    job.ca = argc > 3 && strcmp(argv[3], "-") != 0 ? argv[3] : NULL;
    job.pause_ms = argc > 5 ? atol(argv[5]) : 0;

    clock_gettime(CLOCK_MONOTONIC, &start);
    if (client_is_shared)
        job.client = client_open(job.url, job.ca);
    if (count == 1) {
        work(&job);
    } else {
        for (at = 0; at < count; at++)
            if (pthread_create(&threads[at], NULL, work, &job) != 0)
                return 1;
        for (at = 0; at < count; at++)
            pthread_join(threads[at], NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    wall = (end.tv_sec - start.tv_sec) * 1000000L + (end.tv_nsec - start.tv_nsec) / 1000;
    getrusage(RUSAGE_SELF, &used);
    printf("%ld %ld %ld %ld %ld\n", micros(used.ru_utime) + micros(used.ru_stime), wall,
           status_kb("VmHWM:"), job.warm_kb, status_kb("VmRSS:"));
    if (client_is_shared)
        client_close(job.client);
    return 0;
}
