# shellcheck shell=bash
# Empty Debian systems. Source this file after test-vm/lib/{say,cache,debian-archive}.sh and scripts/lib/packages.sh.

readonly ROOT_PACKAGES=systemd,man-db,bash-completion,ca-certificates,kmod,procps

# build_root SUITE DIRECTORY — a minimal Debian, with Debian's ipvsadm and what it needs as files in /opt/ipvsadm.
build_root() {
  local suite=$1 directory=$2 mirror log
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || {
    warn "this machine's apt sources name no Debian archive (a URI ending in /debian)"
    return 1
  }
  log=$(mktemp)
  say "making a root of Debian $suite (once, some 300 MB) …"
  if ! with_progress debootstrap "$log" debootstrap --variant=minbase "--include=$ROOT_PACKAGES" "$suite" "$directory/root" "$mirror"; then
    tail -n 20 "$log" >&2
    return 1
  fi
  rm -f "$log"
  mkdir -p "$directory/root/opt/ipvsadm" && chmod 777 "$directory/root/opt/ipvsadm"
  open_suite "$suite" "$directory/apt" || return 1
  local name
  for name in $(ipvsadm_packages "$directory/root"); do
    (cd "$directory/root/opt/ipvsadm" && suite_apt get download "$name") >/dev/null || return 1
  done
  rm -rf "$directory/apt" "$directory"/root/var/cache/apt/archives/*.deb
}

# ipvsadm and those of its dependencies that the root has not.
ipvsadm_packages() {
  local name
  suite_apt cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances ipvsadm |
    grep '^[a-z]' | while read -r name; do
    [[ -e $1/var/lib/dpkg/info/$name.list || -e $1/var/lib/dpkg/info/$name:amd64.list ]] || printf '%s\n' "$name"
  done
}

# in_root ROOT UPPER COMMAND… — run COMMAND in namespaces of its own, as root of ROOT. What it writes goes to UPPER.
in_root() {
  local root=$1 upper=$2
  shift 2
  mkdir -p "$upper"/{files,work,merged}
  # shellcheck disable=SC2016  # the inner shell expands it
  unshare --mount --pid --fork --net --uts --ipc bash -c '
    set -e
    root=$1 upper=$2
    shift 2
    mount -t overlay -o "lowerdir=$root,upperdir=$upper/files,workdir=$upper/work" overlay "$upper/merged"
    cd "$upper/merged"
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t tmpfs -o mode=755 tmpfs run
    mount -t tmpfs -o mode=755 tmpfs dev
    for name in null zero full random urandom tty; do : >"dev/$name" && mount --bind "/dev/$name" "dev/$name"; done
    ln -s /proc/self/fd dev/fd
    mkdir dev/pts && mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts && ln -s pts/ptmx dev/ptmx
    ip link set lo up
    exec chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb "$@"' in-root "$root" "$upper" "$@"
}
