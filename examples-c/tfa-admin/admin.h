/* What the parts of tfa-admin share: what was asked for, and how it ends. */
#ifndef TFA_ADMIN_H
#define TFA_ADMIN_H

#include <docspace_tfa.h>

#define PROGRAM "tfa-admin"

/* The exit codes; what each error comes to is decided in report.c. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,     /* nothing changed */
    EXIT_USAGE = 2,       /* wrong usage or input, or "no" at the prompt; nothing sent */
    EXIT_UNKNOWN = 3,     /* at least one change may have been applied */
    EXIT_PARTLY = 4,      /* sessions not known to be ended, or only some of a list */
    EXIT_NOT_REACHED = 5, /* the portal was not reached */
    EXIT_STATE = 6,       /* the credential, or the state of the portal */
    EXIT_STOPPED = 7,     /* go on later */
    EXIT_INTERNAL = 70,
    EXIT_SIGNAL = 128 /* and the number of the signal */
};

struct command;

/* What the command line asks for; see options.c. */
struct options {
    const struct command *command; /* NULL: none was given */
    const char **words;            /* what is neither option nor command */
    int word_count;
    int help;
    int version;

    const char *portal;
    int portal_from_environment;
    const char *key_file;
    int key_from_environment; /* unless there is a file */
    const char *ca_file;
    const char *proxy;
    uint32_t timeout_ms; /* 0: not given */
    int json;
    int verbose;

    int32_t method; /* DSTFA_METHOD_*; DSTFA_METHOD_UNKNOWN: not given */
    int dry_run;
    int yes;
    int no_verify;
    int wait;
    const char *confirm_host;

    int32_t status;
    int32_t role;
    int ids;

    const char *journal;
    int no_journal;
    int resume;
    int include_self;
    int retry_unknown;
    int check_list;
    const char *column;
    const char *list; /* for a report */
    int all;
    const char *parallel;
    const char *requests_per_minute;
    const char *writes_per_day;

    int argc; /* for the command that resumes */
    char **argv;
};

struct command {
    const char *name; /* one word, or two: "bulk report" */
    const char *arguments;
    const char *summary;
    const char *details;
    unsigned bit; /* in the table of options */
    int least_words;
    int most_words;
    int (*run)(const struct options *options); /* gives the exit code */
};

/* The method to ask for; without a word it is none. */
int32_t method_for_accounts(const struct options *options);

extern const struct command commands[]; /* ends with a NULL name */
const struct command *command_named(const char *name);

/* The command of two words that begins with this one; NULL if there is none. */
const struct command *command_within(const struct command *first, const char *word);

int run_check(const struct options *options);
int run_change(const struct options *options);
int run_sessions(const struct options *options);
int run_find(const struct options *options);
int run_whoami(const struct options *options);
int run_list(const struct options *options);
int run_policy(const struct options *options);
int run_bulk(const struct options *options);
int run_bulk_report(const struct options *options);
int run_bulk_end_sessions(const struct options *options);
int run_bulk_salvage(const struct options *options);
int run_completion(const struct options *options);

#endif
