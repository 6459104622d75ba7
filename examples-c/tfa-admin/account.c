#include "account.h"
#include "report.h"
#include "signals.h"
#include "words.h"

#include <ctype.h>
#include <string.h>

int is_account_id(const char *text)
{
    int i;
    for (i = 0; i < ID_SIZE - 1; i++) {
        int dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return 0;
    }
    return text[i] == '\0';
}

int resolve_account(const struct options *options, const dstfa_client *client, const char *who,
                    char id[ID_SIZE])
{
    dstfa_account *account = NULL;
    dstfa_error *error = NULL;
    int code = EXIT_DONE;
    if (is_account_id(who)) {
        memcpy(id, who, ID_SIZE);
        return code;
    }
    if (dstfa_client_find_account(client, who, signals_cancel(), &account, &error) != DSTFA_OK)
        code = report_error(options, error);
    else if (!is_account_id(dstfa_account_id(account)))
        code = EXIT_INTERNAL;
    else
        memcpy(id, dstfa_account_id(account), ID_SIZE);
    dstfa_account_free(account);
    dstfa_error_free(error);
    return code;
}

void print_account(const dstfa_account *account)
{
    printf("id:         %s\n", dstfa_account_id(account));
    printf("name:       %s\n", dstfa_account_display_name(account));
    printf("e-mail:     %s\n", dstfa_account_email(account));
    printf("user name:  %s\n", dstfa_account_user_name(account));
    printf("state:      %s\n", account_status_word(dstfa_account_status(account)));
    printf("role:       %s\n", role_word(dstfa_account_role(account)));
    printf("app linked: %s\n", three_word(dstfa_account_app_link(account)));
    if (dstfa_account_is_sso(account) == DSTFA_YES)
        puts("sign-in:    SSO, which asks for no second factor");
    if (dstfa_account_is_ldap(account) == DSTFA_YES)
        puts("comes from: a directory (LDAP)");
}

void json_account(struct json *json, const dstfa_account *account)
{
    json_text(json, "id", dstfa_account_id(account));
    json_text(json, "email", dstfa_account_email(account));
    json_text(json, "user_name", dstfa_account_user_name(account));
    json_text(json, "display_name", dstfa_account_display_name(account));
    json_text(json, "account_status", account_status_word(dstfa_account_status(account)));
    json_text(json, "role", role_word(dstfa_account_role(account)));
    json_bool(json, "is_owner", dstfa_account_is_owner(account) == 1);
    json_text(json, "is_sso", three_word(dstfa_account_is_sso(account)));
    json_text(json, "is_ldap", three_word(dstfa_account_is_ldap(account)));
    json_text(json, "app_link", three_word(dstfa_account_app_link(account)));
}
