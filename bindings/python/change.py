"""Changes accounts through the C library, with ctypes and nothing else.

    change.py PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID [MORE_IDS...]

The first account is changed by one call, the others together. The library has
to be where the loader looks; LD_LIBRARY_PATH may say where.
"""
import sys
from ctypes import CDLL, POINTER, byref, c_char_p, c_int32, c_uint32, c_void_p

METHOD_NONE, TRUST_ADDED_ONLY, OK, DONE = 0, 2, 0, 100
OUTCOMES = ["unknown", "applied", "refused", "skipped", "would"]

# Result, name, parameters. Types have to be given: ctypes takes everything for
# an int, and would cut pointers to 32 bits.
TYPES = {"none": None, "text": c_char_p, "int": c_int32, "index": POINTER(c_uint32),
         "object": c_void_p, "out": POINTER(c_void_p)}
DECLARATIONS = """
text reason_name int; object options_new; none options_free object;
int options_set_portal_url object text out; int options_set_api_key object text out;
int options_set_trust object int out; int options_add_ca_file object text out;
int client_new object out out; none client_free object;
int client_change_method object text int object out out;
none change_free object; text change_message object;
none error_free object; text error_message object;
int error_applied object; int error_reason object;
int bulk_new object int out out; none bulk_free object;
int bulk_add object text index out; int bulk_step object object out out;
none bulk_item_free object; text bulk_item_entry object;
int bulk_item_outcome object; object bulk_item_error object
"""


LIBRARY, C = CDLL("libdocspace_tfa.so.0"), {}
for line in DECLARATIONS.split(";"):
    result, name, *parameters = line.split()
    C[name] = getattr(LIBRARY, "dstfa_" + name)
    C[name].restype, C[name].argtypes = TYPES[result], [TYPES[word] for word in parameters]


class TfaError(Exception):
    """What the library says about a failure; the C object is freed at once."""

    def __init__(self, status, error):
        super().__init__(C["error_message"](error).decode())
        self.status, self.applied = status, C["error_applied"](error)
        self.reason = C["reason_name"](C["error_reason"](error)).decode()
        C["error_free"](error)


def call(name, *arguments):
    """Calls what can fail, and raises what it says."""
    error = c_void_p()
    status = C[name](*(it.encode() if isinstance(it, str) else it for it in arguments),
                     byref(error))
    if status not in (OK, DONE):
        raise TfaError(status, error)


class Object:
    """Owns the object that a call gives, if it gives one."""

    def __init__(self, kind, name, *arguments):
        self.free, self.handle = C[kind + "_free"], c_void_p()
        call(name, *arguments, byref(self.handle))

    def __enter__(self):
        return self.handle

    def __exit__(self, *_):
        self.free(self.handle)


def connect(url, ca_file, key):
    """A client for one portal, which trusts one authority."""
    options = C["options_new"]()
    try:
        call("options_set_portal_url", options, url)
        call("options_set_api_key", options, key)
        call("options_set_trust", options, TRUST_ADDED_ONLY)
        call("options_add_ca_file", options, ca_file)
        return Object("client", "client_new", options)
    finally:
        C["options_free"](options)


def many(client, ids):
    """Changes many accounts, one answer at a time and without a callback."""
    with Object("bulk", "bulk_new", client, METHOD_NONE) as bulk:
        for entry in ids:
            call("bulk_add", bulk, entry, None)
        while True:
            with Object("bulk_item", "bulk_step", bulk, None) as item:
                if not item:
                    return
                reason = C["reason_name"](C["error_reason"](C["bulk_item_error"](item)))
                yield (C["bulk_item_entry"](item).decode(),
                       OUTCOMES[C["bulk_item_outcome"](item)], reason.decode())


def main(url, ca_file, key_file, account, *others):
    with open(key_file, encoding="ascii") as file:
        key = file.read().strip()
    with connect(url, ca_file, key) as client:
        try:
            with Object("change", "client_change_method", client, account, METHOD_NONE,
                        None) as change:
                print("done:", C["change_message"](change).decode())
        except TfaError as error:
            print(f"refused: {error.reason} (applied: {error.applied}): {error}")
            return 1
        for answer in many(client, others):
            print(*answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
