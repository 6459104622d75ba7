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
 * are moved, not copied, but for Error and the views; a moved-from one may only
 * be assigned to or destroyed (calls on it fail with DSTFA_E_ARGUMENT, getters
 * give the harmless answer). Strings handed out live as long as their object.
 */
#ifndef DOCSPACE_TFA_HPP
#define DOCSPACE_TFA_HPP

#include "docspace_tfa.h"

#include <cstddef>
#include <exception>
#include <iterator>
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
    uint32_t look_again_ms() const noexcept { return dstfa_error_look_again_ms(error_.get()); }
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
    void operator()(dstfa_account *it) const noexcept { dstfa_account_free(it); }
    void operator()(dstfa_account_list *it) const noexcept { dstfa_account_list_free(it); }
    void operator()(dstfa_check *it) const noexcept { dstfa_check_free(it); }
    void operator()(dstfa_policy *it) const noexcept { dstfa_policy_free(it); }
    void operator()(dstfa_backup_codes *it) const noexcept { dstfa_backup_codes_free(it); }
    void operator()(dstfa_bulk *it) const noexcept { dstfa_bulk_free(it); }
    void operator()(dstfa_bulk_item *it) const noexcept { dstfa_bulk_item_free(it); }
    void operator()(dstfa_journal *it) const noexcept { dstfa_journal_free(it); }
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
    Options &audit(bool enabled) { return set(dstfa_options_set_audit, number(enabled)); }
    Options &enrolment_url(bool enabled)
    {
        return set(dstfa_options_set_enrolment_url, number(enabled));
    }
    /* The callback must not throw. user_data must live until the last call with a
     * client made from these options, or with a list or bulk of it, has returned. */
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
    int32_t sessions_ended() const noexcept { return dstfa_change_sessions_ended(change_.get()); }
    uint32_t look_again_ms() const noexcept { return dstfa_change_look_again_ms(change_.get()); }
    int32_t next_sign_in() const noexcept { return dstfa_change_next_sign_in(change_.get()); }
    int32_t http_status() const noexcept { return dstfa_change_http_status(change_.get()); }
    uint32_t attempts() const noexcept { return dstfa_change_attempts(change_.get()); }
    const char *message() const noexcept { return dstfa_change_message(change_.get()); }

    const dstfa_change *get() const noexcept { return change_.get(); }

private:
    detail::Handle<dstfa_change> change_;
};

/* What an account tells, whoever owns it. */
template <typename Holder> class AccountFacts {
public:
    const char *id() const noexcept { return dstfa_account_id(it()); }
    const char *email() const noexcept { return dstfa_account_email(it()); }
    const char *user_name() const noexcept { return dstfa_account_user_name(it()); }
    const char *display_name() const noexcept { return dstfa_account_display_name(it()); }
    int32_t status() const noexcept { return dstfa_account_status(it()); }
    int32_t role() const noexcept { return dstfa_account_role(it()); }
    bool is_owner() const noexcept { return dstfa_account_is_owner(it()) == 1; }
    int32_t is_sso() const noexcept { return dstfa_account_is_sso(it()); }
    int32_t is_ldap() const noexcept { return dstfa_account_is_ldap(it()); }
    int32_t app_link() const noexcept { return dstfa_account_app_link(it()); }

private:
    const dstfa_account *it() const noexcept
    {
        return static_cast<const Holder *>(this)->get();
    }
};

class Account : public AccountFacts<Account> {
public:
    explicit Account(dstfa_account *owned) noexcept : account_(owned) {}

    const dstfa_account *get() const noexcept { return account_.get(); }

private:
    detail::Handle<dstfa_account> account_;
};

/* An account that belongs to a Check and lives as long; may be none. */
class AccountView : public AccountFacts<AccountView> {
public:
    explicit AccountView(const dstfa_account *borrowed) noexcept : account_(borrowed) {}

    explicit operator bool() const noexcept { return account_ != nullptr; }

    const dstfa_account *get() const noexcept { return account_; }

private:
    const dstfa_account *account_;
};

/* Read it once, from its beginning:
 *
 *     for (const dstfa::Account &account : list)
 *         std::cout << account.email() << "\n";
 *
 * An account of the loop lives until the next; next() gives one to keep. The
 * list must not be moved during the loop. */
class AccountList {
public:
    class Iterator {
    public:
        typedef std::input_iterator_tag iterator_category;
        typedef Account value_type;
        typedef std::ptrdiff_t difference_type;
        typedef const Account *pointer;
        typedef const Account &reference;

        explicit Iterator(AccountList *list) : list_(list) {}

        reference operator*() const noexcept { return list_->current_; }
        pointer operator->() const noexcept { return &list_->current_; }
        Iterator &operator++()
        {
            if (!list_->next(list_->current_))
                list_ = nullptr;
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(const Iterator &other) const noexcept { return list_ == other.list_; }
        bool operator!=(const Iterator &other) const noexcept { return list_ != other.list_; }

    private:
        AccountList *list_;
    };

    explicit AccountList(dstfa_account_list *owned) noexcept : list_(owned), current_(nullptr) {}

    /* Whether there was one more; if not, the account is left without contents. */
    bool next(Account &account) { return next(account, cancel_); }
    bool next(Account &account, const Cancel &cancel) { return next(account, cancel.get()); }

    /* Ends the loop, too; it must live as long as the list is read. */
    AccountList &cancel_with(const Cancel &cancel) noexcept
    {
        cancel_ = cancel.get();
        return *this;
    }

    Iterator begin() { return ++Iterator(this); }
    Iterator end() noexcept { return Iterator(nullptr); }

    uint32_t total() const noexcept { return dstfa_account_list_total(list_.get()); }
    bool changed() const noexcept { return dstfa_account_list_changed(list_.get()) == 1; }

    const dstfa_account_list *get() const noexcept { return list_.get(); }

private:
    bool next(Account &account, const dstfa_cancel *cancel)
    {
        dstfa_account *owned = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_account_list_next(list_.get(), cancel, &owned, &error);
        account = Account(owned);
        if (status == DSTFA_DONE)
            return false;
        detail::check(status, error);
        return true;
    }

    detail::Handle<dstfa_account_list> list_;
    Account current_;
    const dstfa_cancel *cancel_ = nullptr;
};

class Check {
public:
    explicit Check(dstfa_check *owned) noexcept : check_(owned) {}

    int32_t would_apply() const noexcept { return dstfa_check_would_apply(check_.get()); }
    int32_t reason() const noexcept { return dstfa_check_reason(check_.get()); }
    int32_t is_self() const noexcept { return dstfa_check_is_self(check_.get()); }
    int32_t app_link() const noexcept { return dstfa_check_app_link(check_.get()); }
    int32_t portal_method() const noexcept { return dstfa_check_portal_method(check_.get()); }
    int32_t next_sign_in() const noexcept { return dstfa_check_next_sign_in(check_.get()); }
    int32_t url_useful() const noexcept { return dstfa_check_url_useful(check_.get()); }
    const char *message() const noexcept { return dstfa_check_message(check_.get()); }
    AccountView account() const noexcept { return AccountView(dstfa_check_account(check_.get())); }

    const dstfa_check *get() const noexcept { return check_.get(); }

private:
    detail::Handle<dstfa_check> check_;
};

/* The setting of the whole portal; setters change this object only. */
class Policy {
public:
    explicit Policy(dstfa_policy *owned) noexcept : policy_(owned) {}

    int32_t method() const noexcept { return dstfa_policy_method(policy_.get()); }
    int32_t sms_available() const noexcept { return dstfa_policy_sms_available(policy_.get()); }
    int32_t app_available() const noexcept { return dstfa_policy_app_available(policy_.get()); }
    uint32_t trusted_ip_count() const noexcept
    {
        return dstfa_policy_trusted_ip_count(policy_.get());
    }
    const char *trusted_ip(uint32_t index) const noexcept
    {
        return dstfa_policy_trusted_ip(policy_.get(), index);
    }
    const char *trusted_ip_meaning(uint32_t index) const noexcept
    {
        return dstfa_policy_trusted_ip_meaning(policy_.get(), index);
    }
    uint32_t mandatory_user_count() const noexcept
    {
        return dstfa_policy_mandatory_user_count(policy_.get());
    }
    const char *mandatory_user(uint32_t index) const noexcept
    {
        return dstfa_policy_mandatory_user(policy_.get(), index);
    }
    uint32_t mandatory_group_count() const noexcept
    {
        return dstfa_policy_mandatory_group_count(policy_.get());
    }
    const char *mandatory_group(uint32_t index) const noexcept
    {
        return dstfa_policy_mandatory_group(policy_.get(), index);
    }

    Policy &set_method(int32_t method) { return set(dstfa_policy_set_method, method); }
    Policy &add_trusted_ip(const char *rule) { return set(dstfa_policy_add_trusted_ip, rule); }
    Policy &clear_trusted_ips() { return set(dstfa_policy_clear_trusted_ips); }
    Policy &add_mandatory_user(const char *account_id)
    {
        return set(dstfa_policy_add_mandatory_user, account_id);
    }
    Policy &clear_mandatory_users() { return set(dstfa_policy_clear_mandatory_users); }
    Policy &add_mandatory_group(const char *group_id)
    {
        return set(dstfa_policy_add_mandatory_group, group_id);
    }
    Policy &clear_mandatory_groups() { return set(dstfa_policy_clear_mandatory_groups); }

    const dstfa_policy *get() const noexcept { return policy_.get(); }

private:
    template <typename Setter, typename... Values>
    Policy &set(Setter setter, Values... values)
    {
        dstfa_error *error = nullptr;
        const dstfa_status status = setter(policy_.get(), values..., &error);
        detail::check(status, error);
        return *this;
    }

    detail::Handle<dstfa_policy> policy_;
};

/* Secrets, wiped when it goes. */
class BackupCodes {
public:
    explicit BackupCodes(dstfa_backup_codes *owned) noexcept : codes_(owned) {}

    uint32_t count() const noexcept { return dstfa_backup_codes_count(codes_.get()); }
    const char *code(uint32_t index) const noexcept
    {
        return dstfa_backup_codes_code(codes_.get(), index);
    }
    bool is_used(uint32_t index) const noexcept
    {
        return dstfa_backup_codes_is_used(codes_.get(), index) == 1;
    }

    const dstfa_backup_codes *get() const noexcept { return codes_.get(); }

private:
    detail::Handle<dstfa_backup_codes> codes_;
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

    /* For the account of a check, which tells a refusal from a change that was done
     * a moment ago: see dstfa_client_change_method_checked(). */
    Change change_method_checked(const Check &check, int32_t method) const
    {
        return change_method_checked(check, method, nullptr);
    }
    Change change_method_checked(const Check &check, int32_t method, const Cancel &cancel) const
    {
        return change_method_checked(check, method, cancel.get());
    }

    /* An e-mail address, a user name, an id or "@self". */
    Account find_account(const char *who) const { return find_account(who, nullptr); }
    Account find_account(const char *who, const Cancel &cancel) const
    {
        return find_account(who, cancel.get());
    }

    /* "" and DSTFA_ANY restrict nothing. Nothing is sent before the list is read. */
    AccountList list_accounts(const char *text = "", int32_t status = DSTFA_ANY,
                              int32_t role = DSTFA_ANY) const
    {
        dstfa_account_list *list = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status result =
            dstfa_client_list_accounts(client_.get(), text, status, role, &list, &error);
        detail::check(result, error);
        return AccountList(list);
    }

    Check check(const char *account_id) const { return check(account_id, nullptr); }
    Check check(const char *account_id, const Cancel &cancel) const
    {
        return check(account_id, cancel.get());
    }

    /* Whoever is signed in as the account has to sign in again; what outlasts
     * it: see dstfa_client_end_sessions(). */
    void end_sessions(const char *account_id) const { end_sessions(account_id, nullptr); }
    void end_sessions(const char *account_id, const Cancel &cancel) const
    {
        end_sessions(account_id, cancel.get());
    }

    Policy policy() const { return policy(nullptr); }
    Policy policy(const Cancel &cancel) const { return policy(cancel.get()); }

    /* AFFECTS EVERY ACCOUNT OF THE PORTAL AND SIGNS EVERYONE OUT; see
     * dstfa_client_apply_policy(). */
    void apply_policy(const Policy &policy, const char *confirm_host) const
    {
        apply_policy(policy, confirm_host, nullptr);
    }
    void apply_policy(const Policy &policy, const char *confirm_host, const Cancel &cancel) const
    {
        apply_policy(policy, confirm_host, cancel.get());
    }

    BackupCodes backup_codes() const { return backup_codes(nullptr); }
    BackupCodes backup_codes(const Cancel &cancel) const { return backup_codes(cancel.get()); }

    /* The old codes end. */
    BackupCodes renew_backup_codes() const { return renew_backup_codes(nullptr); }
    BackupCodes renew_backup_codes(const Cancel &cancel) const
    {
        return renew_backup_codes(cancel.get());
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
    Change change_method_checked(const Check &check, int32_t method,
                                 const dstfa_cancel *cancel) const
    {
        dstfa_change *change = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_client_change_method_checked(
            client_.get(), check.get(), method, cancel, &change, &error);
        detail::check(status, error);
        return Change(change);
    }
    Account find_account(const char *who, const dstfa_cancel *cancel) const
    {
        dstfa_account *account = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status =
            dstfa_client_find_account(client_.get(), who, cancel, &account, &error);
        detail::check(status, error);
        return Account(account);
    }
    Check check(const char *account_id, const dstfa_cancel *cancel) const
    {
        dstfa_check *found = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status =
            dstfa_client_check(client_.get(), account_id, cancel, &found, &error);
        detail::check(status, error);
        return Check(found);
    }
    void end_sessions(const char *account_id, const dstfa_cancel *cancel) const
    {
        dstfa_error *error = nullptr;
        const dstfa_status status =
            dstfa_client_end_sessions(client_.get(), account_id, cancel, &error);
        detail::check(status, error);
    }
    Policy policy(const dstfa_cancel *cancel) const
    {
        dstfa_policy *policy = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_client_policy(client_.get(), cancel, &policy, &error);
        detail::check(status, error);
        return Policy(policy);
    }
    void apply_policy(const Policy &policy, const char *confirm_host,
                      const dstfa_cancel *cancel) const
    {
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_client_apply_policy(client_.get(), policy.get(),
                                                              confirm_host, cancel, &error);
        detail::check(status, error);
    }
    BackupCodes backup_codes(const dstfa_cancel *cancel) const
    {
        dstfa_backup_codes *codes = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status =
            dstfa_client_backup_codes(client_.get(), cancel, &codes, &error);
        detail::check(status, error);
        return BackupCodes(codes);
    }
    BackupCodes renew_backup_codes(const dstfa_cancel *cancel) const
    {
        dstfa_backup_codes *codes = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status =
            dstfa_client_renew_backup_codes(client_.get(), cancel, &codes, &error);
        detail::check(status, error);
        return BackupCodes(codes);
    }

    detail::Handle<dstfa_client> client_;
};

/* What an item of a bulk tells, whoever owns it. */
template <typename Holder> class BulkItemFacts {
public:
    uint32_t index() const noexcept { return dstfa_bulk_item_index(it()); }
    const char *entry() const noexcept { return dstfa_bulk_item_entry(it()); }
    const char *account_id() const noexcept { return dstfa_bulk_item_account_id(it()); }
    int32_t outcome() const noexcept { return dstfa_bulk_item_outcome(it()); }
    bool from_journal() const noexcept { return dstfa_bulk_item_from_journal(it()) == 1; }
    int32_t sessions_ended() const noexcept { return dstfa_bulk_item_sessions_ended(it()); }
    /* For dstfa_change_...() and dstfa_error_...(); the item's own, may be null. */
    const dstfa_change *change() const noexcept { return dstfa_bulk_item_change(it()); }
    const dstfa_error *error() const noexcept { return dstfa_bulk_item_error(it()); }

private:
    const dstfa_bulk_item *it() const noexcept
    {
        return static_cast<const Holder *>(this)->get();
    }
};

class BulkItem : public BulkItemFacts<BulkItem> {
public:
    explicit BulkItem(dstfa_bulk_item *owned) noexcept : item_(owned) {}

    const dstfa_bulk_item *get() const noexcept { return item_.get(); }

private:
    detail::Handle<dstfa_bulk_item> item_;
};

/* An item that ends with the callback it was given to. */
class BulkItemView : public BulkItemFacts<BulkItemView> {
public:
    explicit BulkItemView(const dstfa_bulk_item *borrowed) noexcept : item_(borrowed) {}

    const dstfa_bulk_item *get() const noexcept { return item_; }

private:
    const dstfa_bulk_item *item_;
};

/* Many accounts. */
class Bulk {
public:
    Bulk(const Client &client, int32_t method)
    {
        dstfa_bulk *bulk = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_bulk_new(client.get(), method, &bulk, &error);
        detail::check(status, error);
        bulk_.reset(bulk);
    }

    uint32_t add(const char *id_or_email)
    {
        uint32_t index = 0;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_bulk_add(bulk_.get(), id_or_email, &index, &error);
        detail::check(status, error);
        return index;
    }
    Bulk &parallel(uint32_t connections) { return set(dstfa_bulk_set_parallel, connections); }
    Bulk &requests_per_minute(uint32_t requests)
    {
        return set(dstfa_bulk_set_requests_per_minute, requests);
    }
    Bulk &writes_per_day(uint32_t writes) { return set(dstfa_bulk_set_writes_per_day, writes); }
    Bulk &dry_run(bool enabled) { return set(dstfa_bulk_set_dry_run, number(enabled)); }
    Bulk &include_self(bool enabled) { return set(dstfa_bulk_set_include_self, number(enabled)); }
    Bulk &retry_unknown(bool enabled)
    {
        return set(dstfa_bulk_set_retry_unknown, number(enabled));
    }
    Bulk &verify(uint32_t level) { return set(dstfa_bulk_set_verify, level); }
    Bulk &journal(const char *path) { return set(dstfa_bulk_set_journal, path); }

    /* Whether there was one more; if not, the item is left without contents. */
    bool step(BulkItem &item) { return step(item, nullptr); }
    bool step(BulkItem &item, const Cancel &cancel) { return step(item, cancel.get()); }

    /* Tells each item to each(const BulkItemView &). An exception that leaves it
     * requests the cancel object and, once the run has ended, comes out of here. */
    template <typename Each> void run(Each each)
    {
        const Cancel cancel;
        run(each, cancel);
    }
    template <typename Each> void run(Each each, const Cancel &cancel)
    {
        tell_each(dstfa_bulk_run, each, cancel);
    }

    /* The same for dstfa_bulk_end_sessions(). */
    template <typename Each> void end_sessions(Each each)
    {
        const Cancel cancel;
        end_sessions(each, cancel);
    }
    template <typename Each> void end_sessions(Each each, const Cancel &cancel)
    {
        tell_each(dstfa_bulk_end_sessions, each, cancel);
    }

    uint32_t total() const noexcept { return dstfa_bulk_total(bulk_.get()); }
    uint32_t count(int32_t item_outcome) const noexcept
    {
        return dstfa_bulk_count(bulk_.get(), item_outcome);
    }
    uint32_t remaining() const noexcept { return dstfa_bulk_remaining(bulk_.get()); }
    uint32_t elapsed_ms() const noexcept { return dstfa_bulk_elapsed_ms(bulk_.get()); }
    uint32_t estimate_ms() const noexcept { return dstfa_bulk_estimate_ms(bulk_.get()); }
    int32_t phase() const noexcept { return dstfa_bulk_phase(bulk_.get()); }
    uint32_t wait_ms() const noexcept { return dstfa_bulk_wait_ms(bulk_.get()); }
    uint32_t still_linked() const noexcept { return dstfa_bulk_still_linked(bulk_.get()); }
    void stop() const noexcept { dstfa_bulk_stop(bulk_.get()); }

    const dstfa_bulk *get() const noexcept { return bulk_.get(); }

private:
    template <typename Each> struct Told {
        Each *each;
        const Cancel *cancel;
        std::exception_ptr thrown;
    };

    template <typename Each>
    static void tell(void *user_data, const dstfa_bulk *, const dstfa_bulk_item *item)
    {
        Told<Each> *told = static_cast<Told<Each> *>(user_data);
        if (told->thrown != nullptr)
            return;
        try {
            (*told->each)(BulkItemView(item));
        } catch (...) {
            told->thrown = std::current_exception();
            told->cancel->request();
        }
    }

    template <typename Call, typename Each>
    void tell_each(Call call, Each &each, const Cancel &cancel)
    {
        Told<Each> told = {&each, &cancel, nullptr};
        dstfa_error *error = nullptr;
        const dstfa_status status = call(bulk_.get(), cancel.get(), &tell<Each>, &told, &error);
        if (told.thrown != nullptr) {
            dstfa_error_free(error);
            std::rethrow_exception(told.thrown);
        }
        detail::check(status, error);
    }

    static int32_t number(bool enabled) { return enabled ? 1 : 0; }

    template <typename Setter, typename Value> Bulk &set(Setter setter, Value value)
    {
        dstfa_error *error = nullptr;
        const dstfa_status status = setter(bulk_.get(), value, &error);
        detail::check(status, error);
        return *this;
    }

    bool step(BulkItem &item, const dstfa_cancel *cancel)
    {
        dstfa_bulk_item *owned = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_bulk_step(bulk_.get(), cancel, &owned, &error);
        item = BulkItem(owned);
        if (status == DSTFA_DONE)
            return false;
        detail::check(status, error);
        return true;
    }

    detail::Handle<dstfa_bulk> bulk_;
};

/* What stands in the journal of a bulk. */
class Journal {
public:
    explicit Journal(const char *path)
    {
        dstfa_journal *journal = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_journal_open(path, &journal, &error);
        detail::check(status, error);
        journal_.reset(journal);
    }

    /* Whether there was one more; if not, the item is left without contents. */
    bool next(BulkItem &item)
    {
        dstfa_bulk_item *owned = nullptr;
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_journal_next(journal_.get(), &owned, &error);
        item = BulkItem(owned);
        if (status == DSTFA_DONE)
            return false;
        detail::check(status, error);
        return true;
    }

    uint32_t damage_line() const noexcept { return dstfa_journal_damage_line(journal_.get()); }

    static void salvage(const char *old_path, const char *new_path)
    {
        dstfa_error *error = nullptr;
        const dstfa_status status = dstfa_journal_salvage(old_path, new_path, &error);
        detail::check(status, error);
    }

private:
    detail::Handle<dstfa_journal> journal_;
};

} // namespace dstfa

#endif
