-- Changes accounts through the C library, with LuaJIT's FFI.
--
--   luajit change.lua PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID [MORE_IDS...]
--
-- The first account is changed by one call, the others together. The library has
-- to be where the loader looks; LD_LIBRARY_PATH may say where.
local ffi = require("ffi")

-- Taken from docspace_tfa.h as it stands there.
ffi.cdef [[
typedef struct dstfa_options dstfa_options;
typedef struct dstfa_client dstfa_client;
typedef struct dstfa_cancel dstfa_cancel;
typedef struct dstfa_error dstfa_error;
typedef struct dstfa_change dstfa_change;
typedef struct dstfa_bulk dstfa_bulk;
typedef struct dstfa_bulk_item dstfa_bulk_item;
typedef int32_t dstfa_status;

const char *dstfa_reason_name(int32_t reason);
dstfa_options *dstfa_options_new(void);
void dstfa_options_free(dstfa_options *options);
dstfa_status dstfa_options_set_portal_url(dstfa_options *options, const char *url, dstfa_error **error_out);
dstfa_status dstfa_options_set_api_key(dstfa_options *options, const char *api_key, dstfa_error **error_out);
dstfa_status dstfa_options_set_trust(dstfa_options *options, int32_t trust, dstfa_error **error_out);
dstfa_status dstfa_options_add_ca_file(dstfa_options *options, const char *path, dstfa_error **error_out);
dstfa_status dstfa_client_new(const dstfa_options *options, dstfa_client **client_out, dstfa_error **error_out);
void dstfa_client_free(dstfa_client *client);
dstfa_status dstfa_client_change_method(const dstfa_client *client, const char *account_id, int32_t method,
    const dstfa_cancel *cancel, dstfa_change **change_out, dstfa_error **error_out);
void dstfa_change_free(dstfa_change *change);
const char *dstfa_change_message(const dstfa_change *change);
void dstfa_error_free(dstfa_error *error);
int32_t dstfa_error_applied(const dstfa_error *error);
int32_t dstfa_error_reason(const dstfa_error *error);
const char *dstfa_error_message(const dstfa_error *error);
dstfa_status dstfa_bulk_new(const dstfa_client *client, int32_t method, dstfa_bulk **bulk_out, dstfa_error **error_out);
void dstfa_bulk_free(dstfa_bulk *bulk);
dstfa_status dstfa_bulk_add(dstfa_bulk *bulk, const char *id_or_email, uint32_t *index_out, dstfa_error **error_out);
dstfa_status dstfa_bulk_step(dstfa_bulk *bulk, const dstfa_cancel *cancel, dstfa_bulk_item **item_out, dstfa_error **error_out);
void dstfa_bulk_item_free(dstfa_bulk_item *item);
const char *dstfa_bulk_item_entry(const dstfa_bulk_item *item);
int32_t dstfa_bulk_item_outcome(const dstfa_bulk_item *item);
const dstfa_error *dstfa_bulk_item_error(const dstfa_bulk_item *item);
]]

local METHOD_NONE, TRUST_ADDED_ONLY, OK, DONE = 0, 2, 0, 100
local OUTCOMES = { [0] = "unknown", "applied", "refused", "skipped", "would" }
local lib = ffi.load("libdocspace_tfa.so.0")

local function reason(err)
    return ffi.string(lib.dstfa_reason_name(lib.dstfa_error_reason(err)))
end

-- Calls what can fail. Its last parameter gets the error, which becomes a table.
local function call(name, ...)
    local out = ffi.new("dstfa_error *[1]")
    local arguments = { ... }
    local count = select("#", ...)
    arguments[count + 1] = out
    local status = lib["dstfa_" .. name](unpack(arguments, 1, count + 1))
    if status ~= OK and status ~= DONE then
        local err = ffi.gc(out[0], lib.dstfa_error_free)
        error({ status = status, reason = reason(err), applied = lib.dstfa_error_applied(err),
            message = ffi.string(lib.dstfa_error_message(err)) })
    end
    return status
end

-- Calls what gives an object, which the garbage collector then frees. nil: done.
local function made(name, kind, ...)
    local out = ffi.new("dstfa_" .. kind .. " *[1]")
    local arguments = { ... }
    local count = select("#", ...)
    arguments[count + 1] = out
    if call(name, unpack(arguments, 1, count + 1)) == DONE then
        return nil
    end
    return ffi.gc(out[0], lib["dstfa_" .. kind .. "_free"])
end

local function connect(url, ca_file, key)
    local options = ffi.gc(lib.dstfa_options_new(), lib.dstfa_options_free)
    call("options_set_portal_url", options, url)
    call("options_set_api_key", options, key)
    call("options_set_trust", options, TRUST_ADDED_ONLY)
    call("options_add_ca_file", options, ca_file)
    return made("client_new", "client", options)
end

local url, ca_file, key_file, account = arg[1], arg[2], arg[3], arg[4]
local file = assert(io.open(key_file))
local client = connect(url, ca_file, (file:read("*l")))
file:close()

local ok, result = pcall(made, "client_change_method", "change", client, account, METHOD_NONE, nil)
if not ok then
    if type(result) ~= "table" then error(result) end
    print(("refused: %s (applied: %d): %s"):format(result.reason, result.applied, result.message))
    os.exit(1)
end
print("done: " .. ffi.string(lib.dstfa_change_message(result)))

-- Many accounts, one answer at a time and without a callback.
if arg[5] then
    local bulk = made("bulk_new", "bulk", client, METHOD_NONE)
    for index = 5, #arg do call("bulk_add", bulk, arg[index], nil) end
    local item = made("bulk_step", "bulk_item", bulk, nil)
    while item do
        print(ffi.string(lib.dstfa_bulk_item_entry(item)), OUTCOMES[lib.dstfa_bulk_item_outcome(item)],
            reason(lib.dstfa_bulk_item_error(item)))
        item = made("bulk_step", "bulk_item", bulk, nil)
    end
end
