#!/usr/bin/env bash
# What happens inside the bare system: a clone, `make run` until the login page answers, Ctrl-C,
# `make run` once more, `make test`. Every limit that the product promises is measured here.
#
# usage: inside.sh root | officer    (called by enter.sh)
set -euo pipefail

STOP_SECONDS=5          # from Ctrl-C to the end
SECOND_START_SECONDS=6  # from the second `make run` to a served page
FIRST_START_SECONDS=900 # generous: it fetches packages over whatever network there is
user=$1

become_officer() {
    useradd --create-home --shell /bin/bash officer
    echo 'officer ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/officer
    chown -R officer /packages /srv/ncen.git
    exec sudo --user officer --login bash /usr/local/bin/inside here
}

[ "$user" = officer ] && become_officer

now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'; }
within() { awk -v took="$1" -v limit="$2" 'BEGIN { exit !(took <= limit) }'; }
failed() {
    echo "BARE TEST FAILED: $*" >&2
    exit 1
}

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
        within "$(since "$began")" "$FIRST_START_SECONDS" || failed "no login page in $FIRST_START_SECONDS s"
        sleep 0.1
    done
    took=$(since "$began")
    echo "   $took s until the login page"
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
    # make itself ends by the signal; an error of what it ran would be 2.
    [ "$code" -eq 130 ] || { cat "$log"; failed "make run ended with exit code $code after Ctrl-C"; }
    if pgrep_ncen; then failed "processes are left behind"; fi
}

pgrep_ncen() {
    local found=1 process
    for process in /proc/[0-9]*; do
        case $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) in
        *postgres*-D* | *bin/ncen*) tr '\0' ' ' <"$process/cmdline" && found=0 ;;
        esac
    done
    return $found
}

while IFS= read -r line; do export "${line?}"; done </etc/network.env
# Downloads are kept between trials in a folder mounted from outside, which cannot be linked from.
export XDG_CACHE_HOME=/packages npm_config_cache=/packages/npm UV_LINK_MODE=copy
cd "$HOME"
log=$HOME/make-run.log

git clone --quiet /srv/ncen.git ncen
cd ncen
echo "-- first make run ($(id -un))"
start "$FIRST_START_SECONDS"
grep -v '^\(Get:\|Selecting\|Preparing\|Unpacking\|Setting up\| + \)' "$log" | tail -n 40
interrupt
echo "-- second make run"
start "$SECOND_START_SECONDS"
interrupt
echo "-- make test"
began=$(now)
make test
echo "   $(since "$began") s for make test"
