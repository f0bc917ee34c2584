#!/bin/bash
# First program of a user-mode guest. Its root is hostfs, the host's own file tree, writable: see to it that what the
# guest writes stays in the guest's memory, then go on with init.sh.
#
# The kernel passes vm_share=DIRECTORY (the run's share on the host) in the environment.
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

give_up() {
  printf '%s\n' "$*" >"$vm_share/failure"
  echo o >/proc/sysrq-trigger
  sleep 60
}

# An overlay over everything. Status 1: this kernel's hostfs cannot lie below an overlay (5.10 lists the files there but
# does not open them).
overlay_root() {
  local root=/run/overlay/root directory
  mkdir -p /run/overlay/{upper,work,root} /run/modprobe/lib/modules
  mount --bind "$modules" /run/modprobe/lib/modules || give_up "no modules in $modules"
  modprobe -d /run/modprobe overlay || give_up "no overlay module for kernel $(uname -r) in $modules"
  mount -t overlay -o lowerdir=/,upperdir=/run/overlay/upper,workdir=/run/overlay/work overlay "$root" ||
    give_up "cannot lay an overlay over the host's files"
  if ! : <"$root$vm_share/probe"; then
    umount "$root"
    return 1
  fi 2>/dev/null
  mkdir -p "$root/lib/modules" "$root/.host"
  mount --bind "$modules" "$root/lib/modules"
  for directory in "${writable[@]}"; do
    mount --bind "$directory" "$root$directory" || give_up "cannot make $directory writable"
  done
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mkdir "$root/run/vm"
  mount --bind "$vm_share" "$root/run/vm"
  cd "$root" || give_up "cannot enter $root"
  pivot_root . .host || give_up 'pivot_root failed'
  umount -l /.host
  rmdir /.host
}

# Without an overlay: the host's tree read-only, with memory over the directories that programs write to.
read_only_root() {
  local directory
  mkdir /run/vm /run/writable
  mount --bind "$vm_share" /run/vm
  mount --bind / /run/writable
  mount --bind "$modules" /lib/modules || give_up 'the machine has no directory /lib/modules'
  mount -o remount,bind,ro /
  for directory in /tmp /var/tmp /root; do shadow "$directory"; done
  [[ ! -d /etc/modprobe.d ]] || shadow /etc/modprobe.d
  for directory in /var/log /var/lib/nginx; do
    [[ ! -d $directory ]] || mount -t tmpfs -o mode=755 tmpfs "$directory"
  done
  for directory in "${writable[@]}"; do
    mount --bind "/run/writable$directory" "$directory" || give_up "cannot make $directory writable"
  done
  umount /run/writable
}

# Memory over a directory, in which the host's entries still show.
shadow() {
  local directory=$1 entry
  mkdir -p "/run/shadow$directory"
  mount -t tmpfs -o "mode=$(stat --format %a "$directory")" tmpfs "/run/shadow$directory"
  for entry in "$directory"/* "$directory"/.[!.]*; do
    if [[ -L $entry ]]; then
      cp -P "$entry" "/run/shadow$entry"
    elif [[ -d $entry ]]; then
      mkdir "/run/shadow$entry" && mount --bind "$entry" "/run/shadow$entry"
    elif [[ -f $entry ]]; then
      : >"/run/shadow$entry" && mount --bind "$entry" "/run/shadow$entry"
    fi
  done
  mount --rbind "/run/shadow$directory" "$directory"
}

mount -t proc proc /proc
mapfile -d '' -t settings <"$vm_share/settings"
modules=${settings[2]}
writable=("${settings[@]:3}")
mount -t tmpfs -o mode=755,size=90% tmpfs /run || give_up 'cannot mount a tmpfs on /run'
overlay_root || read_only_root
exec /bin/bash /run/vm/init.sh uml
