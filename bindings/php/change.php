<?php
// Changes accounts through the C library, with PHP's FFI.
//
//   php change.php PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID [MORE_IDS...]
//
// The first account is changed by one call, the others together. The library has
// to be where the loader looks; LD_LIBRARY_PATH may say where.
declare(strict_types=1);

const METHOD_NONE = 0, TRUST_ADDED_ONLY = 2, OK = 0, DONE = 100;
const OUTCOMES = ['unknown', 'applied', 'refused', 'skipped', 'would'];

/** Taken from docspace_tfa.h as it stands there. */
const DECLARATIONS = <<<'C'
typedef struct dstfa_options dstfa_options;
typedef struct dstfa_client dstfa_client;
typedef struct dstfa_cancel dstfa_cancel;
typedef struct dstfa_error dstfa_error;
typedef struct dstfa_change dstfa_change;
typedef struct dstfa_bulk dstfa_bulk;
typedef struct dstfa_bulk_item dstfa_bulk_item;
const char *dstfa_reason_name(int32_t reason);
dstfa_options *dstfa_options_new(void);
void dstfa_options_free(dstfa_options *options);
int32_t dstfa_options_set_portal_url(dstfa_options *options, const char *url, dstfa_error **error_out);
int32_t dstfa_options_set_api_key(dstfa_options *options, const char *api_key, dstfa_error **error_out);
int32_t dstfa_options_set_trust(dstfa_options *options, int32_t trust, dstfa_error **error_out);
int32_t dstfa_options_add_ca_file(dstfa_options *options, const char *path, dstfa_error **error_out);
int32_t dstfa_client_new(const dstfa_options *options, dstfa_client **client_out, dstfa_error **error_out);
void dstfa_client_free(dstfa_client *client);
int32_t dstfa_client_change_method(const dstfa_client *client, const char *account_id, int32_t method,
    const dstfa_cancel *cancel, dstfa_change **change_out, dstfa_error **error_out);
void dstfa_change_free(dstfa_change *change);
const char *dstfa_change_message(const dstfa_change *change);
void dstfa_error_free(dstfa_error *error);
int32_t dstfa_error_applied(const dstfa_error *error);
int32_t dstfa_error_reason(const dstfa_error *error);
const char *dstfa_error_message(const dstfa_error *error);
int32_t dstfa_bulk_new(const dstfa_client *client, int32_t method, dstfa_bulk **bulk_out, dstfa_error **error_out);
void dstfa_bulk_free(dstfa_bulk *bulk);
int32_t dstfa_bulk_add(dstfa_bulk *bulk, const char *id_or_email, uint32_t *index_out, dstfa_error **error_out);
int32_t dstfa_bulk_step(dstfa_bulk *bulk, const dstfa_cancel *cancel, dstfa_bulk_item **item_out, dstfa_error **error_out);
void dstfa_bulk_item_free(dstfa_bulk_item *item);
const char *dstfa_bulk_item_entry(const dstfa_bulk_item *item);
int32_t dstfa_bulk_item_outcome(const dstfa_bulk_item *item);
const dstfa_error *dstfa_bulk_item_error(const dstfa_bulk_item *item);
C;

final class TfaError extends RuntimeException {}

/** The C functions, called without their prefix. */
final class Library
{
    private FFI $c;

    public function __construct(string $path = 'libdocspace_tfa.so.0')
    {
        $this->c = FFI::cdef(DECLARATIONS, $path);
    }

    public function __call(string $name, array $arguments): mixed
    {
        return $this->c->{"dstfa_$name"}(...$arguments);
    }

    /** Calls what can fail, and throws what it says. */
    public function try(string $name, mixed ...$arguments): void
    {
        $error = $this->c->new('dstfa_error *');
        $status = $this->$name(...[...$arguments, FFI::addr($error)]);
        if ($status !== OK && $status !== DONE) {
            $said = sprintf('%s (applied: %d): %s', $this->reason_name($this->error_reason($error)),
                $this->error_applied($error), $this->error_message($error));
            $this->error_free($error);
            throw new TfaError($said);
        }
    }

    /** Calls what gives an object before its error; null when there is none. */
    public function make(string $type, string $name, mixed ...$arguments): ?FFI\CData
    {
        $object = $this->c->new("dstfa_$type *");
        $this->try($name, ...[...$arguments, FFI::addr($object)]);
        return FFI::isNull($object) ? null : $object;
    }
}

[, $url, $caFile, $keyFile, $account] = $argv;
$tfa = new Library();
$options = $tfa->options_new();
$tfa->try('options_set_portal_url', $options, $url);
$tfa->try('options_set_api_key', $options, trim(file_get_contents($keyFile)));
$tfa->try('options_set_trust', $options, TRUST_ADDED_ONLY);
$tfa->try('options_add_ca_file', $options, $caFile);
$client = $tfa->make('client', 'client_new', $options);
$tfa->options_free($options);
try {
    $change = $tfa->make('change', 'client_change_method', $client, $account, METHOD_NONE, null);
    echo 'done: ', $tfa->change_message($change), "\n";
    $tfa->change_free($change);
    // Many accounts, one answer at a time and without a callback.
    $bulk = $tfa->make('bulk', 'bulk_new', $client, METHOD_NONE);
    foreach (array_slice($argv, 5) as $entry) {
        $tfa->try('bulk_add', $bulk, $entry, null);
    }
    while (($item = $tfa->make('bulk_item', 'bulk_step', $bulk, null)) !== null) {
        $reason = $tfa->reason_name($tfa->error_reason($tfa->bulk_item_error($item)));
        echo $tfa->bulk_item_entry($item), ' ', OUTCOMES[$tfa->bulk_item_outcome($item)], " $reason\n";
        $tfa->bulk_item_free($item);
    }
    $tfa->bulk_free($bulk);
} catch (TfaError $error) {
    echo 'refused: ', $error->getMessage(), "\n";
    exit(1);
} finally {
    $tfa->client_free($client);
}
