// The C++ wrapper. Arguments: a URL at which nothing listens, and a CA file.
#include "docspace_tfa.hpp"

#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

#include "check.h"

namespace {

const char *const id = "11111111-2222-3333-4444-555555555555";

template <typename T> void moves_only()
{
    static_assert(!std::is_copy_constructible<T>::value, "copied");
    static_assert(!std::is_copy_assignable<T>::value, "copied");
    static_assert(std::is_nothrow_move_constructible<T>::value, "not moved");
    static_assert(std::is_nothrow_move_assignable<T>::value, "not moved");
}

template <typename Call> dstfa::Error failure(Call call)
{
    try {
        call();
    } catch (const std::exception &error) {
        const dstfa::Error *ours = dynamic_cast<const dstfa::Error *>(&error);
        CHECK(ours != nullptr);
        CHECK_STR(error.what(), ours->what());
        return *ours;
    }
    CHECK(!"nothing was thrown");
    std::abort();
}

void hear(void *user_data, int32_t, const char *)
{
    ++*static_cast<int *>(user_data);
}

void check_types()
{
    moves_only<dstfa::Options>();
    moves_only<dstfa::Client>();
    moves_only<dstfa::Cancel>();
    moves_only<dstfa::Change>();
    moves_only<dstfa::Account>();
    moves_only<dstfa::AccountList>();
    moves_only<dstfa::Check>();
    moves_only<dstfa::Policy>();
    moves_only<dstfa::BackupCodes>();
    moves_only<dstfa::Bulk>();
    moves_only<dstfa::BulkItem>();
    static_assert(std::is_nothrow_copy_constructible<dstfa::Error>::value, "throws");
    static_assert(std::is_nothrow_copy_assignable<dstfa::Error>::value, "throws");
}

void check_setters(const char *ca_file)
{
    dstfa::Options options;
    int lines = 0;

    options.portal_url("https://portal.example.com")
        .api_key("sk-0")
        .session_token("token")
        .password("owner@example.com", "word")
        .timeout_ms(60000)
        .connect_timeout_ms(10000)
        .max_attempts(1)
        .proxy("http://proxy.example.com:3128")
        .proxy_from_env(false)
        .trust(DSTFA_TRUST_ADDED_ONLY)
        .add_ca_file(ca_file)
        .user_agent("test/1.0")
        .allow_plain_http(false)
        .explain(true)
        .verify(true)
        .enrolment_url(false)
        .log(DSTFA_LOG_INFO, hear, &lines);
    dstfa::Client client(options);
    dstfa::Client moved(std::move(client));
    CHECK(moved.get() != nullptr && client.get() == nullptr);
    CHECK(std::strlen(failure([&] { options.add_ca_pem("x"); }).what()) > 0);
    CHECK(std::strlen(failure([&] { options.client_certificate("a", "b"); }).what()) > 0);

    // What was moved from fails and does not crash.
    CHECK_INT(failure([&] { client.change_method(id, 0); }).status(), DSTFA_E_ARGUMENT);
    const dstfa::Check none(nullptr);
    CHECK_INT(failure([&] { moved.change_method_checked(none, 0); }).status(), DSTFA_E_ARGUMENT);
    dstfa::Options taken(std::move(options));
    CHECK_INT(failure([&] { options.verify(true); }).status(), DSTFA_E_ARGUMENT);
    CHECK_INT(failure([&] { dstfa::Client none(options); }).status(), DSTFA_E_ARGUMENT);
}

void check_error(const char *url)
{
    dstfa::Options options;
    options.portal_url(url).api_key("sk-0").trust(DSTFA_TRUST_BUNDLED).max_attempts(1);
    const dstfa::Client client(options);

    dstfa::Error error = failure([&] { client.change_method(id, DSTFA_METHOD_NONE); });
    CHECK_INT(error.status(), DSTFA_E_CONNECT);
    CHECK_INT(error.http_status(), 0);
    CHECK_INT(error.applied(), DSTFA_APPLIED_NO);
    CHECK_INT(error.reason(), DSTFA_REASON_NONE);
    CHECK(error.retryable());
    CHECK_INT(error.retry_after_ms(), 0);
    CHECK_INT(error.attempts(), 1);
    CHECK_INT(error.app_link(), DSTFA_UNKNOWN);
    CHECK_INT(error.look_again_ms(), 0);
    CHECK(std::strlen(error.what()) > 0);
    CHECK_STR(error.portal_message(), "");

    dstfa::Cancel cancel;
    CHECK(!cancel.requested());
    cancel.request();
    CHECK(cancel.requested());
    error = failure([&] { client.change_method(id, DSTFA_METHOD_NONE, cancel); });
    CHECK_INT(error.status(), DSTFA_E_CANCELLED);
}

void check_change()
{
    const dstfa::Change change(nullptr);
    CHECK_STR(change.login_url(), "");
    CHECK(!change.login_url_same_origin());
    CHECK_STR(change.enrolment_url(), "");
    CHECK_STR(change.account_id(), "");
    CHECK_INT(change.method_asked(), DSTFA_METHOD_UNKNOWN);
    CHECK_INT(change.is_self(), DSTFA_UNKNOWN);
    CHECK_INT(change.applied(), DSTFA_APPLIED_MAYBE);
    CHECK(!change.verified());
    CHECK_INT(change.sessions_ended(), DSTFA_UNKNOWN);
    CHECK_INT(change.look_again_ms(), 0);
    CHECK_INT(change.next_sign_in(), DSTFA_NEXT_UNKNOWN);
    CHECK_INT(change.http_status(), 0);
    CHECK_INT(change.attempts(), 0);
    CHECK_STR(change.message(), "");
    CHECK(change.get() == nullptr);
}

} // namespace

int main(int argc, char **argv)
{
    CHECK_INT(argc, 3);
    check_types();
    check_setters(argv[2]);
    check_error(argv[1]);
    check_change();
    return 0;
}
