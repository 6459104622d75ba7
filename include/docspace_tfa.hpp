/*
 * docspace_tfa.hpp - a thin C++ (C++11 and later) wrapper of docspace_tfa.h.
 *
 *     #include <iostream>
 *     #include "docspace_tfa.hpp"
 *
 *     int reset(const char *key, const char *account_id)
 *     {
 *         try {
 *             dstfa::Options options;
 *             options.portal_url("https://portal.example.com").api_key(key);
 *             dstfa::Client client(options);
 *             dstfa::Change change = client.change_method(account_id, DSTFA_METHOD_NONE);
 *             std::cout << change.message() << "\n";
 *             return 0;
 *         } catch (const dstfa::Error &error) {
 *             std::cerr << error.what() << "\n";
 *             return error.applied() == DSTFA_APPLIED_NO ? 1 : 2;
 *         }
 *     }
 *
 * What docspace_tfa.h says about each function holds here too; only this
 * differs: what fails throws dstfa::Error, and objects free themselves. Objects
 * other than Error are moved, not copied; a moved-from one may only be assigned
 * to or destroyed (calls on it fail with DSTFA_E_ARGUMENT, getters give the
 * harmless answer). Strings handed out live as long as their object.
 */
#ifndef DOCSPACE_TFA_HPP
#define DOCSPACE_TFA_HPP

#include "docspace_tfa.h"

#include <exception>
#include <memory>

namespace dstfa {

/* A failed call; what() is dstfa_error_message(). Copies share one object. */
class Error : public std::exception {
public:
    explicit Error(dstfa_error *owned) : error_(owned, dstfa_error_free) {}

    const char *what() const noexcept override { return dstfa_error_message(error_.get()); }
    dstfa_status status() const noexcept { return dstfa_error_status(error_.get()); }
    int32_t http_status() const noexcept { return dstfa_error_http_status(error_.get()); }
    int32_t applied() const noexcept { return dstfa_error_applied(error_.get()); }
    int32_t reason() const noexcept { return dstfa_error_reason(error_.get()); }
    bool retryable() const noexcept { return dstfa_error_retryable(error_.get()) == 1; }
    uint32_t retry_after_ms() const noexcept { return dstfa_error_retry_after_ms(error_.get()); }
    uint32_t attempts() const noexcept { return dstfa_error_attempts(error_.get()); }
    int32_t app_link() const noexcept { return dstfa_error_app_link(error_.get()); }
    const char *portal_message() const noexcept
    {
        return dstfa_error_portal_message(error_.get());
    }

private:
    std::shared_ptr<dstfa_error> error_;
};

namespace detail {

struct Free {
    void operator()(dstfa_options *it) const noexcept { dstfa_options_free(it); }
    void operator()(dstfa_client *it) const noexcept { dstfa_client_free(it); }
    void operator()(dstfa_cancel *it) const noexcept { dstfa_cancel_free(it); }
    void operator()(dstfa_change *it) const noexcept { dstfa_change_free(it); }
};

template <typename T> using Handle = std::unique_ptr<T, Free>;

inline void check(dstfa_status status, dstfa_error *error)
{
    if (status != DSTFA_OK)
        throw Error(error);
}

} // namespace detail

class Options {
public:
    Options() : options_(dstfa_options_new()) {}

    Options &portal_url(const char *url) { return set(dstfa_options_set_portal_url, url); }
    Options &api_key(const char *key) { return set(dstfa_options_set_api_key, key); }
    Options &session_token(const char *token)
    {
        return set(dstfa_options_set_session_token, token);
    }
    Options &password(const char *email, const char *password)
    {
        return set(dstfa_options_set_password, email, password);
    }
    Options &timeout_ms(uint32_t ms) { return set(dstfa_options_set_timeout_ms, ms); }
    Options &connect_timeout_ms(uint32_t ms)
    {
        return set(dstfa_options_set_connect_timeout_ms, ms);
    }
    Options &max_attempts(uint32_t attempts)
    {
        return set(dstfa_options_set_max_attempts, attempts);
    }
    Options &proxy(const char *url) { return set(dstfa_options_set_proxy, url); }
    Options &proxy_from_env(bool enabled)
    {
        return set(dstfa_options_set_proxy_from_env, number(enabled));
    }
    Options &trust(int32_t trust) { return set(dstfa_options_set_trust, trust); }
    Options &add_ca_file(const char *path) { return set(dstfa_options_add_ca_file, path); }
    Options &add_ca_pem(const char *pem) { return set(dstfa_options_add_ca_pem, pem); }
    Options &client_certificate(const char *cert_path, const char *key_path)
    {
        return set(dstfa_options_set_client_certificate, cert_path, key_path);
    }
    Options &user_agent(const char *value) { return set(dstfa_options_set_user_agent, value); }
    Options &allow_plain_http(bool enabled)
    {
        return set(dstfa_options_set_allow_plain_http, number(enabled));
    }
    Options &explain(bool enabled) { return set(dstfa_options_set_explain, number(enabled)); }
    Options &verify(bool enabled) { return set(dstfa_options_set_verify, number(enabled)); }
    Options &enrolment_url(bool enabled)
    {
        return set(dstfa_options_set_enrolment_url, number(enabled));
    }
    /* The callback must not throw. */
    Options &log(int32_t level, dstfa_log_fn callback, void *user_data)
    {
        return set(dstfa_options_set_log, level, callback, user_data);
    }

    const dstfa_options *get() const noexcept { return options_.get(); }

private:
    static int32_t number(bool enabled) { return enabled ? 1 : 0; }

    template <typename Setter, typename... Values>
    Options &set(Setter setter, Values... values)
    {
        dstfa_error *error = nullptr;
        const dstfa_status status = setter(options_.get(), values..., &error);
        detail::check(status, error);
        return *this;
    }

    detail::Handle<dstfa_options> options_;
};

/* request() is const: any thread and a signal handler may call it. */
class Cancel {
public:
    Cancel() : cancel_(dstfa_cancel_new()) {}

    void request() const noexcept { dstfa_cancel_request(cancel_.get()); }
    bool requested() const noexcept { return dstfa_cancel_requested(cancel_.get()) == 1; }

    const dstfa_cancel *get() const noexcept { return cancel_.get(); }

private:
    detail::Handle<dstfa_cancel> cancel_;
};

class Change {
public:
    explicit Change(dstfa_change *owned) noexcept : change_(owned) {}

    const char *login_url() const noexcept { return dstfa_change_login_url(change_.get()); }
    bool login_url_same_origin() const noexcept
    {
        return dstfa_change_login_url_same_origin(change_.get()) == 1;
    }
    const char *enrolment_url() const noexcept
    {
        return dstfa_change_enrolment_url(change_.get());
    }
    const char *account_id() const noexcept { return dstfa_change_account_id(change_.get()); }
    int32_t method_asked() const noexcept { return dstfa_change_method_asked(change_.get()); }
    int32_t is_self() const noexcept { return dstfa_change_is_self(change_.get()); }
    int32_t applied() const noexcept { return dstfa_change_applied(change_.get()); }
    bool verified() const noexcept { return dstfa_change_verified(change_.get()) == 1; }
    int32_t next_sign_in() const noexcept { return dstfa_change_next_sign_in(change_.get()); }
    int32_t http_status() const noexcept { return dstfa_change_http_status(change_.get()); }
    uint32_t attempts() const noexcept { return dstfa_change_attempts(change_.get()); }
    const char *message() const noexcept { return dstfa_change_message(change_.get()); }

    const dstfa_change *get() const noexcept { return change_.get(); }

private:
    detail::Handle<dstfa_change> change_;
};

class Client {
public:
    explicit Client(const Options &options)
    {
        dstfa_client *client = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_client_new(options.get(), &client, &error);
        detail::check(status, error);
        client_.reset(client);
    }

    Change change_method(const char *account_id, int32_t method) const
    {
        return change_method(account_id, method, nullptr);
    }
    Change change_method(const char *account_id, int32_t method, const Cancel &cancel) const
    {
        return change_method(account_id, method, cancel.get());
    }

    const dstfa_client *get() const noexcept { return client_.get(); }

private:
    Change change_method(const char *account_id, int32_t method,
                         const dstfa_cancel *cancel) const
    {
        dstfa_change *change = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_client_change_method(client_.get(), account_id, method,
                                                               cancel, &change, &error);
        detail::check(status, error);
        return Change(change);
    }

    detail::Handle<dstfa_client> client_;
};

} // namespace dstfa

#endif
