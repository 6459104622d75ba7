// A program of somebody else's: change PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID
#include <docspace_tfa.hpp>

#include <fstream>
#include <iostream>
#include <string>

int main(int argc, char **argv)
{
    std::string key;
    if (argc != 5 || !std::getline(std::ifstream(argv[3]), key))
        return 2;
    try {
        dstfa::Options options;
        options.portal_url(argv[1]).add_ca_file(argv[2]).api_key(key.c_str());
        dstfa::Client client(options);
        dstfa::Change change = client.change_method(argv[4], DSTFA_METHOD_NONE);
        std::cout << "done: " << change.message() << "\n";
    } catch (const dstfa::Error &error) {
        std::cout << "refused: " << dstfa_reason_name(error.reason()) << ": " << error.what() << "\n";
        return 1;
    }
}
