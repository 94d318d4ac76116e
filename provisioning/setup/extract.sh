#!/bin/sh
# Collects the sentences of code and templates, and brings every catalogue up to date with them.
# Sentences that have no translation yet are then named by `make check-messages`.
set -eu
cd "$(dirname "$0")/../.."

LOCALE=appliance/locale
LANGUAGES="en fr ar"
TEMPLATE=.build/ncen.pot

pybabel() {
    .venv/bin/pybabel --quiet "$@"
}

# The tool would write invented names and addresses into the head.
begin_catalogue() {
    mkdir -p "$(dirname "$2")"
    pybabel init --input-file "$TEMPLATE" --output-file "$2" --locale "$1" --width 100
    sed -i -e 's/^"Last-Translator:.*/"Last-Translator: -\\n"/' \
        -e 's/^"Language-Team:.*/"Language-Team: -\\n"/' "$2"
}

pybabel extract --mapping pyproject.toml --output "$TEMPLATE" --project nCEN --version 0 \
    --msgid-bugs-address - --copyright-holder - --header-comment "# The sentences of nCEN." \
    --no-location --sort-output --add-comments Translators: \
    -k _ -k N_ -k NN_:1,2 -k translate_plural:1,2 -k ngettext:1,2 -k pgettext:1c,2 \
    -k npgettext:1c,2,3 .
for language in $LANGUAGES; do
    catalogue=$LOCALE/$language/LC_MESSAGES/ncen.po
    [ -f "$catalogue" ] || begin_catalogue "$language" "$catalogue"
    pybabel update --input-file "$TEMPLATE" --output-file "$catalogue" --locale "$language" \
        --width 100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
done
