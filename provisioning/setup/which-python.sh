#!/bin/sh
# Prints the Python that the environments are made with: Debian's if it is new enough, because other
# users of the machine can read it too, else the first one on the path. NCEN_PYTHON overrules.
set -eu

new_enough() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

for python in ${NCEN_PYTHON:-} /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
    if new_enough "$python"; then
        command -v "$python"
        exit 0
    fi
done
echo "Python 3.11, 3.12 or 3.13 is needed and was not found; install the Debian package python3." >&2
exit 2
