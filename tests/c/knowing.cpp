// The C++ wrapper against a stand-in portal. Arguments: URL, host, CA file, key
// file of the owner, id and e-mail address of a member, how many accounts there
// are, id of an account without an app.
#include "docspace_tfa.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <utility>

#include "check.h"

namespace {

template <typename Call> dstfa_status failure(Call call)
{
    try {
        call();
    } catch (const dstfa::Error &error) {
        CHECK_INT(error.applied(), DSTFA_APPLIED_NO);
        return error.status();
    }
    CHECK(!"nothing was thrown");
    std::abort();
}

dstfa::Client client_of(const char *url, const char *ca_file, const char *key_file)
{
    std::string key;
    std::ifstream file(key_file);
    CHECK(std::getline(file, key));
    dstfa::Options options;
    options.portal_url(url).trust(DSTFA_TRUST_ADDED_ONLY).add_ca_file(ca_file).api_key(key.c_str());
    return dstfa::Client(options);
}

void check_accounts(const dstfa::Client &client, const std::string &id, const char *email,
                    unsigned long total)
{
    const dstfa::Cancel cancel;
    const dstfa::Account member = client.find_account(email, cancel);
    CHECK(id == member.id());
    CHECK_STR(member.email(), email);
    CHECK_STR(member.display_name(), "Max Member");
    CHECK_INT(member.status(), DSTFA_ACCOUNT_ACTIVE);
    CHECK_INT(member.role(), DSTFA_ROLE_USER);
    CHECK_INT(member.is_sso(), DSTFA_NO);
    CHECK_INT(member.is_ldap(), DSTFA_NO);
    CHECK_INT(member.app_link(), DSTFA_YES);
    CHECK(!member.is_owner());
    CHECK(client.find_account("@self").is_owner());
    CHECK(id == client.find_account(member.user_name()).id());
    CHECK_INT(failure([&] { client.find_account("nobody@portal.example"); }), DSTFA_E_NOT_FOUND);

    client.end_sessions(member.id());
    client.end_sessions(member.id(), cancel);
    CHECK_INT(failure([&] { client.end_sessions("0badf00d-0000-4000-8000-00000000dead"); }),
              DSTFA_E_NOT_FOUND);

    std::set<std::string> ids;
    dstfa::AccountList list = client.list_accounts();
    CHECK_INT(list.total(), 0);
    for (const dstfa::Account &account : list)
        CHECK(ids.insert(account.id()).second);
    CHECK(ids.size() == total && ids.count(id) == 1);
    CHECK_INT(list.total(), total);
    CHECK(!list.changed());

    dstfa::AccountList owners = client.list_accounts("", DSTFA_ANY, DSTFA_ROLE_OWNER);
    dstfa::Account kept(nullptr);
    dstfa::Account none(nullptr);
    CHECK(owners.next(kept));
    CHECK(!owners.next(none, cancel));
    CHECK(kept.is_owner() && none.get() == nullptr);

    cancel.request();
    list = client.list_accounts("Max");
    list.cancel_with(cancel);
    CHECK_INT(failure([&] { list.begin(); }), DSTFA_E_CANCELLED);
    CHECK_INT(failure([&] { client.list_accounts(nullptr); }), DSTFA_E_ARGUMENT);
    CHECK_INT(failure([&] { client.check(id.c_str(), cancel); }), DSTFA_E_CANCELLED);
}

void check_changes(const dstfa::Client &client, const char *id)
{
    const dstfa::Check before = client.check(id);
    CHECK_INT(before.would_apply(), DSTFA_YES);
    CHECK_INT(before.reason(), DSTFA_REASON_NONE);
    CHECK_INT(before.is_self(), DSTFA_NO);
    CHECK_INT(before.app_link(), DSTFA_YES);
    CHECK_INT(before.portal_method(), DSTFA_METHOD_APP);
    CHECK_INT(before.next_sign_in(), DSTFA_NEXT_ENROL);
    CHECK_INT(before.url_useful(), DSTFA_NO);
    CHECK(before.account());
    CHECK_STR(before.account().id(), id); // the check's, not the view's
    const dstfa::Cancel cancelled;
    cancelled.request();
    CHECK_INT(failure([&] { client.change_method_checked(before, DSTFA_METHOD_NONE, cancelled); }),
              DSTFA_E_CANCELLED);
    const dstfa::Change change = client.change_method_checked(before, DSTFA_METHOD_NONE);
    CHECK_STR(change.account_id(), id);
    CHECK_STR(change.login_url(), "");
    CHECK_INT(change.applied(), DSTFA_APPLIED_YES);
    CHECK_INT(change.sessions_ended(), DSTFA_YES);
    CHECK_INT(change.look_again_ms(), 0);
    CHECK_INT(failure([&] { client.change_method(id, DSTFA_METHOD_NONE); }), DSTFA_E_REJECTED);
    const dstfa::Check after = client.check(id);
    CHECK_INT(after.reason(), DSTFA_REASON_NOT_LINKED);
    CHECK(std::string(after.message()) != before.message());
    CHECK(!client.check("0badf00d-0000-4000-8000-00000000dead").account());
}

void check_bulk(const dstfa::Client &client, const char *id, const char *unlinked_id)
{
    dstfa::Bulk bulk(client, DSTFA_METHOD_NONE);
    bulk.parallel(2).requests_per_minute(0).writes_per_day(0);
    bulk.dry_run(false).include_self(false).retry_unknown(false);
    CHECK_INT(failure([&] { bulk.parallel(0); }), DSTFA_E_ARGUMENT);
    CHECK_INT(failure([&] { bulk.add("x"); }), DSTFA_E_ARGUMENT);
    CHECK_INT(bulk.add(id), 0);
    CHECK_INT(bulk.add(unlinked_id), 1);
    CHECK_INT(bulk.add(id), 2);
    CHECK_INT(bulk.total(), 3);

    // Told once, and nothing is worked on any more unless asked to.
    int told = 0;
    try {
        bulk.run([&](const dstfa::BulkItemView &) {
            ++told;
            throw 7;
        });
        CHECK(!"nothing was thrown");
    } catch (int number) {
        CHECK_INT(number, 7);
    }
    CHECK_INT(told, 1);
    dstfa::BulkItem item(nullptr);
    while (bulk.step(item))
        CHECK_INT(item.outcome() == DSTFA_ITEM_REFUSED, item.error() != nullptr);
    CHECK(item.get() == nullptr);
    CHECK_INT(bulk.remaining(), 0);
    CHECK_INT(failure([&] { bulk.end_sessions([](const dstfa::BulkItemView &) {}); }),
              DSTFA_E_STATE);
    CHECK_INT(failure([&] { dstfa::Journal("/no/such/journal"); }), DSTFA_E_IO);
    CHECK_INT(failure([&] { dstfa::Journal::salvage("/no/such/journal", "new"); }), DSTFA_E_IO);
    CHECK_INT(bulk.count(DSTFA_ITEM_REFUSED), 2);
    CHECK_INT(bulk.count(DSTFA_ITEM_SKIPPED), 1);
    CHECK_INT(bulk.estimate_ms(), 0);
    CHECK(bulk.elapsed_ms() > 0);

    dstfa::Bulk again(client, DSTFA_METHOD_NONE);
    const dstfa::Cancel cancel;
    again.add(unlinked_id);
    again.run(
        [&](const dstfa::BulkItemView &each) {
            CHECK_STR(each.entry(), unlinked_id);
            CHECK_STR(each.account_id(), unlinked_id);
            CHECK_INT(each.index(), 0);
            CHECK(!each.from_journal() && each.change() == nullptr);
            CHECK_INT(dstfa_error_reason(each.error()), DSTFA_REASON_NOT_LINKED);
            CHECK_INT(again.count(DSTFA_ITEM_REFUSED), 1);
        },
        cancel);
    CHECK(!cancel.requested());
}

void check_codes(const dstfa::Client &client)
{
    const dstfa::BackupCodes before = client.backup_codes();
    const dstfa::BackupCodes after = client.renew_backup_codes();
    CHECK_INT(before.count(), 5);
    CHECK(std::string(before.code(0)) != after.code(0));
    CHECK(!after.is_used(0));
    CHECK_STR(after.code(after.count()), "");
}

void check_policy(const dstfa::Client &client, const char *host, const char *id)
{
    dstfa::Policy policy = client.policy();
    CHECK_INT(policy.method(), DSTFA_METHOD_APP);
    CHECK_INT(policy.app_available(), DSTFA_YES);
    CHECK_INT(policy.sms_available(), DSTFA_YES);
    policy.add_trusted_ip("192.0.2.1").clear_trusted_ips().add_trusted_ip("192.0.2.7");
    policy.clear_mandatory_users().add_mandatory_user(id);
    policy.clear_mandatory_groups().add_mandatory_group(id);
    CHECK_INT(failure([&] { policy.add_trusted_ip("x"); }), DSTFA_E_ARGUMENT);
    CHECK_INT(failure([&] { client.apply_policy(policy, host); }), DSTFA_E_STATE);
    policy.set_method(DSTFA_METHOD_SMS);
    CHECK_INT(failure([&] { client.apply_policy(policy, "x"); }), DSTFA_E_ARGUMENT);
    client.apply_policy(policy, host);

    const dstfa::Cancel cancel;
    policy = client.policy(cancel);
    CHECK_INT(policy.method(), DSTFA_METHOD_SMS);
    CHECK_INT(policy.trusted_ip_count(), 1);
    CHECK_STR(policy.trusted_ip(0), "192.0.2.7");
    CHECK_STR(policy.trusted_ip_meaning(0), "");
    CHECK_INT(policy.mandatory_user_count(), 1);
    CHECK_STR(policy.mandatory_user(0), id);
    CHECK_INT(policy.mandatory_group_count(), 1);
    CHECK_STR(policy.mandatory_group(0), id);
    cancel.request();
    CHECK_INT(failure([&] { client.apply_policy(policy.set_method(0), host, cancel); }),
              DSTFA_E_CANCELLED);
    CHECK_INT(failure([&] { client.backup_codes(cancel); }), DSTFA_E_CANCELLED);
    CHECK_INT(failure([&] { client.renew_backup_codes(cancel); }), DSTFA_E_CANCELLED);
}

} // namespace

int main(int argc, char **argv)
{
    CHECK_INT(argc, 9);
    const dstfa::Client client = client_of(argv[1], argv[3], argv[4]);
    check_accounts(client, argv[5], argv[6], std::strtoul(argv[7], nullptr, 10));
    check_changes(client, argv[5]);
    check_bulk(client, argv[5], argv[8]);
    check_codes(client);
    check_policy(client, argv[2], argv[5]);
    return 0;
}
