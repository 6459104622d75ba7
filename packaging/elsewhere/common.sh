# What the builds for other systems share. Sourced, not run; before that, $root,
# $target (as Rust names it), $tools (what GNU tools for it begin with) and
# $packages (of Debian) are set.
#
# Debian's own compiler builds the standard library from its source package:
# others have no ready one for the target, or need a network for it.

fail() {
    echo "$target: $1" >&2
    exit 1
}

# The packages that are not installed.
missing() {
    for package in $packages; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
            printf '%s ' "$package"
    done
}

missing=$(missing)
missing=${missing% }
folder=
case $# in
    0) ;;
    1) folder=$1 ;;
    *) set -- --help ;;
esac
case ${1-} in
    --missing)
        echo "$missing"
        exit
        ;;
    -*)
        sed -n 's/^# *\(packaging\/.*\)/usage: \1/p' "$0" >&2
        exit 2
        ;;
esac
[ -z "$missing" ] || {
    echo "$target: missing: $missing" >&2
    exit 2
}

work=$(mktemp -d)
# Compilers and Wine leave files of their own.
export TMPDIR="$work"
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# What else has to end.
stop() { :; }

export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1

# Builds the shared library; $built is the folder it is in.
build_library() {
    (cd "$root" && /usr/bin/cargo rustc --release --locked --lib --crate-type cdylib \
        --no-default-features --features ffi \
        -Zbuild-std=std,panic_unwind --target "$target") </dev/null
    built=$(cd "$root" && /usr/bin/cargo metadata --no-deps --format-version 1 --locked |
        sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/$target/release
    echo "$(/usr/bin/rustc --version), $($tools-gcc --version | head -n 1)"
}

# same_exports FILE: one name on each line of the file, sorted.
same_exports() {
    awk '!/^#/ && NF { print $1 }' "$root/abi/symbols.txt" | sort | diff - "$1" ||
        fail "differs from abi/symbols.txt"
    echo "ok: exports $(wc -l <"$1") functions, as in abi/symbols.txt"
}

# compile NAME SOURCE OPTION...: a program in $work, in C or C++.
compile() {
    name=$1 source=$2
    shift 2
    case $source in
        *.c) set -- "$tools-gcc" -std=c99 "$root/$source" "$@" ;;
        *.cpp) set -- "$tools-g++" -std=c++11 "$root/$source" "$@" ;;
    esac
    "$@" -O2 -Wall -Wextra -Wpedantic -Werror -I"$root/include" -o "$work/$name"
}

# run_programs RUNNER...: what holds everywhere, and the tour of the examples.
# The portal is a program of this machine, and so is its compiler.
run_programs() {
    (
        unset RUSTC RUSTC_BOOTSTRAP
        sh "$root/packaging/elsewhere/with-portal" "$@" "$work/host" || fail "host.c"
        RUNNER="$*" sh "$root/examples-c/demo.sh" "$work" || fail "the examples"
    )
}
