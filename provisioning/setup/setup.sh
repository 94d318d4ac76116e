#!/bin/sh
# Prepares this folder to run or to develop: Debian packages, Python, assets, catalogues.
# Each step looks first and does nothing when its work is already there.
#
# usage: setup.sh run | develop | tools
set -eu
cd "$(dirname "$0")/../.."
. provisioning/setup/say.sh

purpose=${1:-run}
case $purpose in
run | develop | tools) ;;
*)
    say "usage: provisioning/setup/setup.sh run | develop | tools" >&2
    exit 64
    ;;
esac

mkdir -p .build 2>/dev/null || refuse "The folder $(pwd) cannot be written to; nothing was set up."
[ -w .build ] || refuse "The folder $(pwd)/.build belongs to another user; run this as that user."

# Two commands started together would install into the same folders.
exec 9>.build/lock
if ! flock -n 9; then
    say "Another set-up of this folder is at work; waiting for it to end."
    flock 9
fi

provisioning/setup/packages.sh "$purpose" 9>&-
provisioning/setup/python.sh "$purpose" 9>&-
[ "$purpose" = tools ] && exit 0
provisioning/setup/assets.sh 9>&-
provisioning/setup/catalogues.sh 9>&-
