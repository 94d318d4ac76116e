# shellcheck shell=sh
# What the steps of the set-up share: how they speak, stop, and tell whether something changed.
# Sourced from the root of the tree, never run by itself.

say() {
    printf '%s\n' "$*"
}

# A set-up that cannot go on says why in one sentence and ends as a command that cannot start.
refuse() {
    printf '%s\n' "$*" >&2
    exit 2
}

# One digest over the named files and everything below the named folders, by content and name.
digest() {
    find "$@" -name node_modules -prune -o -type f -print0 2>/dev/null |
        LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum | cut -c1-64
}

# stamped NAME TEXT: was this step finished for exactly this text?
stamped() {
    [ -f ".build/$1.stamp" ] && [ "$(cat ".build/$1.stamp")" = "$2" ]
}

stamp() {
    printf '%s\n' "$2" >".build/$1.stamp.new"
    mv ".build/$1.stamp.new" ".build/$1.stamp"
}
