#!/bin/busybox sh
# shellcheck shell=dash
# First program of a QEMU guest, in the initramfs: the host's tree over 9p below an overlay becomes the root.
busybox=/bin/busybox

give_up() {
  echo "qemu-root: $*"
  [ -d /root/run/vm ] && echo "$*" >/root/run/vm/failure
  $busybox poweroff -f
}

$busybox mkdir -p /proc /sys /dev /host /memory /root
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sysfs /sys
while read -r module; do
  $busybox insmod "/modules/$module.ko" || echo "qemu-root: insmod $module failed"
done </modules/order

# The host's files do not change under a run, so the guest may cache them.
$busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro host /host ||
  give_up "cannot mount the host's files over 9p"
$busybox mount -t tmpfs -o mode=755,size=90% memory /memory
$busybox mkdir /memory/upper /memory/work
$busybox mount -t overlay -o lowerdir=/host,upperdir=/memory/upper,workdir=/memory/work overlay /root ||
  give_up "cannot lay an overlay over the host's files"
$busybox mount -t tmpfs -o mode=755 tmpfs /root/run
$busybox mkdir /root/run/vm
$busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=none share /root/run/vm ||
  give_up 'cannot mount the share over 9p'

# The third of the NUL-terminated settings is the directory of the modules.
modules=$($busybox tr '\0' '\n' </root/run/vm/settings | $busybox sed -n 3p)
$busybox mkdir -p /root/usr/lib/modules
$busybox mount -o bind "/host$modules" /root/usr/lib/modules || give_up "no modules in $modules"

# From the fourth on they are the writable directories, in the order of their shares.
index=0
$busybox tr '\0' '\n' </root/run/vm/settings | $busybox sed 1,3d | while read -r directory; do
  $busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=mmap "writable$index" "/root$directory" ||
    give_up "cannot make $directory writable"
  index=$((index + 1))
done
$busybox umount /sys /proc
exec $busybox switch_root /root /bin/bash /run/vm/init.sh qemu
