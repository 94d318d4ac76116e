#!/bin/sh
# Builds the wheel into dist/ and looks inside: one without assets or translations is refused,
# because the backend leaves missing files out without a word.
set -eu
cd "$(dirname "$0")/../.."
. provisioning/setup/say.sh

rm -rf dist
.build/tools/bin/python -m hatchling build --target wheel --directory dist
for file in 'appliance/app/web/static/manifest.json' 'appliance/locale/fr/LC_MESSAGES/ncen.mo' \
    'appliance/locale/ar/LC_MESSAGES/ncen.mo'; do
    .venv/bin/python -m zipfile --list dist/*.whl | grep -qF "$file" ||
        refuse "The wheel in dist/ lacks $file, so it is not fit to be installed."
done
