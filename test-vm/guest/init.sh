#!/bin/bash
# The guest's init, the same for every engine that boots a kernel: the root file system and /run/vm (the share with the
# host, see lib/handover.sh) are in place; the rest of the system, COMMAND and the shutdown are made here.
#
# usage: init.sh uml|qemu
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
readonly share=/run/vm engine=$1
. /run/vm/command.sh

power_off() {
  sync
  echo o >/proc/sysrq-trigger
  sleep 60
}

give_up() {
  printf '%s\n' "$*" >"$share/failure"
  power_off
}

mount_system() {
  mountpoint -q /proc || mount -t proc proc /proc
  mountpoint -q /sys || mount -t sysfs sysfs /sys
  mountpoint -q /dev || mount -t devtmpfs dev /dev
  mkdir -p /dev/pts /dev/shm /run/lock
  mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
  mount -t tmpfs -o mode=1777 tmpfs /dev/shm
  ln -sfn /proc/self/fd /dev/fd
  ln -sfn fd/0 /dev/stdin
  ln -sfn fd/1 /dev/stdout
  ln -sfn fd/2 /dev/stderr
}

# A checkout in somebody's home directory is closed to others, and what runs without root needs it. This changes the guest's
# own overlay; where the root is read-only it stays closed, and where writes go through it is the machine's affair.
open_checkout() {
  local directory=${settings[0]}
  ((${#settings[@]} == 3)) || return 0
  while [[ $directory != / ]]; do
    chmod o+x -- "$directory" 2>/dev/null
    directory=$(dirname -- "$directory")
  done
}

# The devices that carry COMMAND's stdout and stderr out.
find_channels() {
  local port
  if [[ $engine == uml ]]; then
    channels=(/dev/ttyS0 /dev/ttyS1)
    # A terminal line changes bytes unless it is told not to; it forgets that when its last user closes it.
    exec 8>/dev/ttyS0 9>/dev/ttyS1
    stty raw -echo <&8 && stty raw -echo <&9
    return
  fi
  for port in /sys/class/virtio-ports/*; do
    case $(<"$port/name") in
      stdout) channels[0]=/dev/${port##*/} ;;
      stderr) channels[1]=/dev/${port##*/} ;;
    esac
  done
}

# The terminal of --tty.
terminal=/dev/ttyS2

# COMMAND writes into pipes, never into the devices: it is not on a terminal, and a device can be drained at the end.
start_relays() {
  relays=()
  # On a terminal, nothing goes through them.
  [[ ! -e $share/tty ]] || return 0
  mkfifo /run/stdout /run/stderr
  cat </run/stdout >"${channels[0]}" &
  relays=($!)
  cat </run/stderr >"${channels[1]}" &
  relays+=($!)
}

# Processes that COMMAND left behind hold the pipes open, and output is complete only when they are closed.
end_leftovers() {
  local process pid
  for process in /proc/[0-9]*; do
    pid=${process##*/}
    case $pid in
      1 | "${relays[0]-}" | "${relays[1]-}") ;;
      *) kill -KILL "$pid" 2>/dev/null ;;
    esac
  done
}

drain_channels() {
  ((${#relays[@]} == 0)) || wait "${relays[@]}"
  [[ ! -e $share/tty ]] || stty raw <"$terminal"
  # stty sets a line only after its output has left.
  if [[ $engine == uml ]]; then stty raw <&8 && stty raw <&9; fi
}

mount_system
mapfile -d '' -t settings <"$share/settings"
open_checkout
ip link set lo up
echo ipvs-vm >/proc/sys/kernel/hostname
ulimit -c 0
channels=()
find_channels
((${#channels[@]} == 2)) || give_up 'the devices for stdout and stderr are missing'
[[ -d ${settings[1]} ]] || give_up "the working directory ${settings[1]} is not visible in the guest"
start_relays
run_command "$share" /run/stdout /run/stderr "$terminal"
status=$?
end_leftovers
drain_channels
printf '%d\n' "$status" >"$share/status"
power_off
