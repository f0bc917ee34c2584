# shellcheck shell=bash
# Engine host: the machine's own kernel, in a fresh network namespace (IPVS has a table for each).

host_obstacle() {
  local release
  release=$(uname -r)
  if $kernel_chosen && [[ $release != "$kernel".* ]]; then
    echo "this machine's kernel is $release, not $kernel"
  elif ((EUID != 0)); then
    echo 'only root can make network namespaces: run it with sudo'
  elif ! unshare --net --mount --pid --fork true 2>/dev/null; then
    echo 'namespaces cannot be made here (a container without the right to?)'
  elif ! host_has_ipvs; then
    echo "this machine's kernel ($release) has no IPVS: no /proc/net/ip_vs, and modprobe ip_vs does not bring it"
  else
    return 0
  fi
  return 1
}

host_has_ipvs() { [[ -e /proc/net/ip_vs ]] || { modprobe -q ip_vs 2>/dev/null && [[ -e /proc/net/ip_vs ]]; }; }

host_is_ready() { host_obstacle >/dev/null; }

host_prepare() { ensure_packages kmod iproute2; }

host_description() { printf "engine host, kernel %s (this machine's own, in a network namespace)" "$(uname -r)"; }

host_start() {
  local share=$run_directory/share
  setsid unshare --net --mount --pid --fork --mount-proc --kill-child=KILL \
    /bin/bash "$share/host-init.sh" "$share" </dev/null 8>&3 9>&4 3>&- 4>&- >>"$run_directory/console" 2>&1 &
  vm_pid=$!
}

host_run() {
  boot_limit=180
  write_handover /lib/modules
  boot_and_conclude
}
