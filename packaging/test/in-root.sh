#!/bin/bash
# Installs, upgrades, downgrades and removes the packages in an empty Debian, and looks at what they leave. Runs in a root of its
# own, without a network: packaging/test/root.sh. The packages are in /packages, earlier ones in /packages/previous.
#
#   in-root.sh VERSION PREVIOUS
set -u -o pipefail
. /packages/lib.sh

readonly version=$1 previous=$2
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PAGER=cat MANPAGER=cat

install() { apt-get install -y -q --allow-downgrades --no-install-recommends "$@"; }

# What is in the root, apart from logs, caches and the records of dpkg itself.
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /packages -o -path /var/log -o -path /var/cache \
    -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/lib/systemd/deb-systemd-helper-enabled \
    -o -path /var/lib/systemd/deb-systemd-helper-masked -o -path /etc/ld.so.cache \) -prune -o -printf '%p %y %l\n' | sort
}

is_version() { prints "ipvs-ts $version" ipvs-ts version && [[ $(dpkg-query --show --showformat '${Version}' ipvs-ts) == "$1" ]]; }

completes() {
  local found
  # shellcheck disable=SC2016  # the inner shell expands it
  found=$(bash --norc -c '. /usr/share/bash-completion/bash_completion
    _completion_loader ipvs-ts || [[ $? == 124 ]] || exit 1
    function=$(complete -p ipvs-ts | sed "s/.*-F \([^ ]*\).*/\1/")
    COMP_WORDS=(ipvs-ts va) COMP_CWORD=1 COMP_LINE="ipvs-ts va" COMP_POINT=10
    "$function" ipvs-ts va ipvs-ts
    printf "%s\n" "${COMPREPLY[@]}"')
  [[ $found == validate* ]] || { printf 'completes to “%s”\n' "$found" && return 1; }
}

# Under a root that is read-only, with a /tmp from which nothing is executed.
runs_read_only() {
  unshare --mount bash -c 'mount -t tmpfs -o noexec none /tmp && mount -o remount,bind,ro / &&
    ipvs-ts version >/dev/null && ipvs-ts -ln 2>&1 | grep -q "Protocol not available\|IP Virtual Server" && [ -z "$(ls -A /tmp)" ]'
}

same_files() { diff /packages/state/"$1" <(files); }

# The kernel outside has IPVS, or answers that it has none: either way koffi was loaded and the kernel asked.
reaches_kernel() {
  local found
  found=$(ipvs-ts -ln 2>&1)
  grep -q 'Protocol not available\|IP Virtual Server version' <<<"$found" || { printf '%s\n' "$found" && return 1; }
}

mkdir -p /packages/state
check 'there is no Node in this root' not command -v node
files >/packages/state/empty
getent passwd >/packages/state/users
getent group >/packages/state/groups

check "the previous version installs" install /packages/previous/ipvs-ts_"${previous}"_*.deb
check 'it runs' is_version "$previous"
echo 'services: {}' >/etc/ipvs-ts/boot.yaml
mkdir -p /var/lib/ipvs-ts && echo kept >/var/lib/ipvs-ts/overrides.json
check 'this version installs over it' install /packages/ipvs-ts_"${version}"_*.deb
check 'it runs' is_version "$version"
check 'the saved document is still there' test -s /etc/ipvs-ts/boot.yaml
check 'the state of the agent is still there' test -s /var/lib/ipvs-ts/overrides.json
check 'the previous version installs over this one' install /packages/previous/ipvs-ts_"${previous}"_*.deb
check 'it runs' is_version "$previous"
check 'and this version again' install /packages/ipvs-ts_"${version}"_*.deb

check 'ipvs-ts -ln reaches the kernel' reaches_kernel
check 'ipvs-ts runs in a read-only root with a noexec /tmp, and leaves no file' runs_read_only
check 'ipvs-ts reads no settings of the current directory' bash -c 'cd "$(mktemp -d -p /run)" && echo "preload = [\"./p.js\"]" >bunfig.toml &&
  echo "console.log(\"PRELOADED\")" >p.js && echo "{" >package.json && echo "{" >tsconfig.json && [ "$(ipvs-ts version | head -n 1)" = "ipvs-ts '"$version"'" ]'
check 'ipvs-ts validates a document as another user' bash -c 'echo "services: {}" | setpriv --reuid 65534 --clear-groups ipvs-ts validate -'
check 'man ipvs-ts' prints 'apply' man ipvs-ts
check 'bash completes subcommands' completes
for file in zsh/vendor-completions/_ipvs-ts fish/vendor_completions.d/ipvs-ts.fish doc/ipvs-ts/copyright \
  doc/ipvs-ts/examples/{grafana/ipvs-ts.json,prometheus/ipvs-ts.rules.yml}; do
  check "/usr/share/$file" test -s "/usr/share/$file"
done
for unit in /usr/lib/systemd/system/ipvs-ts*.service; do
  check "systemd-analyze verify ${unit##*/}" bash -c '[ -z "$(systemd-analyze verify "$0" 2>&1 | grep ipvs-ts | tee /dev/stderr)" ]' "$unit"
done
check 'the unit that restores is enabled, and does nothing without a file' prints enabled systemctl is-enabled ipvs-ts-restore.service
if [[ -e /usr/lib/systemd/system/ipvs-ts-agent.service ]]; then
  check 'the agent is not enabled' prints disabled systemctl is-enabled ipvs-ts-agent.service
fi

# Debian's ipvsadm, by dpkg alone, which unpacks the new package before it removes the old one.
check "Debian's ipvsadm installs" bash -c 'dpkg -i /opt/ipvsadm/*.deb'
check 'ipvs-ts-ipvsadm takes its place' dpkg -i /packages/ipvs-ts-ipvsadm_"${version}"_all.deb
check 'ipvsadm is removed' not prints 'install ok installed' dpkg-query --show --showformat '${Status}' ipvsadm
for name in ipvsadm ipvsadm-save ipvsadm-restore; do
  check "/sbin/$name is there" test -x "/sbin/$name"
  check "man $name" prints ipvs man "$name"
done
check '/sbin/ipvsadm is ipvs-ts' prints /usr/lib/ipvs-ts/ipvs-ts readlink -f /sbin/ipvsadm
check 'a package that depends on ipvsadm installs' dpkg -i /packages/dependant.deb
check 'systemd-analyze verify ipvsadm.service' bash -c '[ -z "$(systemd-analyze verify /usr/lib/systemd/system/ipvsadm.service 2>&1 | grep ipvsadm | tee /dev/stderr)" ]'
check "Debian's ipvsadm can come back" bash -c 'dpkg --remove dependant ipvs-ts-ipvsadm && dpkg -i /opt/ipvsadm/*.deb && ! /usr/sbin/ipvsadm -h | grep -q ipvs-ts'
check 'and be replaced by apt' install /packages/ipvs-ts-ipvsadm_"${version}"_all.deb

check 'both packages can be purged' apt-get purge -y -q ipvs-ts ipvs-ts-ipvsadm ipvsadm
check 'with what Debian ipvsadm needed' bash -c 'for each in /opt/ipvsadm/*.deb; do dpkg-deb --field "$each" Package; done | xargs dpkg --purge'
check 'purging leaves no file' same_files empty
check 'and no user' diff /packages/state/users <(getent passwd)
check 'and no group' diff /packages/state/groups <(getent group)
check 'it installs again after that' install /packages/ipvs-ts_"${version}"_*.deb /packages/ipvs-ts-ipvsadm_"${version}"_all.deb
conclude_checks
