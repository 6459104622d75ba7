/* A program of somebody else's: change PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID */
#include <docspace_tfa.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    char key[512] = "";
    FILE *file = argc == 5 ? fopen(argv[3], "r") : NULL;
    dstfa_change *change = NULL;
    dstfa_error *error = NULL;
    dstfa_status status;

    if (file == NULL || fgets(key, sizeof key, file) == NULL)
        return 2;
    fclose(file);
    key[strcspn(key, "\r\n")] = '\0';
    status = dstfa_change_method_once(argv[1], key, argv[2], argv[4], DSTFA_METHOD_NONE, &change, &error);
    if (status == DSTFA_OK)
        printf("done: %s\n", dstfa_change_message(change));
    else
        printf("refused: %s: %s\n", dstfa_reason_name(dstfa_error_reason(error)),
               dstfa_error_message(error));
    dstfa_change_free(change);
    dstfa_error_free(error);
    return status == DSTFA_OK ? 0 : 1;
}
