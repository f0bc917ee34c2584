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
conclude_checks
