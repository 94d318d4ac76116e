#!/bin/sh
# Writes the lists of exact versions and hashes from the ranges in pyproject.toml. One list serves
# every Python we support; no address of a package index is written into any of them.
set -eu
cd "$(dirname "$0")/../.."

lock() {
    target=$1
    shift
    .build/tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        --output-file "$target" "$@"
}

lock requirements.lock pyproject.toml "$@"
# The tests run on exactly the versions that the product runs on.
lock requirements-dev.lock pyproject.toml --group dev --constraint requirements.lock "$@"
lock requirements-tools.lock --group tools "$@"
lock requirements-assets.lock --group assets "$@"
