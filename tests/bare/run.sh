#!/usr/bin/env bash
# Proves the two commands on a bare Debian 12: a minimal system with make, git, Python and sudo,
# unpacked afresh for every trial, and a clone of what is committed here.
#
# usage: tests/bare/run.sh [root | officer]...     (default: both, one after the other)
#
# Each trial runs in its own mount and process namespace: whatever it leaves running or mounted
# ends with it, and nothing of this machine is in reach but the network. The minimal system and
# downloaded packages are kept in .build/bare; `rm -rf .build/bare` starts from nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

PACKAGES=ca-certificates,git,make,python3,sudo
CACHE=$PWD/.build/bare
BASE=$CACHE/debian12.tar
HERE=$PWD

if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "The bare test makes a system of its own and needs root or sudo." >&2
        exit 2
    }
    exec sudo --preserve-env=http_proxy,https_proxy,no_proxy,SSL_CERT_FILE "$0" "$@"
fi

note() { printf '\n== %s\n' "$*"; }

apt_settings() {
    # The machine's own way to its packages: proxies and the like, never anything else of it.
    apt-config dump --no-empty Acquire::http Acquire::https Acquire::Check-Valid-Until \
        Acquire::Check-Date Acquire::Retries | grep -v '::User-Agent' || true
}

sources() {
    # On Debian 12 the sources in use here; elsewhere what mmdebstrap knows by itself.
    # shellcheck source=/dev/null
    [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ] || return 0
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
        [ -s "$file" ] && printf '%s\n' "$file"
    done
    return 0
}

make_base() {
    [ -f "$BASE" ] && return 0
    command -v mmdebstrap >/dev/null || apt-get -q -y install --no-install-recommends mmdebstrap
    note "Making a minimal Debian 12 (kept for the next time)."
    mkdir -p "$CACHE"
    apt_settings >"$CACHE/apt.conf"
    # shellcheck disable=SC2046
    mmdebstrap --quiet --mode=root --variant=minbase --include="$PACKAGES" \
        --aptopt="$CACHE/apt.conf" --format=tar bookworm "$BASE.new" $(sources)
    mv "$BASE.new" "$BASE"
}

# Names, certificates and package settings that this machine needs to reach the network at all.
lend_network() {
    local file
    # As Debian's installer leaves it; without it sudo looks for the machine's own name outside.
    printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$(uname -n)" >"$1/etc/hosts"
    cp --dereference /etc/resolv.conf "$1/etc/resolv.conf"
    for file in /etc/pip.conf /etc/npmrc /etc/uv/uv.toml; do
        [ -f "$file" ] && install -D --mode=0644 "$file" "$1$file"
    done
    if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
        cp /usr/local/share/ca-certificates/*.crt "$1/usr/local/share/ca-certificates/"
        chroot "$1" update-ca-certificates >/dev/null
    fi
    printenv | grep -E '^(https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|PIP_CERT|REQUESTS_CA_BUNDLE|PIP_INDEX_URL|UV_DEFAULT_INDEX|npm_config_registry)=' \
        >"$1/etc/network.env" || true
}

try_as() {
    local who=$1 root began
    began=$(date +%s)
    root=$(mktemp --directory "$CACHE/trial.XXXXXX")
    # shellcheck disable=SC2064  # the folder of this trial, not of the next
    trap "rm -rf --one-file-system '$root'" EXIT
    note "A fresh Debian 12, as $who."
    tar --extract --file "$BASE" --directory "$root"
    lend_network "$root"
    git clone --quiet --bare "$HERE" "$root/srv/ncen.git"
    cp "$HERE/tests/bare/inside.sh" "$root/usr/local/bin/inside"
    cp "$HERE/tests/bare/loopback.py" "$root/usr/local/bin/loopback"
    mkdir -p "$CACHE/archives" "$CACHE/packages-$who" "$root/packages"
    unshare --mount --pid --fork --kill-child --propagation private \
        "$HERE/tests/bare/enter.sh" "$root" "$CACHE/archives" "$CACHE/packages-$who" "$who"
    rm -rf --one-file-system "$root"
    note "As $who: passed in $(($(date +%s) - began)) s."
}

make_base
[ $# -gt 0 ] || set -- root officer
for who in "$@"; do
    try_as "$who"
done
