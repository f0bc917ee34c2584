#!/bin/bash
# First process of a run on the host's own kernel, in fresh network, mount and process namespaces; when it ends, the
# kernel ends whatever COMMAND left behind.
#
# usage: host-init.sh SHARE, with COMMAND's stdout on descriptor 8 and its stderr on 9; with --tty, the caller's terminal on 6 and 7
set -u
readonly share=$1
. "$share/command.sh"

give_up() {
  printf '%s\n' "$*" >"$share/failure"
  exit 1
}

# Names of network namespaces are files: a directory of the run's own keeps them apart from the machine's.
mkdir -p /run/netns
mount -t tmpfs tmpfs /run/netns || give_up 'cannot mount a tmpfs on /run/netns'
# /sys shows the network of whoever mounted it.
mount -t sysfs sysfs /sys || give_up 'cannot mount /sys for the new network namespace'
ip link set lo up

run_command "$share" /dev/fd/8 /dev/fd/9 caller
status=$?
printf '%d\n' "$status" >"$share/status"
