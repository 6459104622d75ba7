/* Versions, and the words for statuses and reasons. */
#include "docspace_tfa.h"

#include "check.h"

#define STATUS(number)                                                               \
    CHECK_STR(dstfa_status_name(number), #number);                                   \
    CHECK_WORDS(dstfa_status_message(number), dstfa_status_message(-1))
#define REASON(number)                                                               \
    CHECK_STR(dstfa_reason_name(number), #number);                                   \
    CHECK_WORDS(dstfa_reason_message(number), dstfa_reason_message(-1))

/* A sentence of its own. */
#define CHECK_WORDS(message, general)                                                \
    CHECK(strlen(message) > 4 && message[strlen(message) - 1] == '.');               \
    CHECK(strcmp(message, general) != 0)

static void versions(int newer)
{
    uint32_t number = dstfa_version_number();
    char text[32];

    if (newer) {
        CHECK(number >= DSTFA_VERSION_NUMBER);
    } else {
        CHECK_STR(dstfa_version(), DSTFA_VERSION);
        CHECK_INT(number, DSTFA_VERSION_NUMBER);
    }
    CHECK_INT(DSTFA_VERSION_NUMBER, DSTFA_VERSION_MAJOR * 65536L + DSTFA_VERSION_MINOR * 256L +
                                        DSTFA_VERSION_PATCH);
    sprintf(text, "%d.%d.%d", DSTFA_VERSION_MAJOR, DSTFA_VERSION_MINOR, DSTFA_VERSION_PATCH);
    CHECK_STR(DSTFA_VERSION, text);
}

static void statuses(void)
{
    STATUS(DSTFA_OK);
    STATUS(DSTFA_E_ARGUMENT);
    STATUS(DSTFA_E_STATE);
    STATUS(DSTFA_E_UNSUPPORTED);
    STATUS(DSTFA_E_RESOLVE);
    STATUS(DSTFA_E_CONNECT);
    STATUS(DSTFA_E_PROXY);
    STATUS(DSTFA_E_TLS);
    STATUS(DSTFA_E_TIMEOUT);
    STATUS(DSTFA_E_TRANSPORT);
    STATUS(DSTFA_E_UNAUTHORIZED);
    STATUS(DSTFA_E_FORBIDDEN);
    STATUS(DSTFA_E_NOT_FOUND);
    STATUS(DSTFA_E_REJECTED);
    STATUS(DSTFA_E_UNAVAILABLE);
    STATUS(DSTFA_E_RATE_LIMITED);
    STATUS(DSTFA_E_SERVER);
    STATUS(DSTFA_E_PROTOCOL);
    STATUS(DSTFA_E_UNVERIFIED);
    STATUS(DSTFA_E_REDIRECTED);
    STATUS(DSTFA_E_CANCELLED);
    STATUS(DSTFA_E_IO);
    STATUS(DSTFA_E_BUSY);
    STATUS(DSTFA_E_JOURNAL);
    STATUS(DSTFA_E_INTERNAL);
    STATUS(DSTFA_DONE);
}

static void reasons(void)
{
    REASON(DSTFA_REASON_NONE);
    REASON(DSTFA_REASON_UNKNOWN);
    REASON(DSTFA_REASON_BAD_CREDENTIAL);
    REASON(DSTFA_REASON_MISSING_SCOPE);
    REASON(DSTFA_REASON_NOT_OWNER);
    REASON(DSTFA_REASON_NOT_ADMIN);
    REASON(DSTFA_REASON_IP_RESTRICTED);
    REASON(DSTFA_REASON_SIGN_IN_LOCKED);
    REASON(DSTFA_REASON_NO_SUCH_ACCOUNT);
    REASON(DSTFA_REASON_ACCOUNT_TERMINATED);
    REASON(DSTFA_REASON_NOT_LINKED);
    REASON(DSTFA_REASON_HIDDEN_BY_PORTAL);
    REASON(DSTFA_REASON_METHOD_UNAVAILABLE);
    REASON(DSTFA_REASON_INVALID_REQUEST);
    REASON(DSTFA_REASON_PORTAL_NOT_FOUND);
    REASON(DSTFA_REASON_UNPAID);
    REASON(DSTFA_REASON_MAINTENANCE);
    REASON(DSTFA_REASON_RATE_LIMITED);
    REASON(DSTFA_REASON_DAILY_LIMIT);
    REASON(DSTFA_REASON_REDIRECTED);
    REASON(DSTFA_REASON_NOT_A_PORTAL);
    REASON(DSTFA_REASON_CERT_UNTRUSTED);
    REASON(DSTFA_REASON_CERT_EXPIRED);
    REASON(DSTFA_REASON_CERT_NOT_YET_VALID);
    REASON(DSTFA_REASON_CERT_WRONG_HOST);
    REASON(DSTFA_REASON_CERT_CLIENT_NEEDED);
    REASON(DSTFA_REASON_PROXY_AUTH);
}

/* Whatever the number: a name that ends in a question mark or is a known one, and
 * a sentence. */
static void any_number(int newer)
{
    /* The last four may have a meaning in later versions. */
    static const int32_t none[] = {-2147483647 - 1, -1, 2147483647, 4, 9, 98, 101};
    size_t count = newer ? 3 : sizeof none / sizeof none[0];
    size_t i;
    int32_t number;

    for (i = 0; i < count; i++) {
        CHECK_STR(dstfa_status_name(none[i]), "DSTFA_E_?");
        CHECK_STR(dstfa_reason_name(none[i]), "DSTFA_REASON_?");
    }
    for (number = -10; number < 1000; number++) {
        CHECK_HAS(dstfa_status_name(number), "DSTFA_");
        CHECK_HAS(dstfa_status_message(number), ".");
        CHECK_HAS(dstfa_reason_name(number), "DSTFA_REASON_");
        CHECK_HAS(dstfa_reason_message(number), ".");
    }
}

/* "newer" says that the library may be of a later version than this header. */
int main(int argc, char **argv)
{
    int newer = argc > 1 && strcmp(argv[1], "newer") == 0;

    versions(newer);
    statuses();
    reasons();
    any_number(newer);
    return 0;
}
