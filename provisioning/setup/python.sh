#!/bin/sh
# Makes two environments from locked, hashed lists: .build/tools (uv, the build backend) and .venv
# (the application and, for developing, its tests). Nothing is installed that a lock does not name.
#
# usage: python.sh run | develop | tools
set -eu
cd "$(dirname "$0")/../.."
. provisioning/setup/say.sh

export PIP_DISABLE_PIP_VERSION_CHECK=1
export UV_PYTHON_DOWNLOADS=never
export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}" # seconds; a slow link is no reason to fail
TOOLS=.build/tools
UV=$TOOLS/bin/uv

make_tools() {
    wanted="$1 $(pwd) $(digest requirements-tools.lock)"
    stamped tools "$wanted" && [ -x "$UV" ] && return 0
    say "Fetching the tools that build the environment."
    rm -rf "$TOOLS"
    "$1" -m venv "$TOOLS"
    "$TOOLS/bin/python" -m pip install --no-deps --require-hashes -r requirements-tools.lock ||
        refuse "The Python packages of requirements-tools.lock could not be fetched. Check the network and run the same command again."
    stamp tools "$wanted"
}

# An environment for developing serves for running too; it is not taken apart again.
lock_to_install() {
    if [ "$1" = develop ] || [ -f .build/develop ]; then
        : >.build/develop
        say requirements-dev.lock
    else
        say requirements.lock
    fi
}

make_environment() {
    lock=$(lock_to_install "$2")
    wanted="$1 $(pwd) $(digest "$lock" pyproject.toml)"
    stamped venv "$wanted" && [ -x .venv/bin/ncen ] && return 0
    if [ ! -x .venv/bin/python ] || ! stamped venv-python "$1 $(pwd)"; then
        "$UV" venv --quiet --clear --python "$1" .venv
        stamp venv-python "$1 $(pwd)"
    fi
    say "Installing the Python packages of $lock."
    "$UV" pip sync --python .venv --require-hashes "$lock" ||
        refuse "The Python packages of $lock could not be installed; what uv said stands above. Run the same command again when that is mended."
    install_this_tree
    stamp venv "$wanted"
}

# Built by the locked backend, so that nothing unlocked is fetched to build it.
install_this_tree() {
    rm -rf .build/editable
    "$TOOLS/bin/python" -m hatchling build --target wheel:editable --directory .build/editable \
        >.build/editable.log 2>&1 || {
        cat .build/editable.log >&2
        refuse "This folder could not be made known to its Python environment; the reason stands above."
    }
    "$UV" pip install --quiet --python .venv --no-deps --no-index --reinstall .build/editable/*.whl
}

python=$(provisioning/setup/which-python.sh)
make_tools "$python"
[ "$1" = tools ] || make_environment "$python" "$1"
