#!/bin/sh
# Collects the sentences of code and templates, and brings every catalogue up to date with them.
# Sentences that have no translation yet are then named by `make check-messages`.
set -eu
cd "$(dirname "$0")/../.."

LOCALE=appliance/locale
LANGUAGES="en fr ar"
TEMPLATE=.build/ncen.pot

.venv/bin/pybabel --quiet extract --mapping pyproject.toml --output "$TEMPLATE" \
    --project ncen --no-location --sort-output --add-comments Translators: \
    -k _ -k gettext -k ngettext:1,2 -k pgettext:1c,2 -k npgettext:1c,2,3 -k N_ .
for language in $LANGUAGES; do
    catalogue=$LOCALE/$language/LC_MESSAGES/ncen.po
    if [ -f "$catalogue" ]; then
        .venv/bin/pybabel --quiet update --input-file "$TEMPLATE" --output-file "$catalogue" \
            --locale "$language" --no-fuzzy-matching --ignore-obsolete --omit-header
    else
        mkdir -p "$(dirname "$catalogue")"
        .venv/bin/pybabel --quiet init --input-file "$TEMPLATE" --output-file "$catalogue" \
            --locale "$language"
    fi
done
