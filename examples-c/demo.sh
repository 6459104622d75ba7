#!/bin/sh
# The tour of `make demo`: starts the stand-in portal, runs the C and the C++
# program against it, and checks what they print and how they exit.
#
#   demo.sh BUILD_FOLDER
#
# RUNNER may name a command that runs the programs, such as valgrind.
set -eu

build=$1
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "$build/demo.XXXXXX")
ready=$work/ready
portal=
failures=0

# The portal ends with its input; the signal is for the case that it hangs.
stop() {
    exec 9>&- || :
    if [ -n "$portal" ]; then
        kill "$portal" 2>/dev/null || :
        wait "$portal" 2>/dev/null || :
        portal=
    fi
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

mkfifo "$work/input"
# Read and write: opening a FIFO for one of them alone would wait for the other.
exec 9<>"$work/input"
(
    # Without a writer of its own on the FIFO, the portal sees its end.
    exec <"$work/input" 9>&-
    cd "$root"
    exec ${CARGO:-cargo} run --quiet --example portal -- --ready-file "$ready"
) >/dev/null &
portal=$!

tries=0
while [ ! -e "$ready" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$portal" 2>/dev/null; then
        echo "demo: the stand-in portal did not start" >&2
        exit 1
    fi
    sleep 0.2
done
. "$ready"

# expect CODE START... -- PROGRAM ARGUMENTS...: the exit code, and for each START
# a line that begins with it.
expect() {
    code=$1
    shift
    : >"$work/starts"
    while [ "$1" != -- ]; do
        printf '%s\n' "$1" >>"$work/starts"
        shift
    done
    shift
    echo "\$ $(basename "$1") … $PORTAL_URL $6 $7"
    actual=0
    ${RUNNER-} "$1" "$2" "$3" "$4" "$5" "$PORTAL_URL" "$6" "$7" >"$work/output" 2>&1 || actual=$?
    sed 's/^/  /' "$work/output"
    echo "  (exit code $actual)"
    if [ "$actual" -ne "$code" ]; then
        echo "demo: expected exit code $code" >&2
        failures=$((failures + 1))
    fi
    while IFS= read -r start; do
        if ! awk -v start="$start" 'index($0, start) == 1 { found = 1 } END { exit !found }' \
            "$work/output"; then
            echo "demo: expected a line that begins with: $start" >&2
            failures=$((failures + 1))
        fi
    done <"$work/starts"
}

# tour PROGRAM OWN_ID OWN_KEY_FILE METHOD MEMBER_ID: each program has accounts of
# its own, as an app can be unlinked only once.
tour() {
    echo "== $(basename "$1"): the account of the key itself"
    expect 0 'done: ' "login URL: $PORTAL_URL/" -- \
        "$1" --ca-file "$CA_FILE" --key-file "$3" "$2" "$4"
    echo "== $(basename "$1"): another member's account"
    expect 0 'done: ' 'login URL: none (the account is another member' -- \
        "$1" --ca-file "$CA_FILE" --key-file "$OWNER_KEY_FILE" "$5" none
    echo "== $(basename "$1"): the same again; by now no app is linked"
    expect 1 'refused: NOT_LINKED ' -- \
        "$1" --ca-file "$CA_FILE" --key-file "$OWNER_KEY_FILE" "$5" sms
    echo "== $(basename "$1"): with the key of an administrator who is not the owner"
    expect 1 'refused: NOT_OWNER ' -- \
        "$1" --ca-file "$CA_FILE" --key-file "$ADMIN_KEY_FILE" "$5" none
    echo "== $(basename "$1"): a terminated account"
    expect 1 'refused: ACCOUNT_TERMINATED ' -- \
        "$1" --ca-file "$CA_FILE" --key-file "$OWNER_KEY_FILE" "$TERMINATED_ID" none
}

tour "$build/change_method_c" "$OWNER_ID" "$OWNER_KEY_FILE" none "$MEMBER_ID"
tour "$build/change_method_cpp" "$ADMIN_ID" "$ADMIN_KEY_FILE" app "$MEMBER2_ID"

if [ "$failures" -ne 0 ]; then
    echo "demo: $failures expectations were not met" >&2
    exit 1
fi
echo "demo: everything went as expected"
