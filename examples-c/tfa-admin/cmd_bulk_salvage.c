/* bulk salvage: copies what is sound of a damaged journal. */
#include "report.h"
#include "say.h"

#include <stdio.h>

static const char salvaged_text[] =
    "The sound lines were copied, and the old journal was left as it is. Go on with the new one: "
    "--resume --journal. What is not known to be settled, entries that were never begun too, "
    "stays unknown and is not sent unless --retry-unknown is given.";

int run_bulk_salvage(const struct options *options)
{
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    dstfa_status status = dstfa_journal_salvage(options->words[0], options->words[1], &error);
    if (status == DSTFA_E_IO)
        code = report_usage(options, dstfa_error_message(error)); /* a wrong path */
    else if (status != DSTFA_OK)
        code = report_error(options, error);
    else if (options->json)
        report_end(options, EXIT_DONE, salvaged_text);
    else
        puts(salvaged_text);
    dstfa_error_free(error);
    return code;
}
