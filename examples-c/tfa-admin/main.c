/*
 * tfa-admin - administers the two-factor methods of an ONLYOFFICE DocSpace
 * portal. See the manual page, man/tfa-admin.1.
 */
#include "admin.h"
#include "options.h"
#include "say.h"
#include "signals.h"

#include <stdio.h>

static void show_version(void)
{
    printf("%s %s (library %s)\n", PROGRAM, DSTFA_VERSION, dstfa_version());
}

static int run(const struct options *options)
{
    if (options->version) {
        show_version();
        return EXIT_DONE;
    }
    if (options->help) {
        options_help(stdout, options->command);
        return EXIT_DONE;
    }
    return options->command->run(options);
}

/* What was asked is done all the same, but whoever reads the result must know. */
static int results_were_written(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 1;
    say("the result could not be written to standard output");
    return 0;
}

int main(int argc, char **argv)
{
    static char name[] = PROGRAM;
    struct options options;
    int code = EXIT_USAGE;

    if (argc > 0)
        argv[0] = name; /* getopt_long() begins its messages with it */
    signals_install();
    if (dstfa_version_number() < DSTFA_VERSION_NUMBER)
        say("built for library %s, running with %s", DSTFA_VERSION, dstfa_version());
    if (options_read(&options, argc, argv))
        code = run(&options);
    options_free(&options);
    if (!results_were_written() && code == EXIT_DONE)
        code = EXIT_INTERNAL;
    signals_restore();
    return code;
}
