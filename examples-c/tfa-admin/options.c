#include "options.h"
#include "say.h"
#include "words.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define METHODS "none|sms|app"
#define STATUSES "active|terminated|pending"
#define ROLES "owner|admin|room-admin|user|guest"

#define AT(member) offsetof(struct options, member)

const struct option_row option_rows[] = {
    {"portal", 'p', ON_PORTAL, "URL", TEXT, AT(portal), "the portal; default: DOCSPACE_PORTAL"},
    {"key-file", 'k', ON_PORTAL, "FILE", TEXT, AT(key_file),
     "read the API key from FILE; else DOCSPACE_API_KEY, else asked for"},
    {"ca-file", 0, ON_PORTAL, "FILE", TEXT, AT(ca_file),
     "trust the authorities in this PEM file too"},
    {"proxy", 0, ON_PORTAL, "URL", TEXT, AT(proxy),
     "tunnel through this proxy; env: the environment's"},
    {"timeout", 0, ON_PORTAL, "SECONDS", SECONDS, AT(timeout_ms),
     "most time for one account; default 60"},
    {"json", 0, ON_PORTAL | ON_REPORT | ON_SALVAGE, NULL, FLAG, AT(json), "results as JSON, one object on a line"},
    {"verbose", 'v', ON_PORTAL, NULL, FLAG, AT(verbose), "say what is sent, without secrets"},
    {"method", 'm', ON_CHANGE | ON_POLICY | ON_BULK | ON_END_SESSIONS, METHODS, METHOD, AT(method),
     "the method to ask for; for accounts by default none"},
    {"dry-run", 'n', ON_CHANGE | ON_POLICY | ON_BULK, NULL, FLAG, AT(dry_run),
     "look only, change nothing"},
    {"yes", 'y', ON_CHANGE | ON_SESSIONS | ON_POLICY | ON_BULK | ON_END_SESSIONS, NULL, FLAG,
     AT(yes), "do not ask"},
    {"no-verify", 0, ON_CHANGE | ON_BULK, NULL, FLAG, AT(no_verify),
     "do not look afterwards whether the app is unlinked"},
    {"wait", 0, ON_CHANGE | ON_BULK, NULL, FLAG, AT(wait),
     "while it may be an old picture, wait up to five minutes and look again"},
    {"confirm-host", 0, ON_POLICY, "HOST", TEXT, AT(confirm_host),
     "for set: the portal's host once more"},
    {"status", 0, ON_LIST, STATUSES, STATUS, AT(status), "only accounts in this state"},
    {"role", 0, ON_LIST, ROLES, ROLE, AT(role), "only accounts with this role"},
    {"ids", 0, ON_LIST, NULL, FLAG, AT(ids), "print ids only, as input for bulk"},
    {"journal", 0, ON_BULK, "FILE", TEXT, AT(journal), "keep the journal there"},
    {"resume", 0, ON_BULK, NULL, FLAG, AT(resume), "go on with the journal, which must exist"},
    {"no-journal", 0, ON_BULK, NULL, FLAG, AT(no_journal), "keep none: nothing can be resumed"},
    {"include-self", 0, ON_BULK | ON_END_SESSIONS, NULL, FLAG, AT(include_self),
     "do not leave your own account out"},
    {"retry-unknown", 0, ON_BULK, NULL, FLAG, AT(retry_unknown),
     "ask again where an earlier run cannot tell whether it was done"},
    {"check-list", 0, ON_BULK, NULL, FLAG, AT(check_list), "read the list, count, send nothing"},
    {"all", 0, ON_END_SESSIONS, NULL, FLAG, AT(all), "also of those seen linked since"},
    {"list", 0, ON_REPORT, "FILE", TEXT, AT(list), "add the entries of this list that were never begun"},
    {"column", 0, ON_BULK | ON_REPORT, "NAME", TEXT, AT(column),
     "the column of the list, by name or number"},
    {"parallel", 0, ON_BULK, "N", NUMBER, AT(parallel), "connections at once, 1 to 15; default 4"},
    {"requests-per-minute", 0, ON_BULK | ON_END_SESSIONS, "N", NUMBER, AT(requests_per_minute),
     "the portal's limit; default 1500, 0: none"},
    {"writes-per-day", 0, ON_BULK, "N", NUMBER, AT(writes_per_day),
     "the portal's limit; default 10000, 0: none"},
    {"help", 'h', ON_ALL, NULL, FLAG, AT(help), "show this help"},
    {"version", 'V', ON_ALL, NULL, FLAG, AT(version), "show the version"},
    {NULL, 0, 0, NULL, FLAG, 0, NULL},
};
enum { OPTION_COUNT = sizeof option_rows / sizeof *option_rows - 1, FIRST_OPTION = 256 };

int read_number(const char *text, uint32_t *number)
{
    char *end;
    unsigned long value;
    if (*text < '0' || *text > '9')
        return 0;
    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno != 0 || *end != '\0' || value > UINT32_MAX)
        return 0;
    *number = (uint32_t)value;
    return 1;
}

/* Seconds, at most three digits after the point. */
static int read_seconds(const char *text, uint32_t *ms)
{
    char *end;
    double seconds;
    if (strspn(text, "0123456789.") != strlen(text) || *text == '\0')
        return 0;
    seconds = strtod(text, &end);
    if (*end != '\0' || seconds < 0.001 || seconds > 2000000)
        return 0;
    *ms = (uint32_t)(seconds * 1000 + 0.5);
    return 1;
}

static int wrong_value(const struct option_row *row, const char *value)
{
    say("--%s %s: not %s", row->name, value,
        strchr(row->value, '|') != NULL ? row->value : "a number that fits");
    return 0;
}

/* Puts a value where its row says; a number is judged here and kept as text. */
static int set_option(struct options *options, const struct option_row *row, const char *value)
{
    void *place = (char *)options + row->place;
    uint32_t number;
    int fits = 1;
    switch (row->kind) {
    case FLAG:
        *(int *)place = 1;
        break;
    case NUMBER:
        fits = read_number(value, &number);
        *(const char **)place = value;
        break;
    case TEXT:
        *(const char **)place = value;
        break;
    case SECONDS:
        fits = read_seconds(value, place);
        break;
    case METHOD:
        fits = read_method(value, place);
        break;
    case STATUS:
        fits = read_account_status(value, place);
        break;
    case ROLE:
        fits = read_role(value, place);
        break;
    }
    return fits || wrong_value(row, value);
}

static int row_of(int found)
{
    int row;
    if (found >= FIRST_OPTION)
        return found - FIRST_OPTION;
    for (row = 0; row < OPTION_COUNT; row++)
        if (option_rows[row].letter == found)
            return row;
    return -1;
}

/* The tables getopt_long() wants. "-" at the front gives the words in order,
   wherever the options stand among them. */
static void prepare(struct option *table, char *letters)
{
    int row;
    *letters++ = '-';
    for (row = 0; row < OPTION_COUNT; row++) {
        table[row].name = option_rows[row].name;
        table[row].has_arg = option_rows[row].value != NULL ? required_argument : no_argument;
        table[row].flag = NULL;
        table[row].val = FIRST_OPTION + row;
        if (option_rows[row].letter != 0) {
            *letters++ = (char)option_rows[row].letter;
            if (option_rows[row].value != NULL)
                *letters++ = ':';
        }
    }
    memset(&table[OPTION_COUNT], 0, sizeof table[OPTION_COUNT]);
    *letters = '\0';
}

/* The first word is the command, or the first two, the others are its own. */
static int take_word(struct options *options, const char *word)
{
    if (options->command != NULL) {
        const struct command *within = command_within(options->command, word);
        if (within != NULL && options->word_count == 0)
            options->command = within;
        else
            options->words[options->word_count++] = word;
        return 1;
    }
    options->command = command_named(word);
    if (options->command == NULL)
        say("%s: no such command", word);
    return options->command != NULL;
}

static int fits_command(const struct options *options, const int *used)
{
    const struct command *command = options->command;
    int row;
    if (options->help || options->version)
        return 1;
    if (command == NULL) {
        say("a command is missing");
        return 0;
    }
    for (row = 0; row < OPTION_COUNT; row++) {
        if (used[row] && (option_rows[row].commands & command->bit) == 0) {
            say("--%s is no option of %s", option_rows[row].name, command->name);
            return 0;
        }
    }
    if (options->word_count < command->least_words) {
        say("%s: %s is missing", command->name, command->arguments);
        return 0;
    }
    if (command->most_words >= 0 && options->word_count > command->most_words) {
        say("%s: too many words, from \"%s\" on", command->name,
            options->words[command->most_words]);
        return 0;
    }
    return 1;
}

static void set_defaults(struct options *options, int argc, char **argv)
{
    memset(options, 0, sizeof *options);
    options->method = DSTFA_METHOD_UNKNOWN;
    options->status = DSTFA_ANY;
    options->role = DSTFA_ANY;
    options->portal = getenv("DOCSPACE_PORTAL");
    options->key_from_environment = getenv("DOCSPACE_API_KEY") != NULL;
    options->argc = argc;
    options->argv = argv;
}

int options_read(struct options *options, int argc, char **argv)
{
    struct option table[OPTION_COUNT + 1];
    char letters[2 * OPTION_COUNT + 2];
    int used[OPTION_COUNT] = {0};
    int found;
    int fine = 1;

    set_defaults(options, argc, argv);
    options->words = calloc((size_t)argc + 1, sizeof *options->words);
    if (options->words == NULL) {
        say("out of memory");
        return 0;
    }
    prepare(table, letters);
    while (fine && (found = getopt_long(argc, argv, letters, table, NULL)) != -1) {
        int row = row_of(found);
        if (found == 1) {
            fine = take_word(options, optarg);
        } else if (row < 0) {
            fine = 0; /* getopt_long() has said why */
        } else {
            used[row] = 1;
            fine = set_option(options, &option_rows[row], optarg);
        }
    }
    for (; fine && optind < argc; optind++) /* after "--" */
        fine = take_word(options, argv[optind]);
    options->portal_from_environment = options->portal == getenv("DOCSPACE_PORTAL");
    if (fine)
        fine = fits_command(options, used);
    if (!fine)
        fprintf(stderr, "Try \"%s %s%s--help\".\n", PROGRAM,
                options->command != NULL ? options->command->name : "",
                options->command != NULL ? " " : "");
    return fine;
}

void options_free(struct options *options)
{
    free(options->words);
    options->words = NULL;
}

int32_t method_for_accounts(const struct options *options)
{
    return options->method == DSTFA_METHOD_UNKNOWN ? DSTFA_METHOD_NONE : options->method;
}

static void print_row(FILE *to, const struct option_row *row)
{
    char left[80];
    char letter[4] = "   ";
    if (row->letter != 0)
        snprintf(letter, sizeof letter, "-%c,", row->letter);
    snprintf(left, sizeof left, "%s --%s%s%s", letter, row->name, row->value != NULL ? " " : "",
             row->value != NULL ? row->value : "");
    if (strlen(left) < 28)
        fprintf(to, "  %-28s%s\n", left, row->help);
    else
        fprintf(to, "  %s\n  %-28s%s\n", left, "", row->help);
}

void options_help(FILE *to, const struct command *command)
{
    const struct command *each;
    const struct option_row *row;
    if (command == NULL) {
        fprintf(to,
                "usage: %s COMMAND [OPTION...] [ARGUMENT...]\n\n"
                "Administers the two-factor methods of an ONLYOFFICE DocSpace portal.\n\n",
                PROGRAM);
        for (each = commands; each->name != NULL; each++)
            fprintf(to, "  %-18s %s\n", each->name, each->summary);
        fprintf(to,
                "\n%s COMMAND --help tells more about each.\n\n"
                "Results go to standard output, everything else to standard error or the\n"
                "terminal. Exit codes: 0 done; 1 refused, nothing changed; 2 wrong usage or\n"
                "input, nothing sent; 3 not known whether it was done; 4 unlinked, but sessions\n"
                "are not known to be ended, or only some of a list; 5 portal not reached;\n"
                "6 credential or state of the portal; 7 stopped, resume later; 70 internal\n"
                "error; 130, 143 interrupted, nothing unknown.\n",
                PROGRAM);
        return;
    }
    fprintf(to, "usage: %s %s [OPTION...] %s\n\n%s\n", PROGRAM, command->name, command->arguments,
            command->details);
    for (row = option_rows; row->name != NULL; row++)
        if ((row->commands & command->bit) != 0)
            print_row(to, row);
}
