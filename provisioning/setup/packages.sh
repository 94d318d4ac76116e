#!/bin/sh
# Installs the Debian packages that are missing, and the system user that PostgreSQL runs as when
# the trial is started by root. It never creates or starts a database cluster of Debian's own.
#
# usage: packages.sh run | develop | tools
set -eu
cd "$(dirname "$0")/../.."
. provisioning/setup/say.sh

FOR_RUNNING="ca-certificates pgbackrest tzdata"
# Chromium is driven by a Node.js of Playwright's own, which needs libatomic1 and cannot say so.
FOR_DEVELOPING="chromium libatomic1 libfaketime"
OLDEST_POSTGRESQL=15
LOCK_WAIT_SECONDS=300 # for another package manager at work
CLUSTER_SWITCH=/etc/postgresql-common/createcluster.d/ncen.conf

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]
}

# Any server new enough will do, so that a machine which has one keeps it.
have_postgresql() {
    for server in /usr/lib/postgresql/*/bin/postgres; do
        version=${server#/usr/lib/postgresql/}
        [ -x "$server" ] && [ "${version%%/*}" -ge "$OLDEST_POSTGRESQL" ] && return 0
    done
    return 1
}

# Debian's Python comes without the module that makes environments; other Pythons bring it.
have_venv() {
    python=$(provisioning/setup/which-python.sh) || return 1
    "$python" -c 'import ensurepip' 2>/dev/null
}

missing_packages() {
    have_venv || printf ' %s' python3-venv
    [ "$1" = tools ] && return 0
    have_postgresql || printf ' %s' postgresql postgresql-contrib
    packages=$FOR_RUNNING
    [ "$1" = develop ] && packages="$packages $FOR_DEVELOPING"
    for package in $packages; do
        installed "$package" || printf ' %s' "$package"
    done
}

# Prints what to put before a command that needs root: nothing, or sudo; fails if neither works.
as_root() {
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null 2>&1 || return 1
    sudo -n true 2>/dev/null || ask_password || return 1
    printf 'sudo'
}

# Asked once and before anything is done, so that a refusal leaves nothing half done.
ask_password() {
    [ -t 0 ] || return 1
    say "Debian packages are missing: $missing. To install them, sudo may ask for your password." >&2
    sudo -v
}

install_packages() {
    command=$1
    shift
    export DEBIAN_FRONTEND=noninteractive
    say "Fetching the lists of Debian packages."
    $command apt-get -q -o DPkg::Lock::Timeout=$LOCK_WAIT_SECONDS update ||
        refuse "The lists of Debian packages could not be fetched; nothing was installed. Check the network and run the same command again."
    say "Installing Debian packages: $*."
    # shellcheck disable=SC2086
    $command env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=$LOCK_WAIT_SECONDS -o Acquire::Retries=3 \
        install --no-install-recommends "$@" ||
        refuse "Debian's package manager could not install $*; what it said stands above. Run the same command again when that is mended."
}

# Debian's PostgreSQL package would create and start a cluster on its own; ours is private.
without_debian_cluster() {
    command=$1
    shift
    [ -e "$CLUSTER_SWITCH" ] && ours= || ours=yes
    if [ -n "$ours" ]; then
        $command mkdir -p "$(dirname "$CLUSTER_SWITCH")"
        say "create_main_cluster = false" | $command tee "$CLUSTER_SWITCH" >/dev/null
        trap '$command rm -f "$CLUSTER_SWITCH"' EXIT
    fi
    install_packages "$command" "$@"
}

make_system_user() {
    [ "$(id -u)" -eq 0 ] || return 0
    getent passwd ncen >/dev/null && return 0
    say "Making the system user ncen for the database."
    useradd --system --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin ncen
}

missing=$(missing_packages "$1")
if [ -n "$missing" ]; then
    missing=${missing# }
    command -v apt-get >/dev/null 2>&1 ||
        refuse "This machine has no apt-get, and these Debian packages or their like are missing: $missing."
    command=$(as_root) ||
        refuse "Debian packages are missing and only root may install them; run this once and start again: apt-get update && apt-get install --no-install-recommends $missing"
    # shellcheck disable=SC2086
    without_debian_cluster "$command" $missing
fi
[ "$1" = tools ] || make_system_user
