/* completion: a script made from the tables of commands and options. */
#include "options.h"
#include "say.h"

#include <string.h>

/* Those of one word, or all; a comma stands only between the latter. */
static void print_commands(char between)
{
    const struct command *each;
    for (each = commands; each->name != NULL; each++)
        if (between == ',' || strchr(each->name, ' ') == NULL)
            printf("%s%.*s", each->name, each[1].name != NULL, &between);
}

/* The second words of those that begin with this one. */
static void print_seconds(const char *first)
{
    const struct command *each;
    size_t length = strlen(first);
    const char *before = "";
    for (each = commands; each->name != NULL; each++) {
        if (strncmp(each->name, first, length) == 0 && each->name[length] == ' ') {
            printf("%s%s", before, each->name + length + 1);
            before = " ";
        }
    }
}

/* The options of a command, the ones with a value too. */
static void print_options(const struct command *command)
{
    const struct option_row *row;
    const char *before = "";
    for (row = option_rows; row->name != NULL; row++) {
        if ((row->commands & command->bit) != 0) {
            printf("%s--%s", before, row->name);
            before = " ";
        }
    }
}

/* What comes after an option that takes a value. */
static void print_values(void)
{
    const struct option_row *row;
    for (row = option_rows; row->name != NULL; row++) {
        if (row->value == NULL)
            continue;
        printf("        --%s", row->name);
        if (row->letter != 0)
            printf("|-%c", row->letter);
        if (strcmp(row->value, "FILE") == 0) {
            puts(") COMPREPLY=($(compgen -f -- \"$word\")); return ;;");
        } else if (strchr(row->value, '|') != NULL) {
            const char *at;
            fputs(") COMPREPLY=($(compgen -W \"", stdout);
            for (at = row->value; *at != '\0'; at++)
                putchar(*at == '|' ? ' ' : *at);
            puts("\" -- \"$word\")); return ;;");
        } else {
            puts(") return ;;");
        }
    }
}

static void print_bash(void)
{
    const struct command *each;
    puts("# bash completion for " PROGRAM ", printed by: " PROGRAM " completion bash\n"
         "_tfa_admin()\n"
         "{\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= "
         "each\n"
         "    COMPREPLY=()\n"
         "    case $before in");
    print_values();
    fputs("    esac\n"
          "    for each in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
          "        case \",",
          stdout);
    print_commands(',');
    fputs(",\" in\n"
          "            *\",${command:+$command }$each,\"*) command=${command:+$command }$each ;;\n"
          "        esac\n"
          "    done\n"
          "    case $command in\n"
          "        '') COMPREPLY=($(compgen -W \"",
          stdout);
    print_commands(' ');
    puts(" --help --version\" -- \"$word\")); return ;;\n"
         "        policy) [[ $word == -* ]] || COMPREPLY=($(compgen -W \"show set\" -- \"$word\")) "
         ";;\n"
         "        sessions) [[ $word == -* ]] || COMPREPLY=($(compgen -W \"end\" -- \"$word\")) "
         ";;\n"
         "        bulk\\ *) [[ $word == -* ]] || COMPREPLY=($(compgen -f -- \"$word\")) ;;");
    fputs("        bulk) [[ $word == -* ]] || COMPREPLY=($(compgen -f -W \"", stdout);
    print_seconds("bulk");
    puts("\" -- \"$word\")) ;;\n"
         "        completion) COMPREPLY=($(compgen -W \"bash\" -- \"$word\")) ;;\n"
         "    esac\n"
         "    [[ $word == -* ]] || return\n"
         "    case $command in");
    for (each = commands; each->name != NULL; each++) {
        printf("        \"%s\") COMPREPLY=($(compgen -W \"", each->name);
        print_options(each);
        puts("\" -- \"$word\")) ;;");
    }
    puts("    esac\n"
         "}\n"
         "complete -o filenames -F _tfa_admin " PROGRAM);
}

int run_completion(const struct options *options)
{
    if (strcmp(options->words[0], "bash") != 0) {
        say("completion: bash is the only shell known");
        return EXIT_USAGE;
    }
    print_bash();
    return EXIT_DONE;
}
