/*
 * change_method: changes the two-factor method of one account, then shows the
 * URL the portal returned. The same as change_method.c, in C++11.
 *
 *   change_method [--ca-file FILE] [--key-file FILE] PORTAL_URL ACCOUNT_ID none|sms|app
 *
 * The API key comes from the file, or from the environment variable
 * DOCSPACE_API_KEY; never from the command line, where every user of the
 * machine could read it.
 *
 * Exit code: 0 done; 1 nothing was changed; 2 wrong usage; 3 not known whether
 * the account was changed.
 */
#include <docspace_tfa.hpp>

#include <array>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

enum { DONE = 0, NOT_DONE = 1, USAGE = 2, NOT_KNOWN = 3 };

struct Request {
    const char *portal_url = nullptr;
    const char *account_id = nullptr;
    const char *ca_file = nullptr;
    const char *key_file = nullptr;
    int32_t method = DSTFA_METHOD_NONE;
};

/* Ctrl-C ends the call, and the outcome is still reported. */
const dstfa::Cancel *interrupt = nullptr;

extern "C" void on_interrupt(int)
{
    interrupt->request();
}

/* The key, in a buffer of its own that is wiped at the end. */
class Key {
public:
    explicit Key(const char *path)
    {
        const std::size_t length = path != nullptr ? from_file(path) : from_environment();
        trim(length);
    }
    Key(const Key &) = delete;
    Key &operator=(const Key &) = delete;
    ~Key()
    {
        /* Writes that the compiler may not leave out. */
        for (volatile char *at = bytes_.data(); at != bytes_.data() + bytes_.size(); ++at)
            *at = 0;
    }

    const char *text() const { return bytes_.data(); }

private:
    std::size_t from_file(const char *path)
    {
        std::ifstream file;
        file.rdbuf()->pubsetbuf(nullptr, 0); /* no copy of the key in a stream buffer */
        file.open(path, std::ios::binary);
        file.read(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
        if (!file.is_open() || file.bad())
            throw std::runtime_error(std::string(path) + ": cannot be read");
        return static_cast<std::size_t>(file.gcount());
    }

    std::size_t from_environment()
    {
        const char *value = std::getenv("DOCSPACE_API_KEY");
        if (value == nullptr)
            throw std::runtime_error("give --key-file, or set DOCSPACE_API_KEY");
        const std::size_t length = std::strlen(value);
        std::memcpy(bytes_.data(), value, length < bytes_.size() ? length : 0);
        return length;
    }

    /* Without the line end of its file. */
    void trim(std::size_t length)
    {
        if (length >= bytes_.size())
            throw std::runtime_error("the API key is too long");
        while (length > 0 && std::isspace(static_cast<unsigned char>(bytes_[length - 1])))
            --length;
        bytes_[length] = '\0';
    }

    std::array<char, 4098> bytes_{};
};

int usage()
{
    std::cerr << "usage: change_method [--ca-file FILE] [--key-file FILE] "
                 "PORTAL_URL ACCOUNT_ID none|sms|app\n"
                 "The API key is read from the key file, or from DOCSPACE_API_KEY.\n";
    return USAGE;
}

bool read_method(const std::string &word, int32_t &method)
{
    if (word == "none")
        method = DSTFA_METHOD_NONE;
    else if (word == "sms")
        method = DSTFA_METHOD_SMS;
    else if (word == "app")
        method = DSTFA_METHOD_APP;
    else
        return false;
    return true;
}

bool read_arguments(int count, char **words, Request &request)
{
    int at = 1;
    for (; at + 1 < count && std::strncmp(words[at], "--", 2) == 0; at += 2) {
        const std::string name = words[at];
        if (name == "--ca-file")
            request.ca_file = words[at + 1];
        else if (name == "--key-file")
            request.key_file = words[at + 1];
        else
            return false;
    }
    if (count - at != 3)
        return false;
    request.portal_url = words[at];
    request.account_id = words[at + 1];
    return read_method(words[at + 2], request.method);
}

/* The client holds its own copy of the key until it is destroyed. */
dstfa::Client connect_to(const Request &request)
{
    dstfa::Options options;
    options.portal_url(request.portal_url);
    if (request.ca_file != nullptr)
        options.add_ca_file(request.ca_file);
    options.api_key(Key(request.key_file).text());
    return dstfa::Client(options);
}

/* DSTFA_REASON_NOT_LINKED -> NOT_LINKED, DSTFA_E_TIMEOUT -> TIMEOUT */
std::string without(const std::string &name, const std::string &prefix)
{
    return name.compare(0, prefix.size(), prefix) == 0 ? name.substr(prefix.size()) : name;
}

int report(const dstfa::Change &change)
{
    if (change.applied() != DSTFA_APPLIED_YES) {
        std::cout << "unknown: " << change.message() << "\n";
        return NOT_KNOWN;
    }
    std::cout << "done: " << change.message() << "\nlogin URL: ";
    if (*change.login_url() != '\0' && change.login_url_same_origin())
        std::cout << change.login_url() << "\n";
    else if (*change.login_url() != '\0')
        std::cout << "not shown (it does not lead to this portal)\n";
    else if (change.is_self() == DSTFA_NO)
        std::cout << "none (the account is another member's)\n";
    else
        std::cout << "none\n";
    return DONE;
}

int report(const dstfa::Error &error)
{
    int code = NOT_DONE;
    if (error.applied() != DSTFA_APPLIED_NO) {
        std::cout << "unknown: ";
        code = NOT_KNOWN;
    } else if (error.reason() != DSTFA_REASON_NONE) {
        std::cout << "refused: " << without(dstfa_reason_name(error.reason()), "DSTFA_REASON_")
                  << " \xe2\x80\x93 ";
    } else {
        std::cout << "not done: " << without(dstfa_status_name(error.status()), "DSTFA_E_")
                  << " \xe2\x80\x93 ";
    }
    std::cout << error.what() << "\n";
    if (*error.portal_message() != '\0')
        std::cout << "portal says: " << error.portal_message() << "\n";
    return error.status() == DSTFA_E_ARGUMENT ? int(USAGE) : code;
}

} // namespace

int main(int argc, char **argv)
{
    Request request;
    if (!read_arguments(argc, argv, request))
        return usage();
    if (dstfa_version_number() != DSTFA_VERSION_NUMBER)
        std::cerr << "note: built with header " << DSTFA_VERSION << ", running with library "
                  << dstfa_version() << "\n";

    static const dstfa::Cancel cancel;
    interrupt = &cancel;
    std::signal(SIGINT, on_interrupt);
    try {
        const dstfa::Client client = connect_to(request);
        return report(client.change_method(request.account_id, request.method, cancel));
    } catch (const dstfa::Error &error) {
        return report(error);
    } catch (const std::exception &error) {
        std::cerr << "change_method: " << error.what() << "\n";
        return USAGE;
    }
}
