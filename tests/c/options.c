/* Every setter, with good and bad values, and the rules over several options.
 * Arguments: a CA file, a client certificate, its key, another key. */
#include "docspace_tfa.h"

#include "check.h"

#define URL "https://portal.example.com"
#define KEY "sk-0123456789abcdef"

static dstfa_options *options;
static dstfa_error *error;
static dstfa_status status;

#define GOOD(call) CHECK_DONE(call, error)
#define BAD(call, word)                                                              \
    do {                                                                             \
        status = (call);                                                             \
        CHECK_ARGUMENT(status, error, word);                                         \
    } while (0)

/* Whether a client can be made of the options as they are. */
static void buildable(void)
{
    dstfa_client *client = STALE_CLIENT;

    GOOD(dstfa_client_new(options, &client, &error));
    CHECK(client != NULL && client != STALE_CLIENT);
    dstfa_client_free(client);
}

static void not_buildable(const char *word)
{
    dstfa_client *client = STALE_CLIENT;

    status = dstfa_client_new(options, &client, &error);
    CHECK(client == NULL);
    CHECK_ARGUMENT(status, error, word);
}

static void fresh(void)
{
    dstfa_options_free(options);
    options = dstfa_options_new();
    GOOD(dstfa_options_set_portal_url(options, URL, &error));
    GOOD(dstfa_options_set_api_key(options, KEY, &error));
    GOOD(dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, &error));
}

static void portal_url(void)
{
    static const char *const good[] = {"https://portal.example.com/", "https://portal.example.com:8443",
                                       "https://example.com/docspace", "https://192.0.2.1",
                                       "https://[2001:db8::1]:8443", "HTTPS://Portal.Example.COM"};
    static const char *const bad[] = {"", "portal.example.com", "ftp://portal.example.com",
                                      "https://", "https://user:word@portal.example.com",
                                      "https://portal.example.com/?a=b", "https://portal.example.com/#x",
                                      "https://portal.example.com/api/2.0", "https://portal.example.com/a/../b",
                                      "https://portal.example.com:0", "https://portal.example.com:99999",
                                      "https://portal example.com", "https://portal.example.com\r\nx: y"};
    size_t i;

    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        GOOD(dstfa_options_set_portal_url(options, good[i], &error));
        buildable();
    }
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        BAD(dstfa_options_set_portal_url(options, bad[i], &error), "portal URL");
    buildable();
}

static void plain_http(void)
{
    GOOD(dstfa_options_set_portal_url(options, "http://127.0.0.1:8092", &error));
    buildable();
    GOOD(dstfa_options_set_portal_url(options, "http://portal.example.com", &error));
    not_buildable("http");
    GOOD(dstfa_options_set_allow_plain_http(options, 1, &error));
    buildable();
    GOOD(dstfa_options_set_allow_plain_http(options, 0, &error));
    not_buildable("http");
    GOOD(dstfa_options_set_portal_url(options, URL, &error));
}

static void credentials(void)
{
    BAD(dstfa_options_set_api_key(options, "", &error), "API key");
    BAD(dstfa_options_set_api_key(options, "0123", &error), "API key");
    BAD(dstfa_options_set_api_key(options, KEY "\n", &error), "API key");
    BAD(dstfa_options_set_session_token(options, KEY, &error), "session token");
    BAD(dstfa_options_set_session_token(options, "", &error), "session token");
    BAD(dstfa_options_set_password(options, "owner", "word", &error), "e-mail");
    BAD(dstfa_options_set_password(options, "owner@example.com", "", &error), "password");
    buildable();
    GOOD(dstfa_options_set_session_token(options, "abc+/=", &error));
    buildable();
    GOOD(dstfa_options_set_password(options, "owner@example.com", "p\xc3\xa4ssword", &error));
    buildable();
    GOOD(dstfa_options_set_api_key(options, KEY, &error));
    buildable();
}

/* A refused secret is not repeated in the message. */
static void secrets(void)
{
    CHECK_INT(dstfa_options_set_api_key(options, "my secret", &error), DSTFA_E_ARGUMENT);
    CHECK(strstr(dstfa_error_message(error), "secret") == NULL);
    dstfa_error_free(error);
    CHECK_INT(dstfa_options_set_password(options, "a@example.com", "my\nsecret", &error),
              DSTFA_E_ARGUMENT);
    CHECK(strstr(dstfa_error_message(error), "secret") == NULL);
    dstfa_error_free(error);
}

static void numbers(void)
{
    GOOD(dstfa_options_set_timeout_ms(options, 1, &error));
    GOOD(dstfa_options_set_timeout_ms(options, 4294967295U, &error));
    GOOD(dstfa_options_set_connect_timeout_ms(options, 1, &error));
    GOOD(dstfa_options_set_max_attempts(options, 1, &error));
    GOOD(dstfa_options_set_explain(options, 0, &error));
    GOOD(dstfa_options_set_explain(options, 1, &error));
    GOOD(dstfa_options_set_verify(options, 1, &error));
    GOOD(dstfa_options_set_verify(options, 0, &error));
    GOOD(dstfa_options_set_audit(options, 1, &error));
    GOOD(dstfa_options_set_audit(options, 0, &error));
    BAD(dstfa_options_set_audit(options, 2, &error), "enabled");
    GOOD(dstfa_options_set_enrolment_url(options, 1, &error));
    GOOD(dstfa_options_set_enrolment_url(options, 0, &error));
    buildable();
}

static void user_agent(void)
{
    GOOD(dstfa_options_set_user_agent(options, "my-tool/1.0 (test)", &error));
    BAD(dstfa_options_set_user_agent(options, "", &error), "user agent");
    BAD(dstfa_options_set_user_agent(options, "a\r\nb: c", &error), "user agent");
    BAD(dstfa_options_set_user_agent(options, "\xc3\xa9", &error), "user agent");
    buildable();
}

/* The test has put a SOCKS proxy into the environment. */
static void proxies(void)
{
    dstfa_client *client = STALE_CLIENT;

    buildable();
    GOOD(dstfa_options_set_proxy_from_env(options, 1, &error));
    status = dstfa_client_new(options, &client, &error);
    CHECK(client == NULL);
    CHECK_UNSENT(DSTFA_E_UNSUPPORTED, status, error);
    dstfa_error_free(error);
    error = STALE_ERROR;
    GOOD(dstfa_options_set_proxy_from_env(options, 0, &error));
    buildable();

    GOOD(dstfa_options_set_proxy(options, "http://proxy.example.com:3128", &error));
    GOOD(dstfa_options_set_proxy(options, "http://user:word@proxy.example.com", &error));
    buildable();
    BAD(dstfa_options_set_proxy(options, "", &error), "proxy URL");
    BAD(dstfa_options_set_proxy(options, "proxy.example.com:3128", &error), "proxy URL");
    status = dstfa_options_set_proxy(options, "socks5://proxy.example.com", &error);
    CHECK_UNSENT(DSTFA_E_UNSUPPORTED, status, error);
    dstfa_error_free(error);
    status = dstfa_options_set_proxy(options, "https://proxy.example.com", &error);
    CHECK_UNSENT(DSTFA_E_UNSUPPORTED, status, error);
    dstfa_error_free(error);
    error = STALE_ERROR;
    GOOD(dstfa_options_set_portal_url(options, "http://127.0.0.1:8092", &error));
    not_buildable("proxy");
}

static char pem[65536];

static void read_pem(const char *path)
{
    FILE *file = fopen(path, "r");

    CHECK(file != NULL);
    pem[fread(pem, 1, sizeof pem - 1, file)] = '\0';
    fclose(file);
}

static void trust(const char *ca_file, const char *cert, const char *key, const char *other_key)
{
    GOOD(dstfa_options_set_trust(options, DSTFA_TRUST_ADDED_ONLY, &error));
    not_buildable("trust");
    BAD(dstfa_options_add_ca_file(options, "no such file", &error), "CA file");
    BAD(dstfa_options_add_ca_file(options, "", &error), "CA file");
    BAD(dstfa_options_add_ca_file(options, key, &error), "CA file");
    BAD(dstfa_options_add_ca_pem(options, "", &error), "CA");
    BAD(dstfa_options_add_ca_pem(options, "-----BEGIN CERTIFICATE-----", &error), "CA");
    not_buildable("trust");
    GOOD(dstfa_options_add_ca_file(options, ca_file, &error));
    buildable();

    fresh();
    GOOD(dstfa_options_set_trust(options, DSTFA_TRUST_ADDED_ONLY, &error));
    read_pem(ca_file);
    GOOD(dstfa_options_add_ca_pem(options, pem, &error));
    memset(pem, 'x', sizeof pem);
    buildable();
    GOOD(dstfa_options_set_trust(options, DSTFA_TRUST_BUNDLED, &error));
    buildable();

    BAD(dstfa_options_set_client_certificate(options, "no such file", key, &error), "certificate");
    BAD(dstfa_options_set_client_certificate(options, cert, "no such file", &error), "key");
    BAD(dstfa_options_set_client_certificate(options, cert, cert, &error), "key");
    BAD(dstfa_options_set_client_certificate(options, cert, other_key, &error), "key");
    GOOD(dstfa_options_set_client_certificate(options, cert, key, &error));
    buildable();
}

static void log_line(void *user_data, int32_t level, const char *message)
{
    (void)level;
    (void)message;
    ++*(int *)user_data;
}

static void logging(void)
{
    int lines = 0;

    GOOD(dstfa_options_set_log(options, DSTFA_LOG_DEBUG, log_line, &lines, &error));
    buildable();
    GOOD(dstfa_options_set_log(options, DSTFA_LOG_DEBUG, NULL, NULL, &error));
    GOOD(dstfa_options_set_log(options, DSTFA_LOG_OFF, log_line, NULL, &error));
    buildable();
}

int main(int argc, char **argv)
{
    CHECK_INT(argc, 5);
    fresh();
    portal_url();
    plain_http();
    credentials();
    secrets();
    numbers();
    user_agent();
    logging();
    fresh();
    proxies();
    fresh();
    trust(argv[1], argv[2], argv[3], argv[4]);
    dstfa_options_free(options);
    return 0;
}
