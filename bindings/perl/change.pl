#!/usr/bin/perl
# Changes accounts through the C library, with FFI::Platypus.
#
#   change.pl PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID [MORE_IDS...]
#
# The first account is changed by one call, the others together. The library has
# to be where the loader looks; LD_LIBRARY_PATH may say where.
use strict;
use warnings;
use FFI::Platypus 1.00;

use constant { METHOD_NONE => 0, TRUST_ADDED_ONLY => 2, OK => 0, DONE => 100 };
my @OUTCOMES = qw(unknown applied refused skipped would);

# Strings from the library are copied into Perl's; bytes, as the library has
# them, go straight to the output.
my $ffi = FFI::Platypus->new(api => 1, lib => 'libdocspace_tfa.so.0');
sub declare {
    my ($name, $result, @parameters) = @_;
    $ffi->attach(["dstfa_$name" => $name] => \@parameters => $result);
}
declare(reason_name => 'string', 'sint32');
declare(options_new => 'opaque');
declare("options_$_" => 'sint32', 'opaque', 'string', 'opaque*')
    for qw(set_portal_url set_api_key add_ca_file);
declare(options_set_trust => 'sint32', 'opaque', 'sint32', 'opaque*');
declare(client_new => 'sint32', 'opaque', 'opaque*', 'opaque*');
declare(client_change_method => 'sint32', 'opaque', 'string', 'sint32', 'opaque', 'opaque*', 'opaque*');
declare(change_message => 'string', 'opaque');
declare(error_message => 'string', 'opaque');
declare("error_$_" => 'sint32', 'opaque') for qw(reason applied);
declare(bulk_new => 'sint32', 'opaque', 'sint32', 'opaque*', 'opaque*');
declare(bulk_add => 'sint32', 'opaque', 'string', 'opaque', 'opaque*');
declare(bulk_step => 'sint32', 'opaque', 'opaque', 'opaque*', 'opaque*');
declare(bulk_item_entry => 'string', 'opaque');
declare(bulk_item_outcome => 'sint32', 'opaque');
declare(bulk_item_error => 'opaque', 'opaque');
declare("${_}_free" => 'void', 'opaque') for qw(options client change error bulk bulk_item);

# Calls what can fail: call(\&function, arguments...). Dies with what it says.
sub call {
    my ($function, @arguments) = @_;
    my $error;
    my $status = $function->(@arguments, \$error);
    return $status if $status == OK or $status == DONE;
    my $said = sprintf '%s (applied: %d): %s', reason_name(error_reason($error)),
        error_applied($error), error_message($error);
    error_free($error);
    die "refused: $said\n";
}

# Calls what gives an object before its error; undef when there is none.
sub made {
    my ($function, @arguments) = @_;
    my $object;
    call($function, @arguments, \$object);
    return $object;
}

sub connect_to {
    my ($url, $ca_file, $key) = @_;
    my $options = options_new();
    my $client = eval {
        call(\&options_set_portal_url, $options, $url);
        call(\&options_set_api_key, $options, $key);
        call(\&options_set_trust, $options, TRUST_ADDED_ONLY);
        call(\&options_add_ca_file, $options, $ca_file);
        made(\&client_new, $options);
    };
    options_free($options);
    die $@ unless $client;
    return $client;
}

# Changes many accounts, one answer at a time and without a callback.
sub many {
    my ($client, @ids) = @_;
    my $bulk = made(\&bulk_new, $client, METHOD_NONE);
    call(\&bulk_add, $bulk, $_, undef) for @ids;
    while (my $item = made(\&bulk_step, $bulk, undef)) {
        my $reason = reason_name(error_reason(bulk_item_error($item)));
        print bulk_item_entry($item), " $OUTCOMES[bulk_item_outcome($item)] $reason\n";
        bulk_item_free($item);
    }
    bulk_free($bulk);
}

my ($url, $ca_file, $key_file, $account, @others) = @ARGV;
open my $file, '<', $key_file or die "$key_file: $!\n";
chomp(my $key = <$file>);
close $file;

my $client = connect_to($url, $ca_file, $key);
eval {
    my $change = made(\&client_change_method, $client, $account, METHOD_NONE, undef);
    print 'done: ', change_message($change), "\n";
    change_free($change);
    many($client, @others) if @others;
};
my $problem = $@;
client_free($client);
print $problem;
exit($problem ? 1 : 0);
