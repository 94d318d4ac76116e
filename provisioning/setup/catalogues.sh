#!/bin/sh
# Compiles the catalogues of translated sentences (.po) into the form the application reads (.mo).
set -eu
cd "$(dirname "$0")/../.."
. provisioning/setup/say.sh

LOCALE=appliance/locale

if [ ! -d "$LOCALE" ]; then
    say "There are no translations in $LOCALE yet; the application speaks English."
    exit 0
fi

all_compiled() {
    for catalogue in "$LOCALE"/*/LC_MESSAGES/ncen.po; do
        [ -f "${catalogue%.po}.mo" ] || return 1
    done
}

wanted=$(find "$LOCALE" -name '*.po' -print0 | LC_ALL=C sort -z | xargs -0r sha256sum)
stamped messages "$wanted" && all_compiled && exit 0
say "Compiling the translations."
.venv/bin/pybabel --quiet compile --directory "$LOCALE" --domain ncen ||
    refuse "A catalogue of translations could not be compiled; what was said stands above."
stamp messages "$wanted"
