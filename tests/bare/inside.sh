#!/usr/bin/env bash
# What happens inside the bare system. Root prepares the person who tries the two commands, and the
# person takes one step after the other; every limit that the product promises is measured here.
#
# usage: inside.sh root | officer                     all steps of one person (called by enter.sh)
#        inside.sh refused | first | again | test     one step, as that person
set -euo pipefail

STOP_SECONDS=5          # from Ctrl-C to the end
SECOND_START_SECONDS=6  # from the second `make run` to a served page
FIRST_START_SECONDS=180 # from the first one, when all it fetches is at hand
FETCHING_SECONDS=900    # and when it comes over whatever network there is
STEPS=/usr/local/bin/inside
JAR=.visitor-cookies # below the person's home

failed() {
    echo "BARE TEST FAILED: $*" >&2
    exit 1
}

# -- What root does around the person's steps.

steps_of() {
    [ "$1" = root ] || make_officer
    as "$1" first
    without_network as "$1" again
    as "$1" test
}

# An ordinary person first without any right to install, then with sudo.
make_officer() {
    useradd --create-home --shell /bin/bash officer
    chown -R officer /packages /srv/ncen.git
    as officer refused
    echo 'officer ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/officer
}

as() {
    if [ "$1" = root ]; then bash "$STEPS" "$2"; else sudo --user "$1" --login bash "$STEPS" "$2"; fi
}

# A network of its own with nothing in it but this machine's own address.
without_network() {
    export -f as
    export STEPS
    # shellcheck disable=SC2016  # the inner shell's words
    unshare --net bash -euc 'python3 /usr/local/bin/loopback && "$@"' bash "$@"
}

# -- What the person does.

now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'; }
within() { awk -v took="$1" -v limit="$2" 'BEGIN { exit !(took <= limit) }'; }

served() {
    python3 - "$1" <<'PYTHON'
import sys
import urllib.request

try:
    with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/login", timeout=2) as answer:
        sys.exit(not (answer.status == 200 and b"<form" in answer.read()))
except OSError:
    sys.exit(1)
PYTHON
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start LIMIT: `make run` in its own process group, as a terminal would start it.
start() {
    local limit=$1 began
    port=$(free_port)
    began=$(now)
    set -m
    make run ARGS="--port $port" >"$log" 2>&1 &
    running=$!
    set +m
    until served "$port"; do
        kill -0 "$running" 2>/dev/null || {
            cat "$log"
            failed "make run ended before the login page was served"
        }
        within "$(since "$began")" "$FETCHING_SECONDS" || failed "no login page in $FETCHING_SECONDS s"
        sleep 0.1
    done
    took=$(since "$began")
    echo "   $took s until the login page, the limit is $limit s"
    within "$took" "$limit" || failed "the login page took $took s, the limit is $limit s"
}

# Ctrl-C as a terminal sends it: one interrupt to the whole foreground group.
interrupt() {
    local began code=0
    began=$(now)
    kill -INT -- "-$running"
    wait "$running" || code=$?
    took=$(since "$began")
    echo "   $took s from Ctrl-C to the end"
    within "$took" "$STOP_SECONDS" || failed "stopping took $took s"
    # make ends by the signal, or by the good end of what it ran if that is told first; an error would be 2.
    [ "$code" -eq 130 ] || [ "$code" -eq 0 ] || { cat "$log"; failed "make run ended with exit code $code after Ctrl-C"; }
    if left_processes; then failed "processes are left behind"; fi
}

left_processes() {
    local found=1 process
    for process in /proc/[0-9]*; do
        case $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) in
        *postgres*-D* | *bin/ncen* | *appliance.cli*) tr '\0' ' ' <"$process/cmdline" && found=0 ;;
        esac
    done
    return $found
}

visit() {
    python3 tests/bare/visit.py "$port" "$HOME/$JAR" "$1" || { cat "$log"; failed "the pages cannot be used"; }
}

said() {
    grep -q "$1" "$log" || { cat "$log"; failed "make run did not say: $1"; }
}

# What the first start fetches, in words of these files: the same words, the same packages.
wanted_packages() {
    cat requirements.lock requirements-tools.lock requirements-assets.lock \
        appliance/app/web/assets/package-lock.json provisioning/setup/packages.sh | sha256sum
}

# How often this machine was asked for a way to another one.
asked_outside() {
    awk '$1 == "Ip:" && !names { names = split($0, name); next }
        $1 == "Ip:" { for (i = 1; i <= NF; i++) if (name[i] == "OutNoRoutes") asked += $i }
        $1 == "Ip6OutNoRoutes" { asked += $2 }
        END { print asked + 0 }' /proc/net/snmp /proc/net/snmp6
}

refused() {
    local code=0
    echo "-- make run without any right to install ($(id -un))"
    git clone --quiet /srv/ncen.git refused
    cd refused
    provisioning/setup/setup.sh run </dev/null >"$log" 2>&1 || code=$?
    cat "$log"
    [ "$code" -eq 2 ] || failed "the set-up ended with exit code $code instead of 2"
    [ "$(wc -l <"$log")" -eq 1 ] || failed "the set-up said more than one sentence"
    said 'apt-get install'
    code=0
    make run </dev/null >"$log" 2>&1 || code=$?
    [ "$code" -eq 2 ] || failed "make run ended with exit code $code instead of 2"
    cd ..
    rm -rf refused
}

first() {
    local limit=$FETCHING_SECONDS
    git clone --quiet /srv/ncen.git ncen
    cd ncen
    echo "-- first make run ($(id -un))"
    [ "$(cat /packages/fetched 2>/dev/null)" = "$(wanted_packages)" ] && limit=$FIRST_START_SECONDS
    start "$limit"
    grep -v '^\(Get:\|Selecting\|Preparing\|Unpacking\|Setting up\| + \)' "$log" | tail -n 40
    for words in 'Fetching the lists of Debian' 'Installing Debian packages: .*postgresql' \
        'Fetching the tools' 'Installing the Python packages' 'Fetching Node.js' \
        'Fetching the design kit' 'Building the assets' 'Making the database' 'synthetic cases'; do
        said "$words"
    done
    visit sign-in
    interrupt
    wanted_packages >/packages/fetched
}

# Nothing is fetched or made again, the visitor is still signed in, and no other machine is asked.
again() {
    local asked
    cd ncen
    echo "-- second make run, without a network"
    asked=$(asked_outside)
    start "$SECOND_START_SECONDS"
    visit still-signed-in
    interrupt
    cat "$log"
    if grep -q '^\(Fetching\|Installing\|Building\|Making\)' "$log"; then failed "something was made again"; fi
    [ "$(asked_outside)" -eq "$asked" ] || failed "another machine was asked for"
}

run_tests() {
    local began
    cd ncen
    echo "-- make test"
    began=$(now)
    make test
    echo "   $(since "$began") s for make test"
}

case $1 in
root | officer)
    steps_of "$1"
    exit 0
    ;;
esac

while IFS= read -r line; do export "${line?}"; done </etc/network.env
# Downloads are kept between trials in a folder mounted from outside, which cannot be linked from.
export XDG_CACHE_HOME=/packages npm_config_cache=/packages/npm UV_LINK_MODE=copy
cd "$HOME"
log=$HOME/make-run.log
case $1 in
refused) refused ;;
first) first ;;
again) again ;;
test) run_tests ;;
esac
