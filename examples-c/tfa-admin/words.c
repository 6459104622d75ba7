#include "words.h"

#include <docspace_tfa.h>
#include <string.h>

struct word {
    int32_t number;
    const char *text;
};

/* Each table ends with the word for every other number. */
static const struct word applied_words[] = {
    {DSTFA_APPLIED_YES, "yes"}, {DSTFA_APPLIED_NO, "no"}, {-1, "maybe"}};
static const struct word three_words[] = {{DSTFA_YES, "yes"}, {DSTFA_NO, "no"}, {-1, "unknown"}};
static const struct word methods[] = {{DSTFA_METHOD_NONE, "none"},
                                      {DSTFA_METHOD_SMS, "sms"},
                                      {DSTFA_METHOD_APP, "app"},
                                      {-1, "unknown"}};
static const struct word statuses[] = {{DSTFA_ACCOUNT_ACTIVE, "active"},
                                       {DSTFA_ACCOUNT_TERMINATED, "terminated"},
                                       {DSTFA_ACCOUNT_PENDING, "pending"},
                                       {-1, "unknown"}};
static const struct word roles[] = {
    {DSTFA_ROLE_OWNER, "owner"}, {DSTFA_ROLE_ADMIN, "admin"}, {DSTFA_ROLE_ROOM_ADMIN, "room-admin"},
    {DSTFA_ROLE_USER, "user"},   {DSTFA_ROLE_GUEST, "guest"}, {-1, "unknown"}};
static const struct word nexts[] = {{DSTFA_NEXT_NOTHING, "nothing"},
                                    {DSTFA_NEXT_ENROL, "enrol"},
                                    {DSTFA_NEXT_APP, "app"},
                                    {DSTFA_NEXT_SMS, "sms"},
                                    {DSTFA_NEXT_SSO, "sso"},
                                    {-1, "unknown"}};
static const struct word outcomes[] = {{DSTFA_ITEM_APPLIED, "applied"},
                                       {DSTFA_ITEM_REFUSED, "refused"},
                                       {DSTFA_ITEM_SKIPPED, "skipped"},
                                       {DSTFA_ITEM_WOULD_APPLY, "would"},
                                       {-1, "unknown"}};

static const char *word_for(const struct word *table, int32_t number)
{
    while (table->number != -1 && table->number != number)
        table++;
    return table->text;
}

static int number_for(const struct word *table, const char *text, int32_t *number)
{
    for (; table->number != -1; table++) {
        if (strcmp(table->text, text) == 0) {
            *number = table->number;
            return 1;
        }
    }
    return 0;
}

const char *applied_word(int32_t applied)
{
    return word_for(applied_words, applied);
}
const char *three_word(int32_t answer)
{
    return word_for(three_words, answer);
}
const char *method_word(int32_t method)
{
    return word_for(methods, method);
}
const char *account_status_word(int32_t status)
{
    return word_for(statuses, status);
}
const char *role_word(int32_t role)
{
    return word_for(roles, role);
}
const char *next_word(int32_t next_sign_in)
{
    return word_for(nexts, next_sign_in);
}
const char *outcome_word(int32_t item_outcome)
{
    return word_for(outcomes, item_outcome);
}

int read_method(const char *word, int32_t *method)
{
    return number_for(methods, word, method);
}

int read_account_status(const char *word, int32_t *status)
{
    return number_for(statuses, word, status);
}

int read_role(const char *word, int32_t *role)
{
    return number_for(roles, word, role);
}

static const char *without(const char *name, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 ? name + length : name;
}

const char *status_word(int32_t status)
{
    return without(without(dstfa_status_name(status), "DSTFA_E_"), "DSTFA_");
}

const char *reason_word(int32_t reason)
{
    return without(dstfa_reason_name(reason), "DSTFA_REASON_");
}

size_t utf8_length(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t length;
    size_t i;
    if (at[0] < 0x80)
        return 1;
    if (at[0] >= 0xc2 && at[0] <= 0xdf)
        length = 2;
    else if (at[0] >= 0xe0 && at[0] <= 0xef)
        length = 3;
    else if (at[0] >= 0xf0 && at[0] <= 0xf4)
        length = 4;
    else
        return 0;
    for (i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    /* longer than needed, surrogates, beyond the last character */
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

size_t clean_length(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    int control = at[0] < 0x20 || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0);
    return control ? 0 : utf8_length(text);
}

void print_clean(FILE *to, const char *text)
{
    while (*text != '\0') {
        size_t length = clean_length(text);
        if (length == 0)
            fputc('?', to);
        else
            fwrite(text, 1, length, to);
        length = utf8_length(text);
        text += length == 0 ? 1 : length;
    }
}
