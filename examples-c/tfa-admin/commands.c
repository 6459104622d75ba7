/* The commands, and what their help says. */
#include "admin.h"
#include "options.h"

#include <string.h>

#define WHO "ACCOUNT is an account id, an e-mail address, a user name or @self.\n"

const struct command commands[] = {
    {"check", "ACCOUNT", "would a change be done? reads only",
     "Tells whether the portal would unlink the account's authenticator app, and\n"
     "what the member would meet at the next sign-in. Changes nothing.\n" WHO,
     ON_CHECK, 1, 1, run_check},
    {"change", "ACCOUNT", "unlink the authenticator app of one account",
     "Unlinks the account's authenticator app and ends its sessions, whatever the\n"
     "method asked for. Its API keys and OAuth tokens stay good. What the member meets\n"
     "at the next sign-in is decided by the portal's own method. Only the portal's\n"
     "owner may change others.\n"
     "\n"
     "Looks first, asks, changes, looks whether it is so, and prints a text for the\n"
     "member. Some portals show how it was for five minutes: then it says when to look\n"
     "again, or waits for that with --wait. Where the sessions are not known to be\n"
     "ended, it offers to end them; with --yes it does.\n" WHO,
     ON_CHANGE, 1, 1, run_change},
    {"sessions", "end ACCOUNT", "end all sessions of one account",
     "\"sessions end ACCOUNT\" signs the account out everywhere: what is left to do\n"
     "where a change stopped half-way. On some portals an old session may work for ten\n"
     "minutes more. The linked app, API keys and OAuth tokens stay as they are.\n" WHO,
     ON_SESSIONS, 2, 2, run_sessions},
    {"find", "ACCOUNT", "show one account", "Shows one account.\n" WHO, ON_FIND, 1, 1, run_find},
    {"list", "[TEXT...]", "list accounts",
     "Lists the accounts whose names or address contain each word of TEXT; all of\n"
     "them without one.\n",
     ON_LIST, 0, -1, run_list},
    {"policy", "[show | set]", "show or set the method of the whole portal",
     "Without a word, or with \"show\": shows the two-factor setting of the portal.\n"
     "\"policy set --method METHOD --confirm-host HOST\" sets it: THIS AFFECTS EVERY\n"
     "ACCOUNT, and a method other than none SIGNS EVERYONE OUT. The portal forgets\n"
     "the lists (trusted addresses, accounts and groups always asked) of a method\n"
     "that is switched off or replaced: they are shown before. HOST repeats the host\n"
     "of the portal's address.\n",
     ON_POLICY, 0, 1, run_policy},
    {"bulk", "LIST", "unlink the apps of many accounts",
     "Changes every account of LIST, a CSV file or one id or e-mail address on a\n"
     "line; - is standard input. Goes as fast as the portal allows. A journal keeps\n"
     "what was done: after an interruption the same command with --resume goes on,\n"
     "and what is known to be done is not asked for again. Where an account is\n"
     "unlinked and its sessions are not known to be ended, its line says so: see\n"
     "\"bulk end-sessions\". The journal holds e-mail addresses as they stand in the list:\n"
     "personal data.\n"
     "\n"
     "The journal is LIST.journal unless --journal names another; for a list from\n"
     "standard input it has to be named. One that exists is used only with --resume.\n"
     "A list named report, end-sessions or salvage is given as ./report and so on.\n",
     ON_BULK, 1, 1, run_bulk},
    {"bulk report", "JOURNAL", "show what a journal says",
     "Prints one line for each entry that the journal names: outcome, entry, reason,\n"
     "whether its sessions are ended, and what it means or what to do, with tabs\n"
     "between. Entries never begun are in no journal: --list FILE adds them. It may be\n"
     "read while a run is at work; a damaged one is read up to the damage. Sends\n"
     "nothing.\n",
     ON_REPORT, 1, 1, run_bulk_report},
    {"bulk end-sessions", "JOURNAL", "end the sessions that a run left",
     "Ends the sessions of every entry of the journal that is applied or unknown and\n"
     "whose sessions are not known to be ended. Who was seen linked since is left out\n"
     "unless --all is given. Changes no account. May be stopped and repeated: it goes\n"
     "on with what is left.\n",
     ON_END_SESSIONS, 1, 1, run_bulk_end_sessions},
    {"bulk salvage", "OLD NEW", "copy what is sound of a damaged journal",
     "Copies the sound lines of the journal OLD to NEW, which must not exist. With NEW\n"
     "only what is known to be settled counts: every other entry of the list, one that\n"
     "was never begun too, stays unknown and is sent only with --retry-unknown. Sends\n"
     "nothing, and leaves OLD as it is.\n",
     ON_SALVAGE, 2, 2, run_bulk_salvage},
    {"whoami", "", "show the account the key acts as", "Shows the account the API key acts as.\n",
     ON_WHOAMI, 0, 0, run_whoami},
    {"completion", "bash", "print the completion for a shell",
     "Prints the completion for bash: eval \"$(" PROGRAM " completion bash)\"\n", ON_COMPLETION, 1,
     1, run_completion},
    {NULL, NULL, NULL, NULL, 0, 0, 0, NULL},
};

const struct command *command_named(const char *name)
{
    const struct command *at = commands;
    while (at->name != NULL && strcmp(at->name, name) != 0)
        at++;
    return at->name != NULL ? at : NULL;
}

const struct command *command_within(const struct command *first, const char *word)
{
    size_t length = strlen(first->name);
    const struct command *at;
    for (at = commands; at->name != NULL; at++)
        if (strncmp(at->name, first->name, length) == 0 && at->name[length] == ' ' &&
            strcmp(at->name + length + 1, word) == 0)
            return at;
    return NULL;
}
