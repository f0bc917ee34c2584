#!/bin/bash
# Installs the packages in an empty Debian on a kernel with IPVS, and uses them. Runs in the guest of test-vm/run, in the
# checkout.
#
#   in-vm.sh ROOT PACKAGES VERSION
set -u -o pipefail
. packaging/test/lib.sh

readonly root=$1 packages=$2 version=$3 merged=/run/debian/merged

mkdir -p /run/debian && mount -t tmpfs -o mode=755,size=80% none /run/debian && mkdir -p /run/debian/{files,work} "$merged"
mount -t overlay -o "lowerdir=$root,upperdir=/run/debian/files,workdir=/run/debian/work" overlay "$merged" || exit 1
mount -t proc proc "$merged/proc" && mount --rbind /sys "$merged/sys" && mount --rbind /dev "$merged/dev" || exit 1
mount -t tmpfs -o mode=755 none "$merged/run"
mkdir "$merged/packages" && cp "$packages"/*"_${version}_"*.deb "$merged/packages/"
# The modules of this kernel.
mkdir -p "$merged/usr/lib/modules" && mount --rbind /lib/modules "$merged/usr/lib/modules"

inside() { chroot "$merged" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 "$@"; }
script() { inside bash -euo pipefail -c "$1"; }

check 'the packages install' script 'DEBIAN_FRONTEND=noninteractive dpkg -i /packages/*.deb'
check 'there is no Node' not inside which node
check 'ipvs-ts -ln lists' prints 'IP Virtual Server version' inside ipvs-ts -ln
check 'ipvs-ts changes the table' script 'ipvs-ts -A -t 192.0.2.10:80 -s wrr; ipvs-ts -a -t 192.0.2.10:80 -r 10.0.0.11:80 -m -w 3
  ipvs-ts -ln | grep -q "10.0.0.11:80 *Masq *3"'
check 'ipvsadm is the same program' prints '10.0.0.11:80' inside ipvsadm -ln
check 'and speaks as ipvsadm, under its name' prints 'ipvsadm -A|E' inside ipvsadm -h
check 'ipvsadm-save and ipvsadm-restore' script 'ipvsadm-save -n >/tmp/rules; ipvsadm -A -f 7; ipvsadm-restore </tmp/rules
  [ "$(ipvsadm-save -n)" = "$(cat /tmp/rules)" ]'
check 'ipvsadm-save has the status of the original for other options' script '! ipvsadm-save --bogus 2>/dev/null'

for format in yaml json rules; do
  case $format in
    yaml) save='ipvs-ts export' ;;
    json) save='ipvs-ts export --json' ;;
    rules) save='ipvs-ts -S -n' ;;
  esac
  check "the boot unit restores boot.$format, twice" script "rm -f /etc/ipvs-ts/boot.*; ipvsadm -Sn >/tmp/before; $save >/etc/ipvs-ts/boot.$format
    ipvs-ts -C; /usr/lib/ipvs-ts/restore; /usr/lib/ipvs-ts/restore; ipvsadm -Sn | diff /tmp/before -"
done
check 'the boot unit refuses two files' script 'echo "services: {}" >/etc/ipvs-ts/boot.yaml; ! /usr/lib/ipvs-ts/restore 2>/tmp/error && grep -q "keep one" /tmp/error'
check 'the boot unit does nothing without a file' script 'rm -f /etc/ipvs-ts/boot.*; /usr/lib/ipvs-ts/restore 2>/dev/null; ipvsadm -ln | grep -q 192.0.2.10'
check 'the boot unit fails for a document with mistakes, and changes nothing' script 'ipvsadm -Sn >/tmp/before; echo "services: 7" >/etc/ipvs-ts/boot.yaml
  ! /usr/lib/ipvs-ts/restore 2>/dev/null; ipvsadm -Sn | diff /tmp/before -; rm /etc/ipvs-ts/boot.yaml'
check 'ipvsadm.service does nothing by default' script 'printf "AUTO=false\nDAEMON=none\n" >/etc/default/ipvsadm
  /usr/lib/ipvs-ts-ipvsadm/boot start; ipvsadm -ln | grep -q 192.0.2.10'
check 'ipvsadm.service restores /etc/ipvsadm.rules and starts daemons' script 'ip() { :; }
  printf "AUTO=true\nDAEMON=both\nIFACE=lo\nSYNCID=5\n" >/etc/default/ipvsadm
  { echo "# a comment"; ipvsadm -Sn; } >/etc/ipvsadm.rules; ipvsadm -C; /usr/lib/ipvs-ts-ipvsadm/boot start
  ipvsadm -ln | grep -q 192.0.2.10; [ "$(ipvsadm -l --daemon | grep -c syncid=5)" = 2 ] || ipvsadm -l --daemon | grep -q "syncid 5"'
check 'and stops them' script '/usr/lib/ipvs-ts-ipvsadm/boot stop; ! ipvsadm -ln | grep -q 192.0.2.10; [ -z "$(ipvsadm -l --daemon)" ]; rm /etc/default/ipvsadm'

# The agent in the container's root: read-only, with no capability but CAP_NET_ADMIN.
document='services:
  tcp:192.0.2.20:80:
    check: none
    destinations: { 10.0.0.21:80: {} }'
image=/run/image
in_container() {
  chroot "$image" /usr/bin/ipvs-ts "$@"
}
# Becomes the program: the image has none that drops capabilities, and without them nothing can change its root.
confined() {
  exec unshare --mount bash -c 'mount -o remount,bind,ro "$0" && exec chroot "$0" "$@"' "$image" \
    /run/tools/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 --library-path /run/tools/lib/x86_64-linux-gnu /run/tools/bin/setpriv \
    --bounding-set -all,+net_admin --inh-caps -all,+net_admin --no-new-privs /usr/bin/ipvs-ts "$@"
}
make_image() {
  cp packaging/container/rootfs "$merged/usr/local/bin/" && script 'bash /usr/local/bin/rootfs /image' || return 1
  mkdir -p "$image" && mount --bind "$merged/image" "$image" && mount -t proc proc "$image/proc" &&
    mount -t tmpfs tmpfs "$image/run" && mount -t tmpfs tmpfs "$image/var/lib/ipvs-ts" && mkdir "$image"/run/{ipvs-ts,tools} &&
    mount --bind /usr "$image/run/tools" || return 1
  printf '%s\n' "$document" >"$image/etc/ipvs-ts/director.yaml"
}
# comes COMMAND… — until COMMAND succeeds, at most some minutes.
comes() {
  local second
  for ((second = 0; second < 60; second++)); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 1
  done
  "$@"
}
agent=''
# Not inside a check, which runs in a shell of its own.
start_agent() {
  confined agent >"$image/run/log" 2>&1 &
  agent=$!
}
answers() { comes in_container status || { cat "$image/run/log" && return 1; }; }
has_one_capability() {
  local capabilities
  capabilities=$(sed -n 's/^CapEff:[[:space:]]*//p' "/proc/$agent/status")
  # CAP_NET_ADMIN is number 12.
  ((16#$capabilities == 1 << 12)) || { printf 'CapEff %s\n' "$capabilities" && return 1; }
}
agent_ends() {
  kill "$agent" && comes test ! -e "/proc/$agent/root/usr"
}

check 'the root of the container is made' make_image
check 'it has no shell' not test -e "$image/bin/sh"
check 'ipvs-ts runs in it' in_container version
check 'it has CA certificates' test -s "$image/etc/ssl/certs/ca-certificates.crt"
inside ipvs-ts -C
start_agent
check 'the agent starts in it, read-only' answers
check 'with CAP_NET_ADMIN, and no other capability' has_one_capability
check 'and makes the table' prints '10.0.0.21:80' inside ipvs-ts -ln
check 'probes of Kubernetes succeed: status' in_container status
check 'probes of Kubernetes succeed: maintenance list' in_container maintenance list
check 'it ends at SIGTERM' agent_ends
check 'and leaves the table' prints '10.0.0.21:80' inside ipvs-ts -ln
check 'probes fail without an agent' not in_container maintenance list

# The agent as its unit starts it, by systemd as the first process of a namespace. It knows no units but these: others would tidy
# up, and more.
readonly unit=/usr/lib/systemd/system/ipvs-ts-agent.service
manager=''
start_systemd() {
  local units=$merged/etc/test-units name
  mkdir -p "$units" && cp "$merged$unit" "$units/"
  for name in idle sysinit basic shutdown; do printf '[Unit]\nDefaultDependencies=no\n' >"$units/$name.target"; done
  mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
  mountpoint -q "$merged/sys/fs/cgroup" || mount --rbind /sys/fs/cgroup "$merged/sys/fs/cgroup"
  unshare --pid --fork --mount --cgroup --kill-child chroot "$merged" /bin/bash -c 'mount -t proc proc /proc
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=other SYSTEMD_UNIT_PATH=/etc/test-units /usr/lib/systemd/systemd --system \
      --unit=idle.target --log-target=null' >/dev/null 2>&1 &
  manager=$!
}
in_systemd() { nsenter --target "$(pgrep -P "$manager")" --mount --pid --cgroup --root --wd env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

if [[ -e $merged$unit ]]; then
  printf '%s\n' "$document" >"$merged/etc/ipvs-ts/director.yaml"
  inside ipvs-ts -C
  start_systemd
  check 'systemd starts' comes prints running in_systemd systemctl is-system-running
  check 'systemd starts the agent, and hears that it is ready' in_systemd systemctl start ipvs-ts-agent
  check 'it runs as a user of its own' prints ipvs-ts in_systemd ps -C ipvs-ts -o user=
  check 'it makes the table' comes prints '10.0.0.21:80' inside ipvs-ts -ln
  check 'status: fit' in_systemd ipvs-ts status
  check 'it reads the document again at a reload' bash -c 'echo "    scheduler: rr" >>"$0/etc/ipvs-ts/director.yaml"' "$merged"
  check 'systemctl reload' in_systemd systemctl reload ipvs-ts-agent
  check 'the new document is in force' comes prints '192.0.2.20:80 rr' inside ipvs-ts -ln
  check 'it restarts' in_systemd systemctl restart ipvs-ts-agent
  check 'it stops' in_systemd systemctl stop ipvs-ts-agent
  check 'and leaves the table' prints '10.0.0.21:80' inside ipvs-ts -ln
  kill -9 "$(pgrep -P "$manager")"
fi
conclude_checks
