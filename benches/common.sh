# What benches/run and benches/check share: the programs, the server, and one
# function for each kind of figure. Sourced, not run.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
work=$(mktemp -d)
started=()
missing=()

finish() {
    local process
    for process in ${started[@]+"${started[@]}"}; do
        kill "$process" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

have() { command -v "$1" >/dev/null 2>&1; }

# Debian has it where only root looks.
nginx=nginx
have nginx || nginx=/usr/sbin/nginx

# A C program that needs nothing but these headers can be compiled.
compiles_with() {
    printf '#include <%s>\nint main(void) { return 0; }\n' "$1" |
        cc -x c -fsyntax-only - 2>/dev/null
}

# lacking PACKAGE TEST...: notes the package where the test fails.
lacking() {
    local package=$1
    shift
    "$@" || missing+=("$package")
}

# The Python itself that has requests, not a script that looks for one.
has_requests() {
    local candidate
    for candidate in python3 /usr/bin/python3; do
        python=$("$candidate" -c 'import requests, sys; print(sys.executable)' 2>/dev/null) &&
            return 0
    done
    return 1
}

has_fetch() { node -e fetch 2>/dev/null; }

# look_for_tools [languages]: with the other languages or without.
look_for_tools() {
    missing=()
    lacking libcurl4-openssl-dev compiles_with curl/curl.h
    lacking libcjson-dev compiles_with cjson/cJSON.h
    lacking libssl-dev compiles_with openssl/ssl.h
    lacking nginx-light have "$nginx"
    lacking openssl have openssl
    lacking valgrind have valgrind
    lacking strace have strace
    lacking binutils have readelf
    [ "${1-}" = languages ] || return 0
    lacking python3-requests has_requests
    lacking nodejs has_fetch
}

# Each by itself, so that one that cannot be had keeps no other away.
install() {
    local package
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update || true
    for package in "$@"; do
        apt-get -qq -y --no-install-recommends install "$package" || true
    done
} >/dev/null 2>&1 </dev/null

# install_tools [languages]: names what is still missing afterwards.
install_tools() {
    have cc || { echo "a C compiler is needed (cc)" >&2; exit 1; }
    look_for_tools "$@"
    [ ${#missing[@]} -gt 0 ] || return 0
    if have apt-get && [ "$(id -u)" -eq 0 ]; then
        install "${missing[@]}"
        look_for_tools "$@"
    fi
    if [ ${#missing[@]} -gt 0 ]; then
        echo "missing, and left out: ${missing[*]} (Debian's names)"
    fi
}

has() {
    local name
    for name in ${missing[@]+"${missing[@]}"}; do
        [ "$name" != "$1" ] || return 1
    done
}

compile() {
    local program=$1
    shift
    cc -std=gnu99 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -pthread -o "$work/$program" "$@"
}

# The library as it is shipped; BENCH_LIBRARY names one that is built already.
build_library() {
    local target built=${BENCH_LIBRARY-}
    library=$work/libdocspace_tfa.so.0
    if [ -z "$built" ]; then
        (cd "$root" && cargo rustc --quiet --release --lib --crate-type cdylib)
        target=$(cd "$root" && cargo metadata --no-deps --format-version 1 |
            sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
        built=$target/release/libdocspace_tfa.so
    fi
    cp "$built" "$library"
}

build() {
    build_library
    local ours=(-I"$root/include" "$library" "-Wl,-rpath,$work")
    compile ours "$here/driver.c" "$here/ours.c" "${ours[@]}"
    compile bulk "$here/bulk.c" "${ours[@]}"
    compile limit-http "$here/driver.c" "$here/limit.c"
    if has libssl-dev; then
        compile limit-https "$here/driver.c" "$here/limit.c" -DTLS -lssl -lcrypto
    fi
    if has libcurl4-openssl-dev && has libcjson-dev; then
        compile peer "$here/driver.c" "$here/peer.c" -lcurl -lcjson
        compile peer_bulk "$here/peer_bulk.c" -lcurl -lcjson
    fi
    compile slow_server "$here/slow_server.c"
    cp "$here/peer.py" "$here/peer.mjs" "$work"
}

# The client gets one core and the server another, where there are two. Words
# before a command and no function, whose process would not be the command's.
on_client=() on_server=()
if have taskset && [ "$(nproc)" -gt 1 ]; then
    on_client=(taskset -c 0) on_server=(taskset -c 1)
fi

make_certificates() {
    (
        cd "$work"
        openssl ecparam -name prime256v1 -genkey -noout -out ca.key
        openssl req -x509 -new -key ca.key -days 2 -subj "/CN=bench" -out ca.pem
        openssl ecparam -name prime256v1 -genkey -noout -out leaf.key
        openssl req -new -key leaf.key -subj "/CN=localhost" -out leaf.csr
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' >leaf.ext
        openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
            -extfile leaf.ext -out leaf.pem
        cat /etc/ssl/certs/ca-certificates.crt ca.pem >all.pem 2>/dev/null || rm -f all.pem
    ) 2>/dev/null
}

start_nginx() {
    has nginx-light && has openssl || return 1
    make_certificates
    local rest others own try
    rest='"count":1,"links":[{"href":"https://portal.example.com/api/2.0/settings/tfaappnewapp","action":"PUT"}],"status":0,"statusCode":200,"ok":true}'
    others="{\"response\":\"\",$rest"
    own="{\"response\":\"https://portal.example.com/confirm/TfaActivation?type=TfaActivation&key=123456789012.ABCDEFGHIJKLMNOPQRSTUVWXYZ012345&uid=aae1e103-bca5-9fa1-ba8c-42058b4abf28\",$rest"
    for try in 1 2 3 4 5; do
        plain_port=$((20000 + RANDOM % 10000)) tls_port=$((plain_port + 10000))
        cat >"$work/nginx.conf" <<END
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 512; }
http {
    access_log off;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    default_type application/json;
    keepalive_requests 1000000000;
    keepalive_time 24h;
    server {
        listen 127.0.0.1:$plain_port;
        listen 127.0.0.1:$tls_port ssl;
        ssl_protocols TLSv1.3;
        ssl_certificate $work/leaf.pem;
        ssl_certificate_key $work/leaf.key;
        location / { return 200 '$others'; }
        location /own/ { return 200 '$own'; }
    }
}
END
        "${on_server[@]}" "$nginx" -e "$work/nginx.log" -p "$work" -c "$work/nginx.conf" \
            >/dev/null 2>&1 &
        started+=($!)
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            sleep 0.2
            if "$work/limit-http" 1 "http://localhost:$plain_port" >/dev/null 2>&1; then
                return 0
            fi
            kill -0 $! 2>/dev/null || break
        done
    done
    echo "nginx does not start: $(tail -n 1 "$work/nginx.log" 2>/dev/null)" >&2
    return 1
}

# words CLIENT SCHEME REQUESTS: the command that makes so many requests.
words() {
    local program=$1
    case $1 in
        limit) program=$work/limit-${2%%-*} ;;
        requests) program="$python $work/peer.py" ;;
        fetch) program="env NODE_EXTRA_CA_CERTS=$work/ca.pem node $work/peer.mjs" ;;
        *) program=$work/$1 ;;
    esac
    echo "$program" "$3" "$(url "$2")" "$(authority "$2" "$1")"
}

# http, https, and with -own the answer to a change of the caller's own account,
# which holds a login URL.
url() {
    case $1 in
        http) echo "http://localhost:$plain_port" ;;
        https) echo "https://localhost:$tls_port" ;;
        *-own) echo "$(url "${1%-own}")/own" ;;
        *-roots) url "${1%-roots}" ;;
    esac
}

# With -roots the server's authority stands among all that the system trusts:
# this library reads those itself (BENCH_TRUST=roots tells it to), libcurl gets
# them in one file.
authority() {
    case $1 in
        http | http-own) echo - ;;
        *-roots) [ "$2" = ours ] && echo "$work/ca.pem" || echo "$work/all.pem" ;;
        *) echo "$work/ca.pem" ;;
    esac
}

# The difference of two runs is what the requests of one cost.
few=200
many=400

# between FIGURE CLIENT SCHEME: per request.
between() {
    local less more
    less=$("$1" $few "$2" "$3") && more=$("$1" $many "$2" "$3") || return 1
    awk -v less="$less" -v more="$more" -v n=$((many - few)) \
        'BEGIN { printf "%.2f\n", (more - less) / n }'
}

instructions_of() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
        awk '/Collected/ { print $NF }'
}

# shellcheck disable=SC2046 # the words of a command
instructions() { instructions_of $(words "$2" "$3" "$1"); }

# shellcheck disable=SC2046
trace() {
    strace -f -c -U calls,name -o "$work/trace" $(words "$2" "$3" "$1") >/dev/null
}

system_calls() {
    trace "$@" || return 1
    awk '$2 == "total" { print $1 }' "$work/trace"
}

threads_started() {
    trace "$@" || return 1
    awk '$2 ~ /^clone/ { n += $1 } END { print n + 0 }' "$work/trace"
}

# shellcheck disable=SC2046
memcheck() {
    valgrind --tool=memcheck --undef-value-errors=no --leak-check=full \
        $(words "$2" "$3" "$1") 2>&1 >/dev/null | tr -d ,
}

allocations() { memcheck "$@" | awk '/total heap usage/ { print $5 }'; }

bytes_lost() {
    memcheck "$@" | awk '/definitely lost/ { print $4; said = 1 } /no leaks/ { print 0; said = 1 }
                         END { if (!said) print 0 }'
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.3f\n", a / b; else print "-" }'
}

needed() {
    readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | xargs
}

# on_slow_server DELAY_MS ACCOUNTS COMMAND...: runs it with the server's address in
# place of the word URL; what it prints, and how many connections it opened.
on_slow_server() {
    local delay=$1 accounts=$2 port to from line connections
    shift 2
    coproc slow_server { exec "$work/slow_server" "$delay" "$accounts"; }
    # Copies, for bash closes its own as soon as the server has ended.
    # shellcheck disable=SC2154 # set by coproc
    exec {to}>&"${slow_server[1]}" {from}<&"${slow_server[0]}"
    eval "exec ${slow_server[1]}>&- ${slow_server[0]}<&-"
    read -r -u "$from" port
    line=$("${@/#URL/http://127.0.0.1:$port}") || return 1
    exec {to}>&-
    read -r -u "$from" connections
    exec {from}<&-
    echo "$line $connections"
}

# slow CLIENT DELAY_MS THREADS REQUESTS PAUSE_MS: "requests a second" and
# connections opened, each thread making so many requests.
slow() {
    on_slow_server "$2" 0 "$work/$1" "$4" URL - "$3" "$5" |
        awk -v n=$(($3 * $4)) '{ printf "%.1f %d\n", n * 1e6 / $2, $NF }'
}

# A folder in memory, so that no disk is measured, where there is one.
in_memory() {
    if [ -w /dev/shm ]; then mktemp -d /dev/shm/bench.XXXXXX; else mktemp -d; fi
}

# bulk_growth ENTRIES: KiB by which the peak memory of a bulk grows, with a journal
# and looks, and of a second process that resumes from that journal.
bulk_growth() {
    local folder
    folder=$(in_memory)
    on_slow_server 0 "$1" run_and_resume URL "$1" "$folder/journal"
    rm -rf "$folder"
}

run_and_resume() {
    local run resumed
    run=$("$work/bulk" "$1" "$2" "$3" 1) && resumed=$("$work/bulk" "$1" "$2" "$3" 1) &&
        echo "${run##* } ${resumed##* }"
}
