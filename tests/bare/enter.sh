#!/bin/sh
# First process of a trial's namespaces: mounts what a running system has and steps inside. The bare
# system becomes the root of everything, not just of one process: only then can its people make
# mounts and namespaces of their own, as they can on a machine.
# Nothing is unmounted at the end, because the mounts end with the namespace.
#
# usage: enter.sh ROOT APT-ARCHIVES PACKAGE-CACHE USER    (called by run.sh)
set -eu
root=$1 archives=$2 packages=$3 user=$4

mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=0755,size=64k tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=0755 tmpfs "$root/run"
mount --bind "$archives" "$root/var/cache/apt/archives"
mount --bind "$packages" "$root/packages"

# The machine's own files are put below the bare system, and then out of reach.
cd "$root"
pivot_root . mnt
exec chroot . /bin/sh -c 'umount --lazy /mnt && exec "$@"' sh \
    /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root LANG=C.UTF-8 TERM=dumb bash /usr/local/bin/inside "$user"
